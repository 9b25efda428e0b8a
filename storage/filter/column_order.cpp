#include "storage/filter/column_order.h"

#include "storage/filter/predicate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace storage {

namespace {

enum class Group : std::uint8_t { None, Bool, Number, String, Array };

Group groupOf(MetaType type)
{
    switch (type) {
    case MetaType::Null:
        return Group::None;
    case MetaType::Bool:
        return Group::Bool;
    case MetaType::Int:
    case MetaType::Float:
        return Group::Number;
    case MetaType::String:
        return Group::String;
    default:
        return Group::Array;
    }
}

// Orders as the floats do, but as an integer; NaN stands above all of them.
std::uint64_t sortable(double value)
{
    const auto bits = static_cast<std::uint64_t>(bitsOf(value == 0 ? 0.0 : value));
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
    return bits & kSign ? ~bits : bits | kSign;
}

std::strong_ordering compareFloats(double a, double b)
{
    return sortable(a) <=> sortable(b);
}

std::strong_ordering compareScalars(const ColumnValue& a, const ColumnValue& b,
                                    std::span<const std::uint32_t> stringOrder)
{
    if (groupOf(a.type) != groupOf(b.type))
        return groupOf(a.type) <=> groupOf(b.type);
    if (groupOf(a.type) == Group::String)
        return stringOrder[std::size_t(a.value)] <=> stringOrder[std::size_t(b.value)];
    if (groupOf(a.type) != Group::Number || (a.type == MetaType::Int && b.type == MetaType::Int))
        return a.value <=> b.value;
    if (a.type == b.type)
        return compareFloats(floatOf(a.value), floatOf(b.value));
    return a.type == MetaType::Int ? compareNumbers(a.value, floatOf(b.value))
                                   : 0 <=> compareNumbers(b.value, floatOf(a.value));
}

// One row while it is being ranked: the key decides nearly always.
struct Sorted
{
    Group group = Group::None;
    std::uint64_t key = 0;
    std::uint32_t row = 0;
};

class Ranker
{
public:
    explicit Ranker(const Column& column) : m_column(column), m_stringOrder(orderStrings()) {}
    [[nodiscard]] Ranks run() const;

private:
    [[nodiscard]] std::vector<std::uint32_t> orderStrings() const;
    [[nodiscard]] Sorted entry(std::uint32_t row) const;
    [[nodiscard]] std::strong_ordering compare(const Sorted& a, const Sorted& b) const;
    [[nodiscard]] ColumnValue scalar(std::uint32_t row) const
    {
        return {static_cast<MetaType>(m_column.types()[row]), m_column.values()[row]};
    }

    const Column& m_column;
    std::vector<std::uint32_t> m_stringOrder; // by code
};

std::vector<std::uint32_t> Ranker::orderStrings() const
{
    const StringPool& strings = m_column.strings();
    std::vector<std::uint32_t> codes(strings.size());
    std::iota(codes.begin(), codes.end(), 0U);
    // Bytes of UTF-8 order as code points do.
    std::sort(codes.begin(), codes.end(),
              [&](std::uint32_t a, std::uint32_t b) { return strings.text(a) < strings.text(b); });
    std::vector<std::uint32_t> order(codes.size());
    for (std::uint32_t place = 0; place < codes.size(); ++place)
        order[codes[place]] = place;
    return order;
}

Sorted Ranker::entry(std::uint32_t row) const
{
    if (m_column.hasArray(row))
        return {Group::Array, 0, row};
    if (m_column.types()[row] == Column::kAbsent)
        return {Group::None, 0, row};
    const ColumnValue value = scalar(row);
    switch (groupOf(value.type)) {
    case Group::Bool:
        return {Group::Bool, std::uint64_t(value.value), row};
    case Group::String:
        return {Group::String, m_stringOrder[std::size_t(value.value)], row};
    case Group::Number:
        return {Group::Number,
                sortable(value.type == MetaType::Int ? double(value.value) : floatOf(value.value)), row};
    default:
        return {Group::None, 0, row};
    }
}

std::strong_ordering Ranker::compare(const Sorted& a, const Sorted& b) const
{
    if (const auto order = a.group <=> b.group; order != 0)
        return order;
    if (const auto order = a.key <=> b.key; order != 0)
        return order;
    if (a.group == Group::Number) // beyond 2^53 different numbers share a key
        return compareScalars(scalar(a.row), scalar(b.row), m_stringOrder);
    if (a.group != Group::Array)
        return std::strong_ordering::equal;
    const auto left = m_column.array(a.row);
    const auto right = m_column.array(b.row);
    return std::lexicographical_compare_three_way(
        left.begin(), left.end(), right.begin(), right.end(),
        [this](const ColumnValue& x, const ColumnValue& y) { return compareScalars(x, y, m_stringOrder); });
}

Ranks Ranker::run() const
{
    std::vector<Sorted> entries;
    entries.reserve(m_column.rows());
    for (std::uint32_t row = 0; row < m_column.rows(); ++row)
        if (const Sorted one = entry(row); one.group != Group::None)
            entries.push_back(one);
    std::sort(entries.begin(), entries.end(),
              [this](const Sorted& a, const Sorted& b) { return compare(a, b) < 0; });
    std::vector<std::uint32_t> ranks(m_column.rows(), Ranks::kNoRank);
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i > 0 && compare(entries[i - 1], entries[i]) != 0)
            ++rank;
        ranks[entries[i].row] = rank;
    }
    return Ranks(std::move(ranks));
}

