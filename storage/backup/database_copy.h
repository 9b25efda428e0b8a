// Copies a live or idle chroma.sqlite3 into a new file as one consistent state, byte for byte where the database
// is in rollback mode, through SQLite's own descriptor and locks.
#pragma once

#include "storage/backup/tree_copy.h"
#include "storage/base/file_ops.h"
#include "storage/chroma/persist_dir.h"

namespace storage {

// Cold: one read lock for the whole copy. Writers would wait for it, but there are none.
[[nodiscard]] Result<BackupFile> copyDatabaseCold(const FileOps& ops, const PersistDir& directory,
                                                  const QString& target, ByteMeter& meter);

// Hot: slices under short read locks until a whole pass saw no commit. A small database is settled by one last pass
// under a single lock, which only rewrites the pages that differ. Errors: Changed after `attempts` passes.
[[nodiscard]] Result<BackupFile> copyDatabaseHot(const FileOps& ops, const PersistDir& directory,
                                                 const QString& target, int attempts, ByteMeter& meter,
                                                 Progress& progress);

} // namespace storage
