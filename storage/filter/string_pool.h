// Distinct strings, each kept once and known by a number: the dictionary of a column.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

class StringPool
{
public:
    [[nodiscard]] std::uint32_t intern(std::string_view text);
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;
    [[nodiscard]] std::string_view text(std::uint32_t code) const
    {
        return std::string_view(m_bytes).substr(m_ends[code], m_ends[code + 1] - m_ends[code]);
    }
    [[nodiscard]] std::size_t size() const { return m_ends.size() - 1; }
    [[nodiscard]] std::size_t bytes() const;

private:
    [[nodiscard]] std::size_t slotOf(std::string_view text) const;
    void grow();

    static constexpr std::uint32_t kFree = ~std::uint32_t{0};
    std::string m_bytes;
    std::vector<std::size_t> m_ends{0};
    std::vector<std::uint32_t> m_slots; // open addressing; a power of two
};

} // namespace storage
