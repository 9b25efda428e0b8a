// The command line: the twin of the window over the same rooms. Needs neither a display nor an application
// object.
#pragma once

#include "app/cli/console.h"

#include <QStringList>

namespace app {

// True when the arguments are for the command line: a command's name, --help, --version, or something that is
// neither a path nor an option of the window. A folder that is called like a command opens as ./info.
[[nodiscard]] bool isCommand(const QStringList& arguments);

// Runs it on standard output and standard error; returns the exit code (0 ok, 1 other, 2 usage, 3 not found,
// 4 in use or changed, 5 corrupt, 6 no space, 130 cancelled).
[[nodiscard]] int runCommand(const QStringList& arguments);

// The same on any console, for tests.
[[nodiscard]] int runCommand(const QStringList& arguments, Console& console);

} // namespace app
