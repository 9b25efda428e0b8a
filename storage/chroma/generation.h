// Which Chroma releases can have written a database, read from its table of migrations and checked against
// the texts that Chroma shipped. Plain values; one short read.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <QString>

#include <vector>

namespace storage {

// Rows per folder of table `migrations`; chroma-core/chroma, chromadb/migrations.
struct MigrationLevel
{
    int sysdb = 0;
    int metadb = 0;
    int queue = 0;
    auto operator<=>(const MigrationLevel&) const = default;
};

struct Generation
{
    MigrationLevel level;
    QString name;              // "Chroma 0.5.6 to 0.6.3"
    bool openedByRust = false; // table acquire_write: some Chroma 1.x opened it
    qint64 rustStarts = 0;
    bool newerThanKnown = false; // more migrations than we know: read with a notice, never written
    bool knownHashes = true;     // every known migration carries the text that Chroma shipped
};

// Names the release range of a migration level; the table in chromadb's tagged migrations.
[[nodiscard]] QString releaseRange(const MigrationLevel& level, bool openedByRust);

// What is odd about the migrations is appended to `findings`; a missing table of migrations is one of them.
[[nodiscard]] Result<Generation> readGeneration(const Connection& connection, std::vector<Finding>& findings);

} // namespace storage
