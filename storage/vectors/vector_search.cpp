#include "storage/vectors/vector_search.h"

#include "storage/vectors/exact_search.h"
#include "storage/vectors/hnsw_search.h"
#include "storage/vectors/vector_state.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cmath>

namespace storage {

namespace {

constexpr qint64 kMostEf = 1'000'000;

Status checkRequest(const VectorStore::State& state, std::span<const std::vector<float>> queries,
                    const SearchOptions& options)
{
    const QString name = QString::fromStdString(state.name);
    if (options.results == 0)
        return fail(ErrorKind::Invalid, QStringLiteral("The number of results must be at least 1."));
    if (options.ef && (*options.ef < 1 || *options.ef > kMostEf))
        return fail(
            ErrorKind::Invalid,
            QStringLiteral("The ef of a search must be from 1 to %1, not %2.").arg(kMostEf).arg(*options.ef));
    for (const std::vector<float>& query : queries) {
        if (query.empty())
            return fail(ErrorKind::Invalid, QStringLiteral("The query vector is empty."));
        if (state.dimension != 0 && query.size() != state.dimension)
            return fail(ErrorKind::Invalid,
                        QStringLiteral("The query vector has %1 numbers, the vectors of \"%2\" have %3.")
                            .arg(query.size())
                            .arg(name)
                            .arg(state.dimension));
        if (!std::all_of(query.begin(), query.end(), [](float value) { return std::isfinite(value); }))
            return fail(
                ErrorKind::Invalid,
                QStringLiteral("The query vector holds a number that is not finite (NaN or infinity)."));
    }
    return {};
}

class Search
{
public:
    Search(const VectorStore& store, const SearchOptions& options, Progress& progress)
        : m_store(store),
          m_state(store.state()),
          m_options(options),
          m_progress(progress)
    {}

    [[nodiscard]] Result<std::vector<SearchAnswer>> run(std::span<const std::vector<float>> queries)
    {
        QElapsedTimer timer;
        timer.start();
        std::vector<QueryDistance> distances;
        distances.reserve(queries.size());
        for (const std::vector<float>& query : queries)
            distances.emplace_back(query, m_state.index.space);
        QString reason;
        auto answers = useIndex(reason) ? throughIndex(distances) : exactly(distances, reason);
        if (!answers)
            return answers;
        if (!m_state.unchanged())
            return fail(
                ErrorKind::Changed,
                QStringLiteral("The index of \"%1\" was written while it was searched; open it again.")
                    .arg(QString::fromStdString(m_state.name)));
        for (SearchAnswer& answer : *answers)
            answer.elapsedNs = timer.nsecsElapsed() / qint64(queries.size());
        return answers;
    }

private:
    [[nodiscard]] qint64 ef() const
    {
        const qint64 wanted = m_options.ef.value_or(m_state.index.efSearch);
        return std::clamp<qint64>(std::max(wanted, qint64(m_options.results)), 1, kMostEf);
    }

    [[nodiscard]] bool useIndex(QString& reason) const
    {
        if (m_options.exact || m_options.subset)
            return false;
        if (m_store.inIndex() == 0) {
            reason = QStringLiteral("no vector is in the index yet");
            return false;
        }
        if (m_options.results >= m_store.size()) {
            reason = QStringLiteral("every vector was asked for");
            return false;
        }
        constexpr qint64 kWorthWalking = 4; // a walk compares some multiple of ef vectors
        if (!m_options.walkAlways && qint64(m_store.inIndex()) <= kWorthWalking * ef()) {
            reason = QStringLiteral("comparing so few vectors is less work than walking the graph");
            return false;
        }
        if (!m_state.files.whole() || !m_state.files.upperLinks().problem().isEmpty()) {
            reason = QStringLiteral("the graph of the index is damaged");
            return false;
        }
        return true;
    }

