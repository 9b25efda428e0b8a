// From Chroma's row numbers to positions in a collection's rows. Tables are walked nearly in the order of the
// rows, so the next answer mostly stands beside the last one.
#pragma once

#include "storage/chroma/records.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

namespace storage {

class RowIndex
{
public:
    // `rows` ascending; must outlive the index.
    explicit RowIndex(std::span<const RowKey> rows) : m_rows(rows) {}

    [[nodiscard]] std::optional<std::uint32_t> find(qint64 row)
    {
        if (m_last < m_rows.size() && m_rows[m_last].value == row)
            return static_cast<std::uint32_t>(m_last);
        if (m_last + 1 < m_rows.size() && m_rows[m_last + 1].value == row)
            return static_cast<std::uint32_t>(++m_last);
        const auto it = std::lower_bound(m_rows.begin(), m_rows.end(), RowKey{row});
        if (it == m_rows.end() || it->value != row)
            return std::nullopt;
        m_last = static_cast<std::size_t>(it - m_rows.begin());
        return static_cast<std::uint32_t>(m_last);
    }

private:
    std::span<const RowKey> m_rows;
    std::size_t m_last = 0;
};

} // namespace storage
