// Compares the index with the truth: the neighbours of sampled records, asked of both.
#pragma once

#include "storage/base/progress.h"
#include "storage/chroma/collection_reader.h"
#include "storage/vectors/vector_search.h"
#include "storage/vectors/vector_store.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace app {

struct RecallOptions
{
    qint64 samples = 100;
    qint64 results = 10;
    std::optional<qint64> ef;
};

struct RecallMeasure
{
    struct Query
    {
        std::string id;
        double recall = 1;
        std::vector<std::string> missed; // nearest first
    };
    std::vector<Query> queries;
    double recall = 1;  // mean of theirs
    double indexMs = 0; // a query
    double exactMs = 0;
    qint64 ef = 0;  // 0: the index could not be used
    QString reason; // why not
    [[nodiscard]] std::vector<Query>
    worst(std::size_t most) const; // those that missed something, worst first
};

// The recall of one query, the record itself left out of both answers. A record of the index's answer that is
// as near as the last of the truth counts as found, whichever of several equally near ones it is.
[[nodiscard]] RecallMeasure::Query comparedQuery(const std::string& id, const storage::SearchAnswer& index,
                                                 const storage::SearchAnswer& truth, qint64 results);

// Records are sampled evenly over the collection. Errors: Invalid (nothing to sample), Changed, Cancelled.
[[nodiscard]] storage::Result<RecallMeasure> measureRecall(const storage::CollectionReader& reader,
                                                           const storage::VectorStore& store,
                                                           const RecallOptions& options,
                                                           storage::Progress& progress);

} // namespace app
