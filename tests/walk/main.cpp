// chromakeep_walk DIRECTORY PICTURES: walks the main job through the real window, keeps a picture of every
// step in the folder PICTURES, prints a line a step; exit code 0 only when every step worked.
#include "ui/theme/icons.h"
#include "walk/steps.h"
#include "walk/walker.h"

#include <QApplication>
#include <QDir>
#include <QTranslator>

#include <cstdio>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("chromakeep"));
    QApplication::setApplicationDisplayName(QStringLiteral("Chromakeep"));
    QApplication::setApplicationVersion(QStringLiteral(CHROMAKEEP_VERSION));
    QApplication::setWindowIcon(ui::appIcon());
    QTranslator language;
    app::loadLanguage(language);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() != 3 || !QDir().mkpath(arguments.at(2))) {
        std::fprintf(stderr, "usage: chromakeep_walk DIRECTORY PICTURES\n");
        return 2;
    }
    walk::Walker walker(QDir(arguments.at(1)).absolutePath(), QDir(arguments.at(2)).absolutePath());
    return walker.run(walk::browseSteps());
}
