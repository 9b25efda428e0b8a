#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_parts.h"

#include <QAbstractScrollArea>
#include <QPainter>
#include <QStyleOption>
#include <QTableView>
#include <QWidget>

namespace ui::parts {

namespace {

bool has(const QStyleOption& option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

// Selection and hover of a row or cell: one flat colour, so that columns and branches join.
bool drawItem(const QStyleOption& option, QPainter& painter, const QWidget* widget)
{
    const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(&option);
    if (!item)
        return false;
    if (item->backgroundBrush.style() != Qt::NoBrush)
        painter.fillRect(option.rect, item->backgroundBrush);
    if (has(option, QStyle::State_Selected)) {
        const Colors& c = colorsOf(option.palette);
        const bool inactive = !has(option, QStyle::State_Active);
        painter.fillRect(option.rect, inactive ? c.idleSoft : option.palette.color(QPalette::Highlight));
    } else if (has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled) &&
               !qobject_cast<const QTableView*>(widget)) { // one cell alone would look chosen
        painter.fillRect(option.rect, colorsOf(option.palette).hover);
    }
    return true;
}

bool drawItemRow(const QStyleOption& option, QPainter& painter)
{
    const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(&option);
    if (!item)
        return false;
    if (item->features.testFlag(QStyleOptionViewItem::Alternate))
        painter.fillRect(option.rect, option.palette.alternateBase());
    if (has(option, QStyle::State_Selected) && has(option, QStyle::State_Enabled))
        return drawItem(option, painter, nullptr);
    return true;
}

bool drawBranch(const QStyleOption& option, QPainter& painter)
{
    if (!has(option, QStyle::State_Children))
        return true;
    const auto open = has(option, QStyle::State_Open);
    drawChevron(painter, option.rect, open ? Qt::DownArrow : Qt::RightArrow,
                colorsOf(option.palette).secondary);
    return true;
}

bool drawHandle(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    painter.fillRect(option.rect, c.window);
    const bool over = has(option, QStyle::State_MouseOver) || has(option, QStyle::State_Sunken);
    const bool upright = option.rect.height() > option.rect.width();
    const QPoint middle = option.rect.center();
    const QRect line = upright ? QRect(middle.x(), option.rect.top(), 1, option.rect.height())
                               : QRect(option.rect.left(), middle.y(), option.rect.width(), 1);
    painter.fillRect(line, over ? c.accent : c.line);
    return true;
}

bool drawSeparator(const QStyleOption& option, QPainter& painter)
{
    const bool upright = has(option, QStyle::State_Horizontal);
    const QRect all = option.rect;
    const QRect line = upright ? QRect(all.center().x(), all.top() + 5, 1, all.height() - 10)
                               : QRect(all.left() + 5, all.center().y(), all.width() - 10, 1);
    painter.fillRect(line, colorsOf(option.palette).line);
    return true;
}

bool drawFrame(const QStyleOption& option, QPainter& painter)
{
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(&option);
    if (frame && frame->lineWidth <= 0)
        return true;
    painter.setPen(colorsOf(option.palette).line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
    return true;
}

// A scroll bar stands on the ground of the area that it scrolls.
QPalette::ColorRole groundOf(const QWidget* scrollBar)
{
    for (const QWidget* above = scrollBar ? scrollBar->parentWidget() : nullptr; above;
         above = above->parentWidget()) {
        if (const auto* area = qobject_cast<const QAbstractScrollArea*>(above))
            return area->viewport()->backgroundRole();
    }
    return QPalette::Base;
}

bool drawArrow(QStyle::PrimitiveElement element, const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    const QColor color = has(option, QStyle::State_Enabled) ? c.secondary : c.strongLine;
    const Qt::ArrowType arrow = element == QStyle::PE_IndicatorArrowDown   ? Qt::DownArrow
                                : element == QStyle::PE_IndicatorArrowUp   ? Qt::UpArrow
                                : element == QStyle::PE_IndicatorArrowLeft ? Qt::LeftArrow
                                                                           : Qt::RightArrow;
    drawChevron(painter, option.rect, arrow, color, 6);
    return true;
}

} // namespace

bool drawViewPrimitive(QStyle::PrimitiveElement element, const QStyleOption& option, QPainter& painter,
                       const QWidget* widget)
{
    const Colors& c = colorsOf(option.palette);
    switch (element) {
    case QStyle::PE_PanelItemViewItem:
        return drawItem(option, painter, widget);
    case QStyle::PE_PanelItemViewRow:
        return drawItemRow(option, painter);
    case QStyle::PE_IndicatorBranch:
        return drawBranch(option, painter);
    case QStyle::PE_IndicatorDockWidgetResizeHandle:
        return drawHandle(option, painter);
    case QStyle::PE_IndicatorToolBarSeparator:
        return drawSeparator(option, painter);
    case QStyle::PE_Frame:
        return drawFrame(option, painter);
    case QStyle::PE_FrameDockWidget:
    case QStyle::PE_FrameStatusBarItem:
    case QStyle::PE_FrameTabWidget:
    case QStyle::PE_PanelMenuBar:
        return true;
    case QStyle::PE_FrameTabBarBase:
        painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), c.line);
        return true;
    case QStyle::PE_PanelStatusBar:
        painter.fillRect(option.rect, c.window);
        painter.fillRect(QRect(option.rect.topLeft(), QSize(option.rect.width(), 1)), c.line);
        return true;
    case QStyle::PE_IndicatorArrowDown:
    case QStyle::PE_IndicatorArrowUp:
    case QStyle::PE_IndicatorArrowLeft:
    case QStyle::PE_IndicatorArrowRight:
        return drawArrow(element, option, painter);
    case QStyle::PE_IndicatorHeaderArrow: {
        const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(&option);
        const bool up = header && header->sortIndicator == QStyleOptionHeader::SortUp;
        drawChevron(painter, option.rect, up ? Qt::DownArrow : Qt::UpArrow, c.accent, 7);
        return true;
    }
    default:
        return false;
    }
}

