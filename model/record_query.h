// Which records of a collection, in which order: as a value, and answered on whatever thread holds the
// reader.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/collection_reader.h"
#include "storage/filter/record_filter.h"
#include "storage/filter/where.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace model {

// Ids that match a text: Chroma's where knows no ids, get(ids=...) only knows whole ones.
struct IdCondition
{
    enum class Kind { Contains, Equals, Regex };
    Kind kind = Kind::Contains;
    std::string text;
    bool operator==(const IdCondition&) const = default;
};

struct RecordQuery
{
    std::optional<storage::WhereNode> where;
    std::optional<storage::WhereNode> whereDocument;
    std::optional<IdCondition> id;
    storage::ColumnCache::SortBy sortBy = storage::ColumnCache::SortBy::Insertion;
    std::string sortKey; // of SortBy::MetadataKey
    bool descending = false;

    [[nodiscard]] bool isFiltered() const { return where || whereDocument || id; }
    [[nodiscard]] bool isSorted() const
    {
        return sortBy != storage::ColumnCache::SortBy::Insertion || descending;
    }
    bool operator==(const RecordQuery&) const = default;
};

// Positions in columns.rows() that match, ascending.
[[nodiscard]] storage::Result<std::vector<std::uint32_t>>
matchingPositions(const storage::CollectionReader& reader, storage::ColumnCache& columns,
                  const RecordQuery& query, storage::Progress& progress);
// The matching rows in the order asked.
[[nodiscard]] storage::Result<std::vector<storage::RowKey>>
matchingRows(const storage::CollectionReader& reader, storage::ColumnCache& columns, const RecordQuery& query,
             storage::Progress& progress);

} // namespace model
