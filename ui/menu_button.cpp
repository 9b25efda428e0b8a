#include "ui/menu_button.h"

#include "ui/theme/colors.h"
#include "ui/theme/icons.h"
#include "ui/theme/style_parts.h"

#include <QStyleOptionToolButton>
#include <QStylePainter>

namespace ui {

namespace {

constexpr int kChevronRoom = 16;

} // namespace

MenuButton::MenuButton(const QString& text, const QString& iconName, QWidget* parent) : QToolButton(parent)
{
    setText(text);
    setIcon(ui::icon(iconName));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setAutoRaise(true);
    setPopupMode(InstantPopup);
}

QSize MenuButton::sizeHint() const
{
    return QToolButton::sizeHint() + QSize(kChevronRoom, 0);
}

void MenuButton::paintEvent(QPaintEvent*)
{
    QStylePainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    option.features = QStyleOptionToolButton::None; // the chevron is ours
    painter.drawPrimitive(QStyle::PE_PanelButtonTool, option);
    option.rect.setRight(option.rect.right() - kChevronRoom);
    painter.drawControl(QStyle::CE_ToolButtonLabel, option);
    const QRectF sign(width() - kChevronRoom - 4, 0, kChevronRoom, height());
    parts::drawChevron(painter, sign, Qt::DownArrow, colorsOf(palette()).secondary, 7);
}

} // namespace ui
