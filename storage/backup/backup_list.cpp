#include "storage/backup/backup_list.h"

#include "storage/backup/tree_copy.h"

#include <QFileInfo>
#include <QLockFile>
#include <QRegularExpression>

#include <algorithm>

namespace storage {

namespace {

constexpr qint64 kLargestManifest = 64 << 20;

bool isArchiveName(const QString& name)
{
    return name.endsWith(QLatin1String(".tar.zst")) || name.endsWith(QLatin1String(".tar.gz")) ||
           name.endsWith(QLatin1String(".zip"));
}

bool isLeftover(const QString& name)
{
    return name.endsWith(QLatin1String(".partial"));
}

// Another Chromakeep may be writing this very moment: its lock tells a running backup from a dead one.
bool beingWritten(const QString& path)
{
    QLockFile lock(path + QStringLiteral(".lock"));
    lock.setStaleLockTime(0);
    qint64 pid = 0;
    QString host, program;
    return QFileInfo::exists(path + QStringLiteral(".lock")) && lock.getLockInfo(&pid, &host, &program) && !lock.tryLock(0);
}

void describeFolder(const FileOps& ops, BackupInfo& info)
{
    const QString manifest = info.path + QLatin1Char('/') + QLatin1String(kManifestName);
    if (auto tree = readTree(ops, info.path))
        info.bytes = tree->bytes();
    if (!ops.exists(manifest)) {
        info.form = BackupForm::PlainCopy;
        return;
    }
    auto bytes = ops.readAll(manifest, kLargestManifest);
    auto parsed = bytes ? parseManifest(*bytes) : tl::unexpected<Error>(bytes.error());
    if (!parsed) {
        info.problem = parsed.error().sentence;
        return;
    }
    info.manifest = std::move(*parsed);
    if (info.manifest->created.isValid())
        info.when = info.manifest->created;
}

std::optional<BackupInfo> describe(const FileOps& ops, const QString& root, const QString& name)
{
    BackupInfo info;
    info.path = root + QLatin1Char('/') + name;
    info.name = name;
    const auto stat = ops.stat(info.path);
    if (!stat)
        return std::nullopt;
    const auto named = timeInName(name);
    info.when = named ? *named : QDateTime::fromMSecsSinceEpoch(stat->modifiedNs / 1'000'000);
    info.pinned = ops.exists(info.path + QStringLiteral(".pin"));
    info.bytes = stat->size;
    if (isLeftover(name)) {
        if (beingWritten(info.path))
            return std::nullopt;
        info.form = BackupForm::Leftover;
        info.problem = QStringLiteral("A backup was interrupted here; it is no backup and can be removed.");
        return info;
    }
    if (stat->kind == FileStat::Kind::File && isArchiveName(name)) {
        info.form = BackupForm::Archive;
        return info;
    }
    if (stat->kind != FileStat::Kind::Folder || !ops.exists(info.path + QStringLiteral("/chroma.sqlite3")))
        return std::nullopt;
    describeFolder(ops, info);
    return info;
}

} // namespace

const char* formName(BackupForm form)
{
    switch (form) {
    case BackupForm::Folder: return "folder";
    case BackupForm::Archive: return "archive";
    case BackupForm::PlainCopy: return "plain copy";
    case BackupForm::Leftover: return "leftover";
    }
    return "";
}

std::optional<QDateTime> timeInName(const QString& name)
{
    static const QRegularExpression pattern(QStringLiteral(
        R"((\d{4})-?(\d{2})-?(\d{2})(?:[_T -]?(\d{2})[-:.]?(\d{2})(?:[-:.]?(\d{2}))?)?)"));
    auto matches = pattern.globalMatch(name);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QDate date(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt());
        const QTime time(match.captured(4).toInt(), match.captured(5).toInt(), match.captured(6).toInt());
        if (date.isValid() && time.isValid())
            return QDateTime(date, time);
    }
    return std::nullopt;
}

Result<std::vector<BackupInfo>> listBackups(const FileOps& ops, const QString& root)
{
    std::vector<BackupInfo> backups;
    if (!ops.exists(root))
        return backups;
    auto names = ops.list(root);
    if (!names)
        return pass(names);
    for (const QString& name : *names)
        if (auto info = describe(ops, root, name))
            backups.push_back(std::move(*info));
    std::sort(backups.begin(), backups.end(), [](const BackupInfo& a, const BackupInfo& b) {
        return a.when != b.when ? a.when > b.when : a.name > b.name;
    });
    return backups;
}

Status setPinned(const FileOps& ops, const QString& backup, bool pinned)
{
    const QString pin = backup + QStringLiteral(".pin");
    if (ops.exists(pin) == pinned)
        return {};
    return pinned ? ops.writeNew(pin, QByteArray()) : ops.removeFile(pin);
}

} // namespace storage