bool drawHeaderSection(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    painter.fillRect(option.rect, c.window);
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(&option);
    const bool sections = header != nullptr;
    if (sections && has(option, QStyle::State_Enabled) && has(option, QStyle::State_MouseOver))
        painter.fillRect(option.rect, c.hover);
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), c.line);
    const bool last = !header || header->position == QStyleOptionHeader::End ||
                      header->position == QStyleOptionHeader::OnlyOneSection;
    if (!last)
        painter.fillRect(QRect(option.rect.right(), option.rect.top(), 1, option.rect.height()), c.line);
    return true;
}

bool drawTabShape(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    const bool selected = has(option, QStyle::State_Selected);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!selected && has(option, QStyle::State_Enabled) && has(option, QStyle::State_MouseOver)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.hover);
        painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 4, -2, -5), kRadius, kRadius);
    }
    if (selected)
        painter.fillRect(
            QRect(option.rect.left() + 10, option.rect.bottom() - 1, option.rect.width() - 20, 2), c.accent);
    return true;
}

bool drawTabLabel(const QStyle& style, const QStyleOption& option, QPainter& painter, const QWidget* widget)
{
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(&option);
    if (!tab)
        return false;
    const Colors& c = colorsOf(option.palette);
    const bool selected = has(option, QStyle::State_Selected);
    const bool enabled = has(option, QStyle::State_Enabled);
    painter.setPen(!enabled ? c.faint : selected ? c.text : c.secondary);
    painter.drawText(option.rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, tab->text);
    if (has(option, QStyle::State_HasFocus)) {
        QStyleOptionFocusRect ring;
        ring.QStyleOption::operator=(option);
        ring.rect = option.rect.adjusted(3, 4, -3, -5);
        style.drawPrimitive(QStyle::PE_FrameFocusRect, &ring, &painter, widget);
    }
    return true;
}

bool drawDockTitle(const QStyle& style, const QStyleOption& option, QPainter& painter, const QWidget* widget)
{
    const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(&option);
    if (!dock)
        return false;
    painter.fillRect(option.rect, colorsOf(option.palette).window);
    const QRect room =
        style.subElementRect(QStyle::SE_DockWidgetTitleBarText, dock, widget).adjusted(kHalf, 0, 0, 0);
    painter.setPen(colorsOf(option.palette).secondary);
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     option.fontMetrics.elidedText(dock->title, Qt::ElideRight, room.width()));
    return true;
}

QRect scrollBarPart(const QStyleOptionSlider& option, QStyle::SubControl part)
{
    const bool flat = option.orientation == Qt::Horizontal;
    const int length = flat ? option.rect.width() : option.rect.height();
    const int thickness = flat ? option.rect.height() : option.rect.width();
    const qint64 range = qint64(option.maximum) - option.minimum;
    const qint64 whole = range + option.pageStep;
    int slider = length;
    if (range > 0 && whole > 0)
        slider = static_cast<int>(
            qBound<qint64>(qMin<qint64>(32, length), length * qint64(option.pageStep) / whole, length));
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition,
                                                      length - slider, option.upsideDown);
    int from = 0;
    int size = 0;
    switch (part) {
    case QStyle::SC_ScrollBarGroove:
        size = length;
        break;
    case QStyle::SC_ScrollBarSlider:
        from = start;
        size = slider;
        break;
    case QStyle::SC_ScrollBarSubPage:
        size = start;
        break;
    case QStyle::SC_ScrollBarAddPage:
        from = start + slider;
        size = length - from;
        break;
    default:
        return {};
    }
    return flat ? QRect(option.rect.left() + from, option.rect.top(), size, thickness)
                : QRect(option.rect.left(), option.rect.top() + from, thickness, size);
}

bool drawScrollBar(const QStyle& style, const QStyleOptionComplex& option, QPainter& painter,
                   const QWidget* widget)
{
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(&option);
    if (!bar)
        return false;
    const Colors& c = colorsOf(option.palette);
    painter.fillRect(option.rect, option.palette.color(groundOf(widget)));
    if (bar->maximum <= bar->minimum)
        return true;
    const QRect handle = style.subControlRect(QStyle::CC_ScrollBar, bar, QStyle::SC_ScrollBarSlider, widget);
    const bool held =
        has(option, QStyle::State_Sunken) && bar->activeSubControls == QStyle::SC_ScrollBarSlider;
    const bool over = has(option, QStyle::State_MouseOver);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(held || over ? c.faint : c.strongLine);
    const qreal inset = over || held ? 2 : 3;
    const QRectF shape = QRectF(handle).adjusted(inset, inset, -inset, -inset);
    const qreal radius = qMin(shape.width(), shape.height()) / 2;
    painter.drawRoundedRect(shape, radius, radius);
    return true;
}

} // namespace ui::parts
