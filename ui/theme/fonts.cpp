#include "ui/theme/fonts.h"

#include <QFontDatabase>
#include <QFontInfo>

namespace ui {

namespace {

QFont scaled(QFont font, qreal factor)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(qRound(font.pixelSize() * factor));
    return font;
}

} // namespace

QFont smallFont(const QFont& font)
{
    return scaled(font, 0.9);
}

QFont strongFont(const QFont& font)
{
    QFont strong = font;
    strong.setWeight(QFont::DemiBold);
    return strong;
}

QFont titleFont(const QFont& font)
{
    return strongFont(scaled(font, 1.3));
}

QFont largeFont(const QFont& font)
{
    return strongFont(scaled(font, 1.8));
}

QFont fixedFont(const QFont& font)
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (font.pointSizeF() > 0)
        fixed.setPointSizeF(font.pointSizeF() * 0.95);
    return fixed;
}

QFont applicationFont(const QFont& desktop)
{
    const bool nobodyChose = desktop.family() == QLatin1String("Sans Serif") ||
                             QFontInfo(desktop).family() == QLatin1String("DejaVu Sans");
    if (!nobodyChose)
        return desktop;
    QFont font = desktop;
    for (const auto* family : {"Noto Sans", "Open Sans", "Liberation Sans"}) {
        if (QFontDatabase::hasFamily(QLatin1String(family))) {
            font.setFamily(QLatin1String(family));
            break;
        }
    }
    return font;
}

} // namespace ui
