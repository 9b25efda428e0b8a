// A set of Unicode code points as sorted ranges: what one position of a pattern can match. Value type.
#pragma once

#include <compare>
#include <optional>
#include <vector>

namespace storage {

struct CharRange
{
    char32_t first = 0;
    char32_t last = 0;
    auto operator<=>(const CharRange&) const = default;
};

// Always in canonical form: ascending, no overlaps, neighbours joined, no surrogates.
class CharSet
{
public:
    CharSet() = default;
    explicit CharSet(std::vector<CharRange> ranges);
    CharSet(char32_t first, char32_t last) : CharSet(std::vector<CharRange>{{first, last}}) {}
    [[nodiscard]] static CharSet all() { return {0, 0x10ffff}; }

    [[nodiscard]] CharSet united(const CharSet& other) const;
    [[nodiscard]] CharSet intersected(const CharSet& other) const;
    [[nodiscard]] CharSet without(const CharSet& other) const;
    [[nodiscard]] CharSet complement() const;
    // Together with every character that differs from one of them only in case (simple case folding).
    [[nodiscard]] CharSet caseFolded() const;

    [[nodiscard]] bool contains(char32_t c) const;
    [[nodiscard]] bool empty() const { return m_ranges.empty(); }
    [[nodiscard]] std::optional<char32_t> single() const; // its only character, if it is one
    [[nodiscard]] bool isAscii() const { return empty() || m_ranges.back().last < 0x80; }
    [[nodiscard]] const std::vector<CharRange>& ranges() const { return m_ranges; }
    auto operator<=>(const CharSet&) const = default;

private:
    void canonicalise();
    std::vector<CharRange> m_ranges;
};

} // namespace storage
