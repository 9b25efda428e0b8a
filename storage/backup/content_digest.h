// What a directory holds, told by content instead of bytes: per collection the counts and one digest over ids,
// documents, uris, metadata and vectors in get() order. Two directories with equal digests answer get() alike,
// whatever their files look like.
#pragma once

#include "storage/backup/manifest.h"
#include "storage/base/progress.h"
#include "storage/chroma/persist_dir.h"

#include <vector>

namespace storage {

struct DirectoryContent
{
    std::vector<BackupCollection> collections; // by tenant, database, name
    std::vector<Finding> findings;             // damage met while reading
};

// Reads every record and vector; blocks for as long as that takes, in short read transactions.
[[nodiscard]] Result<DirectoryContent> readContent(const PersistDir& directory, Progress& progress);

} // namespace storage
