#include "ui/main_window.h"

namespace ui {

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Chromakeep"));
    resize(1280, 800);
}

} // namespace ui
