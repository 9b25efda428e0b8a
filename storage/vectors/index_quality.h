// How good an index is: sampled records are searched for through the graph and exactly, and compared; and
// which live records the graph cannot lead to at all, so that no search through it will ever find them.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/vectors/vector_search.h"
#include "storage/vectors/vector_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace storage {

struct QualityOptions
{
    std::size_t samples = 100;
    std::vector<std::size_t> depths = {1, 10, 100}; // recall at these many results
    std::optional<qint64> ef;                       // nullopt: the collection's own
    std::uint32_t seed = 1;                         // the same seed asks for the same records
};

struct QualityReport
{
    struct Recall
    {
        std::size_t depth = 0;
        double recall = 0; // share of the nearest that the index found; equal distances count as found
    };
    struct Sample
    {
        std::string id;
        double recall = 0; // at the middle depth
    };
    std::size_t samples = 0;
    std::vector<Recall> recalls;
    std::vector<Sample> worst;            // below 1, worst first, at most 20
    std::vector<std::string> unreachable; // live records that no link leads to
    qint64 indexP50Ns = 0, indexP95Ns = 0;
    qint64 exactP50Ns = 0, exactP95Ns = 0;
    qint64 ef = 0;
};

// Errors: Unsupported (there is no usable graph; the sentence says why), Changed, Cancelled.
[[nodiscard]] Result<QualityReport> indexQuality(const VectorStore& store, const QualityOptions& options,
                                                 Progress& progress = Progress::none());

} // namespace storage
