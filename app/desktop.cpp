#include "app/desktop.h"

#include "ui/main_window.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QApplication>

namespace app {

int runDesktop(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("chromakeep"));
    QApplication::setApplicationDisplayName(QStringLiteral("Chromakeep"));
    QApplication::setApplicationVersion(QStringLiteral(CHROMAKEEP_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.chromakeep.Chromakeep"));
    QApplication::setWindowIcon(ui::appIcon());
    const ui::Theme theme;
    ui::MainWindow window;
    window.show();
    return QApplication::exec();
}

} // namespace app
