// Backups in folder form and restores: round trips, names, refusals, and every point at which a run can be stopped or a
// file call can fail.
#include "storage/backup/backup_list.h"
#include "storage/backup/backup_writer.h"
#include "storage/backup/restorer.h"
#include "storage/backup/verifier.h"
#include "tests/support/chroma_fixture.h"
#include "tests/support/tree_state.h"
#include "tests/support/verify.h"

#include <QDir>
#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <sys/wait.h>
#include <unistd.h>

using namespace storage;
using support::treeState;

namespace {

const QDateTime kNow(QDate(2026, 8, 31), QTime(14, 5));
const QStringList kOurs = {QStringLiteral("chromakeep-backup.json"), QStringLiteral("SHA256SUMS")};

// A copy of a fixture at ROOM/chroma_db, as an application keeps it.
struct Room
{
    QTemporaryDir folder;
    QString live, backups;

    explicit Room(const QString& fixture)
        : live(folder.filePath(QStringLiteral("chroma_db"))), backups(folder.filePath(QStringLiteral("backups")))
    {
        auto opened = support::openFixture(fixture);
        if (!opened || !QDir().rename(opened->path(), live))
            qFatal("the fixture %s cannot be laid out", qPrintable(fixture));
        // Unpacked a moment ago in the archive's order, it would look like an index that is just being written.
        QDirIterator files(live, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadWrite) ||
                !file.setFileTime(QDateTime::currentDateTime().addSecs(-60), QFileDevice::FileModificationTime))
                qFatal("%s cannot be dated back", qPrintable(file.fileName()));
        }
    }
    [[nodiscard]] BackupRequest request(BackupMode mode = BackupMode::Cold) const
    {
        return {.directory = live, .mode = mode, .toolVersion = QStringLiteral("test"), .now = kNow};
    }
    [[nodiscard]] RestoreRequest restore(const QString& backup, const QString& target) const
    {
        return {.backup = backup, .target = target, .replace = true, .toolVersion = QStringLiteral("test"), .now = kNow};
    }
};

// Runs `work` in a child process that dies at the N-th file call; returns how the child ended.
enum class Ending { Killed, Finished, Failed };
Ending runKilledAt(int call, const std::function<bool(const FileOps&)>& work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        int left = call;
        const FileOps ops([&left](FileOps::Op, const QString&) {
            if (--left == 0)
                ::_exit(77);
            return 0;
        });
        ::_exit(work(ops) ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status))
        return Ending::Failed;
    return WEXITSTATUS(status) == 77 ? Ending::Killed : WEXITSTATUS(status) == 0 ? Ending::Finished : Ending::Failed;
}

int goodBackups(const QString& root)
{
    int good = 0;
    if (const auto list = listBackups(FileOps(), root))
        for (const BackupInfo& info : *list)
            good += info.form == BackupForm::Folder && info.manifest && info.manifest->verified ? 1 : 0;
    return good;
}

} // namespace

class TestBackup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void coldRoundTrip_data();
    void coldRoundTrip();
    void sumsAreAcceptedBySha256sum();
    void aSecondOneInTheSameMinuteGetsANumber();
    void verifyFindsEveryFlippedBit();
    void restoreRefusesADamagedBackup();
    void restoreKeepsWhatStoodThere();
    void undoPutsTheFormerBack();
    void restoreNeedsPermissionToReplace();
    void aWriterIsNamed();
    void backupKilledAnywhere();
    void restoreKilledAnywhere();
    void backupFaults_data();
    void backupFaults();
    void restoreFaults_data();
    void restoreFaults();
};

void TestBackup::coldRoundTrip_data()
{
    QTest::addColumn<QString>("fixture");
    QTest::addColumn<bool>("hot");
    for (const auto* name : {"py-0.4.3", "py-0.4.24", "rich-0.5.23", "rich-0.6.3", "rich-1.0.20", "rich-1.3.7", "rich-1.5.9"}) {
        QTest::addRow("%s cold", name) << QString::fromLatin1(name) << false;
        QTest::addRow("%s hot", name) << QString::fromLatin1(name) << true;
    }
}

