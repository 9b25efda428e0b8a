// Lays the window's commands out in the menu bar and the tool bar.
#pragma once

#include "ui/actions.h"

class QMainWindow;
class QMenu;
class QToolBar;

namespace ui {

struct Menus
{
    QMenu* recent = nullptr; // filled by who knows the places
    QMenu* edit = nullptr;   // pages add theirs
};

Menus buildMenus(QMainWindow& window, const Actions& actions);
QToolBar* buildToolBar(QMainWindow& window, const Actions& actions);

} // namespace ui
