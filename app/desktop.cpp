#include "app/desktop.h"

#include "ui/main_window.h"

#include <QApplication>
#include <QIcon>

namespace app {

int runDesktop(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("chromakeep"));
    QApplication::setApplicationDisplayName(QStringLiteral("Chromakeep"));
    QApplication::setApplicationVersion(QStringLiteral(CHROMAKEEP_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.chromakeep.Chromakeep"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/chromakeep.svg")));
    ui::MainWindow window;
    window.show();
    return QApplication::exec();
}

} // namespace app
