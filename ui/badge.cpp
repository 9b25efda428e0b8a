#include "ui/badge.h"

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QPainter>

namespace ui {

namespace {

constexpr int kSide = 6;
constexpr int kGlyph = 12;

QFont badgeFont(const QFont& font)
{
    QFont small = smallFont(font);
    small.setWeight(QFont::Medium);
    return small;
}

} // namespace

Badge::Badge(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

Badge::Badge(const QString& text, Tone tone, QWidget* parent) : Badge(parent)
{
    set(text, tone);
}

void Badge::set(const QString& text, Tone tone, const QString& iconName)
{
    m_text = text;
    m_tone = tone;
    m_icon = iconName;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    const QFontMetrics metrics(badgeFont(font()));
    const int glyphRoom = m_icon.isEmpty() ? 0 : kGlyph + 3;
    return {metrics.horizontalAdvance(m_text) + 2 * kSide + glyphRoom, metrics.height() + 3};
}

void Badge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ToneColors& tone = colorsOf(palette()).tone(m_tone);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tone.fill);
    painter.drawRoundedRect(rect(), 4, 4);
    int left = kSide;
    if (!m_icon.isEmpty()) {
        painter.drawPixmap(left, (height() - kGlyph) / 2,
                           glyph(m_icon, kGlyph, devicePixelRatioF(), tone.ink));
        left += kGlyph + 3;
    }
    painter.setFont(badgeFont(font()));
    painter.setPen(tone.ink);
    painter.drawText(QRect(left, 0, width() - left, height()), Qt::AlignVCenter | Qt::AlignLeft, m_text);
}

int paintBadge(QPainter& painter, const QRect& room, const QString& text, Tone tone, const QPalette& palette,
               const QFont& font)
{
    const QFont used = badgeFont(font);
    const QFontMetrics metrics(used);
    const int width = qMin(metrics.horizontalAdvance(text) + 2 * kSide, room.width());
    const int height = metrics.height() + 2;
    const QRect pill(room.left(), room.top() + (room.height() - height) / 2, width, height);
    const ToneColors& colors = colorsOf(palette).tone(tone);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.fill);
    painter.drawRoundedRect(pill, 4, 4);
    painter.setFont(used);
    painter.setPen(colors.ink);
    painter.drawText(pill.adjusted(kSide, 0, -kSide, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(text, Qt::ElideRight, width - 2 * kSide));
    painter.restore();
    return width;
}

} // namespace ui
