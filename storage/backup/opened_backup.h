// A backup in whichever form as a folder that can be read: a folder as it is, an archive unpacked into a private place
// that goes away with the object.
#pragma once

#include "storage/base/file_ops.h"
#include "storage/base/progress.h"

#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace storage {

class OpenedBackup
{
public:
    // `room`: the folder in which an archive is unpacked (a volume with space); empty: the system's own temporary place.
    [[nodiscard]] static Result<OpenedBackup> open(const FileOps& ops, const QString& backup, const QString& room,
                                                   Progress& progress);
    [[nodiscard]] const QString& folder() const { return m_folder; }
    [[nodiscard]] bool isArchive() const { return m_room != nullptr; }

private:
    QString m_folder;
    std::unique_ptr<QTemporaryDir> m_room;
};

} // namespace storage
