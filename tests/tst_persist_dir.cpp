#include "storage/chroma/persist_dir.h"
#include "support/chroma_fixture.h"
#include "support/dir_state.h"
#include "support/verify.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <numeric>

using namespace storage;

namespace {

const QString kFixture = QStringLiteral("v-1.5.9");

QString database(const QString& folder)
{
    return folder + QStringLiteral("/chroma.sqlite3");
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray readAll(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void copyFiles(const QString& from, const QString& to, const QStringList& names)
{
    QVERIFY(QDir().mkpath(to));
    for (const QString& name : names)
        QVERIFY2(QFile::copy(from + QLatin1Char('/') + name, to + QLatin1Char('/') + name), qPrintable(name));
}

Result<Connection> openForWriting(const QString& folder)
{
    return Connection::open(database(folder), {.access = ConnectionOptions::Access::ReadWrite});
}

Result<qint64> number(const Connection& connection, const char* sql)
{
    auto query = connection.prepare(sql);
    if (!query)
        return pass(query);
    auto row = query->step();
    if (!row)
        return pass(row);
    return query->integer(0);
}

// Records as a fresh open of the folder sees them.
qint64 recordsSeen(const QString& folder)
{
    const auto directory = PersistDir::open(folder);
    const auto connection =
        directory ? directory->connect() : Result<Connection>(tl::unexpected<Error>(directory.error()));
    const auto records = connection ? number(*connection, "SELECT count(*) FROM embeddings")
                                    : Result<qint64>(tl::unexpected<Error>(connection.error()));
    return records.value_or(-1);
}

// A write that spills to disk before its end: the journal is hot for whoever copies the files now.
const char* kSpill = "PRAGMA cache_size=1; BEGIN IMMEDIATE; CREATE TABLE filler(x); "
                     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000) "
                     "INSERT INTO filler SELECT randomblob(500) FROM n; DELETE FROM embeddings;";

// Another process that holds a lock until its standard input ends.
class LockHolder
{
public:
    LockHolder(const QString& folder, const char* sql)
    {
        m_process.start(QCoreApplication::applicationFilePath(),
                        {QStringLiteral("--hold"), folder, QString::fromLatin1(sql)});
        m_held = m_process.waitForReadyRead(20'000);
    }
    ~LockHolder()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }
    [[nodiscard]] bool held() const { return m_held; }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

private:
    QProcess m_process;
    bool m_held = false;
};

int holdLock(const QString& folder, const QString& sql)
{
    const auto connection = openForWriting(folder);
    if (!connection || !connection->execute(qPrintable(sql)))
        return 1;
    std::puts("held");
    std::fflush(stdout);
    while (std::getchar() != EOF)
        ;
    return 0;
}

} // namespace

class TestPersistDir : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsNoChromaDirectoryIsSaid_data();
    void whatIsNoChromaDirectoryIsSaid();
    void missingPathIsNeverCreated();
    void everyFormOfPathOpens_data();
    void everyFormOfPathOpens();
    void releasesAreNamed_data();
    void releasesAreNamed();
    void oddMigrationsAreSaid_data();
    void oddMigrationsAreSaid();
    void missingTablesAreSaid();

    void hotJournalIsReadApart();
    void hotJournalWithoutRoomIsAnError();
    void liveWriterIsReadDirectly();
    void liveWriterKilledIsReadApart();
    void walWithoutShmIsReadApart();
    void walOfKilledWriterIsRead();
    void liveWalIsRead();
    void walModeWithoutWalIsReadWithoutLocks();
    void lockedDatabaseIsWaitedForBriefly();
    void readOnlyFolderIsRead();

    void truncatedDatabaseKeepsItsReadableHalf();
    void damagedBytesNeverCrash();
    void replacedAndVanishedFilesAreNoticed();
    void fingerprintTellsChanges();
};

