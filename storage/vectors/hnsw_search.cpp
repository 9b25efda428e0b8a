#include "storage/vectors/hnsw_search.h"

#include <queue>

#include <algorithm>
#include <cstring>

namespace storage {

namespace {

class Walk
{
public:
    Walk(const VectorStore::State& state, const QueryDistance& query, std::size_t ef)
        : m_state(state),
          m_files(state.files),
          m_query(query),
          m_best(ef),
          m_visited((std::size_t(state.files.elements()) + 63) / 64, 0)
    {}

    [[nodiscard]] WalkResult run()
    {
        if (m_files.elements() > 0)
            ground(descend());
        m_result.nearest = m_best.sorted();
        return std::move(m_result);
    }

private:
    struct Links
    {
        const std::byte* list = nullptr;
        std::uint32_t count = 0;
        [[nodiscard]] std::uint32_t operator[](std::uint32_t i) const
        {
            std::uint32_t link = 0;
            std::memcpy(&link, list + sizeof(link) * (std::size_t(i) + 1), sizeof(link));
            return link;
        }
    };

    [[nodiscard]] Links linksAt(const std::byte* list, std::uint64_t most)
    {
        std::uint16_t count = 0;
        std::memcpy(&count, list, sizeof(count));
        if (count > most) {
            ++m_result.badLinks;
            count = std::uint16_t(most);
        }
        return {list, count};
    }

    [[nodiscard]] float distanceTo(std::uint32_t element)
    {
        ++m_result.compared;
        return m_query.to(m_files.vector(element));
    }

    // From the entry point down to level 1, always to the nearest neighbour.
    [[nodiscard]] Near descend()
    {
        const UpperLinks& upper = m_files.upperLinks();
        Near at{0, m_files.header().entryPoint};
        at.distance = distanceTo(std::uint32_t(at.number));
        for (int level = m_files.header().maxLevel; level > 0; --level) {
            for (bool nearer = true; nearer;) {
                nearer = false;
                const std::byte* list = upper.list(std::uint32_t(at.number), level);
                if (!list)
                    break;
                const Links links = linksAt(list, m_files.header().maxM);
                for (std::uint32_t i = 0; i < links.count; ++i) {
                    const std::uint32_t link = links[i];
                    if (!inside(link))
                        continue;
                    const float distance = distanceTo(link);
                    if (distance < at.distance) {
                        at = {distance, link};
                        nearer = true;
                    }
                }
            }
        }
        return at;
    }

    [[nodiscard]] bool inside(std::uint32_t link)
    {
        if (link < m_files.elements())
            return true;
        ++m_result.badLinks;
        return false;
    }

    [[nodiscard]] bool visit(std::uint32_t element)
    {
        std::uint64_t& word = m_visited[element / 64];
        const std::uint64_t bit = std::uint64_t(1) << (element % 64);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    void offer(Near near)
    {
        if (m_best.wouldTake(near) && m_state.liveId(std::uint32_t(near.number)))
            m_best.push(near);
    }

    void ground(Near start)
    {
        const auto farther = [](const Near& a, const Near& b) { return b < a; };
        std::priority_queue<Near, std::vector<Near>, decltype(farther)> open(farther);
        (void)visit(std::uint32_t(start.number));
        offer(start);
        open.push(start);
        while (!open.empty()) {
            const Near at = open.top();
            if (at.distance > m_best.bound())
                return;
            open.pop();
            const Links links = linksAt(m_files.element(std::uint32_t(at.number)), m_files.header().maxM0);
            gather(links);
            for (std::size_t i = 0; i < m_fresh.size(); ++i) {
                if (i + 1 < m_fresh.size())
                    prefetch(m_fresh[i + 1]);
                const Near near{distanceTo(m_fresh[i]), m_fresh[i]};
                if (m_best.full() && near.distance >= m_best.bound())
                    continue;
                open.push(near);
                offer(near);
            }
        }
    }

    // The neighbours that were not seen yet, so that their vectors can be fetched ahead.
    void gather(const Links& links)
    {
        m_fresh.clear();
        for (std::uint32_t i = 0; i < links.count; ++i) {
            const std::uint32_t link = links[i];
            if (inside(link) && visit(link))
                m_fresh.push_back(link);
        }
        if (!m_fresh.empty())
            prefetch(m_fresh.front());
    }

    void prefetch(std::uint32_t element) const
    {
#ifdef __GNUC__
        constexpr std::size_t kLine = 64;
        constexpr std::size_t kLines = 8; // the rest follows by itself
        const auto* bytes = reinterpret_cast<const char*>(m_files.vector(element));
        const std::size_t size = m_files.dimension() * sizeof(float);
        for (std::size_t line = 0; line < kLines && line * kLine < size; ++line)
            __builtin_prefetch(bytes + line * kLine);
#else
        (void)element;
#endif
    }

    const VectorStore::State& m_state;
    const HnswFiles& m_files;
    const QueryDistance& m_query;
    NearestHeap m_best;
    std::vector<std::uint64_t> m_visited;
    std::vector<std::uint32_t> m_fresh;
    WalkResult m_result;
};

} // namespace

WalkResult walkGraph(const VectorStore::State& state, const QueryDistance& query, std::size_t ef)
{
    return Walk(state, query, ef).run();
}

} // namespace storage
