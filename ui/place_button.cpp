#include "ui/place_button.h"

#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QPainter>
#include <QToolButton>

namespace ui {

namespace {

QString nameOf(const QString& path)
{
    const QString name = path.section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
    return name.isEmpty() ? path : name;
}

} // namespace

PlaceButton::PlaceButton(const model::Place& place, QWidget* parent) : QAbstractButton(parent), m_place(place)
{
    const bool missing = place.state == model::Place::State::Missing;
    setObjectName(QStringLiteral("place_") + nameOf(place.path));
    setText(nameOf(place.path));
    setToolTip(place.path);
    setAccessibleName(missing ? tr("%1, missing").arg(place.path) : tr("Open %1").arg(place.path));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    if (place.kind != model::Place::Kind::Recent)
        return;
    m_forget = new QToolButton(this);
    m_forget->setIcon(ui::icon(QStringLiteral("close")));
    m_forget->setToolTip(tr("Remove from the list"));
    m_forget->setAccessibleName(tr("Remove %1 from the list").arg(text()));
    m_forget->setVisible(missing);
    connect(m_forget, &QToolButton::clicked, this, &PlaceButton::forgetAsked);
}

QSize PlaceButton::sizeHint() const
{
    return {200, fontMetrics().height() + QFontMetrics(smallFont(font())).height() + kPad};
}

void PlaceButton::resizeEvent(QResizeEvent*)
{
    if (m_forget)
        m_forget->setGeometry(width() - 28 - kHalf, (height() - 28) / 2, 28, 28);
}

void PlaceButton::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    if (m_forget)
        m_forget->show();
}

void PlaceButton::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    if (m_forget)
        m_forget->setVisible(m_place.state == model::Place::State::Missing);
}

void PlaceButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colors& c = colorsOf(palette());
    const bool missing = m_place.state == model::Place::State::Missing;
    const QRectF panel = QRectF(rect()).adjusted(.5, .5, -.5, -.5);
    painter.setPen(hasFocus() ? QPen(c.accent) : QPen(Qt::NoPen));
    painter.setBrush(isDown() ? c.pressed : underMouse() ? c.hover : QColor(Qt::transparent));
    painter.drawRoundedRect(panel, kRadius, kRadius);
    const QString sign = missing                                      ? QStringLiteral("folder-missing")
                         : m_place.kind == model::Place::Kind::Recent ? QStringLiteral("history")
                                                                      : QStringLiteral("directory");
    painter.drawPixmap(kGap, (height() - kIcon) / 2,
                       glyph(sign, kIcon, devicePixelRatioF(), missing ? c.faint : c.secondary));
    const QRect room = rect().adjusted(kGap + kIcon + kPad, kHalf + 1, -40, -kHalf);
    painter.setPen(missing ? c.faint : c.text);
    QString name = text();
    if (m_place.kind == model::Place::Kind::Environment)
        name = tr("%1  (CHROMA_PERSIST_DIR)").arg(name);
    else if (missing)
        name = tr("%1  (missing)").arg(name);
    painter.drawText(room, Qt::AlignTop | Qt::AlignLeft,
                     fontMetrics().elidedText(name, Qt::ElideMiddle, room.width()));
    painter.setFont(smallFont(font()));
    painter.setPen(missing ? c.faint : c.secondary);
    painter.drawText(room, Qt::AlignBottom | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_place.path, Qt::ElideMiddle, room.width()));
}

} // namespace ui