void TestPersistDir::whatIsNoChromaDirectoryIsSaid_data()
{
    QTest::addColumn<QByteArray>("bytes"); // of chroma.sqlite3; null: no such file
    QTest::addColumn<QString>("other");    // another file in the folder
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("says");
    const int notChroma = int(ErrorKind::NotChroma);
    QByteArray noise(4096, Qt::Uninitialized);
    QRandomGenerator generator(7);
    for (char& byte : noise)
        byte = char(generator.bounded(256));
    QByteArray tar(1024, '\0');
    tar.replace(257, 5, "ustar");
    const auto row = [](const char* name, const QByteArray& bytes, const char* other, int kind,
                        const char* says) {
        QTest::newRow(name) << bytes << QString::fromUtf8(other) << kind << QString::fromUtf8(says);
    };
    row("empty folder", {}, "", notChroma, "is empty");
    row("other files", {}, "notes.txt", notChroma, "no file chroma.sqlite3");
    row("Parquet", {}, "chroma-collections.parquet", notChroma, "before 0.4");
    row("DuckDB", {}, "chroma.duckdb", notChroma, "chroma-migrate");
    row("old index", {}, "index/id_to_uuid_1.pkl", notChroma, "chroma-migrate");
    row("one level up", {}, "chroma_db/chroma.sqlite3", notChroma, "chroma_db in it is one");
    row("0 bytes", QByteArray(""), "", notChroma, "is empty (0 bytes)");
    row("Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "", notChroma,
        "git lfs pull");
    row("text", "Dear diary,\nthis is no database, d\xc3\xa9j\xc3\xa0 vu.\n", "", notChroma, "text file");
    row("encrypted", noise, "", notChroma, "encrypted");
    row("zeros", QByteArray(8192, '\0'), "", notChroma, "zero bytes");
    row("zstd", QByteArray("\x28\xb5\x2f\xfd") + noise, "", notChroma, "zstd archive");
    row("gzip", QByteArray("\x1f\x8b\x08") + noise, "", notChroma, "gzip archive");
    row("zip", QByteArray("PK\x03\x04") + noise, "", notChroma, "zip archive");
    row("tar", tar, "", notChroma, "tar archive");
    row("two bytes", QByteArray("SQ"), "", notChroma, "text file");
    row("binary", QByteArray(600, '\x01'), "", notChroma, "not a SQLite database");
    row("magic alone", QByteArray("SQLite format 3\0", 16), "", int(ErrorKind::Corrupt), "header");
}

void TestPersistDir::whatIsNoChromaDirectoryIsSaid()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, other);
    const QTemporaryDir room;
    if (!bytes.isNull())
        write(database(room.path()), bytes);
    if (!other.isEmpty()) {
        QVERIFY(QDir().mkpath(QFileInfo(room.filePath(other)).absolutePath()));
        write(room.filePath(other), "x");
    }
    const auto before = support::DirState::of(room.path());
    const auto directory = PersistDir::open(room.path());
    QFETCH(int, kind);
    VERIFY_ERROR(directory, kind);
    QFETCH(QString, says);
    QVERIFY2(directory.error().sentence.contains(says), qPrintable(directory.error().sentence));
    VERIFY_SAME_DIR(before, room.path());
}

void TestPersistDir::missingPathIsNeverCreated()
{
    const QTemporaryDir room;
    for (const char* name : {"/none", "/none/chroma.sqlite3", "/deep/er/none"})
        VERIFY_ERROR(PersistDir::open(room.path() + QLatin1String(name)), ErrorKind::NotFound);
    QVERIFY(QDir(room.path()).isEmpty());
    VERIFY_ERROR(PersistDir::open(QString()), ErrorKind::Invalid);
    write(room.filePath(QStringLiteral("file")), "x");
    VERIFY_ERROR(PersistDir::open(room.filePath(QStringLiteral("file"))), ErrorKind::NotChroma);
    QVERIFY(QDir(room.path()).mkpath(QStringLiteral("odd/chroma.sqlite3")));
    VERIFY_ERROR(PersistDir::open(room.filePath(QStringLiteral("odd"))), ErrorKind::NotChroma);
    QVERIFY(QFile::link(room.filePath(QStringLiteral("gone")), room.filePath(QStringLiteral("dangling"))));
    VERIFY_ERROR(PersistDir::open(room.filePath(QStringLiteral("dangling"))), ErrorKind::NotFound);
}

