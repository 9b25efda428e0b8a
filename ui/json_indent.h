// JSON text laid out for reading without touching one of its digits: tokens stay as they are, only the space
// between them changes. Pure.
#pragma once

#include <QString>

#include <optional>

namespace ui {

// nullopt: not one whole JSON object or array.
[[nodiscard]] std::optional<QString> indentJson(const QString& text);

} // namespace ui
