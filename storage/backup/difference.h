// The difference of two persist directories (a live one, backups) in Chroma's own terms: per collection the records
// added, removed and changed, and how. Collections are paired by tenant, database and name, records by id.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/persist_dir.h"
#include "storage/chroma/records.h"

#include <optional>
#include <string>
#include <vector>

namespace storage {

struct RecordDifference
{
    enum class Kind { Added, Removed, Changed };
    std::string id;
    Kind kind = Kind::Changed;
    bool documentChanged = false;
    bool uriChanged = false;
    std::vector<std::string> metadataKeys; // keys added, removed or of another value
    bool vectorChanged = false;
    std::optional<double> cosine; // of the old and the new vector, where both are there
};

struct CollectionDifference
{
    enum class Kind { Added, Removed, Changed, Same };
    std::string tenant, database, name;
    Kind kind = Kind::Same;
    qint64 before = 0, after = 0; // records
    qint64 added = 0, removed = 0, changed = 0;
    std::vector<std::string> settings;     // what of the collection itself changed: "space", metadata keys ...
    std::vector<RecordDifference> records; // at most `limit`, in the order of the newer side, then the removed
};

struct DirectoryDifference
{
    std::vector<CollectionDifference> collections;
    [[nodiscard]] bool same() const;
};

// `limit`: records named per collection; the counts are always whole. Vectors differ when any component differs by
// more than float rounding of Chroma's own normalisation (1e-6 relative).
[[nodiscard]] Result<DirectoryDifference> compareDirectories(const PersistDir& before, const PersistDir& after,
                                                             std::size_t limit, Progress& progress);

} // namespace storage
