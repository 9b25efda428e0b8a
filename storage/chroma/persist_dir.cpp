#include "storage/chroma/persist_dir.h"

#include "storage/base/file_ops.h"
#include "storage/chroma/not_chroma.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace storage {

namespace {

constexpr int kBusyMs = 5000; // Chroma's transactions last milliseconds, those of a bulk import seconds
const QString kDatabase = QStringLiteral("chroma.sqlite3");

std::optional<Fingerprint::File> look(const QString& path, const QString& name)
{
    const auto info = FileOps().stat(path);
    if (!info || info->kind != FileStat::Kind::File)
        return std::nullopt;
    return Fingerprint::File{name, info->size, info->modifiedNs, info->inode};
}

// A table that every directory of a level has.
struct Expected
{
    const char* table;
    int MigrationLevel::*folder;
    int from;
    int until = 1'000'000; // the level that drops it
};
constexpr std::array<Expected, 13> kExpected = {{{"collections", &MigrationLevel::sysdb, 1},
                                                 {"collection_metadata", &MigrationLevel::sysdb, 1},
                                                 {"segments", &MigrationLevel::sysdb, 2},
                                                 {"segment_metadata", &MigrationLevel::sysdb, 2},
                                                 {"tenants", &MigrationLevel::sysdb, 4},
                                                 {"databases", &MigrationLevel::sysdb, 4},
                                                 {"embeddings", &MigrationLevel::metadb, 1},
                                                 {"embedding_metadata", &MigrationLevel::metadb, 1},
                                                 {"max_seq_id", &MigrationLevel::metadb, 1},
                                                 {"embedding_fulltext", &MigrationLevel::metadb, 1, 3},
                                                 {"embedding_fulltext_search", &MigrationLevel::metadb, 3},
                                                 {"embedding_metadata_array", &MigrationLevel::metadb, 6},
                                                 {"embeddings_queue", &MigrationLevel::queue, 1}}};

Result<std::set<std::string>> tableNames(const Connection& connection)
{
    auto query = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'");
    if (!query)
        return pass(query);
    std::set<std::string> names;
    while (true) {
        auto row = query->step();
        if (!row)
            return pass(row);
        if (!*row)
            return names;
        names.insert(query->string(0));
    }
}

bool hasChromaTable(const std::set<std::string>& tables)
{
    // Names that only Chroma uses together with its migrations; a stray "collections" is not enough.
    return std::any_of(kExpected.begin(), kExpected.end(),
                       [&](const Expected& e) { return tables.count(e.table) > 0; }) &&
           (tables.count("migrations") > 0 || tables.count("embeddings_queue") > 0 ||
            tables.count("embedding_metadata") > 0);
}

void noteMissingTables(const std::set<std::string>& tables, const MigrationLevel& level,
                       std::vector<Finding>& findings)
{
    const bool unknown = level == MigrationLevel();
    for (const Expected& expected : kExpected) {
        const int have = level.*(expected.folder);
        const bool wanted = unknown ? expected.from <= 2 && expected.until > 10 // every release has it
                                    : have >= expected.from && have < expected.until;
        if (!wanted || tables.count(expected.table) > 0)
            continue;
        findings.push_back({"missing-table",
                            Severity::Error,
                            {},
                            std::string("The table ") + expected.table +
                                " is missing from chroma.sqlite3; what depends on it cannot be shown."});
    }
}

} // namespace

Result<PersistDir> PersistDir::open(const QString& path, Progress& progress)
{
    PersistDir directory;
    if (auto located = directory.locate(path); !located)
        return pass(located);
    auto choice = chooseReadRoute(directory.m_path, directory.m_database, kBusyMs, progress);
    if (!choice)
        return pass(choice);
    directory.m_route = choice->route;
    directory.m_readPath = choice->readPath;
    directory.m_recovered = std::move(choice->copy);
    directory.m_truncated = choice->truncated;
    directory.m_findings = std::move(choice->findings);
    if (auto read = directory.readSchema(); !read)
        return pass(read);
    return directory;
}

