// Becomes the window: replaces this process by chromakeep-desktop, which stands beside this program (as
// built) or in its libexec folder (as installed).
#pragma once

#include <QString>

namespace app {

// Returns, with an exit code, only when the window could not be started. `libexec`: from the program's
// folder.
[[nodiscard]] int startDesktop(char** argv, const QString& libexec);

} // namespace app
