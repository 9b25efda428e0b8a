// Which HNSW label belongs to which record id: index_metadata.pickle, read by a strict parser over the mapped
// file. It takes the two shapes that Chroma writes (a dict from 1.x, an instance of one class from Python)
// and refuses everything else; nothing is ever executed. Ids are views into the file. Linear time, memory
// bounded by the file's length. Immutable once read, but for an index by id that the first labelOf() builds;
// thread-safe.
#pragma once

#include "storage/base/mapped_file.h"
#include "storage/base/result.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace storage {

class LabelMap
{
public:
    LabelMap(); // of no segment: empty
    LabelMap(LabelMap&&) noexcept;
    LabelMap& operator=(LabelMap&&) noexcept;
    ~LabelMap();

    // Errors: Corrupt (the detail says what stands where), NotFound, Io.
    [[nodiscard]] static Result<LabelMap> open(const QString& path);
    [[nodiscard]] static Result<LabelMap> parse(std::span<const std::byte> bytes); // must outlive the map

    [[nodiscard]] std::size_t size() const { return m_count; }                          // ids
    [[nodiscard]] std::optional<std::int64_t> dimension() const { return m_dimension; } // 1.x never says
    [[nodiscard]] std::optional<std::int64_t> totalAdded() const { return m_totalAdded; }
    [[nodiscard]] std::optional<std::int64_t> maxSeqId() const { return m_maxSeqId; } // before 0.5.6
    [[nodiscard]] std::uint64_t highestLabel() const { return m_highest; }
    // Ids and labels of the two maps in the file that do not agree; 0 in every whole file.
    [[nodiscard]] std::size_t contradictions() const { return m_contradictions; }
    [[nodiscard]] std::size_t trailingBytes() const
    {
        return m_trailing;
    } // after the end mark; Chroma 1.x refuses

    [[nodiscard]] std::optional<std::string_view> idOf(std::uint64_t label) const;
    [[nodiscard]] std::optional<std::uint64_t> labelOf(std::string_view id) const;

    // Calls visit(label, id), labels ascending.
    template <class Visit> void forEach(Visit&& visit) const
    {
        for (std::uint64_t label = 0; label < m_dense.size(); ++label)
            if (m_dense[label] != 0)
                visit(label, view(m_dense[label]));
        for (const auto& [label, place] : m_sparse)
            visit(label, view(place));
    }

    [[nodiscard]] const MappedFile& file() const { return m_file; }

private:
    friend class LabelMapParser;
    // Offset of the text in the file and its length in one word; 0: no id has this label.
    using Place = std::uint64_t;
    static constexpr unsigned kLengthBits = 24;
    [[nodiscard]] std::string_view view(Place place) const
    {
        return {reinterpret_cast<const char*>(m_bytes.data()) + (place >> kLengthBits),
                std::size_t(place & ((Place(1) << kLengthBits) - 1))};
    }
    [[nodiscard]] Place placeOf(std::uint64_t label) const;
    void buildIndex() const;

    MappedFile m_file;
    std::span<const std::byte> m_bytes;
    std::vector<Place> m_dense;                            // by label
    std::vector<std::pair<std::uint64_t, Place>> m_sparse; // labels too high for that, ascending
    std::size_t m_count = 0;
    std::optional<std::int64_t> m_dimension, m_totalAdded, m_maxSeqId;
    std::uint64_t m_highest = 0;
    std::size_t m_contradictions = 0;
    std::size_t m_trailing = 0;

    struct Index; // id -> label, an open table built on demand
    std::unique_ptr<Index> m_index;
};

} // namespace storage
