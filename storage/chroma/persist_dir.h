// Recognises a Chroma persist directory, names the releases that can have written it, and opens its
// database without changing a byte: nothing is created, no mtime moves, a hot journal or a write-ahead
// file is read through (a private recovered copy where SQLite itself would have to write) or explained.
// Plain value; connections made from it belong to the thread that asked.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/generation.h"
#include "storage/chroma/read_route.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <QString>

#include <memory>
#include <vector>

class QTemporaryDir;

namespace storage {

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

    // A new read-only connection by the safe route. Errors: NotFound, Changed (replaced, or a writer began to
    // keep a write-ahead log: open the directory again), Busy, Io.
    [[nodiscard]] Result<Connection> connect() const;

    [[nodiscard]] QString segmentFolder(const std::string& segmentId) const; // may not exist
    [[nodiscard]] qint64 bytesOnDisk() const;      // whole directory, allocated or not
    [[nodiscard]] Fingerprint fingerprint() const; // as it stands now

private:
    PersistDir() = default;
    [[nodiscard]] Status locate(const QString& path);
    [[nodiscard]] Status readSchema();
    [[nodiscard]] Status stillTheSame() const;

    QString m_path;
    QString m_database;       // chroma.sqlite3 with links resolved: its side files stand beside that
    Fingerprint::File m_seen; // the database as it was when the route was chosen
    QString m_readPath;       // the database that is actually opened (original or recovered copy)
    std::shared_ptr<QTemporaryDir> m_recovered;
    ReadRoute m_route = ReadRoute::Direct;
    bool m_truncated = false;
    Generation m_generation;
    std::vector<Finding> m_findings;
};

} // namespace storage
