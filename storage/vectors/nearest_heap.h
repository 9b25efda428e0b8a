// The k nearest seen so far. Equal distances keep the lower number, so that an answer does not depend on the
// order in which threads looked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace storage {

struct Near
{
    float distance = 0;
    std::uint64_t number = 0; // of an element of the index, or elements() + slot of the log
    [[nodiscard]] bool operator<(const Near& other) const
    {
        return distance < other.distance || (distance == other.distance && number < other.number);
    }
};

class NearestHeap
{
public:
    explicit NearestHeap(std::size_t limit) : m_limit(limit) {}

    [[nodiscard]] bool full() const { return m_heap.size() >= m_limit; }
    [[nodiscard]] bool wouldTake(Near near) const { return !full() || near < m_heap.front(); }
    // The farthest distance that still matters; infinite until the heap is full.
    [[nodiscard]] float bound() const
    {
        return full() ? m_heap.front().distance : std::numeric_limits<float>::infinity();
    }
    [[nodiscard]] std::size_t size() const { return m_heap.size(); }

    void push(Near near)
    {
        if (full()) {
            if (m_limit == 0 || !(near < m_heap.front()))
                return;
            std::pop_heap(m_heap.begin(), m_heap.end());
            m_heap.back() = near;
        } else {
            m_heap.push_back(near);
        }
        std::push_heap(m_heap.begin(), m_heap.end());
    }

    [[nodiscard]] std::vector<Near> sorted() const
    {
        std::vector<Near> out = m_heap;
        std::sort(out.begin(), out.end());
        return out;
    }

private:
    std::size_t m_limit;
    std::vector<Near> m_heap;
};

} // namespace storage