template <class Number> std::strong_ordering compareTyped(const MetaValue& a, const Number& b)
{
    if (const qint64* whole = std::get_if<qint64>(&a)) {
        if constexpr (std::is_same_v<Number, qint64>)
            return *whole <=> b;
        else
            return compareNumbers(*whole, b);
    }
    if constexpr (std::is_same_v<Number, qint64>)
        return 0 <=> compareNumbers(b, std::get<double>(a));
    else
        return compareFloats(std::get<double>(a), b);
}

} // namespace

Ranks ranksOf(const Column& column)
{
    return Ranker(column).run();
}

std::strong_ordering compareNumbers(qint64 a, double b)
{
    const qint64 whole = truncated(b);
    if (std::isnan(b) || b >= 9223372036854775808.0)
        return std::strong_ordering::less;
    if (b < -9223372036854775808.0)
        return std::strong_ordering::greater;
    if (a != whole)
        return a <=> whole;
    const double fraction = b - static_cast<double>(whole);
    return fraction > 0   ? std::strong_ordering::less
           : fraction < 0 ? std::strong_ordering::greater
                          : std::strong_ordering::equal;
}

std::strong_ordering compareValues(const MetaValue& a, const MetaValue& b)
{
    const Group group = groupOf(typeOf(a));
    if (group != groupOf(typeOf(b)))
        return group <=> groupOf(typeOf(b));
    switch (group) {
    case Group::Bool:
        return std::get<bool>(a) <=> std::get<bool>(b);
    case Group::String:
        return std::get<std::string>(a) <=> std::get<std::string>(b);
    case Group::Number:
        return typeOf(b) == MetaType::Int ? compareTyped(a, std::get<qint64>(b))
                                          : compareTyped(a, std::get<double>(b));
    default:
        return std::strong_ordering::equal;
    }
}

// Least significant digit first: three passes whatever the number of distinct values.
void Ranks::sort(std::vector<std::uint32_t>& positions, bool descending) const
{
    constexpr unsigned kBits = 11;
    constexpr std::uint32_t kDigits = 1U << kBits;
    const auto key = [&](std::uint32_t position) {
        const std::uint32_t rank = m_ranks[position];
        return descending && rank != kNoRank ? kNoRank - 1 - rank : rank;
    };
    std::vector<std::uint32_t> sorted(positions.size());
    for (unsigned shift = 0; shift < 32; shift += kBits) {
        std::array<std::size_t, kDigits + 1> starts{};
        for (const std::uint32_t position : positions)
            ++starts[((key(position) >> shift) & (kDigits - 1)) + 1];
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        for (const std::uint32_t position : positions)
            sorted[starts[(key(position) >> shift) & (kDigits - 1)]++] = position;
        positions.swap(sorted);
    }
}

} // namespace storage
