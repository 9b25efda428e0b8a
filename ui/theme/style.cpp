#include "ui/theme/style.h"

#include "ui/theme/colors.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_parts.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>

namespace ui {

namespace {

bool reactsToTheMouse(const QWidget* widget)
{
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
           qobject_cast<const QComboBox*>(widget) || qobject_cast<const QScrollBar*>(widget) ||
           qobject_cast<const QTabBar*>(widget) || qobject_cast<const QHeaderView*>(widget);
}

} // namespace

Style::Style() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void Style::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (reactsToTheMouse(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (auto* view = qobject_cast<QAbstractItemView*>(widget))
        view->viewport()->setAttribute(Qt::WA_Hover);
}

void Style::unpolish(QWidget* widget)
{
    if (reactsToTheMouse(widget))
        widget->setAttribute(Qt::WA_Hover, false);
    QProxyStyle::unpolish(widget);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ScrollView_ScrollBarOverlap:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabOverlap:
    case PM_ToolBarFrameWidth:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return kPad;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return kGap;
    case PM_DockWidgetSeparatorExtent:
    case PM_SplitterWidth:
        return 5;
    case PM_ToolBarItemSpacing:
    case PM_ToolBarItemMargin:
        return kHalf;
    case PM_TabBarTabHSpace:
        return 24;
    case PM_TabBarTabVSpace:
        return 16;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_TabBarIconSize:
    case PM_ListViewIconSize:
        return kIcon;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_HeaderMargin:
    case PM_FocusFrameHMargin: // beside the text of a cell
        return 6;
    case PM_TreeViewIndentation:
        return 16;
    case PM_MenuVMargin:
    case PM_MenuHMargin:
        return kHalf;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                     QStyleHintReturn* data) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ComboBox_Popup:
    case SH_ItemView_ActivateItemOnSingleClick:
    case SH_Widget_Animation_Duration:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_ScrollBar_LeftClickAbsolutePosition:
    case SH_MenuBar_MouseTracking:
    case SH_Menu_MouseTracking:
        return 1;
    case SH_ToolTip_WakeUpDelay:
        return 500;
    case SH_TabBar_Alignment:
        return Qt::AlignLeft;
    case SH_Table_GridLineColor:
        return option ? static_cast<int>(colorsOf(option->palette).line.rgb()) : 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                              const QWidget* widget) const
{
    QSize wanted = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        wanted.setHeight(qMax(wanted.height(), kControlHeight));
        wanted.rwidth() += kGap;
        break;
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
        wanted.setHeight(qMax(wanted.height(), kControlHeight));
        break;
    case CT_ToolButton:
        wanted = wanted.expandedTo(QSize(kControlHeight, kControlHeight));
        break;
    case CT_MenuBarItem:
        wanted.rheight() += 2;
        break;
    case CT_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
            item && item->menuItemType != QStyleOptionMenuItem::Separator)
            wanted.setHeight(qMax(wanted.height(), kRowHeight));
        break;
    case CT_ItemViewItem:
        wanted.setHeight(qMax(wanted.height(), kRowHeight - 2));
        break;
    case CT_HeaderSection:
        wanted.setHeight(qMax(wanted.height(), kControlHeight));
        break;
    default:
        break;
    }
    return wanted;
}

QRect Style::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    QRect rect = QProxyStyle::subElementRect(element, option, widget);
    if (element == SE_LineEditContents)
        rect.adjust(2, 0, -2, 0);
    return rect;
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                            const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option))
            return visualRect(option->direction, option->rect, parts::scrollBarPart(*slider, part));
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QIcon Style::standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const
{
    switch (which) {
    case SP_LineEditClearButton:
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
        return icon(QStringLiteral("close"));
    case SP_TitleBarNormalButton:
        return icon(QStringLiteral("float"));
    case SP_MessageBoxInformation:
    case SP_MessageBoxQuestion:
        return icon(QStringLiteral("info"), Tone::Info);
    case SP_MessageBoxWarning:
        return icon(QStringLiteral("warning"), Tone::Warning);
    case SP_MessageBoxCritical:
        return icon(QStringLiteral("error"), Tone::Danger);
    case SP_ToolBarHorizontalExtensionButton:
        return icon(QStringLiteral("more"));
    default:
        return QProxyStyle::standardIcon(which, option, widget);
    }
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) const
{
    painter->save();
    const bool drawn = parts::drawControlPrimitive(element, *option, *painter, widget) ||
                       parts::drawViewPrimitive(element, *option, *painter, widget);
    painter->restore();
    if (!drawn)
        QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                        const QWidget* widget) const
{
    bool drawn = false;
    painter->save();
    switch (element) {
    case CE_PushButtonLabel:
        drawn = parts::drawPushButtonLabel(*baseStyle(), *option, *painter, widget);
        break;
    case CE_ProgressBarGroove:
    case CE_ProgressBarContents:
    case CE_ProgressBarLabel:
        drawn = parts::drawProgress(element, *option, *painter);
        break;
    case CE_MenuBarItem:
        drawn = parts::drawMenuBarItem(*this, *option, *painter, widget);
        break;
    case CE_MenuBarEmptyArea:
    case CE_ToolBar:
        painter->fillRect(option->rect, colorsOf(option->palette).window);
        drawn = true;
        break;
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        drawn = parts::drawHeaderSection(*option, *painter);
        break;
    case CE_TabBarTabShape:
        drawn = parts::drawTabShape(*option, *painter);
        break;
    case CE_TabBarTabLabel:
        drawn = parts::drawTabLabel(*this, *option, *painter, widget);
        break;
    case CE_DockWidgetTitle:
        drawn = parts::drawDockTitle(*this, *option, *painter, widget);
        break;
    case CE_Splitter:
        drawn = parts::drawViewPrimitive(PE_IndicatorDockWidgetResizeHandle, *option, *painter, widget);
        break;
    default:
        break;
    }
    painter->restore();
    if (!drawn)
        QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                               const QWidget* widget) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    if (control == CC_ToolButton && button && button->toolButtonStyle == Qt::ToolButtonIconOnly &&
        !button->subControls.testFlag(SC_ToolButtonMenu)) {
        QStyleOptionToolButton plain(*button); // an arrow over the icon says less than it hides
        plain.features &= ~QStyleOptionToolButton::ToolButtonFeatures(QStyleOptionToolButton::HasMenu);
        QProxyStyle::drawComplexControl(control, &plain, painter, widget);
        return;
    }
    painter->save();
    const bool drawn = control == CC_ScrollBar  ? parts::drawScrollBar(*this, *option, *painter, widget)
                       : control == CC_ComboBox ? parts::drawComboBox(*this, *option, *painter, widget)
                                                : false;
    painter->restore();
    if (!drawn)
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace ui
