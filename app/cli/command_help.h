// The help that a command's table gives: the usage line and the text of --help.
#pragma once

#include "app/cli/command_line.h"

namespace app {

// --help belongs to every command and stands in no table.
[[nodiscard]] const OptionSpec& helpOption();
[[nodiscard]] QString usageLine(const CommandSpec& command); // "chromakeep info DIR [--json]"
[[nodiscard]] QString helpText(const CommandSpec& command);

// Wraps prose at `width` columns, every line but the first indented.
[[nodiscard]] QString wrapped(const QString& text, int indent, int width = 80);

} // namespace app
