// The two windows of the Help menu: what the keys do, and what this program is.
#pragma once

#include <QList>

class QAction;
class QWidget;

namespace ui {

// Opens and returns; gone when closed.
void showShortcuts(const QList<QAction*>& actions, QWidget* parent);
void showAbout(QWidget* parent);

} // namespace ui
