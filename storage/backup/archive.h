// A backup as one file: .tar.zst, .tar.gz or .zip, written and read through KArchive, the only room that names it.
// Its booleans are not trusted: members are written one by one with every result checked, and an archive is called
// good only after it was read back against the manifest. Reading accepts plain files and folders with safe names
// inside the archive, nothing else.
#pragma once

#include "storage/backup/manifest.h"
#include "storage/base/file_ops.h"
#include "storage/base/progress.h"

#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace storage {

enum class ArchiveFormat { TarZst, TarGz, Zip };
[[nodiscard]] std::optional<ArchiveFormat> archiveFormatOf(const QString& fileName); // by its ending
[[nodiscard]] std::optional<ArchiveFormat> archiveFormatFromName(const QString& name); // "tar.zst", "tar.gz", "zip"
[[nodiscard]] QString archiveEnding(ArchiveFormat format);                            // ".tar.zst"

// Errors: Unsupported, with the reason, when the format cannot hold a file of this backup: tar members end at
// 8 GiB - 1, zip without its 64-bit form at 4 GiB - 1.
[[nodiscard]] Status archiveCanHold(const BackupManifest& manifest, ArchiveFormat format);

// Packs the backup in `folder` into the new file `archive` (FILE.partial until it was verified). Returns its bytes.
[[nodiscard]] Result<qint64> packArchive(const FileOps& ops, const QString& folder, const BackupManifest& manifest,
                                         const QString& archive, ArchiveFormat format, Progress& progress);

// Reads every member and compares it with the archive's own manifest. Errors: Corrupt, saying what.
[[nodiscard]] Result<BackupManifest> verifyArchive(const QString& archive, Progress& progress);

// Unpacks into the new folder `folder`; on any error the folder is removed again. Free space is checked first.
[[nodiscard]] Status unpackArchive(const FileOps& ops, const QString& archive, const QString& folder,
                                   Progress& progress);

// The manifest alone, without reading the whole archive.
[[nodiscard]] Result<BackupManifest> archiveManifest(const QString& archive);

// A plain zip of the named files, in this order: what NumPy calls .npz. `archive` is replaced.
[[nodiscard]] Status packZip(const FileOps& ops, const std::vector<std::pair<QString, QString>>& namesAndPaths,
                             const QString& archive, Progress& progress);
// Unpacks a zip whatever its name ends in; the same care as unpackArchive().
[[nodiscard]] Status unpackZip(const FileOps& ops, const QString& archive, const QString& folder, Progress& progress);

} // namespace storage
