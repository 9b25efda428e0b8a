// A push button that is an action: same text, same icon, enabled when it is.
#pragma once

class QAction;
class QPushButton;
class QWidget;

namespace ui {

[[nodiscard]] QPushButton* actionButton(QAction* action, QWidget* parent);

} // namespace ui
