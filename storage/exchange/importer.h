// Brings a file's records into a collection: everything is read and checked before the first write, then written as one
// transaction of log rows, which real Chroma indexes when it next opens the collection. All or nothing.
#pragma once

#include "storage/base/file_ops.h"
#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/exchange/record_source.h"

#include <QString>

#include <optional>
#include <string>

namespace storage {

enum class ConflictPolicy { Stop, Skip, Overwrite };
[[nodiscard]] std::optional<ConflictPolicy> conflictPolicyFromName(const QString& name); // "stop", "skip", "overwrite"

struct ImportRequest
{
    QString file;
    QString directory;         // made, when there is none
    std::string collection;    // empty: the name that the export recorded
    std::string tenant = "default_tenant";
    std::string database = "default_database";
    FieldMapping mapping;
    ConflictPolicy onConflict = ConflictPolicy::Stop;
    bool dryRun = false;       // check and count only
};

struct ImportReport
{
    std::string collection;
    bool madeDirectory = false;
    bool madeCollection = false;
    qint64 read = 0;
    qint64 added = 0;
    qint64 overwritten = 0;
    qint64 skipped = 0;
    std::optional<qint64> dimension;
};

// Errors: Invalid (with the line or record), Busy, Unsupported, NotFound, NoSpace, Cancelled. Nothing is then changed.
[[nodiscard]] Result<ImportReport> importFile(const FileOps& ops, const ImportRequest& request, Progress& progress);

} // namespace storage
