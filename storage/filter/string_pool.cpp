#include "storage/filter/string_pool.h"

#include <functional>

namespace storage {

// Where the text stands, or the free slot where it belongs.
std::size_t StringPool::slotOf(std::string_view text) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = std::hash<std::string_view>()(text) & mask;
    while (m_slots[slot] != kFree && this->text(m_slots[slot]) != text)
        slot = (slot + 1) & mask;
    return slot;
}

void StringPool::grow()
{
    m_slots.assign(m_slots.empty() ? 64 : m_slots.size() * 2, kFree);
    for (std::uint32_t code = 0; code < size(); ++code)
        m_slots[slotOf(text(code))] = code;
}

std::uint32_t StringPool::intern(std::string_view text)
{
    if (2 * (size() + 1) > m_slots.size())
        grow();
    std::uint32_t& slot = m_slots[slotOf(text)];
    if (slot == kFree) {
        slot = static_cast<std::uint32_t>(size());
        m_bytes.append(text);
        m_ends.push_back(m_bytes.size());
    }
    return slot;
}

std::optional<std::uint32_t> StringPool::find(std::string_view text) const
{
    if (m_slots.empty())
        return std::nullopt;
    const std::uint32_t code = m_slots[slotOf(text)];
    return code == kFree ? std::nullopt : std::optional(code);
}

std::size_t StringPool::bytes() const
{
    return m_bytes.capacity() + m_ends.capacity() * sizeof(std::size_t) +
           m_slots.capacity() * sizeof(std::uint32_t);
}

} // namespace storage
