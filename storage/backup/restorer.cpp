#include "storage/backup/restorer.h"

#include "storage/backup/backup_writer.h"
#include "storage/chroma/in_use.h"
#include "storage/chroma/persist_dir.h"

#include <QDir>
#include <QFileInfo>
#include <QLockFile>

#include <algorithm>
#include <map>

namespace storage {

namespace {

QString join(const QString& folder, const QString& name)
{
    return folder + QLatin1Char('/') + name;
}

// Every name that a restore of `target` at one moment uses.
struct Names
{
    QString target, parent, leaf, stamp;

    static Names of(const QString& path, const QString& stamp)
    {
        const QString clean = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
        return {clean, QFileInfo(clean).absolutePath(), QFileInfo(clean).fileName(), stamp};
    }
    [[nodiscard]] QString stage() const { return join(parent, leaf + QStringLiteral(".restoring-") + stamp); }
    [[nodiscard]] QString former() const { return join(parent, leaf + QStringLiteral(".before-") + stamp); }
    [[nodiscard]] QString journalPrefix() const { return QLatin1Char('.') + leaf + QStringLiteral(".restore-"); }
    [[nodiscard]] QString journal() const { return join(parent, journalPrefix() + stamp + QStringLiteral(".journal")); }
    [[nodiscard]] QString swap() const { return join(parent, journalPrefix() + stamp + QStringLiteral(".swap")); }
    [[nodiscard]] QString lock() const { return join(parent, QLatin1Char('.') + leaf + QStringLiteral(".restore.lock")); }
};

// A stamp whose names are all free, so that nothing that stands there is touched.
Names freeNames(const FileOps& ops, const QString& target, const QDateTime& now)
{
    const QString base = now.toString(QStringLiteral("yyyyMMdd_HHmm"));
    Names names = Names::of(target, base);
    for (int number = 2; ops.exists(names.stage()) || ops.exists(names.former()) || ops.exists(names.journal()); ++number)
        names.stamp = QStringLiteral("%1-%2").arg(base).arg(number);
    return names;
}

std::unique_ptr<QLockFile> lockFor(const Names& names)
{
    auto lock = std::make_unique<QLockFile>(names.lock());
    lock->setStaleLockTime(0); // only a dead process's lock is stale, however old
    return lock->tryLock(0) ? std::move(lock) : nullptr;
}

tl::unexpected<Error> runningElsewhere(const QString& target)
{
    return fail(ErrorKind::Busy, QStringLiteral("Another restore of “%1” is running.").arg(target));
}

Result<bool> occupied(const FileOps& ops, const QString& target)
{
    if (!ops.exists(target))
        return false;
    auto names = ops.list(target);
    if (!names)
        return pass(names);
    return true;
}

Status checkTarget(const FileOps& ops, const RestoreRequest& request, bool isOccupied)
{
    if (!isOccupied)
        return {};
    auto names = ops.list(request.target);
    if (!names)
        return pass(names);
    if (!names->empty() && !request.replace)
        return fail(ErrorKind::Invalid,
                    QStringLiteral("“%1” already exists and is not empty. Restore to another path, or ask to replace it; "
                                   "what stands there is then kept beside it.")
                        .arg(request.target));
    auto use = inUse(request.target);
    if (!use)
        return pass(use);
    if (!use->holders.empty())
        return fail(ErrorKind::Busy, QStringLiteral("“%1” is open in %2 (process %3). Stop it first; nothing was changed.")
                                         .arg(request.target, use->holders.front().program)
                                         .arg(use->holders.front().pid));
    return {};
}

// The files that make the directory; our manifest and the sums stay with the backup.
Result<Tree> filesToRestore(const FileOps& ops, const QString& backup)
{
    return readTree(ops, backup, [](const QString& name) {
        return name == QLatin1String(kManifestName) || name == QLatin1String(kSumsName) ||
               name == QLatin1String("chroma.sqlite3-shm");
    });
}

Status checkSpace(const Names& names, const Tree& tree)
{
    auto available = FileOps::freeBytes(names.parent);
    if (!available)
        return pass(available);
    if (tree.allocatedBytes() > *available)
        return fail(ErrorKind::NoSpace,
                    QStringLiteral("The restore needs %1 bytes, but only %2 are free in “%3”. Nothing was changed.")
                        .arg(tree.allocatedBytes())
                        .arg(*available)
                        .arg(names.parent));
    return {};
}

Status stageFiles(const FileOps& ops, const RestoreRequest& request, const Names& names, const Tree& tree,
                  const VerifyReport& report, Progress& progress)
{
    std::map<QString, const BackupFile*> expected;
    if (report.manifest)
        for (const BackupFile& file : report.manifest->files)
            expected[file.name] = &file;
    if (auto made = ops.makeFolder(names.stage()); !made)
        return made;
    for (const TreeItem& folder : tree.folders)
        if (auto made = ops.makeFolder(join(names.stage(), folder.name)); !made)
            return made;
    ByteMeter meter(progress, tree.bytes(), QStringLiteral("Restoring"));
    for (const TreeItem& item : tree.files) {
        auto copied = copyFile(ops, join(request.backup, item.name), join(names.stage(), item.name), item.name, meter);
        if (!copied)
            return pass(copied);
        const auto it = expected.find(item.name);
        if (it != expected.end() && (copied->size != it->second->size || copied->sha256 != it->second->sha256))
            return fail(ErrorKind::Corrupt,
                        QStringLiteral("“%1” changed in the backup while it was restored. Nothing was changed.").arg(item.name));
    }
    return {};
}

Status verifyStage(const FileOps& ops, const Names& names, const VerifyReport& backup, Progress& progress)
{
    VerifyReport stage;
    verifyContent(names.stage(), stage, progress);
    if (progress.cancelled())
        return cancelledError();
    if (stage.content != backup.content)
        return fail(ErrorKind::Corrupt,
                    QStringLiteral("The restored copy does not answer as the backup does; it was discarded and nothing was "
                                   "changed."));
    return ops.syncFolder(names.stage());
}

// Owner and mode of the place that is replaced; of the backed-up folder where there is none.
Status dress(const FileOps& ops, const RestoreRequest& request, const Names& names, const Tree& tree)
{
    for (auto folder = tree.folders.rbegin(); folder != tree.folders.rend(); ++folder) {
        const QString path = join(names.stage(), folder->name);
        if (auto synced = ops.syncFolder(path); !synced)
            return synced;
        if (auto taken = ops.takeAttributes(path, folder->stat); !taken)
            return taken;
    }
    auto like = ops.stat(ops.exists(names.target) ? names.target : request.backup);
    if (!like)
        return pass(like);
    return ops.takeAttributes(names.stage(), *like);
}

QByteArray inodeLine(const FileOps& ops, const QString& path)
{
    const auto info = ops.stat(path);
    return info ? QByteArray::number(info->inode) : QByteArray("0");
}

// Both names change hands in one step where the system can; else by two renames that are taken back on failure.
Status swap(const FileOps& ops, const Names& names, bool isOccupied)
{
    if (auto noted = ops.writeNew(names.swap(), inodeLine(ops, names.stage()) + '\n'); !noted)
        return noted;
    if (auto synced = ops.syncFolder(names.parent); !synced)
        return synced;
    if (!isOccupied)
        return ops.rename(names.stage(), names.target);
    auto exchanged = ops.exchange(names.stage(), names.target);
    if (!exchanged)
        return pass(exchanged);
    if (*exchanged)
        return ops.rename(names.stage(), names.former());
    if (auto aside = ops.rename(names.target, names.former()); !aside)
        return aside;
    auto renamed = ops.rename(names.stage(), names.target);
    if (!renamed)
        (void)ops.rename(names.former(), names.target);
    return renamed;
}

Status finish(const FileOps& ops, const Names& names)
{
    if (auto synced = ops.syncFolder(names.parent); !synced)
        return synced;
    for (const QString& note : {names.swap(), names.journal()})
        if (ops.exists(note))
            if (auto removed = ops.removeFile(note); !removed)
                return removed;
    return ops.syncFolder(names.parent);
}

// One interrupted restore, judged by where the staged folder is now: its inode went with it.
Result<QString> settleOne(const FileOps& ops, const Names& names)
{
    qint64 staged = -1;
    if (ops.exists(names.swap()))
        if (auto note = ops.readAll(names.swap(), 64))
            staged = note->trimmed().toLongLong();
    const auto target = ops.stat(names.target);
    QString sentence;
    if (staged > 0 && target && qint64(target->inode) == staged) {
        if (ops.exists(names.stage()))
            if (auto renamed = ops.rename(names.stage(), names.former()); !renamed)
                return pass(renamed);
        sentence = QStringLiteral("An interrupted restore of “%1” was finished; the directory before it is “%2”.")
                       .arg(names.target, names.former());
    } else {
        if (!target && ops.exists(names.former()))
            if (auto back = ops.rename(names.former(), names.target); !back)
                return pass(back);
        if (ops.exists(names.stage()))
            if (auto removed = ops.removeTree(names.stage()); !removed)
                return pass(removed);
        sentence = QStringLiteral("An interrupted restore of “%1” was undone; the directory is as it was before.")
                       .arg(names.target);
    }
    if (auto done = finish(ops, names); !done)
        return pass(done);
    return sentence;
}

std::vector<Names> interrupted(const FileOps& ops, const QString& target)
{
    std::vector<Names> found;
    Names names = Names::of(target, {});
    const auto entries = ops.list(names.parent);
    if (!entries)
        return found;
    for (const QString& entry : *entries)
        for (const auto& suffix : {QStringLiteral(".journal"), QStringLiteral(".swap")})
            if (entry.startsWith(names.journalPrefix()) && entry.endsWith(suffix)) {
                names.stamp = entry.mid(names.journalPrefix().size()).chopped(suffix.size());
                if (found.empty() || found.back().stamp != names.stamp)
                    found.push_back(names);
            }
    return found;
}

Result<QString> makeSafetyBackup(const FileOps& ops, const RestoreRequest& request, Progress& progress)
{
    if (!request.safetyBackup || !PersistDir::open(request.target, progress))
        return QString(); // not readable as a directory: it is kept whole beside the target all the same
    auto made = makeBackup(ops,
                           {.directory = request.target,
                            .root = request.safetyRoot,
                            .note = QStringLiteral("Before restoring %1").arg(QFileInfo(request.backup).fileName()),
                            .toolVersion = request.toolVersion,
                            .now = request.now},
                           progress);
    if (!made)
        return pass(made);
    return made->path;
}

Status stageAndSwap(const FileOps& ops, const RestoreRequest& request, const Names& names, const Tree& tree,
                    const VerifyReport& report, bool isOccupied, Progress& progress)
{
    if (auto noted = ops.writeNew(names.journal(), request.backup.toUtf8() + '\n'); !noted)
        return noted;
    if (auto staged = stageFiles(ops, request, names, tree, report, progress); !staged)
        return staged;
    if (auto verified = verifyStage(ops, names, report, progress); !verified)
        return verified;
    if (auto dressed = dress(ops, request, names, tree); !dressed)
        return dressed;
    if (auto swapped = swap(ops, names, isOccupied); !swapped)
        return swapped;
    return finish(ops, names);
}

} // namespace

Result<RestoreResult> restoreBackup(const FileOps& ops, const RestoreRequest& wanted, Progress& progress)
{
    RestoreRequest request = wanted;
    request.target = Names::of(wanted.target, {}).target;
    request.backup = QDir::cleanPath(QFileInfo(wanted.backup).absoluteFilePath());
    auto report = verifyFolder(ops, request.backup, Digests::Both, progress);
    if (!report)
        return pass(report);
    if (!report->good()) {
        const auto bad = std::find_if(report->findings.begin(), report->findings.end(),
                                      [](const Finding& f) { return f.severity == Severity::Error; });
        return fail(ErrorKind::Corrupt,
                    QStringLiteral("The backup “%1” did not pass verification, so nothing was restored.").arg(request.backup),
                    QString::fromStdString(bad->sentence));
    }
    if (auto made = ops.makePath(QFileInfo(request.target).absolutePath()); !made)
        return pass(made);
    const Names names = freeNames(ops, request.target, request.now);
    const auto lock = lockFor(names);
    if (!lock)
        return runningElsewhere(request.target);
    auto isOccupied = occupied(ops, request.target);
    if (!isOccupied)
        return pass(isOccupied);
    if (auto checked = checkTarget(ops, request, *isOccupied); !checked)
        return pass(checked);
    auto tree = filesToRestore(ops, request.backup);
    if (!tree)
        return pass(tree);
    if (auto fits = checkSpace(names, *tree); !fits)
        return pass(fits);
    RestoreResult result{.target = request.target};
    if (*isOccupied) {
        auto safety = makeSafetyBackup(ops, request, progress);
        if (!safety)
            return pass(safety);
        result.safetyBackup = *safety;
    }
    if (auto done = stageAndSwap(ops, request, names, *tree, *report, *isOccupied, progress); !done) {
        (void)settleOne(ops, names); // as far as the same trouble lets us; else the next start does it
        return pass(done);
    }
    if (*isOccupied)
        result.former = names.former();
    result.report = std::move(*report);
    return result;
}

bool hasInterruptedRestore(const FileOps& ops, const QString& target)
{
    return !interrupted(ops, target).empty();
}

Result<QStringList> settleInterruptedRestore(const FileOps& ops, const QString& target)
{
    QStringList sentences;
    const auto found = interrupted(ops, target);
    if (found.empty())
        return sentences;
    const auto lock = lockFor(found.front());
    if (!lock)
        return runningElsewhere(target);
    for (const Names& names : found) {
        auto settled = settleOne(ops, names);
        if (!settled)
            return pass(settled);
        sentences << *settled;
    }
    return sentences;
}

Result<QString> undoRestore(const FileOps& ops, const QString& target, const QString& former)
{
    const Names names = Names::of(target, {});
    const auto lock = lockFor(names);
    if (!lock)
        return runningElsewhere(target);
    if (auto free = checkTarget(ops, {.target = names.target, .replace = true}, true); !free)
        return pass(free);
    auto exchanged = ops.exchange(former, names.target);
    if (!exchanged)
        return pass(exchanged);
    if (!*exchanged)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("This filesystem cannot exchange two folders in one step. Nothing was changed; rename “%1” "
                                   "by hand, then “%2” to its name.")
                        .arg(names.target, former));
    if (auto synced = ops.syncFolder(names.parent); !synced)
        return pass(synced);
    return former;
}

} // namespace storage
