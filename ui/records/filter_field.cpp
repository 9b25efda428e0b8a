#include "ui/records/filter_field.h"

#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"

#include <QKeyEvent>
#include <QPainter>

namespace ui {

FilterField::FilterField(const QString& column, QWidget* parent) : QLineEdit(parent), m_column(column)
{
    setObjectName(QStringLiteral("filter/") + column);
    setPlaceholderText(tr("Filter"));
    setClearButtonEnabled(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(this, &QLineEdit::textEdited, this, [this](const QString& typed) {
        if (typed.isEmpty())
            Q_EMIT cleared();
    });
}

void FilterField::setHint(const QString& hint)
{
    m_hint = hint;
    showHint();
}

void FilterField::setError(const QString& sentence)
{
    if (sentence == m_error)
        return;
    m_error = sentence;
    showHint();
    update();
}

void FilterField::showHint()
{
    setToolTip(m_error.isEmpty() ? m_hint : m_error + QStringLiteral("\n\n") + m_hint);
    setAccessibleDescription(m_error.isEmpty() ? m_hint : m_error);
}

void FilterField::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        if (text().isEmpty()) {
            Q_EMIT leftDownwards();
        } else {
            clear();
            Q_EMIT cleared();
        }
        return;
    case Qt::Key_Down:
        Q_EMIT leftDownwards();
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

bool FilterField::event(QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab) {
            Q_EMIT stepped(this, key->key() == Qt::Key_Tab);
            return true;
        }
    }
    return QLineEdit::event(event);
}

void FilterField::focusInEvent(QFocusEvent* event)
{
    QLineEdit::focusInEvent(event);
    Q_EMIT focused(this);
}

void FilterField::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (m_error.isEmpty())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colorsOf(palette()).danger.ink, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), kRadius, kRadius);
}

} // namespace ui
