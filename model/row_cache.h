// A bounded set of pages by page number, least recently used out first. Pure; one thread.
#pragma once

#include <QtGlobal>

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace model {

template <class Page> class RowCache
{
public:
    explicit RowCache(std::size_t capacity) : m_capacity(capacity) { Q_ASSERT(capacity > 0); }

    // nullptr: not held. Counts as a use.
    [[nodiscard]] Page* find(qint64 number)
    {
        const auto found = m_pages.find(number);
        if (found == m_pages.end())
            return nullptr;
        m_order.splice(m_order.begin(), m_order, found->second);
        return &found->second->second;
    }
    // As find, but does not count as a use.
    [[nodiscard]] const Page* peek(qint64 number) const
    {
        const auto found = m_pages.find(number);
        return found == m_pages.end() ? nullptr : &found->second->second;
    }
    Page& put(qint64 number, Page page)
    {
        remove(number);
        m_order.emplace_front(number, std::move(page));
        m_pages[number] = m_order.begin();
        while (m_pages.size() > m_capacity) {
            m_pages.erase(m_order.back().first);
            m_order.pop_back();
        }
        return m_order.front().second;
    }
    void remove(qint64 number)
    {
        const auto found = m_pages.find(number);
        if (found == m_pages.end())
            return;
        m_order.erase(found->second);
        m_pages.erase(found);
    }
    void clear()
    {
        m_pages.clear();
        m_order.clear();
    }
    [[nodiscard]] std::size_t size() const { return m_pages.size(); }
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }
    template <class Visit> void forEach(Visit visit)
    {
        for (auto& [number, page] : m_order)
            visit(number, page);
    }

private:
    using Order = std::list<std::pair<qint64, Page>>;
    std::size_t m_capacity;
    Order m_order; // most recently used first
    std::unordered_map<qint64, typename Order::iterator> m_pages;
};

} // namespace model
