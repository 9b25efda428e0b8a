#include "storage/chroma/catalog.h"

#include "storage/base/file_ops.h"
#include "storage/chroma/value_columns.h"

#include <QDir>

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace storage {

namespace {

constexpr const char* kDefaultTenant = "default_tenant";
constexpr const char* kDefaultDatabase = "default_database";
constexpr const char* kDefaultDatabaseId = "00000000-0000-0000-0000-000000000000";

// The rows of the tables as they are, taken in one short transaction and put together afterwards.
struct Tables
{
    std::vector<std::string> tenants;
    std::vector<Database> databases;
    std::vector<Collection> collections;
    struct SegmentRow
    {
        Segment segment;
        std::string collection;
    };
    std::vector<SegmentRow> segments;
    std::unordered_map<std::string, Metadata> collectionMetadata;
    std::unordered_map<std::string, Metadata> segmentMetadata;
    std::unordered_map<std::string, qint64> maxSeqId;
    std::string topicPrefix = "persistent://default/default/";
};

std::string text(const Statement& row, int column)
{
    return column >= 0 ? row.string(column) : std::string();
}

// Runs `each` for every row of a query. A table that is missing has no rows: its absence is reported by the
// directory, and what stands in the others is still shown.
template <class Each>
Status forRows(const Connection& connection, const char* table, const char* sql, Each each)
{
    if (!connection.hasTable(table))
        return {};
    auto query = connection.prepare(sql);
    if (!query)
        return pass(query);
    while (true) {
        auto row = query->step();
        if (!row)
            return pass(row);
        if (!*row)
            return {};
        each(*query);
    }
}

Status readPlaces(const Connection& connection, Tables& tables)
{
    auto tenants = forRows(connection, "tenants", "SELECT id FROM tenants ORDER BY id",
                           [&](const Statement& row) { tables.tenants.push_back(row.string(0)); });
    if (!tenants)
        return tenants;
    return forRows(connection, "databases",
                   "SELECT id, name, tenant_id FROM databases ORDER BY tenant_id, name",
                   [&](const Statement& row) {
                       tables.databases.push_back({row.string(0), row.string(1), row.string(2)});
                   });
}

Status readCollections(const Connection& connection, Tables& tables)
{
    return forRows(connection, "collections", "SELECT * FROM collections", [&](const Statement& row) {
        Collection collection;
        collection.id = text(row, row.column("id"));
        collection.name = text(row, row.column("name"));
        collection.topic = text(row, row.column("topic"));                // until 0.4.24
        collection.databaseId = text(row, row.column("database_id"));     // since 0.4.15
        collection.configJson = text(row, row.column("config_json_str")); // since 0.5.4
        collection.schemaJson = text(row, row.column("schema_str"));      // since 1.3.0
        if (const int at = row.column("dimension"); at >= 0)
            collection.dimension = row.optionalInteger(at);
        tables.collections.push_back(std::move(collection));
    });
}

Status readSegments(const Connection& connection, Tables& tables)
{
    return forRows(connection, "segments", "SELECT id, type, scope, collection FROM segments ORDER BY id",
                   [&](const Statement& row) {
                       Segment segment{.id = row.string(0), .type = row.string(1), .scope = row.string(2)};
                       tables.segments.push_back({std::move(segment), row.string(3)});
                   });
}

// collection_metadata and segment_metadata are alike; bool_value came with 0.5.1.
Status readMetadata(const Connection& connection, const char* table, const char* sql,
                    std::unordered_map<std::string, Metadata>& into)
{
    return forRows(connection, table, sql, [&](const Statement& row) {
        const ValueColumns columns{row.column("str_value"), row.column("int_value"),
                                   row.column("float_value"), row.column("bool_value")};
        if (auto value = scalarValue(row, columns))
            setValue(into[row.string(0)], row.string(1), std::move(*value));
    });
}

Status readMaxSeqIds(const Connection& connection, Tables& tables)
{
    return forRows(connection, "max_seq_id", "SELECT segment_id, seq_id FROM max_seq_id",
                   [&](const Statement& row) {
                       if (const auto seqId = sequenceId(row, 1))
                           tables.maxSeqId.insert_or_assign(row.string(0), *seqId);
                   });
}

// Releases without the column "topic" make it of settings that are nearly always the defaults; a row of the
// log tells when they are not.
Status readTopicPrefix(const Connection& connection, Tables& tables)
{
    bool found = false;
    return forRows(connection, "embeddings_queue",
                   "SELECT topic FROM embeddings_queue ORDER BY seq_id DESC LIMIT 32",
                   [&](const Statement& row) {
                       const std::string topic = row.string(0);
                       const auto slash = topic.rfind('/');
                       const bool ours = !found && topic.rfind("persistent://", 0) == 0 &&
                                         std::any_of(tables.collections.begin(), tables.collections.end(),
                                                     [&](const Collection& collection) {
                                                         return topic.compare(slash + 1, std::string::npos,
                                                                              collection.id) == 0;
                                                     });
                       if (ours)
                           tables.topicPrefix = topic.substr(0, slash + 1);
                       found = found || ours;
                   });
}

Result<Tables> readTables(const Connection& connection)
{
    auto transaction = ReadTransaction::begin(connection);
    if (!transaction)
        return pass(transaction);
    Tables tables;
    if (auto read = readPlaces(connection, tables); !read)
        return pass(read);
    if (auto read = readCollections(connection, tables); !read)
        return pass(read);
    if (auto read = readSegments(connection, tables); !read)
        return pass(read);
    if (auto read =
            readMetadata(connection, "collection_metadata",
                         "SELECT collection_id, key, * FROM collection_metadata", tables.collectionMetadata);
        !read)
        return pass(read);
    if (auto read = readMetadata(connection, "segment_metadata",
                                 "SELECT segment_id, key, * FROM segment_metadata", tables.segmentMetadata);
        !read)
        return pass(read);
    if (auto read = readMaxSeqIds(connection, tables); !read)
        return pass(read);
    if (auto read = readTopicPrefix(connection, tables); !read)
        return pass(read);
    return tables;
}

// The segment folders as they stand on disk: name -> bytes.
struct Folder
{
    qint64 bytes = 0;
    qint64 headerBytes = -1; // -1: no header.bin
    bool pickle = false;
};

bool looksLikeUuid(const QString& name)
{
    constexpr qsizetype kLength = 36;
    if (name.size() != kLength)
        return false;
    for (qsizetype i = 0; i < kLength; ++i) {
        const char16_t c = name[i].unicode();
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
        if (dash ? c != u'-' : !hex)
            return false;
    }
    return true;
}

std::unordered_map<std::string, Folder> readFolders(const QString& root)
{
    std::unordered_map<std::string, Folder> folders;
    const FileOps files;
    for (const QString& name : files.list(root).value_or(std::vector<QString>())) {
        if (!looksLikeUuid(name))
            continue;
        const QString path = root + QLatin1Char('/') + name;
        auto names = files.list(path);
        if (!names)
            continue; // a file of that name
        Folder folder;
        for (const QString& file : *names) {
            const auto info = files.stat(path + QLatin1Char('/') + file);
            if (!info || info->kind != FileStat::Kind::File)
                continue;
            folder.bytes += info->size;
            folder.pickle = folder.pickle || file == QLatin1String("index_metadata.pickle");
            if (file == QLatin1String("header.bin"))
                folder.headerBytes = info->size;
        }
        folders.emplace(name.toStdString(), folder);
    }
    return folders;
}

// Puts the rows together and notes what does not fit.
class Assembler
{
public:
    Assembler(const PersistDir& directory, Tables tables)
        : m_directory(directory),
          m_tables(std::move(tables)),
          m_folders(readFolders(directory.path()))
    {}

    [[nodiscard]] Catalog assemble()
    {
        placeDefaults();
        indexSegments();
        for (Collection& collection : m_tables.collections)
            complete(collection);
        noteStraySegments();
        noteOrphanFolders();
        std::sort(m_tables.collections.begin(), m_tables.collections.end(),
                  [](const Collection& a, const Collection& b) {
                      return std::tie(a.tenant, a.database, a.name, a.id) <
                             std::tie(b.tenant, b.database, b.name, b.id);
                  });
        m_catalog.tenants = std::move(m_tables.tenants);
        m_catalog.databases = std::move(m_tables.databases);
        m_catalog.collections = std::move(m_tables.collections);
        return std::move(m_catalog);
    }

private:
    void note(const char* code, Severity severity, const std::string& collection, std::string sentence)
    {
        m_catalog.findings.push_back({code, severity, collection, std::move(sentence)});
    }

    // Before 0.4.15 there were neither tenants nor databases; Chroma puts everything into its defaults.
    void placeDefaults()
    {
        if (m_directory.generation().level.sysdb >= 4)
            return;
        if (m_tables.tenants.empty())
            m_tables.tenants.push_back(kDefaultTenant);
        if (m_tables.databases.empty())
            m_tables.databases.push_back({kDefaultDatabaseId, kDefaultDatabase, kDefaultTenant});
        for (Collection& collection : m_tables.collections)
            if (collection.databaseId.empty())
                collection.databaseId = kDefaultDatabaseId;
    }

    void indexSegments()
    {
        for (const Database& database : m_tables.databases)
            m_databases.emplace(database.id, &database);
        for (Tables::SegmentRow& row : m_tables.segments) {
            Segment& segment = row.segment;
            if (const auto it = m_tables.maxSeqId.find(segment.id); it != m_tables.maxSeqId.end())
                segment.maxSeqId = it->second;
            if (const auto it = m_folders.find(segment.id); it != m_folders.end()) {
                segment.folderExists = true;
                segment.bytes = it->second.bytes;
            }
            m_known.insert(segment.id);
            m_segments[row.collection].push_back(std::move(segment));
        }
    }

    void complete(Collection& collection)
    {
        place(collection);
        if (collection.topic.empty())
            collection.topic = m_tables.topicPrefix + collection.id;
        if (auto it = m_tables.collectionMetadata.find(collection.id);
            it != m_tables.collectionMetadata.end())
            collection.metadata = std::move(it->second);
        if (auto it = m_segments.find(collection.id); it != m_segments.end()) {
            collection.segments = std::move(it->second);
            m_segments.erase(it);
        }
        takeSettings(collection);
        checkSegments(collection);
    }

    void place(Collection& collection)
    {
        if (const auto it = m_databases.find(collection.databaseId); it != m_databases.end()) {
            collection.database = it->second->name;
            collection.tenant = it->second->tenant;
            return;
        }
        note("missing-database", Severity::Error, collection.id,
             "The collection \"" + collection.name + "\" belongs to a database that is not there (" +
                 collection.databaseId + "); Chroma does not list it.");
    }

    void takeSettings(Collection& collection)
    {
        const Segment* vectors = collection.segment("VECTOR");
        const auto legacy =
            vectors ? m_tables.segmentMetadata.find(vectors->id) : m_tables.segmentMetadata.end();
        const Metadata none;
        auto settings = collectionSettings(collection.configJson, collection.schemaJson,
                                           legacy == m_tables.segmentMetadata.end() ? none : legacy->second,
                                           !m_directory.generation().openedByRust);
        if (settings) {
            collection.index = settings->index;
            collection.embeddingFunction = settings->function.name;
            collection.model = settings->function.model;
        } else {
            note("undecodable-configuration", Severity::Error, collection.id,
                 "The collection \"" + collection.name + "\" is shown with default index settings. " +
                     settings.error().sentence.toStdString());
        }
        if (const MetaValue* model = find(collection.metadata, "model"))
            if (const auto* name = std::get_if<std::string>(model))
                collection.model = *name;
    }

    void checkSegments(const Collection& collection)
    {
        for (const char* scope : {"VECTOR", "METADATA"}) {
            const auto count = std::count_if(collection.segments.begin(), collection.segments.end(),
                                             [scope](const Segment& s) { return s.scope == scope; });
            if (count == 1)
                continue;
            note(count == 0 ? "missing-segment" : "double-segment", Severity::Error, collection.id,
                 "The collection \"" + collection.name + "\" has " + std::to_string(count) + " " + scope +
                     " segments instead of one; Chroma cannot use it.");
        }
        if (const Segment* vectors = collection.segment("VECTOR"))
            checkFolder(collection, *vectors);
    }

    void checkFolder(const Collection& collection, const Segment& segment)
    {
        const auto it = m_folders.find(segment.id);
        const bool persisted = segment.maxSeqId.value_or(0) > 0;
        const std::string title =
            "The vector segment of the collection \"" + collection.name + "\" (" + segment.id + ")";
        if (it == m_folders.end()) {
            if (persisted)
                note("missing-folder", Severity::Error, collection.id,
                     title + " has no folder, though vectors were written to it; only those still in the "
                             "write-ahead log can be shown.");
            return;
        }
        const Folder& folder = it->second;
        if (persisted && !folder.pickle)
            note("missing-pickle", Severity::Error, collection.id,
                 title + " has lost index_metadata.pickle. Opening the collection in Chroma would empty its "
                         "index: "
                         "make a backup first.");
        constexpr qint64 kHeaderBytes = 100;
        if (folder.headerBytes != kHeaderBytes && (folder.pickle || folder.headerBytes >= 0))
            note("header-size", Severity::Error, collection.id,
                 folder.headerBytes < 0 ? title + " has no header.bin."
                                        : title + " has a header.bin of " +
                                              std::to_string(folder.headerBytes) + " bytes instead of 100.");
    }

    void noteStraySegments()
    {
        for (const auto& [collection, segments] : m_segments)
            for (const Segment& segment : segments)
                note("stray-segment", Severity::Warning, {},
                     "The " + segment.scope + " segment " + segment.id +
                         " belongs to a collection that is not there (" + collection + ").");
    }

    void noteOrphanFolders()
    {
        std::vector<std::string> orphans;
        for (const auto& [name, folder] : m_folders)
            if (m_known.count(name) == 0)
                orphans.push_back(name);
        std::sort(orphans.begin(), orphans.end());
        for (const std::string& name : orphans)
            note("orphan-folder", Severity::Info, {},
                 "The folder " + name + " (" + std::to_string(m_folders[name].bytes) +
                     " bytes) belongs to no collection. Chroma leaves such folders behind when a collection "
                     "is "
                     "deleted.");
    }

    const PersistDir& m_directory;
    Tables m_tables;
    std::unordered_map<std::string, Folder> m_folders;
    std::unordered_map<std::string, std::vector<Segment>> m_segments; // by collection
    std::unordered_map<std::string, const Database*> m_databases;     // by id
    std::unordered_set<std::string> m_known;                          // every segment's id
    Catalog m_catalog;
};

} // namespace

Result<Catalog> readCatalog(const PersistDir& directory, const Connection& connection, Progress& progress)
{
    auto tables = readTables(connection);
    if (!tables)
        return pass(tables);
    if (progress.cancelled())
        return cancelledError();
    return Assembler(directory, std::move(*tables)).assemble();
}

Result<Collection> findCollection(const Catalog& catalog, const std::string& nameOrId,
                                  const std::string& tenant, const std::string& database)
{
    for (const Collection& collection : catalog.collections)
        if (collection.name == nameOrId && collection.tenant == tenant && collection.database == database)
            return collection;
    for (const Collection& collection : catalog.collections)
        if (collection.id == nameOrId)
            return collection;
    QStringList names;
    for (const Collection& collection : catalog.collections) {
        const QString name = QString::fromStdString(collection.name);
        if (collection.tenant == tenant && collection.database == database)
            names.append(name);
        else
            names.append(QStringLiteral("%1/%2/%3")
                             .arg(QString::fromStdString(collection.tenant),
                                  QString::fromStdString(collection.database), name));
    }
    constexpr qsizetype kShown = 20;
    if (names.size() > kShown)
        names = names.mid(0, kShown) << QStringLiteral("...");
    const QString there = names.isEmpty() ? QStringLiteral("The directory holds no collection")
                                          : QStringLiteral("There is: ") + names.join(QStringLiteral(", "));
    return fail(ErrorKind::NotFound,
                QStringLiteral("There is no collection \"%1\" in tenant \"%2\", database \"%3\". %4.")
                    .arg(QString::fromStdString(nameOrId), QString::fromStdString(tenant),
                         QString::fromStdString(database), there));
}

} // namespace storage
