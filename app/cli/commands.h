// The commands there are. Each has its own file; this is the one list that dispatch, help, completion and the
// tests of the manual page go by.
#pragma once

#include "app/cli/command_line.h"
#include "app/cli/console.h"

#include <vector>

namespace app {

struct Command
{
    CommandSpec spec;
    // Writes the answer; an Error's kind decides the exit code.
    storage::Status (*run)(const Arguments& arguments, Console& console);
};

[[nodiscard]] Command infoCommand();
[[nodiscard]] Command recordsCommand();
[[nodiscard]] Command queryCommand();
[[nodiscard]] Command recallCommand();

[[nodiscard]] const std::vector<Command>& commands();
[[nodiscard]] const Command* findCommand(const QString& name);

} // namespace app
