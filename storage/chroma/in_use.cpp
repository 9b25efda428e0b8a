#include "storage/chroma/in_use.h"

#include "storage/base/file_ops.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <map>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace storage {

namespace {

using FileKey = std::pair<quint64, quint64>; // device, inode

// The directory's files by identity; only two levels, which is all that Chroma makes.
std::map<FileKey, QString> filesOf(const FileOps& ops, const QString& directory)
{
    std::map<FileKey, QString> files;
    const auto names = ops.list(directory);
    if (!names)
        return files;
    const auto add = [&](const QString& relative) {
        const auto info = ops.stat(directory + QLatin1Char('/') + relative);
        if (info && info->kind == FileStat::Kind::File)
            files[{info->device, info->inode}] = relative;
        return info && info->kind == FileStat::Kind::Folder;
    };
    for (const QString& name : *names) {
        if (!add(name))
            continue;
        if (const auto inner = ops.list(directory + QLatin1Char('/') + name))
            for (const QString& file : *inner)
                (void)add(name + QLatin1Char('/') + file);
    }
    return files;
}

QString programName(const QString& process)
{
    QFile comm(process + QStringLiteral("/comm"));
    if (!comm.open(QIODevice::ReadOnly))
        return QStringLiteral("unknown program");
    return QString::fromLocal8Bit(comm.readAll()).trimmed();
}

bool openForWriting(const QString& process, const QString& descriptor)
{
    QFile info(process + QStringLiteral("/fdinfo/") + descriptor);
    if (!info.open(QIODevice::ReadOnly))
        return true; // cannot be told: the careful answer
    for (const QByteArray& line : info.readAll().split('\n'))
        if (line.startsWith("flags:"))
            return (line.mid(6).trimmed().toInt(nullptr, 8) & O_ACCMODE) != O_RDONLY;
    return true;
}

// Adds what one process holds; false when its descriptors may not be read.
bool addProcess(const QString& process, qint64 pid, const std::map<FileKey, QString>& files, std::map<qint64, Holder>& out)
{
    const QString folder = process + QStringLiteral("/fd");
    if (::access(QFile::encodeName(folder).constData(), R_OK | X_OK) != 0)
        return errno == ENOENT;
    const QDir descriptors(folder);
    for (const QString& descriptor : descriptors.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot)) {
        struct stat info = {};
        if (::stat(QFile::encodeName(folder + QLatin1Char('/') + descriptor).constData(), &info) != 0)
            continue;
        const auto file = files.find({info.st_dev, info.st_ino});
        if (file == files.end())
            continue;
        Holder& holder = out[pid];
        holder.pid = pid;
        holder.program = programName(process);
        holder.writes = holder.writes || openForWriting(process, descriptor);
        if (!holder.files.contains(file->second))
            holder.files << file->second;
    }
    return true;
}

// The system's lock table names processes of every user, also those whose descriptors are hidden.
void addLocks(const std::map<FileKey, QString>& files, std::map<qint64, Holder>& out)
{
    QFile locks(QStringLiteral("/proc/locks"));
    if (!locks.open(QIODevice::ReadOnly))
        return;
    for (const QByteArray& line : locks.readAll().split('\n')) {
        // "1: POSIX  ADVISORY  WRITE 812 08:02:131 0 EOF"
        const QList<QByteArray> fields = line.simplified().split(' ');
        if (fields.size() < 6 || fields.contains("->"))
            continue;
        const qint64 pid = fields[4].toLongLong();
        const QList<QByteArray> id = fields[5].split(':');
        if (pid == ::getpid() || pid <= 0 || id.size() != 3)
            continue;
        const quint64 device = makedev(id[0].toUInt(nullptr, 16), id[1].toUInt(nullptr, 16));
        const auto file = files.find({device, id[2].toULongLong()});
        if (file == files.end())
            continue;
        Holder& holder = out[pid];
        holder.pid = pid;
        if (holder.program.isEmpty())
            holder.program = programName(QStringLiteral("/proc/%1").arg(pid));
        holder.writes = holder.writes || fields[3] == "WRITE";
        if (!holder.files.contains(file->second))
            holder.files << file->second;
    }
}

} // namespace

bool InUse::byWriter() const
{
    return std::any_of(holders.begin(), holders.end(), [](const Holder& h) { return h.writes; });
}

QString InUse::sentence() const
{
    QStringList names;
    for (const Holder& holder : holders)
        if (holder.writes)
            names << QStringLiteral("%1 (process %2)").arg(holder.program).arg(holder.pid);
    return names.isEmpty() ? QString() : QStringLiteral("In use by %1.").arg(names.join(QStringLiteral(", ")));
}

Result<InUse> inUse(const QString& directory)
{
    const FileOps ops;
    if (auto info = ops.stat(directory); !info)
        return pass(info);
    InUse result;
    const auto files = filesOf(ops, directory);
    std::map<qint64, Holder> holders;
    int hidden = 0;
    const QDir processes(QStringLiteral("/proc"));
    for (const QString& name : processes.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool isPid = false;
        const qint64 pid = name.toLongLong(&isPid);
        if (isPid && pid != ::getpid() && !addProcess(QStringLiteral("/proc/") + name, pid, files, holders))
            ++hidden;
    }
    addLocks(files, holders);
    for (auto& [pid, holder] : holders)
        result.holders.push_back(std::move(holder));
    if (hidden > 0)
        result.blindSpots << QStringLiteral("%1 processes of other users cannot be looked into.").arg(hidden);
    result.journalPresent = ops.exists(directory + QStringLiteral("/chroma.sqlite3-journal"));
    return result;
}

} // namespace storage
