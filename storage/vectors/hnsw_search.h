// Walks the graph that Chroma built, over the mapped files as they are: hnswlib's search, with every link
// checked before it is followed, so that opening an index costs nothing and a damaged one cannot lead
// anywhere. Elements that are deleted or that the log replaces are passed through but not answered, as
// hnswlib does it. On whole files the answer is hnswlib's own (tests compare them); walking through hnswlib
// itself would need every link of the index to be checked first, since it follows them unseen.
#pragma once

#include "storage/vectors/nearest_heap.h"
#include "storage/vectors/query_distance.h"
#include "storage/vectors/vector_state.h"

#include <cstdint>
#include <vector>

namespace storage {

struct WalkResult
{
    std::vector<Near> nearest; // at most ef, sorted
    qint64 compared = 0;
    qint64 badLinks = 0; // that led out of the index
};

// The files must be whole() and their upperLinks() without problem.
[[nodiscard]] WalkResult walkGraph(const VectorStore::State& state, const QueryDistance& query,
                                   std::size_t ef);

} // namespace storage
