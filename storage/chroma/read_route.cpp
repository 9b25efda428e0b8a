#include "storage/chroma/read_route.h"

#include "storage/base/file_ops.h"
#include "storage/chroma/not_chroma.h"
#include "storage/chroma/sqlite.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtEndian>

#include <algorithm>

namespace storage {

namespace {

constexpr qsizetype kHeadBytes = 4096;
constexpr qsizetype kHeaderBytes = 100; // SQLite's database header

Error ioError(const QString& folder, const Error& cause)
{
    return {cause.kind == ErrorKind::Busy ? ErrorKind::Busy : ErrorKind::Io,
            cause.kind == ErrorKind::Busy
                ? QStringLiteral(
                      "The database in %1 is locked by another process that is writing to it. Try again "
                      "when that has finished.")
                      .arg(folder)
                : QStringLiteral("The file chroma.sqlite3 in %1 cannot be read.").arg(folder),
            cause.detail};
}

Result<QByteArray> readHead(const Connection& connection, qint64 size)
{
    QByteArray head(std::min<qint64>(kHeadBytes, size), '\0');
    if (head.isEmpty())
        return head;
    const auto bytes = std::as_writable_bytes(std::span(head.data(), std::size_t(head.size())));
    if (auto read = connection.readFile(0, bytes); !read)
        return pass(read);
    return head;
}

quint32 bigEndian32(const QByteArray& bytes, qsizetype at)
{
    return qFromBigEndian<quint32>(bytes.constData() + at);
}

// The fields of SQLite's header that decide (sqlite.org/fileformat2.html 1.3).
struct Header
{
    qint64 pageSize = 0;
    bool wal = false;
    qint64 pages = 0; // 0: the header does not say

    static std::optional<Header> parse(const QByteArray& head)
    {
        if (head.size() < kHeaderBytes)
            return std::nullopt;
        const quint16 size = qFromBigEndian<quint16>(head.constData() + 16);
        Header header;
        header.pageSize = size == 1 ? 65536 : size;
        if (header.pageSize < 512 || (header.pageSize & (header.pageSize - 1)) != 0)
            return std::nullopt;
        header.wal = head[18] == 2 || head[19] == 2;
        // The page count counts only when the version that wrote it is the last that changed the file.
        if (bigEndian32(head, 24) == bigEndian32(head, 92))
            header.pages = bigEndian32(head, 28);
        return header;
    }
};

// A rollback journal with a header that was not zeroed (SQLite's own test for a hot one).
bool journalHasHeader(const QString& journal)
{
    QFile file(journal);
    char first = 0;
    return file.open(QIODevice::ReadOnly) && file.getChar(&first) && first != 0;
}

class Chooser
{
public:
    Chooser(const QString& folder, const QString& database, int busyMs, Progress& progress)
        : m_folder(folder),
          m_database(database),
          m_busyMs(busyMs),
          m_progress(progress)
    {}

    [[nodiscard]] Result<RouteChoice> choose()
    {
        auto connection = Connection::open(m_database);
        if (!connection)
            return tl::unexpected<Error>(ioError(m_folder, connection.error()));
        // Under this lock no commit is half done, so header, size and journal belong together.
        auto lock = SharedLock::take(*connection, m_busyMs);
        if (!lock)
            return tl::unexpected<Error>(ioError(m_folder, lock.error()));
        auto size = connection->fileSize();
        if (!size)
            return tl::unexpected<Error>(ioError(m_folder, size.error()));
        auto head = readHead(*connection, *size);
        if (!head)
            return tl::unexpected<Error>(ioError(m_folder, head.error()));
        const bool zeroed = *size > 0 && journalHasHeader(side("-journal"));
        if (!hasSqliteMagic(*head) && !zeroed)
            return tl::unexpected<Error>(explainFile(m_folder, *head, *size));
        return byMode(*connection, *head, *size);
    }

private:
    [[nodiscard]] QString side(const char* suffix) const { return m_database + QLatin1String(suffix); }

    [[nodiscard]] Result<RouteChoice> byMode(const Connection& connection, const QByteArray& head,
                                             qint64 size)
    {
        auto writer = connection.writerActive();
        if (!writer)
            return tl::unexpected<Error>(ioError(m_folder, writer.error()));
        if (!*writer && journalHasHeader(side("-journal")))
            return recovered(connection, size, "-journal");
        const auto header = Header::parse(head);
        if (!header)
            return fail(ErrorKind::Corrupt,
                        QStringLiteral("The header of chroma.sqlite3 in %1 is damaged.").arg(m_folder));
        if (header->wal && QFileInfo(side("-wal")).size() > 0) {
            if (!QFileInfo::exists(side("-shm")))
                return recovered(connection, size, "-wal");
            return RouteChoice{.route = ReadRoute::SharedWal, .readPath = m_database};
        }
        RouteChoice choice{.route = header->wal ? ReadRoute::Immutable : ReadRoute::Direct,
                           .readPath = m_database};
        if (header->pages * header->pageSize > size)
            noteTruncated(choice, size, header->pages * header->pageSize);
        return choice;
    }

