// A set of positions in a collection's rows, one bit each. Value type.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace storage {

class RowSet
{
public:
    explicit RowSet(std::size_t size = 0, bool full = false)
        : m_words((size + 63) / 64, full ? ~std::uint64_t{0} : 0),
          m_size(size)
    {
        trim();
    }

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool contains(std::size_t row) const { return m_words[row / 64] >> (row % 64) & 1; }
    void insert(std::size_t row) { m_words[row / 64] |= std::uint64_t{1} << (row % 64); }

    RowSet& operator&=(const RowSet& other)
    {
        std::transform(m_words.begin(), m_words.end(), other.m_words.begin(), m_words.begin(),
                       std::bit_and<>());
        return *this;
    }
    RowSet& operator|=(const RowSet& other)
    {
        std::transform(m_words.begin(), m_words.end(), other.m_words.begin(), m_words.begin(),
                       std::bit_or<>());
        return *this;
    }
    RowSet& operator-=(const RowSet& other)
    {
        std::transform(m_words.begin(), m_words.end(), other.m_words.begin(), m_words.begin(),
                       [](std::uint64_t a, std::uint64_t b) { return a & ~b; });
        return *this;
    }
    bool operator==(const RowSet&) const = default;

    [[nodiscard]] bool empty() const
    {
        return std::all_of(m_words.begin(), m_words.end(), [](std::uint64_t word) { return word == 0; });
    }
    [[nodiscard]] std::size_t count() const
    {
        std::size_t n = 0;
        for (const std::uint64_t word : m_words)
            n += static_cast<std::size_t>(std::popcount(word));
        return n;
    }

    // Ascending.
    template <class Each> void forEach(Each each) const
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            for (std::uint64_t word = m_words[i]; word != 0; word &= word - 1)
                each(static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
    }
    [[nodiscard]] std::vector<std::uint32_t> positions() const
    {
        std::vector<std::uint32_t> all;
        all.reserve(count());
        forEach([&all](std::uint32_t row) { all.push_back(row); });
        return all;
    }

    // Sets every row to what `test(row)` says: the loop that filters live in.
    template <class Test> void assign(Test test)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            const std::size_t first = i * 64;
            const std::size_t n = std::min<std::size_t>(64, m_size - first);
            std::uint64_t word = 0;
            for (std::size_t bit = 0; bit < n; ++bit)
                word |= std::uint64_t{test(first + bit)} << bit;
            m_words[i] = word;
        }
    }

private:
    void trim()
    {
        if (m_size % 64 != 0)
            m_words.back() &= (std::uint64_t{1} << (m_size % 64)) - 1;
    }
    std::vector<std::uint64_t> m_words;
    std::size_t m_size = 0;
};

} // namespace storage
