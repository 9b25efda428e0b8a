// Who has a persist directory open: by the inodes of its files, so that a bind mount or a container's volume is
// seen under whatever path the other process knows it. Our own process is never named. What cannot be seen
// (another user's processes without the right, another machine on a network mount) is said in `blindSpots`.
#pragma once

#include "storage/base/result.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace storage {

struct Holder
{
    qint64 pid = 0;
    QString program;   // its name as the system knows it
    bool writes = false; // holds at least one file open for writing, or a write lock
    QStringList files; // relative to the directory
};

struct InUse
{
    std::vector<Holder> holders; // by pid
    bool journalPresent = false; // a transaction is running, or was cut off
    QStringList blindSpots;      // sentences

    [[nodiscard]] bool byWriter() const;
    // "In use by python3 (process 812)." Empty when no writer has it.
    [[nodiscard]] QString sentence() const;
};

// `directory`: absolute path of the persist directory. Reads only; takes some milliseconds.
[[nodiscard]] Result<InUse> inUse(const QString& directory);

} // namespace storage