void TestPersistDir::everyFormOfPathOpens_data()
{
    QTest::addColumn<QString>("folder");
    for (const char* name : {"plain", "with space", "what?", "a#b", "50%", "%20", "%1 %2", "ünï/ćødé 数据 😀",
                             "file:x", "semi;colon", "quote'\"", "-leading", "amp&mode=rwc", "back\\slash"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestPersistDir::everyFormOfPathOpens()
{
    QFETCH(QString, folder);
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const QTemporaryDir room;
    const QString path = room.filePath(folder);
    QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
    QVERIFY(QDir().rename(fixture->path(), path));
    const auto before = support::DirState::of(room.path());
    for (const QString& form : {path, path + QLatin1Char('/'), path + QStringLiteral("/./"), database(path),
                                QDir::current().relativeFilePath(path)}) {
        const auto directory = PersistDir::open(form);
        VERIFY_OK(directory);
        QCOMPARE(directory->path(), path);
        QCOMPARE(directory->databasePath(), database(path));
        const auto connection = directory->connect();
        VERIFY_OK(connection);
        QCOMPARE(number(*connection, "SELECT count(*) FROM collections").value_or(-1), 3);
    }
    VERIFY_SAME_DIR(before, room.path());

    // A link to the folder, and a folder whose database is a link elsewhere.
    const QString link = room.filePath(QStringLiteral("a link"));
    QVERIFY(QFile::link(path, link));
    QCOMPARE(recordsSeen(link), 6);
    const QString linked = room.filePath(QStringLiteral("linked database"));
    QVERIFY(QDir().mkpath(linked));
    QVERIFY(QFile::link(database(path), database(linked)));
    QCOMPARE(recordsSeen(linked), 6);
}

void TestPersistDir::releasesAreNamed_data()
{
    QTest::addColumn<QString>("fixture");
    QTest::addColumn<QString>("release");
    QTest::addColumn<bool>("rust");
    const auto row = [](const char* fixture, const char* release, bool rust) {
        QTest::newRow(fixture) << QString::fromUtf8(fixture) << QString::fromUtf8(release) << rust;
    };
    row("small-0.4.0", "Chroma 0.4.0", false);
    row("py-0.4.3", "Chroma 0.4.0 to 0.4.3", false);
    row("rich-0.4.24", "Chroma 0.4.15 to 0.4.24", false);
    row("py-0.5.6", "Chroma 0.5.6 to 0.6.3", false);
    row("rich-0.5.23", "Chroma 0.5.6 to 0.6.3", false);
    row("rich-0.6.3", "Chroma 0.5.6 to 0.6.3", false);
    row("rich-1.0.20", "Chroma 1.0.0 to 1.2.x", true);
    row("rich-1.3.7", "Chroma 1.3.0 to 1.4.x", true);
    row("v-1.3.0", "Chroma 1.5.0 or newer", true);
    row("rich-1.5.9", "Chroma 1.5.0 or newer", true);
    row("up-0.6.3-1.5.9", "Chroma 1.5.0 or newer", true);
}

void TestPersistDir::releasesAreNamed()
{
    QFETCH(QString, fixture);
    const auto opened = support::openFixture(fixture);
    VERIFY_OK(opened);
    const auto directory = PersistDir::open(opened->path());
    VERIFY_OK(directory);
    QTEST(directory->generation().name, "release");
    QTEST(directory->generation().openedByRust, "rust");
    QCOMPARE(directory->generation().rustStarts > 0, directory->generation().openedByRust);
    QCOMPARE(directory->generation().knownHashes, fixture != QStringLiteral("small-0.4.0"));
    QVERIFY(!directory->generation().newerThanKnown);
    // Levels that no fixture has.
    QCOMPARE(releaseRange({3, 2, 1}, false), QStringLiteral("Chroma 0.4.4 to 0.4.5"));
    QCOMPARE(releaseRange({3, 3, 1}, false), QStringLiteral("Chroma 0.4.6 to 0.4.14"));
    QCOMPARE(releaseRange({5, 3, 1}, false), QStringLiteral("Chroma 0.5.0"));
    QCOMPARE(releaseRange({6, 3, 1}, false), QStringLiteral("Chroma 0.5.1 to 0.5.3"));
    QCOMPARE(releaseRange({7, 3, 1}, false), QStringLiteral("Chroma 0.5.4 to 0.5.5"));
    QCOMPARE(releaseRange({10, 6, 3}, true), QStringLiteral("a Chroma newer than 1.5.9"));
    QVERIFY(releaseRange({8, 3, 1}, false).contains(QStringLiteral("between")));
    QVERIFY(releaseRange({9, 4, 2}, true).contains(QStringLiteral("did not finish")));
}

void TestPersistDir::oddMigrationsAreSaid_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<bool>("newer");
    QTest::addColumn<bool>("known");
    const auto row = [](const char* name, const char* sql, const char* code, bool newer, bool known) {
        QTest::newRow(name) << QByteArray(sql) << QByteArray(code) << newer << known;
    };
    row("a newer one", "INSERT INTO migrations VALUES('metadb',7,'7','','')", "newer-than-known", true, true);
    row("a foreign folder", "INSERT INTO migrations VALUES('ours',1,'1','','')", "", false, true);
    row("an altered text", "UPDATE migrations SET sql=sql||' ' WHERE dir='sysdb' AND version=2",
        "migration-altered", false, false);
    row("an altered hash", "UPDATE migrations SET hash='x' WHERE dir='sysdb' AND version=2",
        "migration-altered", false, false);
    row("CR LF", "UPDATE migrations SET sql=replace(sql,char(10),char(13)||char(10))", "", false, true);
    row("SHA-256", "UPDATE migrations SET hash=printf('%064d',1) WHERE dir='sysdb' AND version=2",
        "migration-sha256", false, false);
    row("a gap", "DELETE FROM migrations WHERE dir='sysdb' AND version=4", "migration-gap", false, true);
    row("no table", "DROP TABLE migrations", "missing-table", false, false);
}

void TestPersistDir::oddMigrationsAreSaid()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    QFETCH(QByteArray, sql);
    {
        const auto writer = openForWriting(fixture->path());
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute(sql.constData()));
    }
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    QTEST(directory->generation().newerThanKnown, "newer");
    QTEST(directory->generation().knownHashes, "known");
    QFETCH(QByteArray, code);
    QCOMPARE(directory->findings().size(), std::size_t(code.isEmpty() ? 0 : 1));
    if (!code.isEmpty())
        QCOMPARE(QByteArray::fromStdString(directory->findings().front().code), code);
}

