// Decides how a database can be read without SQLite writing a byte beside it: directly, through a live
// write-ahead log, without locks, or from a private copy in which SQLite plays back what an interrupted
// writer left. All looking at the file goes through SQLite's own descriptor (sqlite.h says why), so that
// other connections of this process keep their locks.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <QString>

#include <memory>
#include <vector>

class QTemporaryDir;

namespace storage {

// How the database is read.
enum class ReadRoute {
    Direct,    // mode=ro, ordinary short read locks
    SharedWal, // WAL mode with a live -wal and -shm
    Immutable, // WAL mode without -wal: SQLite would create files, so no locks are taken
    Recovered, // a private copy, where a hot journal or a -wal without -shm had to be replayed
};

struct RouteChoice
{
    ReadRoute route = ReadRoute::Direct;
    QString readPath;                    // the database that is opened: the original or the copy
    std::shared_ptr<QTemporaryDir> copy; // holds it; goes with the last owner
    bool truncated = false;              // fewer pages than its header says
    std::vector<Finding> findings;
};

// `folder`: for sentences; `database`: chroma.sqlite3 with links resolved. Errors: NotChroma (no SQLite
// file), Busy (a writer holds it for longer than `busyMs`), NoSpace (for the copy), Corrupt, Io, Cancelled.
[[nodiscard]] Result<RouteChoice> chooseReadRoute(const QString& folder, const QString& database, int busyMs,
                                                  Progress& progress);

} // namespace storage
