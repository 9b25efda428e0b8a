#include "ui/empty_state.h"

#include "ui/action_button.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

EmptyState::EmptyState(QWidget* parent) : QWidget(parent)
{
    m_icon = new QLabel(this);
    m_title = new QLabel(this);
    m_sentence = new QLabel(this);
    m_title->setObjectName(QStringLiteral("emptyTitle"));
    m_sentence->setObjectName(QStringLiteral("emptySentence"));
    m_title->setFont(titleFont(font()));
    m_title->setWordWrap(true);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    for (auto* label : {m_icon, m_title, m_sentence})
        label->setAlignment(Qt::AlignHCenter);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(kGap);

    auto* column = new QVBoxLayout;
    column->setSpacing(kGap);
    column->addStretch(2);
    column->addWidget(m_icon);
    column->addWidget(m_title);
    column->addWidget(m_sentence);
    column->addSpacing(kGap);
    column->addLayout(m_buttons);
    column->addStretch(3);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kWide, kWide, kWide, kWide);
    row->addStretch(1);
    row->addLayout(column, 4);
    row->addStretch(1);
}

void EmptyState::set(const QString& iconName, const QString& title, const QString& sentence, Tone tone)
{
    m_iconName = iconName;
    m_tone = tone;
    m_title->setText(title);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    drawIcon();
}

void EmptyState::setActions(const QList<QAction*>& actions)
{
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_buttons->addStretch();
    for (QAction* action : actions) {
        QPushButton* button = actionButton(action, this);
        if (action == actions.front())
            button->setDefault(true);
        m_buttons->addWidget(button);
    }
    m_buttons->addStretch();
}

QString EmptyState::title() const
{
    return m_title->text();
}

QString EmptyState::sentence() const
{
    return m_sentence->text();
}

void EmptyState::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcon();
}

void EmptyState::drawIcon()
{
    const Colors& colors = colorsOf(palette());
    const QColor ink = m_tone == Tone::Neutral ? colors.faint : colors.tone(m_tone).ink;
    m_icon->setPixmap(glyph(m_iconName, 40, devicePixelRatioF(), ink));
}

} // namespace ui
