#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_parts.h"

#include <QAbstractItemView>
#include <QIcon>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QTreeView>
#include <QWidget>

namespace ui::parts {

namespace {

bool has(const QStyleOption& option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

void drawPanel(QPainter& painter, const QRect& rect, const QColor& fill, const QColor& edge)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(edge.isValid() ? QPen(edge, 1) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(QRectF(rect).adjusted(.5, .5, -.5, -.5), kRadius, kRadius);
}

bool drawPushButton(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(&option);
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool down = has(option, QStyle::State_Sunken) || has(option, QStyle::State_On);
    const bool over = enabled && has(option, QStyle::State_MouseOver);
    if (button && button->features.testFlag(QStyleOptionButton::DefaultButton) && enabled) {
        drawPanel(painter, option.rect, down || over ? c.accentHover : c.accent, {});
        return true;
    }
    const bool flat = button && button->features.testFlag(QStyleOptionButton::Flat);
    if (!flat)
        drawPanel(painter, option.rect, enabled ? c.raised : c.window, c.strongLine);
    if (enabled && (down || over))
        drawPanel(painter, option.rect, down ? c.pressed : c.hover, {});
    return true;
}

QIcon tinted(QPixmap pixmap, const QColor& ink)
{
    QPainter painter(&pixmap);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), ink);
    painter.end();
    return QIcon(pixmap);
}

bool drawToolButton(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    if (has(option, QStyle::State_On) && has(option, QStyle::State_Enabled))
        drawPanel(painter, option.rect, c.accentSoft, {});
    else if (has(option, QStyle::State_Sunken))
        drawPanel(painter, option.rect, c.pressed, {});
    else if (has(option, QStyle::State_Enabled) && has(option, QStyle::State_MouseOver))
        drawPanel(painter, option.rect, c.hover, {});
    return true;
}

bool drawField(const QStyleOption& option, QPainter& painter, const QWidget* widget)
{
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(&option);
    if (frame && frame->lineWidth <= 0) {
        // A field inside something else; an editor laid over a cell hides what is under it.
        if (widget && widget->autoFillBackground())
            painter.fillRect(option.rect, option.palette.base());
        return true;
    }
    const Colors& c = colorsOf(option.palette);
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool focused = has(option, QStyle::State_HasFocus);
    drawPanel(painter, option.rect, enabled ? c.base : c.window, focused ? c.accent : c.strongLine);
    return true;
}

void drawTick(QPainter& painter, const QRectF& box, const QColor& color)
{
    QPainterPath tick;
    tick.moveTo(box.left() + box.width() * .25, box.top() + box.height() * .53);
    tick.lineTo(box.left() + box.width() * .43, box.top() + box.height() * .70);
    tick.lineTo(box.left() + box.width() * .76, box.top() + box.height() * .33);
    painter.setPen(QPen(color, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(tick);
}

bool drawCheckBox(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool on = has(option, QStyle::State_On);
    const bool partly = has(option, QStyle::State_NoChange);
    const bool filled = enabled && (on || partly);
    const int side = qMin(16, qMin(option.rect.width(), option.rect.height()));
    QRect box(0, 0, side, side);
    box.moveCenter(option.rect.center());
    painter.setRenderHint(QPainter::Antialiasing);
    const bool marked = has(option, QStyle::State_HasFocus) || has(option, QStyle::State_MouseOver);
    painter.setPen(QPen(filled || (enabled && marked) ? c.accent : c.strongLine, 1));
    painter.setBrush(filled ? c.accent : c.base);
    painter.drawRoundedRect(QRectF(box).adjusted(.5, .5, -.5, -.5), 3.5, 3.5);
    if (on)
        drawTick(painter, box, enabled ? c.accentText : c.faint);
    if (partly) {
        painter.setPen(QPen(enabled ? c.accentText : c.faint, 1.7, Qt::SolidLine, Qt::RoundCap));
        const qreal middle = QRectF(box).center().y();
        painter.drawLine(QPointF(box.left() + 4.5, middle), QPointF(box.right() - 3.5, middle));
    }
    return true;
}

bool drawRadioButton(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool on = has(option, QStyle::State_On);
    const QRectF disc = QRectF(option.rect).adjusted(.5, .5, -.5, -.5);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        QPen(enabled && (on || has(option, QStyle::State_MouseOver)) ? c.accent : c.strongLine, 1));
    painter.setBrush(on && enabled ? c.accent : c.base);
    painter.drawEllipse(disc);
    if (on) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(enabled ? c.accentText : c.faint);
        painter.drawEllipse(disc.center(), 3, 3);
    }
    return true;
}

bool drawFocus(const QStyleOption& option, QPainter& painter, const QWidget* widget)
{
    if (qobject_cast<const QTreeView*>(widget) && has(option, QStyle::State_Selected))
        return true; // whole rows: the selection says it
    const Colors& c = colorsOf(option.palette);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.accent, 1));
    painter.setBrush(Qt::NoBrush);
    const bool cell = qobject_cast<const QAbstractItemView*>(widget);
    const QRectF ring = QRectF(option.rect).adjusted(.5, .5, -.5, -.5);
    if (cell)
        painter.drawRect(ring);
    else
        painter.drawRoundedRect(ring, kRadius, kRadius);
    return true;
}

