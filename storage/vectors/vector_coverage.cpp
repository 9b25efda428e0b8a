#include "storage/vectors/vector_coverage.h"

#include "storage/vectors/vector_state.h"

#include <algorithm>
#include <unordered_set>

namespace storage {

namespace {

bool hasVector(const VectorStore::State& state, const std::string& id)
{
    if (state.log.slotOf(id))
        return true;
    const auto label = state.labels.labelOf(id);
    return label && !state.log.hides(*label) && state.elementOf(*label);
}

std::vector<std::string> findPhantoms(const VectorStore::State& state, const std::vector<std::string>& ids)
{
    const std::unordered_set<std::string_view> known(ids.begin(), ids.end());
    std::vector<std::string> phantoms;
    state.labels.forEach([&](std::uint64_t label, std::string_view id) {
        if (!state.log.hides(label) && known.count(id) == 0)
            phantoms.emplace_back(id);
    });
    for (std::size_t slot = 0; slot < state.log.size(); ++slot)
        if (known.count(state.log.idOf(slot)) == 0)
            phantoms.push_back(state.log.idOf(slot));
    return phantoms;
}

void report(const VectorStore::State& state, VectorCoverage& coverage)
{
    const std::string name = "\"" + state.name + "\"";
    if (!coverage.lost.empty())
        coverage.findings.push_back(
            {"lost-vectors", Severity::Error, state.collection,
             std::to_string(coverage.lost.size()) + " of " + std::to_string(coverage.records) +
                 " records of " + name +
                 " have no vector, neither in the index nor in the write-ahead log (the first is \"" +
                 coverage.lost.front() + "\"). Searches miss them; they need to be embedded again."});
    if (!coverage.phantoms.empty())
        coverage.findings.push_back({"phantom-vectors", Severity::Warning, state.collection,
                                     std::to_string(coverage.phantoms.size()) + " vectors of " + name +
                                         " belong to no record (the first is \"" + coverage.phantoms.front() +
                                         "\"). Chroma answers searches with their ids and nothing else."});
}

} // namespace

Result<VectorCoverage> vectorCoverage(const VectorStore& store, const CollectionReader& reader,
                                      Progress& progress)
{
    const VectorStore::State& state = store.state();
    auto rows = reader.allRows(progress);
    if (!rows)
        return pass(rows);
    auto ids = reader.idsOf(*rows, progress);
    if (!ids)
        return pass(ids);
    VectorCoverage coverage;
    coverage.records = qint64(ids->size());
    for (const std::string& id : *ids)
        if (!hasVector(state, id))
            coverage.lost.push_back(id);
    const std::size_t covered = ids->size() - coverage.lost.size();
    if (covered != store.size())
        coverage.phantoms = findPhantoms(state, *ids);
    report(state, coverage);
    return coverage;
}

} // namespace storage
