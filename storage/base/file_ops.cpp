#include "storage/base/file_ops.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef Q_OS_LINUX
#include <linux/fs.h>
#include <sys/syscall.h>
#endif

namespace storage {

namespace {

tl::unexpected<Error> systemError(const char* call, const QString& path, int code)
{
    ErrorKind kind = ErrorKind::Io;
    QString sentence = QStringLiteral("“%1” cannot be used: %2.").arg(path, QString::fromLocal8Bit(std::strerror(code)));
    if (code == ENOENT || code == ENOTDIR)
        kind = ErrorKind::NotFound;
    if (code == ENOSPC || code == EDQUOT) {
        kind = ErrorKind::NoSpace;
        sentence = QStringLiteral("There is no space left to write “%1”.").arg(path);
    }
    return fail(kind, sentence, QStringLiteral("%1: %2 (%3)").arg(QLatin1String(call), path).arg(code));
}

QByteArray native(const QString& path)
{
    return QFile::encodeName(path);
}

qint64 nanoseconds(const timespec& time)
{
    return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileStat::Kind kindOf(mode_t mode)
{
    if (S_ISREG(mode))
        return FileStat::Kind::File;
    if (S_ISDIR(mode))
        return FileStat::Kind::Folder;
    return S_ISLNK(mode) ? FileStat::Kind::Link : FileStat::Kind::Other;
}

} // namespace

FileOps::File::File(File&& other) noexcept
    : m_ops(other.m_ops), m_handle(std::exchange(other.m_handle, -1)), m_path(std::move(other.m_path))
{
}

FileOps::File::~File()
{
    if (m_handle >= 0)
        ::close(m_handle);
}

Result<qint64> FileOps::File::read(std::span<std::byte> into)
{
    std::size_t wanted = into.size();
    while (true) {
        const int injected = m_ops->before(Op::Read, m_path);
        if (injected == kShort)
            wanted = std::max<std::size_t>(1, wanted / 2);
        if (injected > 0 && injected != EINTR)
            return systemError("read", m_path, injected);
        const ssize_t got = injected == EINTR ? -1 : ::read(m_handle, into.data(), wanted);
        if (got >= 0)
            return qint64(got);
        if (injected != EINTR && errno != EINTR)
            return systemError("read", m_path, errno);
    }
}

Status FileOps::File::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const int injected = m_ops->before(Op::Write, m_path);
        if (injected == EINTR)
            continue;
        if (injected > 0)
            return systemError("write", m_path, injected);
        const std::size_t wanted = injected == kShort ? std::max<std::size_t>(1, bytes.size() / 2) : bytes.size();
        const ssize_t put = ::write(m_handle, bytes.data(), wanted);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return systemError("write", m_path, put == 0 ? ENOSPC : errno);
        bytes = bytes.subspan(std::size_t(put));
    }
    return {};
}

std::pair<qint64, qint64> FileOps::File::dataRun(qint64 offset, qint64 size) const
{
#ifdef SEEK_DATA
    const off_t data = ::lseek(m_handle, offset, SEEK_DATA);
    if (data < 0)
        return errno == ENXIO ? std::pair{size, size} : std::pair{offset, size};
    const off_t hole = ::lseek(m_handle, data, SEEK_HOLE);
    return {std::min<qint64>(data, size), hole < 0 ? size : std::min<qint64>(hole, size)};
#else
    return {offset, size};
#endif
}

Status FileOps::File::seek(qint64 offset)
{
    if (::lseek(m_handle, offset, SEEK_SET) != offset)
        return systemError("lseek", m_path, errno);
    return {};
}

Status FileOps::File::truncate(qint64 size)
{
    if (const int injected = m_ops->before(Op::Write, m_path); injected > 0 && injected != EINTR)
        return systemError("ftruncate", m_path, injected);
    if (::ftruncate(m_handle, size) != 0)
        return systemError("ftruncate", m_path, errno);
    return {};
}

Status FileOps::File::sync()
{
    const int injected = m_ops->before(Op::Sync, m_path);
    if (injected > 0 && injected != EINTR)
        return systemError("fsync", m_path, injected);
    if (::fsync(m_handle) != 0)
        return systemError("fsync", m_path, errno);
    return {};
}

Status FileOps::File::close()
{
    const int injected = m_ops->before(Op::Close, m_path);
    const int handle = std::exchange(m_handle, -1);
    // After EINTR the descriptor is gone on Linux: not tried again.
    const int code = ::close(handle) == 0 || errno == EINTR ? 0 : errno;
    if (injected > 0 && injected != EINTR)
        return systemError("close", m_path, injected);
    if (code != 0)
        return systemError("close", m_path, code);
    return {};
}

