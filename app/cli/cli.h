// The command line: the twin of the window over the same rooms.
#pragma once

#include <QStringList>

namespace app {

// True when the first argument names a command (info, records ...) or an option that prints and ends.
[[nodiscard]] bool isCommand(const QStringList& arguments);
// Runs it; returns the exit code (0 ok, 1 other, 2 usage, 3 not found, 4 in use or changed, 5 corrupt,
// 6 no space, 130 cancelled).
int runCommand(const QStringList& arguments);

} // namespace app
