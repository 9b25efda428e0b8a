#include "app/cli/recall_measure.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace app {

using namespace storage;

namespace {

// Some records, evenly over the collection, and their vectors.
struct Sample
{
    std::vector<std::string> ids;
    std::vector<std::vector<float>> vectors;
};

Result<Sample> sampleOf(const CollectionReader& reader, const VectorStore& store, qint64 wanted,
                        Progress& progress)
{
    const auto rows = reader.allRows(progress);
    if (!rows)
        return tl::unexpected<Error>(rows.error());
    const auto count = static_cast<qint64>(rows->size());
    std::vector<RowKey> chosen;
    for (qint64 i = 0; i < std::min(wanted, count); ++i)
        chosen.push_back((*rows)[static_cast<std::size_t>(count <= wanted ? i : i * (count / wanted))]);
    const auto ids = reader.idsOf(chosen, progress);
    if (!ids)
        return tl::unexpected<Error>(ids.error());
    Sample sample;
    for (const std::string& id : *ids)
        if (auto vector = store.vector(id)) {
            sample.ids.push_back(id);
            sample.vectors.push_back(std::move(*vector));
        }
    if (sample.ids.empty())
        return fail(ErrorKind::Invalid, QStringLiteral("The collection %1 has no vectors to measure with.")
                                            .arg(QString::fromStdString(reader.collection().name)));
    return sample;
}

double milliseconds(const std::vector<SearchAnswer>& answers)
{
    return answers.empty() ? 0.0 : static_cast<double>(answers.front().elapsedNs) / 1e6;
}

} // namespace

std::vector<RecallMeasure::Query> RecallMeasure::worst(std::size_t most) const
{
    std::vector<Query> missing;
    std::copy_if(queries.begin(), queries.end(), std::back_inserter(missing),
                 [](const Query& query) { return !query.missed.empty(); });
    std::stable_sort(missing.begin(), missing.end(),
                     [](const Query& a, const Query& b) { return a.recall < b.recall; });
    missing.resize(std::min(most, missing.size()));
    return missing;
}

RecallMeasure::Query comparedQuery(const std::string& id, const SearchAnswer& index,
                                   const SearchAnswer& truth, qint64 results)
{
    const auto others = [&](const SearchAnswer& answer) {
        std::vector<Neighbour> list;
        for (const Neighbour& neighbour : answer.neighbours)
            if (neighbour.id != id && static_cast<qint64>(list.size()) < results)
                list.push_back(neighbour);
        return list;
    };
    const auto found = others(index);
    const auto wanted = others(truth);
    RecallMeasure::Query query{id, 1.0, {}};
    if (wanted.empty())
        return query;
    const float last = wanted.back().distance;
    const float tolerance = 1e-6F * std::max(1.0F, std::abs(last));
    const auto hits = std::count_if(found.begin(), found.end(),
                                    [&](const Neighbour& n) { return n.distance <= last + tolerance; });
    query.recall = std::min(1.0, static_cast<double>(hits) / static_cast<double>(wanted.size()));
    std::unordered_set<std::string> known;
    for (const Neighbour& neighbour : found)
        known.insert(neighbour.id);
    const auto misses = wanted.size() - std::min(wanted.size(), static_cast<std::size_t>(hits));
    for (const Neighbour& neighbour : wanted)
        if (query.missed.size() < misses && known.count(neighbour.id) == 0)
            query.missed.push_back(neighbour.id);
    return query;
}

Result<RecallMeasure> measureRecall(const CollectionReader& reader, const VectorStore& store,
                                    const RecallOptions& options, Progress& progress)
{
    auto sample = sampleOf(reader, store, options.samples, progress);
    if (!sample)
        return pass(sample);
    SearchOptions search;
    search.results = static_cast<std::size_t>(options.results) + 1; // the record itself is among them
    search.ef = options.ef;
    auto index = storage::nearest(store, sample->vectors, search, progress);
    if (!index)
        return pass(index);
    search.ef.reset();
    search.exact = true;
    auto truth = storage::nearest(store, sample->vectors, search, progress);
    if (!truth)
        return pass(truth);
    RecallMeasure measure;
    double sum = 0;
    for (std::size_t i = 0; i < sample->ids.size(); ++i) {
        measure.queries.push_back(comparedQuery(sample->ids[i], (*index)[i], (*truth)[i], options.results));
        sum += measure.queries.back().recall;
    }
    measure.recall = sum / static_cast<double>(measure.queries.size());
    measure.indexMs = milliseconds(*index);
    measure.exactMs = milliseconds(*truth);
    measure.ef = index->front().ef;
    measure.reason = index->front().reason;
    return measure;
}

} // namespace app
