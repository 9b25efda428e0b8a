// Which records have no vector anywhere, and which vectors belong to no record. Chroma cannot tell: it counts
// records without looking at vectors, refuses get() with embeddings for the first, and answers the second
// with empty fields.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/collection_reader.h"
#include "storage/vectors/vector_store.h"

#include <string>
#include <vector>

namespace storage {

struct VectorCoverage
{
    qint64 records = 0;
    std::vector<std::string> lost;     // records without a vector, in get() order
    std::vector<std::string> phantoms; // vectors without a record
    std::vector<Finding> findings;     // "lost-vectors", "phantom-vectors"
};

// Reads every id of the collection. Errors: Busy, Changed, Io, Cancelled.
[[nodiscard]] Result<VectorCoverage> vectorCoverage(const VectorStore& store, const CollectionReader& reader,
                                                    Progress& progress = Progress::none());

} // namespace storage
