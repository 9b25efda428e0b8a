// Makes the vector to search for out of what a person points at: records ("similar to these"),
// counter-examples
// ("but not like those") and vectors of their own. Several examples become their mean, from which the mean of
// the counter-examples is taken; in a cosine collection every part counts by its direction only.
#pragma once

#include "storage/base/result.h"
#include "storage/vectors/vector_store.h"

#include <string>
#include <vector>

namespace storage {

struct QueryParts
{
    std::vector<std::string> like;           // ids of records
    std::vector<std::string> unlike;         // ids of counter-examples
    std::vector<std::vector<float>> vectors; // examples that are no records
};

// One record alone is searched for by exactly its own vector. Errors: NotFound (names the record without a
// vector), Invalid (nothing to search for, a wrong length, examples and counter-examples that cancel each
// other out).
[[nodiscard]] Result<std::vector<float>> queryVector(const VectorStore& store, const QueryParts& parts);

} // namespace storage
