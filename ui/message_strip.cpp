#include "ui/message_strip.h"

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

QString iconOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return QStringLiteral("good");
    case Tone::Warning:
        return QStringLiteral("warning");
    case Tone::Danger:
        return QStringLiteral("error");
    case Tone::Neutral:
    case Tone::Info:
        break;
    }
    return QStringLiteral("info");
}

} // namespace

MessageStrip::MessageStrip(Message message, QWidget* parent) : QFrame(parent), m_message(std::move(message))
{
    setObjectName(QStringLiteral("strip_") + m_message.kind);
    setAccessibleName(m_message.sentence);
    auto* sign = new QLabel(this);
    sign->setPixmap(icon(iconOf(m_message.tone), m_message.tone).pixmap(QSize(16, 16), devicePixelRatioF()));
    sign->setFixedWidth(20);
    auto* sentence = new QLabel(m_message.sentence, this);
    sentence->setObjectName(QStringLiteral("stripSentence"));
    sentence->setWordWrap(true);
    sentence->setTextFormat(Qt::PlainText);
    sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* row = new QHBoxLayout;
    row->setSpacing(kGap);
    row->addWidget(sign);
    row->addWidget(sentence, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kPad, kHalf + 2, kGap, kHalf + 2);
    column->setSpacing(kHalf);
    column->addLayout(row);
    if (!m_message.detail.isEmpty()) {
        m_more = new QToolButton(this);
        m_more->setObjectName(QStringLiteral("stripDetails"));
        m_more->setText(tr("Show Details"));
        row->addWidget(m_more);
        connect(m_more, &QToolButton::clicked, this, &MessageStrip::toggleDetail);
        addDetail(*column);
    }
    for (const MessageAction& action : m_message.actions) {
        auto* button = new QPushButton(action.text, this);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, [run = action.run] { run(); });
    }
    if (m_message.closable) {
        auto* close = new QToolButton(this);
        close->setIcon(icon(QStringLiteral("close")));
        close->setAccessibleName(tr("Dismiss message"));
        close->setToolTip(tr("Dismiss"));
        row->addWidget(close);
        connect(close, &QToolButton::clicked, this, &MessageStrip::closed);
    }
}

void MessageStrip::addDetail(QVBoxLayout& column)
{
    m_detail = new QWidget(this);
    auto* text = new QPlainTextEdit(m_message.detail, m_detail);
    text->setReadOnly(true);
    text->setFont(fixedFont(font()));
    text->setFixedHeight(QFontMetrics(text->font()).height() * 4 + kPad);
    text->setAccessibleName(tr("Technical detail"));
    auto* copy = new QToolButton(m_detail);
    copy->setText(tr("Copy"));
    connect(copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_message.sentence + QLatin1Char('\n') + m_message.detail);
    });
    auto* row = new QHBoxLayout(m_detail);
    row->setContentsMargins(28, 0, 0, kHalf);
    row->addWidget(text, 1);
    row->addWidget(copy, 0, Qt::AlignTop);
    m_detail->hide();
    column.addWidget(m_detail);
}

void MessageStrip::toggleDetail()
{
    const bool show = !m_detail->isVisible();
    m_detail->setVisible(show);
    m_more->setText(show ? tr("Hide Details") : tr("Show Details"));
}

void MessageStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ToneColors& tone = colorsOf(palette()).tone(m_message.tone);
    painter.fillRect(rect(), tone.fill);
    painter.fillRect(QRect(0, 0, 3, height()), tone.ink);
    painter.fillRect(QRect(0, height() - 1, width(), 1), colorsOf(palette()).line);
}

MessageArea::MessageArea(QWidget* parent) : QWidget(parent)
{
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    hide();
}

void MessageArea::show(Message message)
{
    const QString kind = message.kind;
    dismiss(kind);
    auto* strip = new MessageStrip(std::move(message), this);
    connect(strip, &MessageStrip::closed, this, [this, kind] { dismiss(kind); });
    m_strips.push_back(strip);
    m_column->addWidget(strip);
    setVisible(true);
}

void MessageArea::dismiss(const QString& kind)
{
    const auto found = std::find_if(m_strips.begin(), m_strips.end(),
                                    [&](const MessageStrip* strip) { return strip->message().kind == kind; });
    if (found == m_strips.end())
        return;
    (*found)->hide();
    (*found)->setObjectName({}); // it is no longer the strip of its kind
    (*found)->deleteLater();
    m_strips.erase(found);
    setVisible(!m_strips.empty());
}

void MessageArea::clear()
{
    while (!m_strips.empty()) {
        const QString kind = m_strips.back()->message().kind;
        dismiss(kind);
    }
}

MessageStrip* MessageArea::strip(const QString& kind) const
{
    for (MessageStrip* strip : m_strips)
        if (strip->message().kind == kind)
            return strip;
    return nullptr;
}

Message messageOf(const storage::Error& error, const QString& what)
{
    using storage::ErrorKind;
    Message message;
    message.kind = QStringLiteral("error");
    const bool passing = error.kind == ErrorKind::Busy || error.kind == ErrorKind::Changed;
    message.tone = passing ? Tone::Warning : Tone::Danger;
    message.sentence = what.isEmpty() ? error.sentence : QStringLiteral("%1: %2").arg(what, error.sentence);
    message.detail = error.detail;
    return message;
}

} // namespace ui
