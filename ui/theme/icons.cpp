#include "ui/theme/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QResource>
#include <QSvgRenderer>

#include <optional>

namespace ui {

namespace {

QPixmap renderGlyph(const QString& name, const QSize& pixels, const QColor& color)
{
    const QString key = QStringLiteral("glyph/%1/%2x%3/%4")
                            .arg(name)
                            .arg(pixels.width())
                            .arg(pixels.height())
                            .arg(color.name(QColor::HexArgb));
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray drawing =
        QResource(QLatin1String(":/icons/") + name + QLatin1String(".svg")).uncompressedData();
    drawing.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(drawing);
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class GlyphEngine final : public QIconEngine
{
public:
    GlyphEngine(QString name, std::optional<Tone> tone) : m_name(std::move(name)), m_tone(tone) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        QPixmap drawn = renderGlyph(m_name, rect.size() * ratio, color(mode, state));
        painter->drawPixmap(rect, drawn);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return renderGlyph(m_name, size, color(mode, state));
    }
    [[nodiscard]] QIconEngine* clone() const override { return new GlyphEngine(m_name, m_tone); }
    [[nodiscard]] QString key() const override { return QStringLiteral("chromakeep-glyph"); }

private:
    [[nodiscard]] QColor color(QIcon::Mode mode, QIcon::State state) const
    {
        const Colors& colors = colorsOf(QGuiApplication::palette());
        if (mode == QIcon::Disabled)
            return colors.strongLine;
        if (m_tone)
            return colors.tone(*m_tone).ink;
        if (state == QIcon::On)
            return colors.accent;
        return mode == QIcon::Selected ? colors.text : colors.secondary;
    }

    QString m_name;
    std::optional<Tone> m_tone;
};

} // namespace

QIcon icon(const QString& name)
{
    return QIcon(new GlyphEngine(name, std::nullopt));
}

QIcon icon(const QString& name, Tone tone)
{
    return QIcon(new GlyphEngine(name, tone));
}

QIcon appIcon()
{
    return QIcon(QStringLiteral(":/icons/chromakeep.svg"));
}

QPixmap glyph(const QString& name, int size, qreal ratio, const QColor& color)
{
    const int pixels = qRound(size * ratio);
    QPixmap drawn = renderGlyph(name, QSize(pixels, pixels), color);
    drawn.setDevicePixelRatio(ratio);
    return drawn;
}

} // namespace ui
