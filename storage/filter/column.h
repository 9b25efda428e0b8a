// All values of one metadata key over a collection's rows, as Chroma keeps them: a scalar a row with its
// type, and apart from them the elements of arrays. A key can have both in one row (arrays that outlived a
// deleted record); filters look at each by itself.
#pragma once

#include "storage/chroma/records.h"
#include "storage/filter/row_set.h"
#include "storage/filter/string_pool.h"

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace storage {

// A scalar without its text: bool and int as they are, a float by its bits, a string by its number.
struct ColumnValue
{
    MetaType type = MetaType::Null;
    qint64 value = 0;
};

[[nodiscard]] inline double floatOf(qint64 bits)
{
    return std::bit_cast<double>(bits);
}
[[nodiscard]] inline qint64 bitsOf(double value)
{
    return std::bit_cast<qint64>(value);
}

class Column
{
public:
    static constexpr std::uint8_t kAbsent = 0xff;
    explicit Column(std::size_t rows) : m_types(rows, kAbsent), m_values(rows, 0) {}

    [[nodiscard]] std::size_t rows() const { return m_types.size(); }
    [[nodiscard]] const std::vector<std::uint8_t>& types() const { return m_types; } // MetaType or kAbsent
    [[nodiscard]] const std::vector<qint64>& values() const { return m_values; }
    [[nodiscard]] const StringPool& strings() const { return m_strings; }

    [[nodiscard]] bool hasArrays() const { return !m_starts.empty(); }
    [[nodiscard]] bool hasArray(std::size_t row) const
    {
        return hasArrays() && m_starts[row + 1] > m_starts[row];
    }
    [[nodiscard]] std::span<const ColumnValue> array(std::size_t row) const
    {
        return std::span(m_elements).subspan(m_starts[row], m_starts[row + 1] - m_starts[row]);
    }
    // What the record shows under the key: its array, else its scalar. monostate: null or absent.
    [[nodiscard]] MetaValue value(std::size_t row) const;
    [[nodiscard]] MetaValue expand(const ColumnValue& value) const;
    [[nodiscard]] qint64 bytes() const;

    // While it is filled; finish() ends that.
    void setScalar(std::size_t row, MetaType type, qint64 value);
    void setText(std::size_t row, std::string_view text);
    void addElement(std::size_t row, MetaType type, qint64 value);
    void addTextElement(std::size_t row, std::string_view text);
    void clear(const RowSet& rows);
    void put(std::size_t row, const MetaValue& value);
    void finish();

private:
    struct Element
    {
        std::uint32_t row = 0;
        ColumnValue value;
    };
    std::vector<std::uint8_t> m_types;
    std::vector<qint64> m_values;
    StringPool m_strings;
    std::vector<std::uint32_t> m_starts; // one a row and one more; empty: no arrays at all
    std::vector<ColumnValue> m_elements;
    std::vector<Element> m_unsorted; // until finish()
};

} // namespace storage
