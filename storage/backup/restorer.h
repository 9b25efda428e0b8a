// Puts a backup in the place of a persist directory, or beside it, so that an interruption at any point leaves the
// directory as it was or as it will be: verified first, staged on the target's own volume, the stage verified, then
// swapped by rename. What stood there is kept as NAME.before-YYYYMMDD_HHmm; nothing is ever deleted by a restore.
//
// While it runs, two small files beside the target tell the next start what to finish or to undo:
// .NAME.restore-TS.journal from the beginning, .NAME.restore-TS.swap just before the swap.
#pragma once

#include "storage/backup/verifier.h"
#include "storage/base/file_ops.h"
#include "storage/base/progress.h"

#include <QDateTime>
#include <QString>

#include <vector>

namespace storage {

struct RestoreRequest
{
    QString backup;       // a backup in folder form, or a plain copy
    QString target;       // the persist directory to be; its parents are made
    bool replace = false; // something may stand at the target
    bool safetyBackup = true; // back up what stands there first, if it can be read
    QString safetyRoot;       // empty: the default root of the target
    QString toolVersion;
    QDateTime now;
};

struct RestoreResult
{
    QString target;
    QString former;       // where the replaced directory is now; empty: there was none
    QString safetyBackup; // its path; empty: none was made
    VerifyReport report;  // of the backup
};

// Errors: NotFound, Invalid (target exists), Busy (in use), NoSpace, Corrupt (the backup is not good), Cancelled, Io.
[[nodiscard]] Result<RestoreResult> restoreBackup(const FileOps& ops, const RestoreRequest& request, Progress& progress);

// What an interrupted restore left at `target`, put right: a swap that happened is finished, one that did not is
// undone. Returns the sentences of what was done; empty: there was nothing. Busy while a restore is running.
[[nodiscard]] Result<QStringList> settleInterruptedRestore(const FileOps& ops, const QString& target);
// True when settleInterruptedRestore would have something to do; reads only.
[[nodiscard]] bool hasInterruptedRestore(const FileOps& ops, const QString& target);

// Exchanges the restored directory with the one it replaced. Returns where the restored one is now.
[[nodiscard]] Result<QString> undoRestore(const FileOps& ops, const QString& target, const QString& former);

} // namespace storage
