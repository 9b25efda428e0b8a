// Which records match a `where` and a `where_document`, over the whole collection, exactly as Chroma 1.5
// answers (missing keys, mixed types, $ne / $nin, truncation of floats against ints, short and CJK
// substrings). Also sorts the whole set by a column. Metadata columns are read once per key and kept in
// memory, so that the next filter or sort costs microseconds per thousand records.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/collection_reader.h"
#include "storage/chroma/where.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace storage {

// The warm columns of one collection at one moment. Belongs to one thread at a time.
class ColumnCache
{
public:
    // `rows`: allRows() of the reader; pending records are included.
    ColumnCache(const CollectionReader& reader, std::vector<RowKey> rows);
    ~ColumnCache();
    ColumnCache(ColumnCache&&) noexcept;
    ColumnCache& operator=(ColumnCache&&) noexcept;

    [[nodiscard]] const std::vector<RowKey>& rows() const;
    [[nodiscard]] qint64 bytes() const; // memory held

    // Positions in rows() that match both conditions (nullptr: no condition), ascending.
    [[nodiscard]] Result<std::vector<std::uint32_t>> matching(const CollectionReader& reader,
                                                              const WhereNode* where,
                                                              const WhereNode* whereDocument,
                                                              Progress& progress);

    enum class SortBy { Insertion, Id, Document, Uri, MetadataKey };
    struct Order
    {
        SortBy by = SortBy::Insertion;
        std::string key; // MetadataKey
        bool descending = false;
    };
    // Sorts positions stably; null and missing last in both directions. Types order: bool, number, string,
    // array.
    [[nodiscard]] Status sort(const CollectionReader& reader, std::vector<std::uint32_t>& positions,
                              const Order& order, Progress& progress);

    // Distinct values of a key with counts, most frequent first, at most `limit`.
    struct ValueCount
    {
        MetaValue value;
        qint64 count = 0;
    };
    [[nodiscard]] Result<std::vector<ValueCount>>
    topValues(const CollectionReader& reader, const std::string& key, std::size_t limit, Progress& progress);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace storage