Status PersistDir::locate(const QString& path)
{
    if (path.isEmpty())
        return fail(ErrorKind::Invalid, QStringLiteral("No directory was named."));
    QFileInfo info(QDir::cleanPath(QFileInfo(path).absoluteFilePath()));
    if (info.isFile() && info.fileName() == kDatabase)
        info = QFileInfo(info.absolutePath());
    m_path = info.absoluteFilePath();
    if (!info.exists())
        return fail(ErrorKind::NotFound, QStringLiteral("There is no directory %1.").arg(m_path));
    if (!info.isDir())
        return fail(ErrorKind::NotChroma,
                    QStringLiteral("%1 is a file; a Chroma directory is a folder that holds "
                                   "chroma.sqlite3.")
                        .arg(m_path));
    const QFileInfo database(databasePath());
    if (!database.exists() && !database.isSymLink())
        return tl::unexpected<Error>(explainFolder(m_path));
    if (!database.isFile())
        return fail(ErrorKind::NotChroma, QStringLiteral("%1 is not a regular file.").arg(databasePath()));
    if (!database.isReadable())
        return fail(ErrorKind::Io, QStringLiteral("You have no permission to read %1.").arg(databasePath()));
    m_database = database.canonicalFilePath();
    if (const auto seen = look(m_database, kDatabase))
        m_seen = *seen;
    return {};
}

Status PersistDir::readSchema()
{
    auto connection = connect();
    if (!connection)
        return pass(connection);
    auto tables = tableNames(*connection);
    if (!tables) {
        Error error = std::move(tables.error());
        if (error.kind == ErrorKind::Corrupt)
            error.sentence =
                QStringLiteral("chroma.sqlite3 in %1 is damaged: its table of contents cannot be "
                               "read.")
                    .arg(m_path);
        return tl::unexpected<Error>(std::move(error));
    }
    if (!hasChromaTable(*tables))
        return fail(
            ErrorKind::NotChroma,
            QStringLiteral("chroma.sqlite3 in %1 is a SQLite database, but not one of Chroma: its tables are "
                           "not there.")
                .arg(m_path));
    auto generation = storage::readGeneration(*connection, m_findings);
    if (!generation)
        return pass(generation);
    m_generation = std::move(*generation);
    noteMissingTables(*tables, m_generation.level, m_findings);
    return {};
}

QString PersistDir::databasePath() const
{
    return m_path + QLatin1Char('/') + kDatabase;
}

// The route was chosen for the file as it stood. Ordinary commits are fine, another file or mode is not.
Status PersistDir::stillTheSame() const
{
    const auto now = look(m_database, kDatabase);
    if (!now)
        return fail(ErrorKind::NotFound, QStringLiteral("%1 is no longer there.").arg(databasePath()));
    const bool frozen = m_route == ReadRoute::Recovered || m_route == ReadRoute::Immutable;
    const bool walAppeared =
        m_route == ReadRoute::Immutable && QFileInfo(m_database + QStringLiteral("-wal")).size() > 0;
    if (now->inode != m_seen.inode || (frozen && *now != m_seen) || walAppeared)
        return fail(
            ErrorKind::Changed,
            QStringLiteral("%1 was changed or replaced since it was opened; open the directory again.")
                .arg(databasePath()));
    return {};
}

Result<Connection> PersistDir::connect() const
{
    if (auto same = stillTheSame(); !same)
        return pass(same);
    ConnectionOptions options;
    options.immutable = m_route == ReadRoute::Immutable;
    options.readOnlyShm = m_route == ReadRoute::SharedWal;
    options.damaged = m_truncated;
    options.busyTimeoutMs = kBusyMs;
    auto connection = Connection::open(m_readPath, options);
    if (!connection && connection.error().kind == ErrorKind::Io)
        connection.error().sentence = QStringLiteral("%1 cannot be opened.").arg(databasePath());
    return connection;
}

QString PersistDir::segmentFolder(const std::string& segmentId) const
{
    return m_path + QLatin1Char('/') + QString::fromStdString(segmentId);
}

qint64 PersistDir::bytesOnDisk() const
{
    qint64 bytes = 0;
    QDirIterator it(m_path, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        it.next();
        bytes += it.fileInfo().size();
    }
    return bytes;
}

Fingerprint PersistDir::fingerprint() const
{
    Fingerprint fingerprint;
    const auto add = [&](const QString& path, const QString& name) {
        if (auto file = look(path, name))
            fingerprint.files.push_back(std::move(*file));
    };
    add(m_database, kDatabase);
    for (const char* suffix : {"-journal", "-wal", "-shm"})
        add(m_database + QLatin1String(suffix), kDatabase + QLatin1String(suffix));
    const auto names = FileOps().list(m_path);
    for (const QString& name : names.value_or(std::vector<QString>())) {
        constexpr qsizetype kUuidLength = 36;
        if (name.size() != kUuidLength)
            continue;
        const QString folder = m_path + QLatin1Char('/') + name;
        for (const QString& file : FileOps().list(folder).value_or(std::vector<QString>()))
            add(folder + QLatin1Char('/') + file, name + QLatin1Char('/') + file);
    }
    std::sort(fingerprint.files.begin(), fingerprint.files.end(),
              [](const Fingerprint::File& a, const Fingerprint::File& b) { return a.name < b.name; });
    return fingerprint;
}

} // namespace storage
