#include "app/cli/cli.h"
#include "app/desktop.h"

#include <QString>
#include <QStringList>

int main(int argc, char** argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    return app::isCommand(arguments) ? app::runCommand(arguments) : app::runDesktop(argc, argv);
}