void TestBackup::coldRoundTrip()
{
    QFETCH(QString, fixture);
    QFETCH(bool, hot);
    const Room room(fixture);
    const QStringList before = treeState(room.live);
    const auto made = makeBackup(FileOps(), room.request(hot ? BackupMode::Hot : BackupMode::Cold), Progress::none());
    VERIFY_OK(made);
    QCOMPARE(treeState(room.live), before);
    QCOMPARE(made->path, room.backups + QStringLiteral("/chroma_20260831_1405"));
    QCOMPARE(treeState(made->path, kOurs), before);
    QVERIFY(made->manifest.verified);

    const QString target = room.folder.filePath(QStringLiteral("elsewhere/chroma_db"));
    const auto restored = restoreBackup(FileOps(), room.restore(made->path, target), Progress::none());
    VERIFY_OK(restored);
    QCOMPARE(treeState(target), before);
    QVERIFY(restored->former.isEmpty());
    QCOMPARE(QDir(room.folder.filePath(QStringLiteral("elsewhere"))).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList(QStringLiteral("chroma_db")));
}

void TestBackup::sumsAreAcceptedBySha256sum()
{
    const Room room(QStringLiteral("rich-1.5.9"));
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    QProcess check;
    check.setWorkingDirectory(made->path);
    check.start(QStringLiteral("sha256sum"), {QStringLiteral("--strict"), QStringLiteral("-c"), QStringLiteral("SHA256SUMS")});
    QVERIFY(check.waitForFinished());
    QCOMPARE(check.exitCode(), 0);
    QCOMPARE(qsizetype(check.readAllStandardOutput().count('\n')), qsizetype(made->manifest.files.size()));
}

void TestBackup::aSecondOneInTheSameMinuteGetsANumber()
{
    const Room room(QStringLiteral("v-1.5.9"));
    const auto first = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(first);
    const QStringList kept = treeState(first->path);
    const auto second = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(second);
    QCOMPARE(second->path, first->path + QStringLiteral("-2"));
    QCOMPARE(treeState(first->path), kept);
    QCOMPARE(goodBackups(room.backups), 2);
}

