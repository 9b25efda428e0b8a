// Which rows of a collection an answer is about: ids, conditions, limit and offset, in Chroma's order.
#pragma once

#include "app/cli/source.h"
#include "storage/chroma/collection_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

struct Selection
{
    std::vector<std::string> ids; // empty: all
    Conditions conditions;
    qint64 offset = 0;
    std::optional<qint64> limit;
};

struct SelectedRows
{
    std::vector<storage::RowKey> rows;
    std::vector<storage::Finding> findings; // what made the full-text index unusable
    bool mixed = false; // the directory never rested: conditions were compared at different moments
};

// Insertion order, every record once, unknown ids left out; limit and offset after everything else, as
// Chroma's get() does. Errors: Changed when another process commits meanwhile and `tolerateChanges` is not
// set; a new reader may have more luck.
[[nodiscard]] storage::Result<SelectedRows> selectRows(const storage::CollectionReader& reader,
                                                       const Selection& selection, bool tolerateChanges,
                                                       storage::Progress& progress);

} // namespace app
