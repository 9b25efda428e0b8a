#include "storage/vectors/index_quality.h"

#include "storage/vectors/vector_state.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace storage {

namespace {

qint64 percentile(std::vector<qint64> values, std::size_t percent)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, values.size() * percent / 100)];
}

// The share of the first `depth` exact distances that the index's answer reaches as well.
double recallAt(std::size_t depth, const std::vector<Neighbour>& index, const std::vector<Neighbour>& exact)
{
    const std::size_t wanted = std::min(depth, exact.size());
    if (wanted == 0)
        return 1;
    const float farthest = exact[wanted - 1].distance;
    std::size_t found = 0;
    for (std::size_t i = 0; i < std::min(wanted, index.size()); ++i)
        found += index[i].distance <= farthest ? 1 : 0;
    return double(found) / double(wanted);
}

// Every element that some walk can come to: a walk reaches level 0 at the entry point or at an element of the
// upper levels, and goes on from there by links of level 0.
Result<std::vector<std::string>> findUnreachable(const VectorStore::State& state, Progress& progress)
{
    const HnswFiles& files = state.files;
    const UpperLinks& upper = files.upperLinks();
    std::vector<bool> seen(files.elements(), false);
    std::vector<std::uint32_t> open;
    const auto visit = [&](std::uint32_t element) {
        if (element < files.elements() && !seen[element]) {
            seen[element] = true;
            open.push_back(element);
        }
    };
    visit(files.header().entryPoint);
    for (std::uint32_t element = 0; element < files.elements(); ++element)
        if (upper.levelOf(element) > 0)
            visit(element);
    constexpr std::size_t kPoll = 4096;
    for (std::size_t steps = 0; !open.empty(); ++steps) {
        if (steps % kPoll == 0 && progress.cancelled())
            return cancelledError();
        const std::byte* list = files.element(open.back());
        open.pop_back();
        std::uint16_t count = 0;
        std::memcpy(&count, list, sizeof(count));
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, files.header().maxM0); ++i) {
            std::uint32_t link = 0;
            std::memcpy(&link, list + sizeof(link) * (i + 1), sizeof(link));
            visit(link);
        }
    }
    std::vector<std::string> lost;
    for (std::uint32_t element = 0; element < files.elements(); ++element)
        if (!seen[element])
            if (const auto id = state.liveId(element))
                lost.emplace_back(*id);
    return lost;
}

class Quality
{
public:
    Quality(const VectorStore& store, const QualityOptions& options, Progress& progress)
        : m_store(store),
          m_options(options),
          m_progress(progress)
    {
        std::sort(m_options.depths.begin(), m_options.depths.end());
        m_sums.assign(m_options.depths.size(), 0.0);
    }

    [[nodiscard]] Result<QualityReport> run()
    {
        const std::vector<std::uint32_t> elements = sample();
        for (std::size_t i = 0; i < elements.size(); ++i) {
            m_progress.report(qint64(i), qint64(elements.size()),
                              QStringLiteral("Comparing the index with the truth"));
            if (auto judged = judge(elements[i]); !judged)
                return pass(judged);
        }
        m_report.samples = elements.size();
        for (std::size_t d = 0; d < m_options.depths.size(); ++d)
            m_report.recalls.push_back(
                {m_options.depths[d], elements.empty() ? 1.0 : m_sums[d] / double(elements.size())});
        m_report.indexP50Ns = percentile(m_indexNs, 50);
        m_report.indexP95Ns = percentile(m_indexNs, 95);
        m_report.exactP50Ns = percentile(m_exactNs, 50);
        m_report.exactP95Ns = percentile(m_exactNs, 95);
        keepWorst();
        auto unreachable = findUnreachable(m_store.state(), m_progress);
        if (!unreachable)
            return pass(unreachable);
        m_report.unreachable = std::move(*unreachable);
        return std::move(m_report);
    }

private:
    [[nodiscard]] std::vector<std::uint32_t> sample() const
    {
        const VectorStore::State& state = m_store.state();
        std::vector<std::uint32_t> live;
        for (std::uint32_t element = 0; element < state.files.elements(); ++element)
            if (state.liveId(element))
                live.push_back(element);
        std::mt19937 random(m_options.seed);
        const std::size_t count = std::min(m_options.samples, live.size());
        for (std::size_t i = 0; i < count; ++i) // the first steps of a shuffle
            std::swap(live[i], live[i + random() % (live.size() - i)]);
        live.resize(count);
        return live;
    }

    [[nodiscard]] Status judge(std::uint32_t element)
    {
        const VectorStore::State& state = m_store.state();
        const float* stored = state.files.vector(element);
        const std::vector<float> query(stored, stored + state.dimension);
        SearchOptions options{
            .results = std::max<std::size_t>(m_options.depths.empty() ? 1 : m_options.depths.back(), 1),
            .walkAlways = true,
            .ef = m_options.ef};
        auto index = nearest(m_store, std::span(&query, 1), options, m_progress);
        if (!index)
            return pass(index);
        options.exact = true;
        auto exact = nearest(m_store, std::span(&query, 1), options, m_progress);
        if (!exact)
            return pass(exact);
        m_report.ef = std::max(m_report.ef, index->front().ef);
        m_indexNs.push_back(index->front().elapsedNs);
        m_exactNs.push_back(exact->front().elapsedNs);
        for (std::size_t d = 0; d < m_sums.size(); ++d) {
            const double recall =
                recallAt(m_options.depths[d], index->front().neighbours, exact->front().neighbours);
            m_sums[d] += recall;
            if (d == m_sums.size() / 2 && recall < 1)
                m_report.worst.push_back({std::string(state.liveId(element).value_or("")), recall});
        }
        return {};
    }

    void keepWorst()
    {
        constexpr std::size_t kShown = 20;
        std::stable_sort(m_report.worst.begin(), m_report.worst.end(),
                         [](const auto& a, const auto& b) { return a.recall < b.recall; });
        if (m_report.worst.size() > kShown)
            m_report.worst.resize(kShown);
    }

    const VectorStore& m_store;
    QualityOptions m_options;
    Progress& m_progress;
    std::vector<double> m_sums;
    std::vector<qint64> m_indexNs, m_exactNs;
    QualityReport m_report;
};

} // namespace

Result<QualityReport> indexQuality(const VectorStore& store, const QualityOptions& options,
                                   Progress& progress)
{
    const VectorStore::State& state = store.state();
    const QString name = QString::fromStdString(state.name);
    if (store.inIndex() == 0)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("No vector of \"%1\" is in an index yet, so there is nothing to judge.")
                        .arg(name));
    if (!state.files.whole() || !state.files.upperLinks().problem().isEmpty())
        return fail(
            ErrorKind::Unsupported,
            QStringLiteral("The index of \"%1\" is damaged, so that its graph cannot be judged.").arg(name),
            state.files.upperLinks().problem());
    return Quality(store, options, progress).run();
}

} // namespace storage
