// The platform's file calls that change something, each as one checked step: new files, renames that never
// replace, syncs of files and folders. The one seam that tests use to fail or stop at the N-th call.
// Paths are absolute. Errors: NotFound, NoSpace, Io; the detail names the call, the path and the system's words.
#pragma once

#include "storage/base/result.h"

#include <QByteArray>
#include <QString>

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace storage {

struct FileStat
{
    enum class Kind { File, Folder, Link, Other };
    Kind kind = Kind::File;
    qint64 size = 0;
    qint64 allocated = 0; // bytes really on disk; less than size for a sparse file
    qint64 modifiedNs = 0;
    qint64 changedNs = 0;
    quint64 inode = 0;
    quint64 device = 0;
    quint32 mode = 0;
    quint32 owner = 0;
    quint32 group = 0;
};

class FileOps
{
public:
    enum class Op { Open, Read, Write, Sync, SyncFolder, Rename, MakeFolder, Remove, Attributes, Close };
    // Called before every step with what is about to happen; a number other than 0 is the errno to fail with,
    // kShort lets a read or write do only half of what was asked.
    static constexpr int kShort = -1;
    using Hook = std::function<int(Op, const QString& path)>;

    FileOps() = default;
    explicit FileOps(Hook hook) : m_hook(std::move(hook)) {}

    // An open file; closed by the destructor, but a writer must call close() to hear of late errors.
    class File
    {
    public:
        File(File&& other) noexcept;
        File& operator=(File&&) = delete;
        ~File();
        [[nodiscard]] Result<qint64> read(std::span<std::byte> into); // 0: the end
        [[nodiscard]] Status write(std::span<const std::byte> bytes); // all of them
        // The next data or hole run from `offset`: {start of data, end of data}; start == size: only a hole is left.
        [[nodiscard]] std::pair<qint64, qint64> dataRun(qint64 offset, qint64 size) const;
        [[nodiscard]] Status seek(qint64 offset);
        [[nodiscard]] Status truncate(qint64 size);
        [[nodiscard]] Status sync();
        [[nodiscard]] Status close();
        [[nodiscard]] bool cloneFrom(const File& source); // reflink; false: this filesystem cannot
        void dropCache() const;                           // so that a read-back comes from the disk where it can

    private:
        friend class FileOps;
        File(const FileOps* ops, int handle, QString path) : m_ops(ops), m_handle(handle), m_path(std::move(path)) {}
        const FileOps* m_ops;
        int m_handle;
        QString m_path;
    };

    [[nodiscard]] Result<File> openRead(const QString& path) const;
    [[nodiscard]] Result<File> create(const QString& path) const; // fails if it exists

    [[nodiscard]] Result<FileStat> stat(const QString& path) const; // of a link itself, not its target
    [[nodiscard]] bool exists(const QString& path) const;
    [[nodiscard]] Result<std::vector<QString>> list(const QString& folder) const; // names, sorted, hidden ones too
    [[nodiscard]] Result<QByteArray> readAll(const QString& path, qint64 limit) const;
    [[nodiscard]] Status writeNew(const QString& path, const QByteArray& bytes) const; // created, written, synced

    [[nodiscard]] Status makeFolder(const QString& path) const; // its parent exists
    [[nodiscard]] Status makePath(const QString& path) const;   // with parents
    [[nodiscard]] Status rename(const QString& from, const QString& to) const; // never replaces
    [[nodiscard]] Status replace(const QString& from, const QString& to) const; // `to` goes in the same step
    // Swaps two entries in one step. false: the filesystem or the system cannot.
    [[nodiscard]] Result<bool> exchange(const QString& a, const QString& b) const;
    [[nodiscard]] Status syncFolder(const QString& path) const;
    [[nodiscard]] Status removeFile(const QString& path) const;
    [[nodiscard]] Status removeTree(const QString& path) const; // links are removed, never followed
    // Mode, times and, where allowed, owner of `path` become those of `like`.
    [[nodiscard]] Status takeAttributes(const QString& path, const FileStat& like) const;

    [[nodiscard]] static Result<qint64> freeBytes(const QString& path); // for this user

private:
    [[nodiscard]] int before(Op op, const QString& path) const { return m_hook ? m_hook(op, path) : 0; }
    Hook m_hook;
};

} // namespace storage