    [[nodiscard]] Result<std::vector<SearchAnswer>> exactly(std::span<const QueryDistance> queries,
                                                            const QString& reason) const
    {
        ExactScope scope;
        if (m_options.subset)
            scope = {false, m_options.subset->numbers};
        auto found = exactNearest(m_state, queries, scope, m_options.results, m_progress);
        if (!found)
            return pass(found);
        const std::size_t candidates = m_options.subset ? m_options.subset->size() : m_store.size();
        std::vector<SearchAnswer> answers;
        for (const std::vector<Near>& nearest : *found) {
            SearchAnswer answer;
            answer.neighbours = named(nearest);
            answer.reason = reason;
            answer.compared = answer.candidates = qint64(candidates);
            answers.push_back(std::move(answer));
        }
        return answers;
    }

    [[nodiscard]] Result<std::vector<SearchAnswer>> throughIndex(std::span<const QueryDistance> queries) const
    {
        std::vector<SearchAnswer> answers;
        for (const QueryDistance& query : queries) {
            if (m_progress.cancelled())
                return cancelledError();
            WalkResult walk = walkGraph(m_state, query, std::size_t(ef()));
            NearestHeap best(m_options.results);
            for (const Near near : walk.nearest)
                best.push(near);
            compareLog(query, best);
            if (!m_options.walkAlways && best.size() < std::min(m_options.results, m_store.size())) {
                auto whole = exactly({&query, 1},
                                     QStringLiteral("the graph of the index does not reach enough records"));
                if (!whole)
                    return whole;
                answers.push_back(std::move(whole->front()));
                continue;
            }
            SearchAnswer answer;
            answer.exact = false;
            answer.neighbours = named(best.sorted());
            answer.compared = walk.compared + qint64(m_state.log.size());
            answer.candidates = qint64(m_store.size());
            answer.ef = ef();
            answers.push_back(std::move(answer));
        }
        return answers;
    }

    void compareLog(const QueryDistance& query, NearestHeap& best) const
    {
        for (std::size_t slot = 0; slot < m_state.log.size(); ++slot)
            best.push({query.to(m_state.slotForSearch(slot)), m_state.files.elements() + slot});
    }

    [[nodiscard]] std::vector<Neighbour> named(const std::vector<Near>& nearest) const
    {
        std::vector<Neighbour> out;
        out.reserve(nearest.size());
        const std::uint64_t elements = m_state.files.elements();
        for (const Near near : nearest) {
            if (near.number >= elements)
                out.push_back({m_state.log.idOf(std::size_t(near.number - elements)), near.distance});
            else if (const auto id = m_state.liveId(std::uint32_t(near.number)))
                out.push_back({std::string(*id), near.distance});
        }
        return out;
    }

    const VectorStore& m_store;
    const VectorStore::State& m_state;
    const SearchOptions& m_options;
    Progress& m_progress;
};

} // namespace

VectorSubset VectorSubset::ofIds(const VectorStore& store, std::span<const std::string> ids)
{
    const VectorStore::State& state = store.state();
    VectorSubset subset;
    subset.numbers.reserve(ids.size());
    for (const std::string& id : ids) {
        if (const auto slot = state.log.slotOf(id)) {
            subset.numbers.push_back(state.files.elements() + *slot);
            continue;
        }
        const auto label = state.labels.labelOf(id);
        if (!label || state.log.hides(*label))
            continue;
        if (const auto element = state.elementOf(*label))
            subset.numbers.push_back(*element);
    }
    std::sort(subset.numbers.begin(), subset.numbers.end());
    subset.numbers.erase(std::unique(subset.numbers.begin(), subset.numbers.end()), subset.numbers.end());
    return subset;
}

Result<std::vector<SearchAnswer>> nearest(const VectorStore& store,
                                          std::span<const std::vector<float>> queries,
                                          const SearchOptions& options, Progress& progress)
{
    if (auto checked = checkRequest(store.state(), queries, options); !checked)
        return pass(checked);
    if (queries.empty())
        return std::vector<SearchAnswer>();
    return Search(store, options, progress).run(queries);
}

} // namespace storage
