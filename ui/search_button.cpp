#include "ui/search_button.h"

#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QKeySequence>
#include <QPainter>

namespace ui {

SearchButton::SearchButton(const QString& text, const QKeySequence& keys, QWidget* parent)
    : QAbstractButton(parent),
      m_keys(keys.toString(QKeySequence::NativeText))
{
    setText(text);
    setAccessibleName(text);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize SearchButton::sizeHint() const
{
    return {360, kControlHeight};
}

void SearchButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colors& c = colorsOf(palette());
    painter.setPen(hasFocus() ? c.accent : c.line);
    painter.setBrush(underMouse() ? c.raised : c.base);
    painter.drawRoundedRect(QRectF(rect()).adjusted(.5, .5, -.5, -.5), kRadius, kRadius);
    const QRect room = rect().adjusted(kGap, 0, -kGap - 2, 0);
    painter.drawPixmap(room.left(), (height() - kIcon) / 2,
                       glyph(QStringLiteral("search"), kIcon, devicePixelRatioF(), c.faint));
    painter.setPen(c.faint);
    painter.drawText(room.adjusted(kIcon + kGap, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
    painter.setFont(smallFont(font()));
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignRight, m_keys);
}

} // namespace ui
