// Order of the values of a column, and sorting of positions by it. Types: bool (false first), numbers (ints
// and floats by value, exactly), strings (by code point), arrays (element by element, then the shorter
// first).
#pragma once

#include "storage/filter/column.h"

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace storage {

// The place of each row among the distinct values; equal values share one. Rows without a value: kNoRank.
class Ranks
{
public:
    static constexpr std::uint32_t kNoRank = ~std::uint32_t{0};
    explicit Ranks(std::vector<std::uint32_t> ranks) : m_ranks(std::move(ranks)) {}

    // Stable; rows without a value last in both directions.
    void sort(std::vector<std::uint32_t>& positions, bool descending) const;
    [[nodiscard]] std::uint32_t of(std::size_t row) const { return m_ranks[row]; }
    [[nodiscard]] qint64 bytes() const { return qint64(m_ranks.capacity() * sizeof(std::uint32_t)); }

private:
    std::vector<std::uint32_t> m_ranks;
};

[[nodiscard]] Ranks ranksOf(const Column& column);

// Of single values, as above; null below everything.
[[nodiscard]] std::strong_ordering compareValues(const MetaValue& a, const MetaValue& b);
[[nodiscard]] std::strong_ordering compareNumbers(qint64 a, double b);

} // namespace storage
