// What a backup folder holds: our backups, archives of them, plain timestamped copies made by hand or by a script,
// and what an interrupted run left behind. Reads names, manifests and sizes only; nothing is verified here.
#pragma once

#include "storage/backup/manifest.h"
#include "storage/base/file_ops.h"

#include <QDateTime>
#include <QString>

#include <optional>
#include <vector>

namespace storage {

enum class BackupForm { Folder, Archive, PlainCopy, Leftover };
[[nodiscard]] const char* formName(BackupForm form); // "folder", "archive", "plain copy", "leftover"

struct BackupInfo
{
    QString path;
    QString name;
    BackupForm form = BackupForm::Folder;
    QDateTime when; // of the manifest, else read from the name, else the folder's time
    qint64 bytes = 0;
    std::optional<BackupManifest> manifest;
    bool pinned = false; // a file NAME.pin stands beside it: retention leaves it alone
    QString problem;     // a sentence where something is wrong with it
};

// Newest first; the same minute by name. An absent root is an empty list.
[[nodiscard]] Result<std::vector<BackupInfo>> listBackups(const FileOps& ops, const QString& root);
// The local time in names such as chroma_20260831_1405, chroma-2026-08-31T14-05-09, backup_20260831.
[[nodiscard]] std::optional<QDateTime> timeInName(const QString& name);
[[nodiscard]] Status setPinned(const FileOps& ops, const QString& backup, bool pinned);

} // namespace storage
