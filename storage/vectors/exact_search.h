// Compares queries with every vector of a store, or with a chosen part of them, on all processors. Vectors
// are taken in blocks that stay in the cache while all queries pass over them.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/vectors/nearest_heap.h"
#include "storage/vectors/query_distance.h"
#include "storage/vectors/vector_state.h"

#include <cstdint>
#include <span>
#include <vector>

namespace storage {

// Where to look: all elements and slots, or `numbers` (which must be live).
struct ExactScope
{
    bool everything = true;
    std::span<const std::uint64_t> numbers;
};

// The nearest of each query, sorted. Errors: Cancelled.
[[nodiscard]] Result<std::vector<std::vector<Near>>> exactNearest(const VectorStore::State& state,
                                                                  std::span<const QueryDistance> queries,
                                                                  ExactScope scope, std::size_t results,
                                                                  Progress& progress);

} // namespace storage
