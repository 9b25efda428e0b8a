// Steps through UTF-8 text one code point at a time; bytes that are no UTF-8 count as one U+FFFD each.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace storage {

struct CodePoint
{
    char32_t value = 0;
    std::size_t length = 0; // bytes it takes in the text
};

// The code point that begins at `at`, which must lie inside the text.
[[nodiscard]] CodePoint codePointAt(std::string_view text, std::size_t at);
// The code point that ends before `at`, which must be above 0.
[[nodiscard]] CodePoint codePointBefore(std::string_view text, std::size_t at);
void appendUtf8(std::string& out, char32_t codePoint);
[[nodiscard]] std::size_t codePointCount(std::string_view text);
[[nodiscard]] bool isAscii(std::string_view text);
[[nodiscard]] bool isUtf8(std::string_view text);

} // namespace storage
