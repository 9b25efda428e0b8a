#include "storage/regex/char_set.h"

#include <QChar>

#include <algorithm>
#include <unordered_map>

namespace storage {

namespace {

constexpr char32_t kLast = 0x10ffff;
constexpr CharRange kSurrogates{0xd800, 0xdfff};

// Characters whose simple case folding is the key; those that stand alone are left out.
const std::unordered_map<char32_t, std::vector<char32_t>>& caseOrbits()
{
    static const auto orbits = [] {
        std::unordered_map<char32_t, std::vector<char32_t>> byFold;
        for (char32_t c = 0; c <= kLast; ++c) {
            const char32_t folded = QChar::toCaseFolded(c);
            if (folded == c)
                continue;
            auto& orbit = byFold[folded];
            if (orbit.empty())
                orbit.push_back(folded);
            orbit.push_back(c);
        }
        return byFold;
    }();
    return orbits;
}

} // namespace

CharSet::CharSet(std::vector<CharRange> ranges) : m_ranges(std::move(ranges))
{
    canonicalise();
}

void CharSet::canonicalise()
{
    std::sort(m_ranges.begin(), m_ranges.end());
    std::vector<CharRange> joined;
    const auto append = [&joined](CharRange range) {
        if (range.first > range.last)
            return;
        if (!joined.empty() && range.first <= joined.back().last + 1)
            joined.back().last = std::max(joined.back().last, range.last);
        else
            joined.push_back(range);
    };
    for (CharRange range : m_ranges) {
        range.last = std::min(range.last, kLast);
        // Surrogates are no characters; the two halves around them stay apart.
        if (range.first < kSurrogates.first)
            append({range.first, std::min<char32_t>(range.last, kSurrogates.first - 1)});
        if (range.last > kSurrogates.last)
            append({std::max<char32_t>(range.first, kSurrogates.last + 1), range.last});
    }
    m_ranges = std::move(joined);
}

CharSet CharSet::united(const CharSet& other) const
{
    std::vector<CharRange> ranges = m_ranges;
    ranges.insert(ranges.end(), other.m_ranges.begin(), other.m_ranges.end());
    return CharSet(std::move(ranges));
}

CharSet CharSet::intersected(const CharSet& other) const
{
    CharSet common;
    auto a = m_ranges.begin();
    auto b = other.m_ranges.begin();
    while (a != m_ranges.end() && b != other.m_ranges.end()) {
        const char32_t first = std::max(a->first, b->first);
        const char32_t last = std::min(a->last, b->last);
        if (first <= last)
            common.m_ranges.push_back({first, last});
        if (a->last < b->last)
            ++a;
        else
            ++b;
    }
    return common;
}

CharSet CharSet::complement() const
{
    std::vector<CharRange> gaps;
    char32_t next = 0;
    for (const CharRange& range : m_ranges) {
        if (range.first > next)
            gaps.push_back({next, range.first - 1});
        next = range.last + 1;
    }
    if (next <= kLast)
        gaps.push_back({next, kLast});
    return CharSet(std::move(gaps));
}

CharSet CharSet::without(const CharSet& other) const
{
    return intersected(other.complement());
}

CharSet CharSet::caseFolded() const
{
    std::vector<CharRange> ranges = m_ranges;
    const auto& orbits = caseOrbits();
    for (const auto& [folded, orbit] : orbits) {
        const bool touched =
            std::any_of(orbit.begin(), orbit.end(), [this](char32_t c) { return contains(c); });
        if (touched)
            for (const char32_t c : orbit)
                ranges.push_back({c, c});
    }
    return CharSet(std::move(ranges));
}

bool CharSet::contains(char32_t c) const
{
    const auto it = std::partition_point(m_ranges.begin(), m_ranges.end(),
                                         [c](const CharRange& range) { return range.last < c; });
    return it != m_ranges.end() && it->first <= c;
}

std::optional<char32_t> CharSet::single() const
{
    if (m_ranges.size() == 1 && m_ranges.front().first == m_ranges.front().last)
        return m_ranges.front().first;
    return std::nullopt;
}

} // namespace storage