    void noteTruncated(RouteChoice& choice, qint64 size, qint64 wanted) const
    {
        choice.truncated = true;
        const QString sentence =
            QStringLiteral("chroma.sqlite3 is cut short: %1 of %2 bytes are there. What can "
                           "still be read is shown; the rest is missing.")
                .arg(size)
                .arg(wanted);
        choice.findings.push_back({"database-truncated", Severity::Error, {}, sentence.toStdString()});
    }

    // Where a copy fits: the system's temporary folder, else the user's cache.
    [[nodiscard]] Result<QString> roomFor(qint64 bytes) const
    {
        const qint64 wanted = bytes + bytes / 8 + (1 << 20); // SQLite's own journal while it plays back
        for (const QString& place :
             {QDir::tempPath(), QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)}) {
            if (place.isEmpty() || !QDir().mkpath(place))
                continue;
            if (const auto free = FileOps::freeBytes(place); free && *free >= wanted)
                return place;
        }
        return fail(
            ErrorKind::NoSpace,
            QStringLiteral("A write to %1 was interrupted. To read the database it must be copied and "
                           "recovered apart, which needs %2 MB in the temporary folder %3; that is not free.")
                .arg(m_folder, QString::number(wanted / 1'000'000 + 1), QDir::tempPath()));
    }

    // Copies database and side file while the SHARED lock of choose() is held, then lets SQLite recover the
    // copy.
    [[nodiscard]] Result<RouteChoice> recovered(const Connection& connection, qint64 size, const char* suffix)
    {
        auto place = roomFor(size + QFileInfo(side(suffix)).size());
        if (!place)
            return pass(place);
        auto copy = std::make_shared<QTemporaryDir>(*place + QStringLiteral("/chromakeep-XXXXXX"));
        if (!copy->isValid())
            return fail(ErrorKind::Io, QStringLiteral("No private folder can be made in %1.").arg(*place),
                        copy->errorString());
        const QString target = copy->filePath(QStringLiteral("chroma.sqlite3"));
        if (auto done = copyDatabase(connection, size, target); !done)
            return pass(done);
        if (!QFile::copy(side(suffix), target + QLatin1String(suffix)))
            return fail(ErrorKind::Io,
                        QStringLiteral("The file %1 cannot be copied to read it.").arg(side(suffix)));
        if (auto done = playBack(target); !done)
            return pass(done);
        RouteChoice choice{.route = ReadRoute::Recovered, .readPath = target, .copy = std::move(copy)};
        choice.findings.push_back(interrupted(suffix));
        return choice;
    }

    [[nodiscard]] Status copyDatabase(const Connection& connection, qint64 size, const QString& target)
    {
        constexpr qint64 kBlock = 1 << 20;
        auto file = FileOps().create(target);
        if (!file)
            return pass(file);
        QByteArray block(kBlock, Qt::Uninitialized);
        for (qint64 at = 0; at < size; at += kBlock) {
            if (m_progress.cancelled())
                return cancelledError();
            m_progress.report(at, size, QStringLiteral("Copying the database to recover it"));
            const auto bytes =
                std::as_writable_bytes(std::span(block.data(), std::size_t(std::min(kBlock, size - at))));
            if (auto read = connection.readFile(at, bytes); !read)
                return tl::unexpected<Error>(ioError(m_folder, read.error()));
            if (auto written = file->write(bytes); !written)
                return written;
        }
        return file->close();
    }

    [[nodiscard]] Status playBack(const QString& target) const
    {
        auto connection = Connection::open(target, {.access = ConnectionOptions::Access::ReadWrite});
        auto done =
            connection ? connection->execute("SELECT count(*) FROM sqlite_master; PRAGMA journal_mode=DELETE")
                       : Status(tl::unexpected<Error>(connection.error()));
        if (done)
            return done;
        return fail(
            ErrorKind::Corrupt,
            QStringLiteral("A write to the database in %1 was interrupted, and what it left cannot be played "
                           "back.")
                .arg(m_folder),
            done.error().detail);
    }

    [[nodiscard]] static Finding interrupted(const char* suffix)
    {
        const bool journal = std::string_view(suffix) == "-journal";
        return {
            "interrupted-write",
            Severity::Warning,
            {},
            journal
                ? "The last write to this directory was interrupted: chroma.sqlite3-journal is still there. "
                  "Shown is the state before that write, from a private copy; the directory was not changed."
                : "The last program that wrote to this directory ended without tidying up: "
                  "chroma.sqlite3-wal holds changes. Shown is the state with them, from a private copy; the "
                  "directory was not changed."};
    }

    QString m_folder;
    QString m_database;
    int m_busyMs;
    Progress& m_progress;
};

} // namespace

Result<RouteChoice> chooseReadRoute(const QString& folder, const QString& database, int busyMs,
                                    Progress& progress)
{
    return Chooser(folder, database, busyMs, progress).choose();
}

} // namespace storage
