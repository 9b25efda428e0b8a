// Recognises a Chroma persist directory, names the releases that can have written it, and opens its
// database without changing a byte: nothing is created, no mtime moves, a hot journal or a write-ahead
// file is read through (a private recovered copy where SQLite itself would have to write) or explained.
// Plain value; connections made from it belong to the thread that asked.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <QDateTime>
#include <QString>

#include <memory>
#include <vector>

class QTemporaryDir;

namespace storage {

// Rows per folder of table `migrations`; chroma-core/chroma, chromadb/migrations.
struct MigrationLevel
{
    int sysdb = 0;
    int metadb = 0;
    int queue = 0;
    auto operator<=>(const MigrationLevel&) const = default;
};

struct Generation
{
    MigrationLevel level;
    QString name;              // "Chroma 0.5.6 to 0.6.3"
    bool openedByRust = false; // table acquire_write: some Chroma 1.x opened it
    qint64 rustStarts = 0;
    bool newerThanKnown = false; // more migrations than we know: read with a notice, never written
    bool knownHashes = true;     // every known migration carries the text that Chroma shipped
};

// How the database is read.
enum class ReadRoute {
    Direct,    // mode=ro, ordinary short read locks
    SharedWal, // WAL mode with a live -wal and -shm
    Immutable, // WAL mode without -wal: SQLite would create files, so no locks are taken
    Recovered, // a private copy, where a hot journal or a -wal without -shm had to be replayed
};

// What a change looks like from outside: compare two of them.
struct Fingerprint
{
    struct File
    {
        QString name; // relative
        qint64 size = 0;
        qint64 modifiedNs = 0;
        quint64 inode = 0;
        bool operator==(const File&) const = default;
    };
    std::vector<File> files; // sorted by name: database, its side files, segment folders' files
    bool operator==(const Fingerprint&) const = default;
};

class PersistDir
{
public:
    // `path`: the directory or its chroma.sqlite3. Errors: NotFound, NotChroma (empty folder, no SQLite,
    // encrypted, Git-LFS pointer, the DuckDB/Parquet layout before 0.4: each said), Busy, Corrupt, Io.
    [[nodiscard]] static Result<PersistDir> open(const QString& path, Progress& progress = Progress::none());

    [[nodiscard]] const QString& path() const { return m_path; } // absolute, clean
    [[nodiscard]] QString databasePath() const;                  // of the original chroma.sqlite3
    [[nodiscard]] const Generation& generation() const { return m_generation; }
    [[nodiscard]] ReadRoute route() const { return m_route; }
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }

    // A new read-only connection by the safe route.
    [[nodiscard]] Result<Connection> connect() const;

    [[nodiscard]] QString segmentFolder(const std::string& segmentId) const; // may not exist
    [[nodiscard]] qint64 bytesOnDisk() const;      // whole directory, allocated or not
    [[nodiscard]] Fingerprint fingerprint() const; // as it stands now

private:
    PersistDir() = default;
    [[nodiscard]] Status chooseRoute(Progress& progress);
    [[nodiscard]] Status readGeneration();

    QString m_path;
    QString m_readPath; // the database that is actually opened (original or recovered copy)
    std::shared_ptr<QTemporaryDir> m_recovered;
    ReadRoute m_route = ReadRoute::Direct;
    Generation m_generation;
    std::vector<Finding> m_findings;
};

// Names the release range of a migration level; the table in chromadb's tagged migrations.
[[nodiscard]] QString releaseRange(const MigrationLevel& level, bool openedByRust);

} // namespace storage
