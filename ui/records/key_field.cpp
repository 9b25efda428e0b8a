#include "ui/records/key_field.h"

#include "ui/theme/icons.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>

namespace ui {

KeyField::KeyField(const QStringList& keys, QWidget* parent) : QLineEdit(parent)
{
    auto* proposals = new QCompleter(keys, this);
    proposals->setCaseSensitivity(Qt::CaseInsensitive);
    proposals->setFilterMode(Qt::MatchContains);
    proposals->setMaxVisibleItems(12);
    setCompleter(proposals);
    QAction* all = addAction(icon(QStringLiteral("chevron-down")), TrailingPosition);
    all->setToolTip(tr("Show all keys"));
    connect(all, &QAction::triggered, this, &KeyField::openAll);
    connect(this, &QLineEdit::textEdited, this, &KeyField::keyTyped);
    connect(proposals, QOverload<const QString&>::of(&QCompleter::activated), this, &KeyField::keyTyped);
}

void KeyField::openAll()
{
    setFocus();
    completer()->setCompletionPrefix(QString());
    completer()->complete();
}

} // namespace ui