bool FileOps::File::cloneFrom(const File& source)
{
#ifdef FICLONE
    return m_ops->before(Op::Write, m_path) == 0 && ::ioctl(m_handle, FICLONE, source.m_handle) == 0;
#else
    Q_UNUSED(source)
    return false;
#endif
}

void FileOps::File::dropCache() const
{
#ifdef POSIX_FADV_DONTNEED
    (void)::posix_fadvise(m_handle, 0, 0, POSIX_FADV_DONTNEED);
#endif
}

Result<FileOps::File> FileOps::openRead(const QString& path) const
{
    if (const int injected = before(Op::Open, path); injected > 0 && injected != EINTR)
        return systemError("open", path, injected);
    const int handle = ::open(native(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (handle < 0)
        return systemError("open", path, errno);
    return File(this, handle, path);
}

Result<FileOps::File> FileOps::create(const QString& path) const
{
    if (const int injected = before(Op::Open, path); injected > 0 && injected != EINTR)
        return systemError("open", path, injected);
    const int handle = ::open(native(path).constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (handle < 0)
        return systemError("open", path, errno);
    return File(this, handle, path);
}

Result<FileStat> FileOps::stat(const QString& path) const
{
    struct stat info = {};
    if (::lstat(native(path).constData(), &info) != 0)
        return systemError("lstat", path, errno);
    return FileStat{.kind = kindOf(info.st_mode),
                    .size = info.st_size,
                    .allocated = qint64(info.st_blocks) * 512,
                    .modifiedNs = nanoseconds(info.st_mtim),
                    .changedNs = nanoseconds(info.st_ctim),
                    .inode = info.st_ino,
                    .device = info.st_dev,
                    .mode = info.st_mode,
                    .owner = info.st_uid,
                    .group = info.st_gid};
}

bool FileOps::exists(const QString& path) const
{
    struct stat info = {};
    return ::lstat(native(path).constData(), &info) == 0;
}

Result<std::vector<QString>> FileOps::list(const QString& folder) const
{
    if (const int injected = before(Op::Read, folder); injected > 0 && injected != EINTR)
        return systemError("opendir", folder, injected);
    DIR* stream = ::opendir(native(folder).constData());
    if (!stream)
        return systemError("opendir", folder, errno);
    std::vector<QString> names;
    while (const dirent* entry = ::readdir(stream)) {
        const QByteArray name(entry->d_name);
        if (name != "." && name != "..")
            names.push_back(QFile::decodeName(name));
    }
    ::closedir(stream);
    std::sort(names.begin(), names.end());
    return names;
}

Result<QByteArray> FileOps::readAll(const QString& path, qint64 limit) const
{
    auto info = stat(path);
    if (!info)
        return pass(info);
    if (info->size > limit)
        return fail(ErrorKind::Corrupt, QStringLiteral("“%1” is larger than it can rightly be.").arg(path));
    auto file = openRead(path);
    if (!file)
        return pass(file);
    QByteArray bytes(info->size, Qt::Uninitialized);
    qint64 done = 0;
    while (done < bytes.size()) {
        auto got = file->read({reinterpret_cast<std::byte*>(bytes.data()) + done, std::size_t(bytes.size() - done)});
        if (!got)
            return pass(got);
        if (*got == 0)
            break;
        done += *got;
    }
    bytes.truncate(done);
    return bytes;
}

Status FileOps::writeNew(const QString& path, const QByteArray& bytes) const
{
    auto file = create(path);
    if (!file)
        return pass(file);
    if (auto written = file->write(std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size())))); !written)
        return pass(written);
    if (auto synced = file->sync(); !synced)
        return pass(synced);
    return file->close();
}

Status FileOps::makeFolder(const QString& path) const
{
    if (const int injected = before(Op::MakeFolder, path); injected > 0 && injected != EINTR)
        return systemError("mkdir", path, injected);
    if (::mkdir(native(path).constData(), 0755) != 0)
        return systemError("mkdir", path, errno);
    return {};
}

Status FileOps::makePath(const QString& path) const
{
    if (QFileInfo(path).isDir())
        return {};
    const QString parent = QFileInfo(path).absolutePath();
    if (parent != path)
        if (auto made = makePath(parent); !made)
            return pass(made);
    return makeFolder(path);
}

