// The frame of one open persist directory: menus, docks, title, drop of a folder.
#pragma once

#include <QMainWindow>

namespace ui {

class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
};

} // namespace ui
