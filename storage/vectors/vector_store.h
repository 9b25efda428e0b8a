// The vectors of one collection as Chroma would answer them: the HNSW segment's files, mapped read-only and
// fully checked first, with the write-ahead-log tail laid over them. Cosine vectors come back multiplied by
// their stored length, as Chroma returns them. Immutable once opened; may be read from several threads.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/persist_dir.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

class VectorStore
{
public:
    // Never fails for a damaged or missing segment: what can be read is there, findings() say what is not.
    // Errors: Busy, Io, Cancelled.
    [[nodiscard]] static Result<VectorStore> open(const PersistDir& directory, const Connection& connection,
                                                  const Collection& collection,
                                                  Progress& progress = Progress::none());
    ~VectorStore();
    VectorStore(VectorStore&&) noexcept;
    VectorStore& operator=(VectorStore&&) noexcept;

    [[nodiscard]] std::size_t dimension() const; // 0: not known yet
    [[nodiscard]] std::size_t size() const;      // live vectors
    [[nodiscard]] std::size_t inIndex() const;   // of them in the HNSW files
    [[nodiscard]] std::size_t inLog() const;     // of them in the write-ahead log
    [[nodiscard]] const std::vector<Finding>& findings() const;

    // As get(include=["embeddings"]) answers; nullopt: this id has no vector.
    [[nodiscard]] std::optional<std::vector<float>> vector(std::string_view id) const;

    struct State; // the rooms of storage/vectors search in it
    [[nodiscard]] const State& state() const { return *m_state; }

private:
    VectorStore();
    std::shared_ptr<State> m_state;
};

} // namespace storage
