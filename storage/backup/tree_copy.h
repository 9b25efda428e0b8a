// Copies the files of a directory one by one: holes stay holes, both digests are taken from the bytes on their way,
// every file and folder is synced, and cancel is answered between blocks.
#pragma once

#include "storage/backup/manifest.h"
#include "storage/base/file_ops.h"
#include "storage/base/progress.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <vector>

namespace storage {

struct TreeItem
{
    QString name; // relative
    FileStat stat;
};

struct Tree
{
    std::vector<TreeItem> folders; // parents before children
    std::vector<TreeItem> files;   // by name
    QStringList leftOut;           // links, sockets, unsafe names: each with its reason
    [[nodiscard]] qint64 bytes() const;          // apparent
    [[nodiscard]] qint64 allocatedBytes() const; // what a sparse-aware copy needs
};

// Everything below `folder` but what `skip` names (relative paths).
[[nodiscard]] Result<Tree> readTree(const FileOps& ops, const QString& folder,
                                    const std::function<bool(const QString&)>& skip = {});

// Where a file's bytes come from; the database is read through SQLite's descriptor, other files through their own.
class ByteSource
{
public:
    virtual ~ByteSource() = default;
    [[nodiscard]] virtual qint64 size() const = 0;
    [[nodiscard]] virtual Result<qint64> readAt(qint64 offset, std::span<std::byte> into) = 0; // 0: the end
    [[nodiscard]] virtual std::pair<qint64, qint64> dataRun(qint64 offset) const { return {offset, size()}; }
};

[[nodiscard]] Result<std::unique_ptr<ByteSource>> openSource(const FileOps& ops, const QString& path);

// Counts bytes over several files for one progress line.
class ByteMeter
{
public:
    ByteMeter(Progress& progress, qint64 total, QString phase)
        : m_progress(progress), m_total(total), m_phase(std::move(phase))
    {
    }
    [[nodiscard]] Status add(qint64 bytes); // Cancelled when asked to stop

private:
    Progress& m_progress;
    qint64 m_total;
    qint64 m_done = 0;
    QString m_phase;
};

// Writes `source` to the new file `target`, synced; returns its size and digests under `name`.
[[nodiscard]] Result<BackupFile> copyBytes(const FileOps& ops, ByteSource& source, const QString& target,
                                           const QString& name, ByteMeter& meter);
// The same for an ordinary file, with its mode, times and owner.
[[nodiscard]] Result<BackupFile> copyFile(const FileOps& ops, const QString& source, const QString& target,
                                          const QString& name, ByteMeter& meter);

enum class Digests { Quick, Both }; // XXH3-128 alone, or with SHA-256
// Reads a file from disk and digests it.
[[nodiscard]] Result<BackupFile> digestFile(const FileOps& ops, const QString& path, const QString& name,
                                            Digests which, ByteMeter& meter);

} // namespace storage
