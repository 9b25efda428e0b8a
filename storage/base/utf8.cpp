#include "storage/base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace storage {

namespace {

constexpr CodePoint kBroken{0xFFFD, 1};

unsigned char byteAt(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

bool isContinuation(std::string_view text, std::size_t at)
{
    return (byteAt(text, at) & 0xc0) == 0x80;
}

} // namespace

CodePoint codePointAt(std::string_view text, std::size_t at)
{
    const unsigned char lead = byteAt(text, at);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || at + length > text.size())
        return kBroken;
    char32_t value = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!isContinuation(text, at + i))
            return kBroken;
        value = (value << 6) | (byteAt(text, at + i) & 0x3fU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    return overlong || surrogate || value > 0x10ffff ? kBroken : CodePoint{value, length};
}

CodePoint codePointBefore(std::string_view text, std::size_t at)
{
    for (std::size_t length = 1; length <= 4 && length <= at; ++length) {
        const CodePoint point = codePointAt(text, at - length);
        if (point.length == length && (length > 1 || byteAt(text, at - 1) < 0x80))
            return point;
    }
    return kBroken;
}

void appendUtf8(std::string& out, char32_t codePoint)
{
    const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
    if (codePoint < 0x80) {
        byte(codePoint);
    } else if (codePoint < 0x800) {
        byte(0xc0 | (codePoint >> 6));
        byte(0x80 | (codePoint & 0x3f));
    } else if (codePoint < 0x10000) {
        byte(0xe0 | (codePoint >> 12));
        byte(0x80 | ((codePoint >> 6) & 0x3f));
        byte(0x80 | (codePoint & 0x3f));
    } else {
        byte(0xf0 | (codePoint >> 18));
        byte(0x80 | ((codePoint >> 12) & 0x3f));
        byte(0x80 | ((codePoint >> 6) & 0x3f));
        byte(0x80 | (codePoint & 0x3f));
    }
}

std::size_t codePointCount(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at += codePointAt(text, at).length)
        ++count;
    return count;
}

bool isAscii(std::string_view text)
{
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + at, 8);
        if (word & 0x8080808080808080U)
            return false;
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isUtf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = codePointAt(text, at);
        if (point.length == 1 && byteAt(text, at) >= 0x80)
            return false;
        at += point.length;
    }
    return true;
}

} // namespace storage
