#include "app/cli/cli.h"

#include <cstdio>

namespace app {

bool isCommand(const QStringList& arguments)
{
    return !arguments.isEmpty() && arguments.first() == QStringLiteral("--version");
}

int runCommand(const QStringList&)
{
    std::puts("chromakeep " CHROMAKEEP_VERSION);
    return 0;
}

} // namespace app