void TestBackup::verifyFindsEveryFlippedBit()
{
    const Room room(QStringLiteral("rich-1.5.9"));
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    for (const BackupFile& entry : made->manifest.files) {
        if (entry.size == 0)
            continue;
        QFile file(made->path + QLatin1Char('/') + entry.name);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const qint64 at = entry.size / 2;
        file.seek(at);
        char byte = 0;
        QCOMPARE(file.read(&byte, 1), 1);
        const char flipped = char(byte ^ 1);
        file.seek(at);
        QCOMPARE(file.write(&flipped, 1), 1);
        file.close();
        const auto report = verifyFolder(FileOps(), made->path, Digests::Both, Progress::none());
        VERIFY_OK(report);
        QVERIFY2(!report->good(), qPrintable(entry.name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(at);
        QCOMPARE(file.write(&byte, 1), 1);
        file.close();
    }
    const auto report = verifyFolder(FileOps(), made->path, Digests::Both, Progress::none());
    VERIFY_OK(report);
    QVERIFY(report->good());
}

void TestBackup::restoreRefusesADamagedBackup()
{
    const Room room(QStringLiteral("rich-1.5.9"));
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    QFile file(made->path + QStringLiteral("/chroma.sqlite3"));
    QVERIFY(file.resize(file.size() - 4096));
    const QStringList before = treeState(room.live);
    VERIFY_ERROR(restoreBackup(FileOps(), room.restore(made->path, room.live), Progress::none()), ErrorKind::Corrupt);
    QCOMPARE(treeState(room.live), before);
}

void TestBackup::restoreKeepsWhatStoodThere()
{
    const Room room(QStringLiteral("rich-1.5.9"));
    const QStringList original = treeState(room.live);
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    QVERIFY(QFile::remove(room.live + QStringLiteral("/chroma.sqlite3")));
    const QStringList ruined = treeState(room.live);
    const auto restored = restoreBackup(FileOps(), room.restore(made->path, room.live), Progress::none());
    VERIFY_OK(restored);
    QCOMPARE(treeState(room.live), original);
    QCOMPARE(restored->former, room.live + QStringLiteral(".before-20260831_1405"));
    QCOMPARE(treeState(restored->former), ruined);
    QVERIFY(restored->safetyBackup.isEmpty()); // what stood there was no directory that could be backed up
}

void TestBackup::undoPutsTheFormerBack()
{
    const Room room(QStringLiteral("v-1.5.9"));
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    QFile note(room.live + QStringLiteral("/note.txt"));
    QVERIFY(note.open(QIODevice::WriteOnly));
    note.close();
    const QStringList changed = treeState(room.live);
    const auto restored = restoreBackup(FileOps(), room.restore(made->path, room.live), Progress::none());
    VERIFY_OK(restored);
    QVERIFY(!restored->safetyBackup.isEmpty());
    QVERIFY(treeState(room.live) != changed);
    VERIFY_OK(undoRestore(FileOps(), room.live, restored->former));
    QCOMPARE(treeState(room.live), changed);
}

void TestBackup::restoreNeedsPermissionToReplace()
{
    const Room room(QStringLiteral("v-1.5.9"));
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    RestoreRequest request = room.restore(made->path, room.live);
    request.replace = false;
    VERIFY_ERROR(restoreBackup(FileOps(), request, Progress::none()), ErrorKind::Invalid);
}

void TestBackup::aWriterIsNamed()
{
    const Room room(QStringLiteral("v-1.5.9"));
    QProcess holder;
    holder.start(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("exec 3<>\"$0\"; echo open; read line"),
                                        room.live + QStringLiteral("/chroma.sqlite3")});
    QVERIFY(holder.waitForReadyRead());
    const auto refused = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_ERROR(refused, ErrorKind::Busy);
    QVERIFY2(refused.error().sentence.contains(QString::number(holder.processId())), qPrintable(refused.error().sentence));
    QVERIFY(!QDir(room.backups).exists());
    holder.closeWriteChannel();
    QVERIFY(holder.waitForFinished());
}

void TestBackup::backupKilledAnywhere()
{
    const Room room(QStringLiteral("v-1.5.9"));
    const QStringList before = treeState(room.live);
    int calls = 0;
    for (int call = 1;; ++call) {
        const Ending ending = runKilledAt(call, [&](const FileOps& ops) {
            return makeBackup(ops, room.request(), Progress::none()).has_value();
        });
        QVERIFY(ending != Ending::Failed);
        QCOMPARE(treeState(room.live), before);
        const auto list = listBackups(FileOps(), room.backups);
        VERIFY_OK(list);
        for (const BackupInfo& info : *list)
            if (info.form == BackupForm::Folder) {
                const auto report = verifyFolder(FileOps(), info.path, Digests::Both, Progress::none());
                VERIFY_OK(report);
                QVERIFY2(report->good(), qPrintable(info.name));
            }
        QDir(room.backups).removeRecursively();
        if (ending == Ending::Finished) {
            calls = call;
            break;
        }
    }
    QVERIFY2(calls > 30, qPrintable(QString::number(calls)));
}

void TestBackup::restoreKilledAnywhere()
{
    const Room room(QStringLiteral("v-1.5.9"));
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    const QStringList after = treeState(made->path, kOurs);
    QFile note(room.live + QStringLiteral("/note.txt"));
    QVERIFY(note.open(QIODevice::WriteOnly));
    note.close();
    const QStringList before = treeState(room.live);
    const QString parent = room.folder.path();
    int calls = 0;
    for (int call = 1; calls == 0; ++call) {
        const Ending ending = runKilledAt(call, [&](const FileOps& ops) {
            RestoreRequest request = room.restore(made->path, room.live);
            request.safetyBackup = false; // killed apart above
            return restoreBackup(ops, request, Progress::none()).has_value();
        });
        QVERIFY(ending != Ending::Failed);
        const auto settled = settleInterruptedRestore(FileOps(), room.live);
        VERIFY_OK(settled);
        const QStringList now = treeState(room.live);
        QVERIFY2(now == before || now == after, qPrintable(QStringLiteral("call %1").arg(call)));
        const QString former = room.live + QStringLiteral(".before-20260831_1405");
        QCOMPARE(QDir(former).exists(), now == after);
        if (now == after) {
            QCOMPARE(treeState(former), before);
            QVERIFY(QDir(room.live).removeRecursively());
            QVERIFY(QDir().rename(former, room.live));
        }
        QStringList left = QDir(parent).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        left.removeAll(QStringLiteral(".chroma_db.restore.lock")); // a dead process's lock: stale, taken over by the next
        QCOMPARE(left, QStringList({QStringLiteral("backups"), QStringLiteral("chroma_db")}));
        if (ending == Ending::Finished)
            calls = call;
    }
    QVERIFY2(calls > 30, qPrintable(QString::number(calls)));
}

void TestBackup::backupFaults_data()
{
    QTest::addColumn<int>("fault");
    QTest::newRow("EIO") << EIO;
    QTest::newRow("ENOSPC") << ENOSPC;
    QTest::newRow("EACCES") << EACCES;
    QTest::newRow("EINTR") << EINTR;
    QTest::newRow("short") << FileOps::kShort;
}

void TestBackup::backupFaults()
{
    QFETCH(int, fault);
    const Room room(QStringLiteral("v-1.5.9"));
    const QStringList before = treeState(room.live);
    bool reached = true;
    for (int call = 1; reached; ++call) {
        reached = false;
        int left = call;
        const FileOps ops([&](FileOps::Op, const QString&) {
            if (--left != 0)
                return 0;
            reached = true;
            return fault;
        });
        const auto made = makeBackup(ops, room.request(), Progress::none());
        QCOMPARE(treeState(room.live), before);
        if (fault == EINTR || fault == FileOps::kShort)
            VERIFY_OK(made); // nothing that a retry does not mend
        if (made) {
            const auto report = verifyFolder(FileOps(), made->path, Digests::Both, Progress::none());
            VERIFY_OK(report);
            QVERIFY(report->good());
        }
        if (!made)
            QVERIFY(made.error().sentence.endsWith(QLatin1Char('.')));
        QDir(room.backups).removeRecursively();
    }
}

void TestBackup::restoreFaults_data()
{
    backupFaults_data();
}

void TestBackup::restoreFaults()
{
    QFETCH(int, fault);
    const Room room(QStringLiteral("v-1.5.9"));
    const auto made = makeBackup(FileOps(), room.request(), Progress::none());
    VERIFY_OK(made);
    const QStringList after = treeState(made->path, kOurs);
    QFile note(room.live + QStringLiteral("/note.txt"));
    QVERIFY(note.open(QIODevice::WriteOnly));
    note.close();
    const QStringList before = treeState(room.live);
    const QString former = room.live + QStringLiteral(".before-20260831_1405");
    bool reached = true;
    for (int call = 1; reached; ++call) {
        reached = false;
        int left = call;
        const FileOps ops([&](FileOps::Op, const QString&) {
            if (--left != 0)
                return 0;
            reached = true;
            return fault;
        });
        RestoreRequest request = room.restore(made->path, room.live);
        request.safetyBackup = false;
        const auto restored = restoreBackup(ops, request, Progress::none());
        VERIFY_OK(settleInterruptedRestore(FileOps(), room.live));
        const QStringList now = treeState(room.live);
        QVERIFY2(now == before || now == after, qPrintable(QStringLiteral("call %1").arg(call)));
        if (restored)
            QCOMPARE(now, after);
        if (now == after) {
            QVERIFY(QDir(room.live).removeRecursively());
            QVERIFY(QDir().rename(former, room.live));
        }
        QVERIFY(!QDir(former).exists());
    }
}

QTEST_GUILESS_MAIN(TestBackup)
#include "tst_backup.moc"