Status FileOps::rename(const QString& from, const QString& to) const
{
    if (const int injected = before(Op::Rename, to); injected > 0 && injected != EINTR)
        return systemError("rename", to, injected);
#if defined(Q_OS_LINUX) && defined(SYS_renameat2) && defined(RENAME_NOREPLACE)
    if (::syscall(SYS_renameat2, AT_FDCWD, native(from).constData(), AT_FDCWD, native(to).constData(),
                  RENAME_NOREPLACE) == 0)
        return {};
    if (errno != EINVAL && errno != ENOSYS)
        return systemError("rename", to, errno);
#endif
    if (exists(to))
        return systemError("rename", to, EEXIST);
    if (::rename(native(from).constData(), native(to).constData()) != 0)
        return systemError("rename", to, errno);
    return {};
}

Status FileOps::replace(const QString& from, const QString& to) const
{
    if (const int injected = before(Op::Rename, to); injected > 0 && injected != EINTR)
        return systemError("rename", to, injected);
    if (::rename(native(from).constData(), native(to).constData()) != 0)
        return systemError("rename", to, errno);
    return {};
}

Result<bool> FileOps::exchange(const QString& a, const QString& b) const
{
    if (const int injected = before(Op::Rename, b); injected > 0 && injected != EINTR)
        return systemError("rename", b, injected);
#if defined(Q_OS_LINUX) && defined(SYS_renameat2) && defined(RENAME_EXCHANGE)
    if (::syscall(SYS_renameat2, AT_FDCWD, native(a).constData(), AT_FDCWD, native(b).constData(), RENAME_EXCHANGE) ==
        0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return systemError("rename", b, errno);
#else
    Q_UNUSED(a)
#endif
    return false;
}

Status FileOps::syncFolder(const QString& path) const
{
    if (const int injected = before(Op::SyncFolder, path); injected > 0 && injected != EINTR)
        return systemError("fsync", path, injected);
    const int handle = ::open(native(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return systemError("open", path, errno);
    const int code = ::fsync(handle) == 0 ? 0 : errno;
    ::close(handle);
    // Some network filesystems know no sync of a folder; their renames are durable on the server.
    if (code != 0 && code != EINVAL && code != ENOTSUP)
        return systemError("fsync", path, code);
    return {};
}

Status FileOps::removeFile(const QString& path) const
{
    if (const int injected = before(Op::Remove, path); injected > 0 && injected != EINTR)
        return systemError("unlink", path, injected);
    if (::unlink(native(path).constData()) != 0)
        return systemError("unlink", path, errno);
    return {};
}

Status FileOps::removeTree(const QString& path) const
{
    auto info = stat(path);
    if (!info)
        return pass(info);
    if (info->kind != FileStat::Kind::Folder)
        return removeFile(path);
    auto names = list(path);
    if (!names)
        return pass(names);
    for (const QString& name : *names)
        if (auto removed = removeTree(path + QLatin1Char('/') + name); !removed)
            return pass(removed);
    if (const int injected = before(Op::Remove, path); injected > 0 && injected != EINTR)
        return systemError("rmdir", path, injected);
    if (::rmdir(native(path).constData()) != 0)
        return systemError("rmdir", path, errno);
    return {};
}

Status FileOps::takeAttributes(const QString& path, const FileStat& like) const
{
    if (const int injected = before(Op::Attributes, path); injected > 0 && injected != EINTR)
        return systemError("chmod", path, injected);
    const QByteArray name = native(path);
    // Only root may give a file away; without the right the copy simply belongs to who made it.
    if (::lchown(name.constData(), like.owner, like.group) != 0 && errno != EPERM && errno != EINVAL)
        return systemError("chown", path, errno);
    if (::chmod(name.constData(), like.mode & 07777) != 0 && errno != EPERM)
        return systemError("chmod", path, errno);
    const timespec modified = {time_t(like.modifiedNs / 1'000'000'000), long(like.modifiedNs % 1'000'000'000)};
    const timespec times[2] = {modified, modified};
    if (::utimensat(AT_FDCWD, name.constData(), times, 0) != 0 && errno != EPERM)
        return systemError("utimensat", path, errno);
    return {};
}

Result<qint64> FileOps::freeBytes(const QString& path)
{
    QString at = path;
    while (!QFileInfo::exists(at) && QFileInfo(at).absolutePath() != at)
        at = QFileInfo(at).absolutePath();
    const QStorageInfo volume(at);
    if (!volume.isValid() || !volume.isReady())
        return fail(ErrorKind::Io, QStringLiteral("The free space at “%1” cannot be told.").arg(path));
    return volume.bytesAvailable();
}

} // namespace storage