void TestPersistDir::missingTablesAreSaid()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto writer = openForWriting(fixture->path());
    VERIFY_OK(writer);
    VERIFY_OK(writer->execute("DROP TABLE embeddings_queue; DROP TABLE tenants"));
    {
        const auto directory = PersistDir::open(fixture->path());
        VERIFY_OK(directory);
        QCOMPARE(directory->findings().size(), std::size_t(2));
        QVERIFY(directory->findings()[0].sentence.find("tenants") != std::string::npos);
    }
    for (const char* table : {"migrations", "collections", "segments", "embeddings", "embedding_metadata",
                              "embedding_metadata_array", "max_seq_id"})
        VERIFY_OK(writer->execute(("DROP TABLE " + std::string(table)).c_str()));
    const auto foreign = PersistDir::open(fixture->path());
    VERIFY_ERROR(foreign, ErrorKind::NotChroma);
    QVERIFY(foreign.error().sentence.contains(QStringLiteral("not one of Chroma")));
}

void TestPersistDir::hotJournalIsReadApart()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const QTemporaryDir room;
    const QString crashed = room.filePath(QStringLiteral("crashed"));
    {
        const auto writer = openForWriting(fixture->path());
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute(kSpill));
        copyFiles(fixture->path(), crashed,
                  {QStringLiteral("chroma.sqlite3"), QStringLiteral("chroma.sqlite3-journal")});
    }
    const auto before = support::DirState::of(crashed);
    {
        const auto directory = PersistDir::open(crashed);
        VERIFY_OK(directory);
        QCOMPARE(directory->route(), ReadRoute::Recovered);
        QCOMPARE(directory->findings().size(), std::size_t(1));
        QCOMPARE(directory->findings().front().code, std::string("interrupted-write"));
        const auto connection = directory->connect();
        VERIFY_OK(connection);
        QCOMPARE(number(*connection, "SELECT count(*) FROM embeddings").value_or(-1), 6);
        QVERIFY(!connection->hasTable("filler"));
        // The original is finished by someone else: the copy is no longer the truth.
        QVERIFY(QFile::remove(database(crashed) + QStringLiteral("-journal")));
        QVERIFY(QFile::copy(database(fixture->path()), crashed + QStringLiteral("/new")));
        QCOMPARE(std::rename(qPrintable(crashed + QStringLiteral("/new")), qPrintable(database(crashed))), 0);
        VERIFY_ERROR(directory->connect(), ErrorKind::Changed);
    }
    QVERIFY(!before.differences(support::DirState::of(crashed)).isEmpty()); // by the lines above only
}

