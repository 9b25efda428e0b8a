// Copies one collection, with its settings, metadata and records, into another or the same directory under a name that
// is free there: what duplicating a collection and restoring a single one out of a backup are. One transaction.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/persist_dir.h"
#include "storage/chroma/records.h"
#include "storage/edit/collection_writer.h"

#include <string>

namespace storage {

struct CopyTarget
{
    std::string name;
    std::string tenant = "default_tenant";
    std::string database = "default_database";
};

struct CopySummary
{
    std::string id; // of the new collection
    qint64 records = 0;
    qint64 withoutVector = 0; // left out: Chroma cannot hold them
};

// The settings of a collection as a specification for a new one of another name.
[[nodiscard]] CollectionSpec specOf(const Collection& collection, const CopyTarget& target);

// Errors: Invalid (the name is taken, or the target's generation cannot hold a value), Busy, NotFound, Cancelled.
[[nodiscard]] Result<CopySummary> copyCollection(const PersistDir& from, const Collection& collection, const PersistDir& to,
                                                 const CopyTarget& target, Progress& progress);

} // namespace storage
