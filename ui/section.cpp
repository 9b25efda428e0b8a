#include "ui/section.h"

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

Section::Section(const QString& title, QWidget* parent) : QWidget(parent)
{
    m_title = new QLabel(title, this);
    m_title->setFont(strongFont(font()));
    m_note = new QLabel(this);
    m_note->setFont(smallFont(font()));
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_head = new QHBoxLayout;
    m_head->setSpacing(2);
    m_head->setContentsMargins(0, 0, 0, 0);
    m_head->addWidget(m_title);
    m_head->addSpacing(kGap);
    m_head->addWidget(m_note);
    m_head->addStretch();
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(kHalf);
    m_column->addLayout(m_head);
}

void Section::setTitle(const QString& title)
{
    m_title->setText(title);
}

void Section::setNote(const QString& note)
{
    m_note->setText(note);
}

void Section::setBody(QWidget* body)
{
    m_column->addWidget(body, 1);
}

QToolButton* Section::addTool(const QString& iconName, const QString& tip)
{
    QToolButton* button = iconButton(iconName, tip, this);
    addTool(button);
    return button;
}

void Section::addTool(QWidget* tool)
{
    m_head->addWidget(tool);
}

QToolButton* iconButton(const QString& iconName, const QString& tip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setAutoRaise(true);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    return button;
}

} // namespace ui
