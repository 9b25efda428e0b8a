#include "storage/backup/backup_writer.h"

#include "storage/backup/database_copy.h"
#include "storage/chroma/in_use.h"
#include "storage/chroma/persist_dir.h"

#include <QDir>
#include <QFileInfo>
#include <QLockFile>

#include <algorithm>
#include <chrono>
#include <thread>

namespace storage {

namespace {

const auto kDatabase = QStringLiteral("chroma.sqlite3");

QString join(const QString& folder, const QString& name)
{
    return folder + QLatin1Char('/') + name;
}

// The database and its side files go their own way; a backup folder inside the directory is not part of it.
std::function<bool(const QString&)> skipFor(const QString& directory, const QString& root)
{
    const QString inside = root.startsWith(directory + QLatin1Char('/')) ? root.mid(directory.size() + 1) : QString();
    return [inside](const QString& name) { return name.startsWith(kDatabase) || (!inside.isEmpty() && name == inside); };
}

// Removes the unfinished folder unless it was renamed to its final name.
class PartialFolder
{
public:
    PartialFolder(const FileOps& ops, QString path) : m_ops(ops), m_path(std::move(path)) {}
    ~PartialFolder()
    {
        if (!m_path.isEmpty())
            (void)m_ops.removeTree(m_path);
    }
    PartialFolder(const PartialFolder&) = delete;
    PartialFolder& operator=(const PartialFolder&) = delete;
    [[nodiscard]] const QString& path() const { return m_path; }
    void keep() { m_path.clear(); }

private:
    const FileOps& m_ops;
    QString m_path;
};

// NAME, NAME-2, NAME-3 ...: the first whose folder and unfinished folder are both free. Two programs that ask at
// once get different ones, since making the unfinished folder can succeed for one of them only.
Result<QString> claimName(const FileOps& ops, const QString& root, const QString& base)
{
    constexpr int kMost = 1000;
    for (int number = 1; number <= kMost; ++number) {
        const QString name = number == 1 ? base : QStringLiteral("%1-%2").arg(base).arg(number);
        const QString path = join(root, name);
        if (ops.exists(path) || ops.exists(path + QStringLiteral(".partial")))
            continue;
        if (auto made = ops.makeFolder(path + QStringLiteral(".partial")); made)
            return path;
        else if (!ops.exists(path + QStringLiteral(".partial")))
            return pass(made);
    }
    return fail(ErrorKind::Io, QStringLiteral("No free name for a backup is left in “%1”.").arg(root));
}

Status copyFiles(const FileOps& ops, const QString& directory, const QString& target, const std::vector<TreeItem>& files,
                 std::vector<BackupFile>& out, ByteMeter& meter)
{
    for (const TreeItem& item : files) {
        auto copied = copyFile(ops, join(directory, item.name), join(target, item.name), item.name, meter);
        if (!copied)
            return pass(copied);
        out.push_back(std::move(*copied));
    }
    return {};
}

Status makeFolders(const FileOps& ops, const QString& target, const Tree& tree)
{
    for (const TreeItem& folder : tree.folders)
        if (auto made = ops.makeFolder(join(target, folder.name)); !made)
            return made;
    return {};
}

// Index files are written in place and without a lock: the copy counts only if nothing moved around it and a moment
// later everything still stands as it was. The label file is written last of all: while the others were touched just
// now and it was not, a write is under way.
bool settled(const FileOps& ops, const QString& directory, const std::vector<TreeItem>& before)
{
    qint64 newest = 0;
    qint64 labels = -1;
    for (const TreeItem& item : before) {
        const auto now = ops.stat(join(directory, item.name));
        if (!now || now->size != item.stat.size || now->modifiedNs != item.stat.modifiedNs ||
            now->inode != item.stat.inode)
            return false;
        if (item.name.endsWith(QLatin1String("/index_metadata.pickle")))
            labels = now->modifiedNs;
        else
            newest = std::max(newest, now->modifiedNs);
    }
    constexpr qint64 kJustNowNs = 10'000'000'000;
    const qint64 now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    return labels < 0 || labels >= newest || now - newest > kJustNowNs;
}

Status copyFolderHot(const FileOps& ops, const BackupRequest& request, const QString& target, const QString& folder,
                     std::vector<BackupFile>& out, ByteMeter& meter)
{
    constexpr auto kPause = std::chrono::milliseconds(120);
    const QString source = join(request.directory, folder);
    for (int attempt = 0; attempt < request.attempts; ++attempt) {
        auto tree = readTree(ops, source);
        if (!tree)
            return pass(tree);
        for (TreeItem& item : tree->files)
            item.name = join(folder, item.name);
        std::vector<BackupFile> copied;
        auto done = copyFiles(ops, request.directory, target, tree->files, copied, meter);
        if (!done && done.error().kind != ErrorKind::Changed && done.error().kind != ErrorKind::NotFound)
            return done;
        if (done && settled(ops, request.directory, tree->files)) {
            std::this_thread::sleep_for(kPause);
            if (settled(ops, request.directory, tree->files)) {
                out.insert(out.end(), copied.begin(), copied.end());
                return {};
            }
        }
        if (auto removed = ops.removeTree(join(target, folder)); !removed)
            return removed;
        if (auto made = ops.makeFolder(join(target, folder)); !made)
            return made;
        std::this_thread::sleep_for(kPause * (1 << attempt)); // a large index takes its time to be written
    }
    return fail(ErrorKind::Changed,
                QStringLiteral("The index folder “%1” was written to during each of %2 tries to copy it; no backup was "
                               "made. Try again when fewer records are being added.")
                    .arg(folder)
                    .arg(request.attempts));
}

Status copyHot(const FileOps& ops, const BackupRequest& request, const PersistDir& directory, const QString& target,
               BackupManifest& manifest, ByteMeter& meter, Progress& progress)
{
    auto database = copyDatabaseHot(ops, directory, join(target, kDatabase), request.attempts, meter, progress);
    if (!database)
        return pass(database);
    manifest.files.push_back(std::move(*database));
    // Listed only now: an index that the database just copied knows of must be among them.
    auto tree = readTree(ops, request.directory, skipFor(request.directory, request.root));
    if (!tree)
        return pass(tree);
    if (auto made = makeFolders(ops, target, *tree); !made)
        return made;
    manifest.warnings += tree->leftOut;
    std::vector<TreeItem> loose;
    for (const TreeItem& file : tree->files)
        if (!file.name.contains(QLatin1Char('/')))
            loose.push_back(file);
    if (auto copied = copyFiles(ops, request.directory, target, loose, manifest.files, meter); !copied)
        return copied;
    for (const TreeItem& folder : tree->folders)
        if (!folder.name.contains(QLatin1Char('/')))
            if (auto copied = copyFolderHot(ops, request, target, folder.name, manifest.files, meter); !copied)
                return copied;
    return {};
}

Status copyCold(const FileOps& ops, const BackupRequest& request, const PersistDir& directory, const Tree& tree,
                const QString& target, BackupManifest& manifest, ByteMeter& meter)
{
    manifest.warnings += tree.leftOut;
    const Fingerprint before = directory.fingerprint();
    if (auto made = makeFolders(ops, target, tree); !made)
        return made;
    auto database = copyDatabaseCold(ops, directory, join(target, kDatabase), meter);
    if (!database)
        return pass(database);
    manifest.files.push_back(std::move(*database));
    if (auto copied = copyFiles(ops, request.directory, target, tree.files, manifest.files, meter); !copied)
        return copied;
    if (!(directory.fingerprint() == before))
        return fail(ErrorKind::Changed,
                    QStringLiteral("“%1” changed while it was being copied, so the copy was discarded. Stop the program "
                                   "that writes to it, or make a hot backup.")
                        .arg(request.directory));
    return {};
}

Status refuseIfWritten(const BackupRequest& request)
{
    auto use = inUse(request.directory);
    if (!use)
        return pass(use);
    if (!use->byWriter())
        return {};
    return fail(ErrorKind::Busy,
                QStringLiteral("%1 A cold backup needs it closed; a hot backup does not. Nothing was written.")
                    .arg(use->sentence()));
}

Status syncTree(const FileOps& ops, const QString& target)
{
    auto tree = readTree(ops, target);
    if (!tree)
        return pass(tree);
    for (auto folder = tree->folders.rbegin(); folder != tree->folders.rend(); ++folder)
        if (auto synced = ops.syncFolder(join(target, folder->name)); !synced)
            return synced;
    return ops.syncFolder(target);
}

Status writeManifest(const FileOps& ops, const QString& folder, const BackupManifest& manifest)
{
    if (auto sums = ops.writeNew(join(folder, QLatin1String(kSumsName)), sha256Sums(manifest)); !sums)
        return sums;
    if (auto written = ops.writeNew(join(folder, QLatin1String(kManifestName)), manifestJson(manifest)); !written)
        return written;
    return ops.syncFolder(folder);
}

// Reads the files back, then opens the copy as a directory and takes its contents into the manifest.
Result<VerifyReport> proveCopy(const FileOps& ops, const QString& folder, BackupManifest& manifest, Progress& progress)
{
    ByteMeter meter(progress, manifest.bytes(), QStringLiteral("Reading the copy back"));
    VerifyReport report;
    for (const BackupFile& file : manifest.files) {
        auto found = digestFile(ops, join(folder, file.name), file.name, Digests::Quick, meter);
        if (!found)
            return pass(found);
        if (found->size != file.size || found->xxh128 != file.xxh128)
            return fail(ErrorKind::Corrupt,
                        QStringLiteral("“%1” reads back differently from what was written; the disk may be failing. No "
                                       "backup was kept.")
                            .arg(file.name));
        report.files += 1;
        report.bytes += file.size;
    }
    verifyContent(folder, report, progress);
    if (progress.cancelled())
        return cancelledError();
    if (manifest.mode == BackupMode::Hot && !report.good()) {
        const auto bad = std::find_if(report.findings.begin(), report.findings.end(),
                                      [](const Finding& f) { return f.severity == Severity::Error; });
        return fail(ErrorKind::Corrupt,
                    QStringLiteral("The hot copy did not pass verification, so no backup was kept. Make a cold backup "
                                   "with Chroma stopped."),
                    QString::fromStdString(bad->sentence));
    }
    for (Finding& finding : report.findings)
        if (finding.severity == Severity::Error) {
            manifest.warnings << QString::fromStdString(finding.sentence);
            finding.severity = Severity::Warning; // the source's own damage, copied faithfully
        }
    manifest.collections = report.content;
    manifest.verified = true;
    manifest.verifiedAt = QDateTime::currentDateTimeUtc();
    return report;
}

Result<BackupPlan> planIfItFits(const FileOps& ops, const BackupRequest& request)
{
    auto plan = planBackup(ops, request);
    if (!plan)
        return plan;
    if (plan->needed > plan->available)
        return fail(ErrorKind::NoSpace,
                    QStringLiteral("The backup needs %1 bytes, but only %2 are free in “%3”. Nothing was written.")
                        .arg(plan->needed)
                        .arg(plan->available)
                        .arg(plan->root));
    return plan;
}

BackupManifest describe(const BackupRequest& request, const PersistDir& directory)
{
    return {.toolVersion = request.toolVersion,
            .source = request.directory,
            .created = request.now.toOffsetFromUtc(request.now.offsetFromUtc()),
            .mode = request.mode,
            .note = request.note,
            .generation = directory.generation().name,
            .level = directory.generation().level};
}

// Everything between the empty unfinished folder and its last rename.
Result<VerifyReport> fill(const FileOps& ops, const BackupRequest& request, const PersistDir& directory,
                          const Tree& tree, const QString& folder, BackupManifest& manifest, Progress& progress)
{
    const qint64 total = tree.bytes() + QFileInfo(directory.databasePath()).size();
    ByteMeter meter(progress, total, QStringLiteral("Copying"));
    auto copied = request.mode == BackupMode::Hot
                      ? copyHot(ops, request, directory, folder, manifest, meter, progress)
                      : copyCold(ops, request, directory, tree, folder, manifest, meter);
    if (!copied)
        return pass(copied);
    std::sort(manifest.files.begin(), manifest.files.end(),
              [](const BackupFile& a, const BackupFile& b) { return a.name < b.name; });
    if (auto synced = syncTree(ops, folder); !synced)
        return pass(synced);
    auto report = proveCopy(ops, folder, manifest, progress);
    if (!report)
        return report;
    if (auto written = writeManifest(ops, folder, manifest); !written)
        return pass(written);
    report->manifest = manifest;
    return report;
}

} // namespace

QString defaultBackupRoot(const QString& directory)
{
    return join(QFileInfo(directory).absolutePath(), QStringLiteral("backups"));
}

QString backupName(const QDateTime& now)
{
    return QStringLiteral("chroma_") + now.toString(QStringLiteral("yyyyMMdd_HHmm"));
}

Result<BackupPlan> planBackup(const FileOps& ops, const BackupRequest& request)
{
    BackupPlan plan;
    plan.root = request.root.isEmpty() ? defaultBackupRoot(request.directory) : QDir::cleanPath(request.root);
    auto tree = readTree(ops, request.directory, skipFor(request.directory, plan.root));
    if (!tree)
        return pass(tree);
    plan.tree = std::move(*tree);
    auto database = ops.stat(join(request.directory, kDatabase));
    if (!database)
        return pass(database);
    constexpr qint64 kSpare = 16 << 20; // folders, the manifest, the filesystem's own needs
    plan.needed = plan.tree.allocatedBytes() + database->size + kSpare;
    auto available = FileOps::freeBytes(plan.root);
    if (!available)
        return pass(available);
    plan.available = *available;
    return plan;
}

Result<BackupResult> makeBackup(const FileOps& ops, const BackupRequest& wanted, Progress& progress)
{
    auto directory = PersistDir::open(wanted.directory, progress);
    if (!directory)
        return pass(directory);
    BackupRequest request = wanted;
    request.directory = directory->path();
    if (request.mode == BackupMode::Cold)
        if (auto free = refuseIfWritten(request); !free)
            return pass(free);
    auto plan = planIfItFits(ops, request);
    if (!plan)
        return pass(plan);
    request.root = plan->root;
    if (auto made = ops.makePath(request.root); !made)
        return pass(made);
    auto path = claimName(ops, request.root, backupName(request.now));
    if (!path)
        return pass(path);
    PartialFolder partial(ops, *path + QStringLiteral(".partial"));
    // Tells whoever lists this folder meanwhile that the unfinished backup is being made, not left behind.
    QLockFile alive(partial.path() + QStringLiteral(".lock"));
    alive.setStaleLockTime(0);
    (void)alive.tryLock(0);
    BackupResult result{.path = *path, .manifest = describe(request, *directory), .report = {}};
    auto report = fill(ops, request, *directory, plan->tree, partial.path(), result.manifest, progress);
    if (!report)
        return pass(report);
    result.report = std::move(*report);
    if (auto renamed = ops.rename(partial.path(), *path); !renamed)
        return pass(renamed);
    partial.keep();
    if (auto synced = ops.syncFolder(request.root); !synced)
        return pass(synced);
    return result;
}

} // namespace storage
