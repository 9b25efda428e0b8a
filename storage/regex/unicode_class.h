// The named character classes of Rust's regex dialect, from Qt's Unicode tables: \d \s \w, POSIX classes,
// general categories, scripts and the properties that people use. (Qt 6.4 knows Unicode 14, newest Chroma
// Unicode 16: characters that were assigned in between belong to no class here.)
#pragma once

#include "storage/regex/char_set.h"

#include <optional>
#include <string_view>

namespace storage {

[[nodiscard]] const CharSet& unicodeDigits(); // \d: Nd
[[nodiscard]] const CharSet& unicodeSpace();  // \s: White_Space
[[nodiscard]] const CharSet& unicodeWord();   // \w: Alphabetic, M, Nd, Pc, Join_Control
[[nodiscard]] bool isAsciiWord(char32_t c);

// "alpha" of [[:alpha:]]; ASCII only, as in Rust.
[[nodiscard]] std::optional<CharSet> posixClass(std::string_view name);
// "L", "Lu", "Uppercase_Letter", "Greek", "sc=Greek", "gc:Lu", "White_Space" ... matched loosely, as Rust
// does. nullopt: unknown, or one of the rare properties that Qt has no table of.
[[nodiscard]] std::optional<CharSet> unicodeProperty(std::string_view name);

} // namespace storage
