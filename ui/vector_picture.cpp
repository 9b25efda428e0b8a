#include "ui/vector_picture.h"

#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

#include <QHelpEvent>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int kStrip = 28;

QColor mix(const QColor& from, const QColor& to, double share)
{
    const auto part = [&](int a, int b) { return static_cast<int>(a + (b - a) * share); };
    return QColor(part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue()));
}

// Below zero orange, above zero the accent, zero the page: apart for colour-blind eyes too.
QColor valueColor(double share, const Colors& c)
{
    const QColor below = c.dark ? QColor(0xf08a4b) : QColor(0xd5641c);
    return share < 0 ? mix(c.base, below, std::min(1.0, -share))
                     : mix(c.base, c.accent, std::min(1.0, share));
}

QString shortNumber(double value)
{
    return QString::number(value, 'g', 3);
}

} // namespace

VectorPicture::VectorPicture(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("vectorPicture"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    clear();
}

QSize VectorPicture::sizeHint() const
{
    return {280, kStrip + kGap + 64 + QFontMetrics(smallFont(font())).height() + 2};
}

QSize VectorPicture::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

void VectorPicture::clear()
{
    setVector({}, {});
}

void VectorPicture::setVector(std::span<const float> vector, const model::VectorStats& stats)
{
    m_vector.assign(vector.begin(), vector.end());
    m_stats = stats;
    m_reach = std::max(std::abs(stats.minimum), std::abs(stats.maximum));
    m_bins.fill(0);
    for (const float value : m_vector) {
        if (!std::isfinite(value))
            continue;
        const double share = m_reach > 0 ? (value / m_reach + 1) / 2 : 0.5;
        ++m_bins[static_cast<std::size_t>(std::clamp(static_cast<int>(share * kBins), 0, kBins - 1))];
    }
    setAccessibleName(m_vector.empty() ? tr("No vector")
                                       : tr("Vector of %1 values from %2 to %3")
                                             .arg(QString::number(m_vector.size()),
                                                  shortNumber(stats.minimum), shortNumber(stats.maximum)));
    update();
}

QRect VectorPicture::stripRect() const
{
    return {0, 0, width(), kStrip};
}

QRect VectorPicture::histogramRect() const
{
    const int labels = QFontMetrics(smallFont(font())).height() + 2;
    return {0, kStrip + kGap, width(), height() - kStrip - kGap - labels};
}

void VectorPicture::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colors& c = colorsOf(palette());
    if (m_vector.empty())
        return;
    paintStrip(painter, stripRect());
    paintHistogram(painter, histogramRect());
    painter.setPen(c.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(stripRect().adjusted(0, 0, -1, -1));
}

void VectorPicture::paintStrip(QPainter& painter, const QRect& room) const
{
    const Colors& c = colorsOf(palette());
    const qreal ratio = devicePixelRatioF();
    const int columns = std::max(1, qRound(room.width() * ratio));
    const auto count = static_cast<qint64>(m_vector.size());
    QImage line(columns, 1, QImage::Format_RGB32);
    for (int x = 0; x < columns; ++x) {
        // Where several components share a pixel, the strongest is the one that is seen.
        const qint64 from = x * count / columns;
        const qint64 to = std::max(from + 1, (x + 1) * count / columns);
        float strongest = 0;
        for (qint64 i = from; i < to && i < count; ++i) {
            const float value = m_vector[static_cast<std::size_t>(i)];
            if (std::isfinite(value) && std::abs(value) > std::abs(strongest))
                strongest = value;
        }
        line.setPixelColor(x, 0, valueColor(m_reach > 0 ? strongest / m_reach : 0, c));
    }
    painter.drawImage(room, line);
}

void VectorPicture::paintHistogram(QPainter& painter, const QRect& room) const
{
    const Colors& c = colorsOf(palette());
    const int highest = std::max(1, *std::max_element(m_bins.begin(), m_bins.end()));
    const qreal step = static_cast<qreal>(room.width()) / kBins;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (int bin = 0; bin < kBins; ++bin) {
        const double middle = (bin + 0.5) / kBins * 2 - 1;
        const qreal tall =
            static_cast<qreal>(m_bins[static_cast<std::size_t>(bin)]) / highest * (room.height() - 2);
        painter.setBrush(valueColor(middle < 0 ? -0.75 : 0.75, c));
        painter.drawRect(QRectF(bin * step + 0.5, room.bottom() - tall, step - 1, tall));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(c.strongLine);
    painter.drawLine(room.bottomLeft(), room.bottomRight());
    painter.drawLine(room.center().x(), room.top(), room.center().x(), room.bottom());
    painter.setFont(smallFont(font()));
    painter.setPen(c.secondary);
    const QRect labels(room.left(), room.bottom() + 2, room.width(), height() - room.bottom() - 2);
    painter.drawText(labels, Qt::AlignLeft, shortNumber(-m_reach));
    painter.drawText(labels, Qt::AlignHCenter, QStringLiteral("0"));
    painter.drawText(labels, Qt::AlignRight, shortNumber(m_reach));
}

bool VectorPicture::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_vector.empty())
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QLocale locale;
    if (stripRect().contains(help->pos())) {
        const auto at = static_cast<std::size_t>(
            std::clamp<qint64>(help->x() * static_cast<qint64>(m_vector.size()) / std::max(1, width()), 0,
                               static_cast<qint64>(m_vector.size()) - 1));
        QToolTip::showText(
            help->globalPos(),
            tr("Component %1: %2")
                .arg(locale.toString(qint64(at)), QString::number(double(m_vector[at]), 'g', 9)),
            this);
    } else if (histogramRect().contains(help->pos())) {
        const int bin = std::clamp(help->x() * kBins / std::max(1, width()), 0, kBins - 1);
        QToolTip::showText(help->globalPos(),
                           tr("%Ln value(s) here", nullptr, m_bins[static_cast<std::size_t>(bin)]), this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace ui