void TestPersistDir::hotJournalWithoutRoomIsAnError()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const QTemporaryDir room;
    {
        const auto writer = openForWriting(fixture->path());
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute(kSpill));
        copyFiles(fixture->path(), room.path(),
                  {QStringLiteral("chroma.sqlite3"), QStringLiteral("chroma.sqlite3-journal")});
    }
    const auto before = support::DirState::of(room.path());
    const QByteArray temp = qgetenv("TMPDIR");
    const QByteArray cache = qgetenv("XDG_CACHE_HOME");
    qputenv("TMPDIR", "/dev/null/no");
    qputenv("XDG_CACHE_HOME", "/dev/null/no");
    const auto directory = PersistDir::open(room.path());
    temp.isEmpty() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", temp);
    cache.isEmpty() ? qunsetenv("XDG_CACHE_HOME") : qputenv("XDG_CACHE_HOME", cache);
    VERIFY_ERROR(directory, ErrorKind::NoSpace);
    VERIFY_SAME_DIR(before, room.path());
}

void TestPersistDir::liveWriterIsReadDirectly()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    // RESERVED: a transaction with a journal on disk, nothing spilled yet. Readers pass.
    LockHolder holder(fixture->path(), "BEGIN IMMEDIATE; DELETE FROM embeddings;");
    QVERIFY(holder.held());
    QVERIFY(QFile::exists(database(fixture->path()) + QStringLiteral("-journal")));
    const auto before = support::DirState::of(fixture->path());
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    QCOMPARE(directory->route(), ReadRoute::Direct);
    const auto connection = directory->connect();
    VERIFY_OK(connection);
    QCOMPARE(number(*connection, "SELECT count(*) FROM embeddings").value_or(-1), 6);
    VERIFY_SAME_DIR(before, fixture->path());
}

void TestPersistDir::liveWriterKilledIsReadApart()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    {
        LockHolder holder(fixture->path(), kSpill);
        QVERIFY(holder.held());
        holder.kill();
    }
    const auto before = support::DirState::of(fixture->path());
    QCOMPARE(recordsSeen(fixture->path()), 6);
    VERIFY_SAME_DIR(before, fixture->path());
}

void TestPersistDir::walWithoutShmIsReadApart()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const QTemporaryDir room;
    {
        const auto writer = openForWriting(fixture->path());
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; "
                                  "DELETE FROM embeddings WHERE id=1;"));
        copyFiles(fixture->path(), room.path(),
                  {QStringLiteral("chroma.sqlite3"), QStringLiteral("chroma.sqlite3-wal")});
    }
    const auto before = support::DirState::of(room.path());
    {
        const auto directory = PersistDir::open(room.path());
        VERIFY_OK(directory);
        QCOMPARE(directory->route(), ReadRoute::Recovered);
        const auto connection = directory->connect();
        VERIFY_OK(connection);
        QCOMPARE(number(*connection, "SELECT count(*) FROM embeddings").value_or(-1), 5);
    }
    VERIFY_SAME_DIR(before, room.path());
}

