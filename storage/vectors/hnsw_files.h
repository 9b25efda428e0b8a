// The four files of an HNSW segment, mapped read-only. Every size in the header is checked against the files'
// lengths before anything is read or allocated by it; what is damaged becomes a finding, and as many elements
// as really stand in the files stay readable. Links are checked where they are followed, not here: a link may
// name any number. Immutable; thread-safe, but for upperLinks(), which walks link_lists.bin once, on demand.
//
// header.bin, 100 bytes packed: i32 version 1; u64 offsetLevel0, capacity, count, elementSize, labelOffset,
//   dataOffset; i32 maxLevel; u32 entryPoint; u64 maxM, maxM0, M; f64 mult; u64 efConstruction.
// data_level0.bin, an element: u16 link count, u8 flags (bit 0: deleted), u8; u32 link[maxM0]; f32 vector[];
// u64
//   label. Written up to `count` elements at least, often up to an older capacity: the rest is never looked
//   at.
// length.bin: f32 each, the norm of the vector that was normalised; garbage unless cosine.
// link_lists.bin, in turn for each element: u32 bytes, then per level from 1 up: u16 link count, u16, u32
// link[maxM].
#pragma once

#include "storage/base/mapped_file.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace storage {

struct HnswHeader
{
    std::uint64_t capacity = 0;
    std::uint64_t count = 0; // elements, deleted ones too
    std::uint64_t elementSize = 0;
    std::uint64_t labelOffset = 0;
    std::uint64_t dataOffset = 0;
    std::int32_t maxLevel = -1;
    std::uint32_t entryPoint = 0;
    std::uint64_t maxM = 0;
    std::uint64_t maxM0 = 0;
    std::uint64_t m = 0;
    double mult = 0;
    std::uint64_t efConstruction = 0;
    [[nodiscard]] std::size_t dimension() const
    {
        return std::size_t(labelOffset - dataOffset) / sizeof(float);
    }
};
constexpr std::size_t kHnswHeaderBytes = 100;

// Errors: Corrupt; every relation between the fields holds in what is returned.
[[nodiscard]] Result<HnswHeader> parseHnswHeader(std::span<const std::byte> bytes);

// The links above level 0, found by one walk over link_lists.bin.
class UpperLinks
{
public:
    // nullptr: the element has no such level. Level 1 is the lowest here.
    [[nodiscard]] const std::byte* list(std::uint32_t element, int level) const;
    [[nodiscard]] int levelOf(std::uint32_t element) const;
    [[nodiscard]] const QString& problem() const { return m_problem; } // empty: the file is whole

private:
    friend class HnswFiles;
    std::vector<std::uint32_t> m_elements; // with links above level 0, ascending
    std::vector<std::uint64_t> m_offsets;  // of their lists in the file
    std::vector<std::uint8_t> m_levels;
    const std::byte* m_bytes = nullptr;
    std::size_t m_listSize = 0;
    QString m_problem;
};

class HnswFiles
{
public:
    HnswFiles(); // of no segment: no elements
    HnswFiles(HnswFiles&&) noexcept;
    HnswFiles& operator=(HnswFiles&&) noexcept;
    ~HnswFiles();

    // Never fails: what is wrong stands in findings(). Lengths are asked for where the space is cosine.
    [[nodiscard]] static HnswFiles open(const QString& folder, bool needLengths);

    [[nodiscard]] bool present() const { return m_present; } // a readable header
    [[nodiscard]] const HnswHeader& header() const { return m_header; }
    [[nodiscard]] std::size_t dimension() const { return m_present ? m_header.dimension() : 0; }
    [[nodiscard]] std::uint32_t elements() const { return m_elements; } // readable ones
    // All that the header promises is there, so that its graph may be walked.
    [[nodiscard]] bool whole() const { return m_whole; }
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }

    // element < elements()
    [[nodiscard]] const std::byte* element(std::uint32_t number) const
    {
        return m_level0Bytes + std::size_t(number) * std::size_t(m_header.elementSize);
    }
    [[nodiscard]] const float* vector(std::uint32_t number) const // aligned: all offsets are multiples of 4
    {
        return reinterpret_cast<const float*>(element(number) + m_header.dataOffset);
    }
    [[nodiscard]] std::uint64_t label(std::uint32_t number) const
    {
        std::uint64_t value = 0;
        std::memcpy(&value, element(number) + m_header.labelOffset, sizeof(value));
        return value;
    }
    [[nodiscard]] bool deleted(std::uint32_t number) const
    {
        return (element(number)[2] & std::byte{1}) != std::byte{0};
    }
    // Length of the vector before it was normalised; nullopt: length.bin does not reach so far.
    [[nodiscard]] std::optional<float> length(std::uint32_t number) const;

    [[nodiscard]] const UpperLinks& upperLinks() const;

    // The mapped files are as they were when opened.
    [[nodiscard]] bool unchanged() const;
    void advise(MappedFile::Access access) const { m_level0.advise(access); }
    [[nodiscard]] std::span<const std::byte> level0Bytes() const { return m_level0.bytes(); }

private:
    void note(const char* code, Severity severity, const QString& sentence);
    [[nodiscard]] bool openHeader(const QString& folder);
    void openLevel0(const QString& folder);
    void openLengths(const QString& folder);
    void openLinks(const QString& folder);
    void walkLinks(UpperLinks& links) const;

    bool m_present = false;
    bool m_whole = false;
    HnswHeader m_header;
    std::uint32_t m_elements = 0;
    const std::byte* m_level0Bytes = nullptr;
    MappedFile m_headerFile, m_level0, m_lengths, m_links;
    std::vector<Finding> m_findings;

    struct Lazy;
    std::unique_ptr<Lazy> m_lazy;
};

} // namespace storage
