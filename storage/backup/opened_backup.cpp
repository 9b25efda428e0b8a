#include "storage/backup/opened_backup.h"

#include "storage/backup/archive.h"

#include <QDir>
#include <QFileInfo>

namespace storage {

Result<OpenedBackup> OpenedBackup::open(const FileOps& ops, const QString& backup, const QString& room, Progress& progress)
{
    OpenedBackup opened;
    opened.m_folder = QDir::cleanPath(QFileInfo(backup).absoluteFilePath());
    auto info = ops.stat(opened.m_folder);
    if (!info)
        return fail(ErrorKind::NotFound, QStringLiteral("There is no backup at “%1”.").arg(opened.m_folder),
                    info.error().detail);
    if (info->kind == FileStat::Kind::Folder)
        return opened;
    opened.m_room = std::make_unique<QTemporaryDir>(room.isEmpty() ? QDir::tempPath() + QStringLiteral("/chromakeep-XXXXXX")
                                                                   : room + QStringLiteral("/.chromakeep-unpacked-XXXXXX"));
    if (!opened.m_room->isValid())
        return fail(ErrorKind::Io, QStringLiteral("No place to unpack “%1” can be made.").arg(backup),
                    opened.m_room->errorString());
    const QString folder = opened.m_room->filePath(QStringLiteral("backup"));
    if (auto unpacked = unpackArchive(ops, opened.m_folder, folder, progress); !unpacked)
        return pass(unpacked);
    opened.m_folder = folder;
    return opened;
}

} // namespace storage