void TestPersistDir::walOfKilledWriterIsRead()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    {
        LockHolder holder(fixture->path(), "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; "
                                           "DELETE FROM embeddings WHERE id=1;");
        QVERIFY(holder.held());
        holder.kill();
    }
    QVERIFY(QFile::exists(database(fixture->path()) + QStringLiteral("-shm")));
    // Under root SQLite gives -wal and -shm the owner of the database, which they have: the time of that alone
    // moves.
    const auto before = support::DirState::of(fixture->path(), support::DirState::Times::OfContents);
    QCOMPARE(recordsSeen(fixture->path()), 5);
    const auto after = support::DirState::of(fixture->path(), support::DirState::Times::OfContents);
    QCOMPARE(before.differences(after), QStringList());
}

void TestPersistDir::liveWalIsRead()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    LockHolder holder(fixture->path(),
                      "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; "
                      "DELETE FROM embeddings WHERE id=1; BEGIN IMMEDIATE; DELETE FROM embeddings;");
    QVERIFY(holder.held());
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    QCOMPARE(directory->route(), ReadRoute::SharedWal);
    const QByteArray main = readAll(database(fixture->path()));
    const QByteArray wal = readAll(database(fixture->path()) + QStringLiteral("-wal"));
    QCOMPARE(recordsSeen(fixture->path()), 5);
    QCOMPARE(readAll(database(fixture->path())), main);
    QCOMPARE(readAll(database(fixture->path()) + QStringLiteral("-wal")), wal);
}

void TestPersistDir::walModeWithoutWalIsReadWithoutLocks()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    {
        const auto writer = openForWriting(fixture->path());
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute("PRAGMA journal_mode=WAL; DELETE FROM embeddings WHERE id=1;"));
    }
    QVERIFY(!QFile::exists(database(fixture->path()) + QStringLiteral("-wal")));
    const auto before = support::DirState::of(fixture->path());
    {
        const auto directory = PersistDir::open(fixture->path());
        VERIFY_OK(directory);
        QCOMPARE(directory->route(), ReadRoute::Immutable);
        const auto connection = directory->connect();
        VERIFY_OK(connection);
        QCOMPARE(number(*connection, "SELECT count(*) FROM embeddings").value_or(-1), 5);
        VERIFY_SAME_DIR(before, fixture->path());

        // A writer comes: the next connection must not be made on the old footing.
        const auto writer = openForWriting(fixture->path());
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute("DELETE FROM embeddings WHERE id=2;"));
        VERIFY_ERROR(directory->connect(), ErrorKind::Changed);
    }
}

void TestPersistDir::lockedDatabaseIsWaitedForBriefly()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    const auto connection = directory->connect();
    VERIFY_OK(connection);
    {
        LockHolder holder(fixture->path(), "BEGIN EXCLUSIVE");
        QVERIFY(holder.held());
        const auto before = support::DirState::of(fixture->path());
        QElapsedTimer clock;
        clock.start();
        const auto again = PersistDir::open(fixture->path());
        VERIFY_ERROR(again, ErrorKind::Busy);
        VERIFY_ERROR(ReadTransaction::begin(*connection), ErrorKind::Busy);
        QVERIFY2(clock.elapsed() >= 9000 && clock.elapsed() < 60'000,
                 qPrintable(QString::number(clock.elapsed())));
        QVERIFY2(again.error().sentence.contains(fixture->path()), qPrintable(again.error().sentence));
        VERIFY_SAME_DIR(before, fixture->path());
    }
    VERIFY_OK(ReadTransaction::begin(*connection)); // and goes on when the writer has finished
    VERIFY_OK(PersistDir::open(fixture->path()));
}

void TestPersistDir::readOnlyFolderIsRead()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto readOnly = QFile::ReadOwner | QFile::ExeOwner;
    const auto whole = readOnly | QFile::WriteOwner;
    QVERIFY(QFile::setPermissions(database(fixture->path()), QFile::ReadOwner));
    QVERIFY(QFile::setPermissions(fixture->path(), readOnly));
    const auto before = support::DirState::of(fixture->path());
    const qint64 records = recordsSeen(fixture->path());
    const QStringList changed = before.differences(support::DirState::of(fixture->path()));
    QVERIFY(QFile::setPermissions(fixture->path(), whole));
    QCOMPARE(records, 6);
    QCOMPARE(changed, QStringList());
}

