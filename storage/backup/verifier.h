// Reads a backup back from disk and says whether it can be trusted: every file's size and digests, no file too
// many or too few, SQLite's integrity, the HNSW files and pickles, and the records of every collection against the
// manifest. Every finding is told, not the first. Writes nothing.
#pragma once

#include "storage/backup/manifest.h"
#include "storage/backup/tree_copy.h"
#include "storage/base/file_ops.h"
#include "storage/base/progress.h"
#include "storage/chroma/records.h"

#include <optional>
#include <vector>

namespace storage {

struct VerifyReport
{
    std::optional<BackupManifest> manifest; // nullopt: a plain copy made by hand; its bytes have nothing to match
    std::vector<BackupCollection> content;  // as found now
    std::vector<Finding> findings;
    qint64 files = 0;
    qint64 bytes = 0;
    [[nodiscard]] bool good() const; // no finding of severity Error
};

// `folder`: a backup in folder form. Digests::Quick suffices right after a copy; Both is what a person asks for.
// Errors only when nothing can be said (NotFound, Cancelled); damage is in the report.
[[nodiscard]] Result<VerifyReport> verifyFolder(const FileOps& ops, const QString& folder, Digests which,
                                                Progress& progress);
// The parts of it that need no manifest: the database's integrity and every collection's content.
void verifyContent(const QString& folder, VerifyReport& report, Progress& progress);

} // namespace storage
