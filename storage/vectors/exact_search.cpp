#include "storage/vectors/exact_search.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

namespace storage {

namespace {

class Scan
{
public:
    Scan(const VectorStore::State& state, std::span<const QueryDistance> queries, ExactScope scope,
         std::size_t results)
        : m_state(state),
          m_queries(queries),
          m_scope(scope),
          m_elements(state.files.elements())
    {
        m_total = scope.everything ? m_elements + state.log.size() : scope.numbers.size();
        m_results = std::min(results, std::max<std::size_t>(m_total, 1));
        if (state.log.size() > 0)
            (void)state.slotForSearch(0); // built before the threads start
    }

    [[nodiscard]] Result<std::vector<std::vector<Near>>> run(Progress& progress)
    {
        const std::size_t workers = workersFor();
        std::vector<std::vector<NearestHeap>> heaps(
            workers, std::vector<NearestHeap>(m_queries.size(), NearestHeap(m_results)));
        std::vector<std::thread> threads;
        for (std::size_t worker = 1; worker < workers; ++worker) {
            try {
                threads.emplace_back([this, &heaps, worker] { work(heaps[worker], nullptr); });
            } catch (const std::system_error&) {
                break; // fewer hands, the same answer
            }
        }
        work(heaps[0], &progress);
        for (std::thread& thread : threads)
            thread.join();
        if (m_stop)
            return cancelledError();
        return merge(heaps);
    }

private:
    static constexpr std::size_t kBlock = 256;

    [[nodiscard]] std::size_t workersFor() const
    {
        constexpr std::size_t kWorth = 2'000'000; // numbers to multiply, for which a thread is worth starting
        const std::size_t work = m_total * std::max<std::size_t>(m_state.dimension, 1) * m_queries.size();
        const std::size_t hands = std::max(1U, std::thread::hardware_concurrency());
        return std::clamp<std::size_t>(work / kWorth, 1, hands);
    }

    // Only the caller's own thread may ask its progress.
    void work(std::vector<NearestHeap>& heaps, Progress* progress)
    {
        while (!m_stop) {
            if (progress && progress->cancelled()) {
                m_stop = true;
                return;
            }
            const std::size_t begin = m_next.fetch_add(kBlock);
            if (begin >= m_total)
                return;
            const std::size_t end = std::min(begin + kBlock, m_total);
            for (std::size_t query = 0; query < m_queries.size(); ++query)
                block(m_queries[query], heaps[query], begin, end);
            if (progress)
                progress->report(qint64(end), qint64(m_total), QStringLiteral("Comparing vectors"));
        }
    }

    void block(const QueryDistance& query, NearestHeap& heap, std::size_t begin, std::size_t end)
    {
        for (std::size_t at = begin; at < end; ++at) {
            const std::uint64_t number = m_scope.everything ? at : m_scope.numbers[at];
            const Near near{query.to(vectorOf(number)), number};
            // Few vectors come so near that it matters whether they are alive.
            if (heap.wouldTake(near) && (!m_scope.everything || isLive(number)))
                heap.push(near);
        }
    }

    [[nodiscard]] const float* vectorOf(std::uint64_t number) const
    {
        return number < m_elements ? m_state.files.vector(std::uint32_t(number))
                                   : m_state.slotForSearch(std::size_t(number - m_elements));
    }

    [[nodiscard]] bool isLive(std::uint64_t number) const
    {
        return number >= m_elements || m_state.liveId(std::uint32_t(number)).has_value();
    }

    [[nodiscard]] std::vector<std::vector<Near>>
    merge(const std::vector<std::vector<NearestHeap>>& heaps) const
    {
        std::vector<std::vector<Near>> out;
        out.reserve(m_queries.size());
        for (std::size_t query = 0; query < m_queries.size(); ++query) {
            NearestHeap all(m_results);
            for (const std::vector<NearestHeap>& ofWorker : heaps)
                for (const Near near : ofWorker[query].sorted())
                    all.push(near);
            out.push_back(all.sorted());
        }
        return out;
    }

    const VectorStore::State& m_state;
    std::span<const QueryDistance> m_queries;
    ExactScope m_scope;
    std::uint64_t m_elements;
    std::size_t m_total = 0;
    std::size_t m_results = 0;
    std::atomic<std::size_t> m_next{0};
    std::atomic<bool> m_stop{false};
};

} // namespace

Result<std::vector<std::vector<Near>>> exactNearest(const VectorStore::State& state,
                                                    std::span<const QueryDistance> queries, ExactScope scope,
                                                    std::size_t results, Progress& progress)
{
    return Scan(state, queries, scope, results).run(progress);
}

} // namespace storage