void TestPersistDir::truncatedDatabaseKeepsItsReadableHalf()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    const QByteArray whole = readAll(database(fixture->path()));
    int opened = 0;
    for (qint64 size = 100; size < whole.size(); size += whole.size() / 23) {
        write(database(fixture->path()), whole.left(size));
        const auto directory = PersistDir::open(fixture->path());
        if (!directory) {
            QVERIFY2(directory.error().kind == ErrorKind::Corrupt ||
                         directory.error().kind == ErrorKind::NotChroma,
                     qPrintable(directory.error().sentence));
            continue;
        }
        QVERIFY(!directory->findings().empty());
        QCOMPARE(directory->findings().front().code, std::string("database-truncated"));
        const auto connection = directory->connect();
        VERIFY_OK(connection);
        const auto names = number(*connection, "SELECT count(name) FROM collections");
        opened += names && *names > 0;
    }
    QVERIFY2(opened > 5, qPrintable(QString::number(opened)));
}

void TestPersistDir::damagedBytesNeverCrash()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const QByteArray whole = readAll(database(fixture->path()));
    QRandomGenerator generator(11);
    for (int round = 0; round < 150; ++round) {
        QByteArray bytes = whole;
        // The first rounds aim at the header and the table of contents.
        const int reach = round < 60 ? 600 : int(bytes.size());
        for (int i = 0; i < 4; ++i)
            bytes[generator.bounded(reach)] = char(generator.bounded(256));
        write(database(fixture->path()), bytes);
        const auto directory = PersistDir::open(fixture->path());
        if (!directory)
            QVERIFY(directory.error().sentence.endsWith(QLatin1Char('.')));
    }
}

void TestPersistDir::replacedAndVanishedFilesAreNoticed()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    const auto connection = directory->connect();
    VERIFY_OK(connection);
    const QString aside = fixture->path() + QStringLiteral("/aside");
    QVERIFY(QFile::copy(database(fixture->path()), aside));
    QVERIFY(QFile::remove(database(fixture->path())));
    VERIFY_ERROR(directory->connect(), ErrorKind::NotFound);
    // What was opened goes on; the file is still there for whoever holds it.
    QCOMPARE(number(*connection, "SELECT count(*) FROM embeddings").value_or(-1), 6);
    QVERIFY(QFile::rename(aside, database(fixture->path())));
    VERIFY_ERROR(directory->connect(), ErrorKind::Changed);
    QVERIFY(QDir(fixture->path()).removeRecursively());
    VERIFY_ERROR(directory->connect(), ErrorKind::NotFound);
    QVERIFY(directory->fingerprint().files.empty());
    QCOMPARE(directory->bytesOnDisk(), 0);
}

void TestPersistDir::fingerprintTellsChanges()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    const Fingerprint first = directory->fingerprint();
    QVERIFY(first.files.size() > 10);
    QVERIFY(std::is_sorted(first.files.begin(), first.files.end(),
                           [](const auto& a, const auto& b) { return a.name < b.name; }));
    QVERIFY(first == directory->fingerprint());
    QCOMPARE(std::accumulate(first.files.begin(), first.files.end(), qint64(0),
                             [](qint64 sum, const auto& file) { return sum + file.size; }),
             directory->bytesOnDisk());
    const QString pickle =
        QDir(fixture->path())
            .filePath(std::find_if(first.files.begin(), first.files.end(), [](const auto& f) {
                          return f.name.endsWith(QStringLiteral(".pickle"));
                      })->name);
    write(pickle, readAll(pickle)); // the same bytes, a new time
    QVERIFY(!(first == directory->fingerprint()));
}

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() == 4 && arguments[1] == QStringLiteral("--hold"))
        return holdLock(arguments[2], arguments[3]);
    TestPersistDir test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_persist_dir.moc"
