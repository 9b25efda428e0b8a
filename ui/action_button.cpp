#include "ui/action_button.h"

#include <QAction>
#include <QPushButton>

namespace ui {

namespace {

void follow(QPushButton& button, const QAction& action)
{
    button.setText(action.text());
    button.setIcon(action.icon());
    button.setEnabled(action.isEnabled());
    button.setVisible(action.isVisible());
    QString plain = action.text();
    button.setAccessibleName(plain.remove(QLatin1Char('&')));
    const QString keys = action.shortcut().toString(QKeySequence::NativeText);
    button.setToolTip(keys.isEmpty() ? QString() : QStringLiteral("%1 (%2)").arg(plain, keys));
}

} // namespace

QPushButton* actionButton(QAction* action, QWidget* parent)
{
    auto* button = new QPushButton(parent);
    button->setObjectName(action->objectName() + QLatin1String("Button"));
    follow(*button, *action);
    QObject::connect(action, &QAction::changed, button, [button, action] { follow(*button, *action); });
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

} // namespace ui
