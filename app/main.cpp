// chromakeep: answers a command, or becomes the window. Linked without QtGui and QtWidgets, whose loading
// would take longer than most answers.
#include "app/cli/cli.h"
#include "app/cli/start_desktop.h"

#include <QStringList>

int main(int argc, char** argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    return app::isCommand(arguments) ? app::runCommand(arguments)
                                     : app::startDesktop(argv, QStringLiteral(CHROMAKEEP_LIBEXEC_FROM_BIN));
}
