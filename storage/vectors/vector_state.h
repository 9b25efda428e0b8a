// What stands behind an open VectorStore, for the rooms of storage/vectors that search in it. Elements of the
// index are numbered as in its files; vectors of the write-ahead log as its slots. Immutable but for what is
// built on demand, once and thread-safe.
#pragma once

#include "storage/vectors/hnsw_files.h"
#include "storage/vectors/label_map.h"
#include "storage/vectors/vector_log.h"
#include "storage/vectors/vector_store.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace storage {

struct VectorStore::State
{
    std::string collection; // its id
    std::string name;
    IndexConfig index;
    std::size_t dimension = 0;
    LabelMap labels;
    HnswFiles files;
    VectorLog log;
    std::size_t inIndex = 0;
    std::vector<Finding> findings;

    // The element of a label; nullopt: none, or it is marked deleted.
    [[nodiscard]] std::optional<std::uint32_t> elementOf(std::uint64_t label) const;
    // The id of an element that Chroma would answer with; nullopt: deleted, replaced by the log, or without
    // id.
    [[nodiscard]] std::optional<std::string_view> liveId(std::uint32_t element) const;
    [[nodiscard]] std::vector<float>
    elementVector(std::uint32_t element) const; // as get() answers; empty: unknown
    [[nodiscard]] std::vector<float> slotVector(std::size_t slot) const;
    // A logged vector as distances are taken to it: of length 1 in a cosine collection.
    [[nodiscard]] const float* slotForSearch(std::size_t slot) const;
    // The files are as they were when opened; ask after an answer was made from them.
    [[nodiscard]] bool unchanged() const { return files.unchanged() && labels.file().unchanged(); }

private:
    mutable std::once_flag m_elementsOnce, m_unitsOnce;
    mutable std::vector<float> m_units;
    mutable std::vector<std::pair<std::uint64_t, std::uint32_t>> m_elements; // by label
};

// x as Chroma keeps and returns it in a cosine collection: divided by its norm, and multiplied again. The
// sums are float32 and in order, as Chroma's are, so that the bits are the same.
struct CosineVector
{
    std::vector<float> unit;
    float length = 0;
};
[[nodiscard]] CosineVector normalised(const float* vector, std::size_t dimension);

} // namespace storage
