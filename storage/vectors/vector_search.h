// Similarity search, the one door: what is nearest to these vectors. Through the index as Chroma built it
// (its graph is walked over the mapped files, every link checked as it is followed), with the write-ahead
// log's tail compared one by one; or exactly, over every vector. With a filter the answer is always exact:
// the k nearest of the matching records, never fewer than there are. Also exact where the graph cannot be
// used; the answer says so. Equal distances: the older vector first. Blocks; exact scans of large collections
// run on all processors.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/vectors/vector_store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace storage {

// Vectors of one store that a filter lets through; belongs to that store.
class VectorSubset
{
public:
    // Ids without a vector are left out.
    [[nodiscard]] static VectorSubset ofIds(const VectorStore& store, std::span<const std::string> ids);
    [[nodiscard]] std::size_t size() const { return numbers.size(); }
    std::vector<std::uint64_t> numbers; // ascending; elements of the index, then slots of the log
};

struct SearchOptions
{
    std::size_t results = 10;
    bool exact = false;
    bool walkAlways =
        false; // through the graph even where comparing all vectors is less work (to judge the index)
    std::optional<qint64> ef;             // nullopt: the collection's own; at least `results` in any case
    const VectorSubset* subset = nullptr; // nullptr: every vector
};

struct Neighbour
{
    std::string id; // may be no record any more: Chroma answers such ids with null fields
    float distance = 0;
};

struct SearchAnswer
{
    std::vector<Neighbour> neighbours; // nearest first
    bool exact = true;
    QString reason;        // why exact although the index was asked; empty otherwise
    qint64 compared = 0;   // vectors that were compared with the query
    qint64 candidates = 0; // vectors that could be found
    qint64 ef = 0;         // 0: exact
    qint64 elapsedNs = 0;  // of the whole batch, divided by its queries
};

// One answer a query, in order. Errors: Invalid (no result wanted, wrong dimension, a number that is not
// finite, ef out of range), Changed (the files were written meanwhile: open the store again), Cancelled.
[[nodiscard]] Result<std::vector<SearchAnswer>> nearest(const VectorStore& store,
                                                        std::span<const std::vector<float>> queries,
                                                        const SearchOptions& options,
                                                        Progress& progress = Progress::none());

} // namespace storage
