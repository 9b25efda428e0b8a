// Makes one backup of a persist directory in folder form: copied beside its final name, synced, read back and
// verified, and only then renamed. Whatever goes wrong before that rename leaves no backup and the source as it was.
//
// Cold: the directory must not be written to meanwhile; a change seen during the copy is an error.
// Hot: a running Chroma goes on. The database is taken first, under read locks of at most some tens of
// milliseconds; the HNSW folders after it, each until a copy was taken with no change before, during and after.
// Index files newer than the database are safe, since replaying the log over them changes nothing; older ones would
// not be (chroma-format 6.4).
#pragma once

#include "storage/backup/manifest.h"
#include "storage/backup/verifier.h"
#include "storage/base/file_ops.h"
#include "storage/base/progress.h"

#include <QDateTime>
#include <QString>

namespace storage {

struct BackupRequest
{
    QString directory;       // the persist directory
    QString root;            // folder that holds the backups; empty: "backups" beside the directory
    BackupMode mode = BackupMode::Cold;
    QString note;
    QString toolVersion;
    QDateTime now;           // with the local zone
    int attempts = 7;        // hot: tries for each part that keeps changing, with growing pauses between
};

struct BackupResult
{
    QString path; // the finished folder
    BackupManifest manifest;
    VerifyReport report;
};

[[nodiscard]] QString defaultBackupRoot(const QString& directory);
// "chroma_20260831_1405"
[[nodiscard]] QString backupName(const QDateTime& now);

// What a backup would copy and whether it fits: said before it starts.
struct BackupPlan
{
    Tree tree;
    qint64 needed = 0;
    qint64 available = 0;
    QString root;
};
[[nodiscard]] Result<BackupPlan> planBackup(const FileOps& ops, const BackupRequest& request);

// Errors: Busy (in use, for a cold one), Changed, NoSpace, Corrupt (verification failed), Cancelled, Io.
[[nodiscard]] Result<BackupResult> makeBackup(const FileOps& ops, const BackupRequest& request, Progress& progress);

} // namespace storage
