// Fills columns from the metadata tables and lays the pending records over them. Up to four keys are read in
// one pass over the table, in its order; a small collection in a large table is read record by record.
#pragma once

#include "storage/chroma/collection_reader.h"
#include "storage/chroma/value_columns.h"
#include "storage/filter/column.h"
#include "storage/filter/row_index.h"
#include "storage/filter/table_slices.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace storage {

struct RowsView
{
    const CollectionReader& reader;
    std::span<const RowKey> rows;
    VersionGuard& guard;
    Progress& progress;
};

// Rows that the write-ahead log has replaced, with what stands there now (nullptr: nothing), and those that
// it has added.
struct PendingRow
{
    std::uint32_t position = 0;
    const Record* record = nullptr;
};
[[nodiscard]] std::vector<PendingRow> pendingRows(const CollectionReader& reader,
                                                  std::span<const RowKey> rows);

// One column for each key, in order.
[[nodiscard]] Result<std::vector<Column>> loadColumns(const RowsView& view,
                                                      std::span<const std::string> keys);

// Walks the texts that the table holds under a key: `each(position, text)`; pending records are not looked
// at. `only`: positions to visit, ascending (nullptr: all).
using EachText = std::function<Status(std::uint32_t, std::string_view)>;
[[nodiscard]] Status forEachText(const RowsView& view, std::string_view key,
                                 const std::vector<std::uint32_t>* only, const EachText& each);

// Whether visiting `wanted` rows one by one beats a pass over a table of `tableRows`.
[[nodiscard]] inline bool isSparse(std::size_t wanted, qint64 tableRows)
{
    constexpr qint64 kSeekCost = 12; // a seek costs as much as so many rows of a pass
    return qint64(wanted) * kSeekCost < tableRows;
}

} // namespace storage