bool drawPopupPanel(const QStyleOption& option, QPainter& painter)
{
    const Colors& c = colorsOf(option.palette);
    painter.setPen(c.strongLine);
    painter.setBrush(c.raised);
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
    return true;
}

} // namespace

void drawChevron(QPainter& painter, const QRectF& rect, Qt::ArrowType arrow, const QColor& color, qreal size)
{
    const qreal half = size / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center());
    painter.rotate(arrow == Qt::DownArrow   ? 0
                   : arrow == Qt::UpArrow   ? 180
                   : arrow == Qt::LeftArrow ? 90
                                            : -90);
    painter.setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(
        QPolygonF({QPointF(-half, -half / 2), QPointF(0, half / 2), QPointF(half, -half / 2)}));
    painter.restore();
}

bool drawControlPrimitive(QStyle::PrimitiveElement element, const QStyleOption& option, QPainter& painter,
                          const QWidget* widget)
{
    switch (element) {
    case QStyle::PE_PanelButtonCommand:
        return drawPushButton(option, painter);
    case QStyle::PE_FrameDefaultButton:
        return true;
    case QStyle::PE_PanelButtonTool:
        return drawToolButton(option, painter);
    case QStyle::PE_PanelLineEdit:
    case QStyle::PE_FrameLineEdit:
        return drawField(option, painter, widget);
    case QStyle::PE_IndicatorCheckBox:
    case QStyle::PE_IndicatorItemViewItemCheck:
        return drawCheckBox(option, painter);
    case QStyle::PE_IndicatorRadioButton:
        return drawRadioButton(option, painter);
    case QStyle::PE_FrameFocusRect:
        return drawFocus(option, painter, widget);
    case QStyle::PE_PanelMenu:
    case QStyle::PE_PanelTipLabel:
        return drawPopupPanel(option, painter);
    case QStyle::PE_FrameMenu:
        return true;
    default:
        return false;
    }
}

bool drawPushButtonLabel(const QStyle& style, const QStyleOption& option, QPainter& painter,
                         const QWidget* widget)
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(&option);
    if (!button || !button->features.testFlag(QStyleOptionButton::DefaultButton) ||
        !has(option, QStyle::State_Enabled))
        return false;
    QStyleOptionButton label(*button);
    const QColor ink = colorsOf(option.palette).accentText;
    label.palette.setColor(QPalette::ButtonText, ink);
    if (!label.icon.isNull())
        label.icon = tinted(label.icon.pixmap(label.iconSize, painter.device()->devicePixelRatioF()), ink);
    style.drawControl(QStyle::CE_PushButtonLabel, &label, &painter, widget);
    return true;
}

bool drawProgress(QStyle::ControlElement element, const QStyleOption& option, QPainter& painter)
{
    const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(&option);
    if (!bar)
        return false;
    if (element == QStyle::CE_ProgressBarLabel)
        return true;
    const Colors& c = colorsOf(option.palette);
    QRectF groove = option.rect;
    groove.setHeight(4);
    groove.moveTop(option.rect.center().y() - 1.5);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    if (element == QStyle::CE_ProgressBarContents) {
        const qreal span = bar->maximum - bar->minimum;
        const qreal share = span > 0 ? (bar->progress - bar->minimum) / span : 1;
        groove.setWidth(groove.width() * qBound(qreal(0), share, qreal(1)));
        painter.setBrush(span > 0 ? c.accent : c.accentSoft);
    } else {
        painter.setBrush(c.idleSoft);
    }
    painter.drawRoundedRect(groove, 2, 2);
    return true;
}

bool drawComboBox(const QStyle& style, const QStyleOptionComplex& option, QPainter& painter,
                  const QWidget* widget)
{
    const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(&option);
    if (!box || box->editable)
        return false;
    const Colors& c = colorsOf(option.palette);
    const bool enabled = has(option, QStyle::State_Enabled);
    if (box->frame)
        drawPanel(painter, option.rect, enabled ? c.raised : c.window,
                  has(option, QStyle::State_HasFocus) ? c.accent : c.strongLine);
    if (enabled && (has(option, QStyle::State_MouseOver) || has(option, QStyle::State_On)))
        drawPanel(painter, option.rect, c.hover, {});
    const QRect arrow = style.subControlRect(QStyle::CC_ComboBox, box, QStyle::SC_ComboBoxArrow, widget);
    drawChevron(painter, arrow, Qt::DownArrow, enabled ? c.secondary : c.faint);
    return true;
}

bool drawMenuBarItem(const QStyle& style, const QStyleOption& option, QPainter& painter,
                     const QWidget* widget)
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(&option);
    if (!item)
        return false;
    const Colors& c = colorsOf(option.palette);
    painter.fillRect(option.rect, c.window);
    const bool open = has(option, QStyle::State_Sunken);
    if (has(option, QStyle::State_Selected) || open)
        drawPanel(painter, option.rect.adjusted(1, 2, -1, -2), open ? c.accentSoft : c.hover, {});
    int flags = Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextDontClip | Qt::TextSingleLine;
    if (!style.styleHint(QStyle::SH_UnderlineShortcut, item, widget))
        flags |= Qt::TextHideMnemonic;
    style.drawItemText(&painter, option.rect, flags, item->palette, has(option, QStyle::State_Enabled),
                       item->text, QPalette::ButtonText);
    return true;
}

} // namespace ui::parts
