#include "storage/edit/collection_writer.h"

#include "storage/base/json_text.h"

#include <QRegularExpression>
#include <QUuid>

#include <algorithm>

namespace storage {

namespace {

constexpr auto kVectorType = "urn:chroma:segment/vector/hnsw-local-persisted";
constexpr auto kMetadataType = "urn:chroma:segment/metadata/sqlite";

QString shown(const std::string& text)
{
    return QString::fromStdString(text);
}

Status bindValue(Statement& row, int first, const MetaValue& value, bool hasBool)
{
    // str_value, int_value, float_value, bool_value: exactly one is set.
    const auto nullAll = [&] {
        for (int i = 0; i < (hasBool ? 4 : 3); ++i)
            row.bindNull(first + i);
    };
    nullAll();
    if (const auto* text = std::get_if<std::string>(&value))
        row.bind(first, std::string_view(*text));
    else if (const auto* integer = std::get_if<qint64>(&value))
        row.bind(first + 1, *integer);
    else if (const auto* real = std::get_if<double>(&value))
        row.bind(first + 2, *real);
    else if (const auto* flag = std::get_if<bool>(&value); flag && hasBool)
        row.bind(first + 3, qint64(*flag ? 1 : 0));
    else
        return fail(ErrorKind::Invalid, QStringLiteral("Collection metadata takes text, numbers and booleans only."));
    return {};
}

Status insertMetadata(const Connection& connection, const char* sql, const std::string& owner, const Metadata& metadata,
                      bool hasBool)
{
    auto row = connection.prepare(sql);
    if (!row)
        return pass(row);
    for (const MetaEntry& entry : metadata) {
        row->bind(0, std::string_view(owner)).bind(1, std::string_view(entry.key));
        if (auto bound = bindValue(*row, 2, entry.value, hasBool); !bound)
            return bound;
        if (auto inserted = row->run(); !inserted)
            return inserted;
        row->reset();
    }
    return {};
}

bool hasBoolColumn(const WriteSession& session)
{
    return session.level().sysdb >= 6;
}

Status writeCollectionMetadata(WriteSession& session, const std::string& id, const Metadata& metadata)
{
    const bool hasBool = hasBoolColumn(session);
    return insertMetadata(session.connection(),
                          hasBool ? "INSERT INTO collection_metadata(collection_id,key,str_value,int_value,float_value,"
                                    "bool_value) VALUES(?,?,?,?,?,?)"
                                  : "INSERT INTO collection_metadata(collection_id,key,str_value,int_value,float_value) "
                                    "VALUES(?,?,?,?,?)",
                          id, metadata, hasBool);
}

Status writeSegmentMetadata(WriteSession& session, const std::string& id, const Metadata& metadata)
{
    const bool hasBool = hasBoolColumn(session);
    return insertMetadata(session.connection(),
                          hasBool ? "INSERT INTO segment_metadata(segment_id,key,str_value,int_value,float_value,"
                                    "bool_value) VALUES(?,?,?,?,?,?)"
                                  : "INSERT INTO segment_metadata(segment_id,key,str_value,int_value,float_value) "
                                    "VALUES(?,?,?,?,?)",
                          id, metadata, hasBool);
}

// The form that every 1.x release reads rightly; schema_str stays NULL (chroma-format 5.4).
std::string configurationJson(const CollectionSpec& spec)
{
    std::string json = R"({"vector_index":{"hnsw":{"space":")";
    json += spaceName(spec.space);
    json += R"(","ef_construction":)" + std::to_string(spec.efConstruction);
    json += R"(,"ef_search":)" + std::to_string(spec.efSearch);
    json += R"(,"max_neighbors":)" + std::to_string(spec.maxNeighbors);
    json += R"(,"resize_factor":1.2,"sync_threshold":)" + std::to_string(spec.syncThreshold);
    json += R"(}},"embedding_function":)";
    json += spec.embeddingFunctionJson.empty() ? "null" : spec.embeddingFunctionJson;
    return json + "}";
}

// Python-era indexes take their settings from the VECTOR segment's metadata.
Metadata indexMetadata(const CollectionSpec& spec)
{
    return {{"hnsw:M", spec.maxNeighbors},
            {"hnsw:batch_size", spec.batchSize},
            {"hnsw:construction_ef", spec.efConstruction},
            {"hnsw:search_ef", spec.efSearch},
            {"hnsw:space", std::string(spaceName(spec.space))},
            {"hnsw:sync_threshold", spec.syncThreshold}};
}

Result<std::string> databaseId(const Connection& connection, const CollectionSpec& spec)
{
    auto query = connection.prepare("SELECT id FROM databases WHERE name=? AND tenant_id=?");
    if (!query)
        return pass(query);
    query->bind(0, std::string_view(spec.database)).bind(1, std::string_view(spec.tenant));
    auto row = query->step();
    if (!row)
        return pass(row);
    if (!*row)
        return fail(ErrorKind::NotFound, QStringLiteral("There is no database “%1” of tenant “%2”.")
                                             .arg(shown(spec.database), shown(spec.tenant)));
    return query->string(0);
}

Status refuseTakenName(const WriteSession& session, const std::string& name, const std::string& database)
{
    const bool scoped = session.level().sysdb >= 4;
    auto query = session.connection().prepare(scoped ? "SELECT 1 FROM collections WHERE name=? AND database_id=?"
                                                     : "SELECT 1 FROM collections WHERE name=?");
    if (!query)
        return pass(query);
    query->bind(0, std::string_view(name));
    if (scoped)
        query->bind(1, std::string_view(database));
    auto row = query->step();
    if (!row)
        return pass(row);
    if (*row)
        return fail(ErrorKind::Invalid,
                    QStringLiteral("A collection named “%1” is already there; nothing was changed.").arg(shown(name)));
    return {};
}

Status insertCollectionRow(WriteSession& session, const CollectionSpec& spec, const std::string& id,
                           const std::string& database, const std::string& topic)
{
    const Connection& connection = session.connection();
    if (session.level().sysdb < 4)
        return runSql(connection, "INSERT INTO collections(id,name,topic) VALUES(?,?,?)", [&](Statement& row) {
            row.bind(0, std::string_view(id)).bind(1, std::string_view(spec.name)).bind(2, std::string_view(topic));
        });
    if (session.level().sysdb < 5)
        return runSql(connection, "INSERT INTO collections(id,name,topic,database_id) VALUES(?,?,?,?)",
                      [&](Statement& row) {
                          row.bind(0, std::string_view(id)).bind(1, std::string_view(spec.name));
                          row.bind(2, std::string_view(topic)).bind(3, std::string_view(database));
                      });
    if (!session.isRustLevel())
        return runSql(connection, "INSERT INTO collections(id,name,database_id) VALUES(?,?,?)", [&](Statement& row) {
            row.bind(0, std::string_view(id)).bind(1, std::string_view(spec.name)).bind(2, std::string_view(database));
        });
    const std::string config = configurationJson(spec);
    return runSql(connection, "INSERT INTO collections(id,name,database_id,config_json_str) VALUES(?,?,?,?)",
                  [&](Statement& row) {
                      row.bind(0, std::string_view(id)).bind(1, std::string_view(spec.name));
                      row.bind(2, std::string_view(database)).bind(3, std::string_view(config));
                  });
}

Result<std::string> insertSegment(WriteSession& session, const char* type, const char* scope, const std::string& collection,
                                  const std::string& topic)
{
    const std::string id = newUuid();
    const bool hasTopic = session.level().sysdb < 5;
    auto inserted = runSql(session.connection(),
                           hasTopic ? "INSERT INTO segments(id,type,scope,collection,topic) VALUES(?,?,?,?,?)"
                                    : "INSERT INTO segments(id,type,scope,collection) VALUES(?,?,?,?)",
                           [&](Statement& row) {
                               row.bind(0, std::string_view(id)).bind(1, std::string_view(type));
                               row.bind(2, std::string_view(scope)).bind(3, std::string_view(collection));
                               if (hasTopic)
                                   row.bind(4, std::string_view(topic));
                           });
    if (!inserted)
        return pass(inserted);
    return id;
}

// "hnsw:space" and the like were copied to the segment when the index was made; Chroma's Python line compares them.
Status refuseIndexKeyChange(const Metadata& before, const Metadata& after)
{
    const auto differs = [](const Metadata& a, const Metadata& b) -> const MetaEntry* {
        for (const MetaEntry& entry : a)
            if (entry.key.starts_with("hnsw:"))
                if (const MetaValue* value = find(b, entry.key); !value || !(*value == entry.value))
                    return &entry;
        return nullptr;
    };
    const MetaEntry* entry = differs(before, after);
    if (!entry)
        entry = differs(after, before);
    if (!entry)
        return {};
    return fail(ErrorKind::Invalid,
                QStringLiteral("“%1” describes the index as it was built and cannot be changed here; nothing was changed.")
                    .arg(shown(entry->key)));
}

Result<Metadata> storedMetadata(const WriteSession& session, const std::string& id)
{
    const bool hasBool = hasBoolColumn(session);
    auto query = session.connection().prepare(
        hasBool ? "SELECT key,str_value,int_value,float_value,bool_value FROM collection_metadata WHERE collection_id=? "
                  "ORDER BY key"
                : "SELECT key,str_value,int_value,float_value,NULL FROM collection_metadata WHERE collection_id=? ORDER "
                  "BY key");
    if (!query)
        return pass(query);
    query->bind(0, std::string_view(id));
    Metadata metadata;
    while (true) {
        auto row = query->step();
        if (!row)
            return pass(row);
        if (!*row)
            break;
        MetaValue value;
        if (!query->isNull(1))
            value = query->string(1);
        else if (!query->isNull(4))
            value = query->integer(4) != 0;
        else if (!query->isNull(2))
            value = query->integer(2);
        else if (!query->isNull(3))
            value = query->real(3);
        metadata.push_back({query->string(0), std::move(value)});
    }
    std::sort(metadata.begin(), metadata.end(), [](const MetaEntry& a, const MetaEntry& b) { return a.key < b.key; });
    return metadata;
}

Status deleteRows(const Connection& connection, const char* sql, const std::string& key)
{
    return runSql(connection, sql, [&](Statement& row) { row.bind(0, std::string_view(key)); });
}

Status deleteRecords(const Connection& connection, const std::string& segment)
{
    const auto deleteFrom = [&](const char* table, const char* sql) {
        return connection.hasTable(table) ? deleteRows(connection, sql, segment) : Status();
    };
    for (const auto& done :
         {deleteFrom("embedding_metadata",
                     "DELETE FROM embedding_metadata WHERE id IN (SELECT id FROM embeddings WHERE segment_id=?)"),
          deleteFrom("embedding_metadata_array",
                     "DELETE FROM embedding_metadata_array WHERE id IN (SELECT id FROM embeddings WHERE segment_id=?)"),
          deleteFrom("embedding_fulltext_search",
                     "DELETE FROM embedding_fulltext_search WHERE rowid IN (SELECT id FROM embeddings WHERE segment_id=?)"),
          deleteFrom("embedding_fulltext",
                     "DELETE FROM embedding_fulltext WHERE rowid IN (SELECT id FROM embeddings WHERE segment_id=?)"),
          deleteFrom("embeddings", "DELETE FROM embeddings WHERE segment_id=?")})
        if (!done)
            return done;
    return {};
}

} // namespace

std::string newUuid()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

Status checkCollectionName(const std::string& name, const MigrationLevel& level)
{
    const std::size_t longest = level.metadb >= 5 ? 512 : 63;
    static const QRegularExpression characters(QStringLiteral("^[a-zA-Z0-9][a-zA-Z0-9._-]*[a-zA-Z0-9]$"));
    static const QRegularExpression address(QStringLiteral(R"(^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$)"));
    if (name.size() < 3 || name.size() > longest)
        return fail(ErrorKind::Invalid, QStringLiteral("A collection name has 3 to %1 characters.").arg(longest));
    if (!characters.match(shown(name)).hasMatch())
        return fail(ErrorKind::Invalid,
                    QStringLiteral("A collection name starts and ends with a letter or digit and holds only letters, "
                                   "digits, dots, hyphens and underscores."));
    if (name.find("..") != std::string::npos)
        return fail(ErrorKind::Invalid, QStringLiteral("A collection name holds no two dots in a row."));
    if (address.match(shown(name)).hasMatch())
        return fail(ErrorKind::Invalid, QStringLiteral("A collection name is no IP address."));
    return {};
}

Status checkCollectionMetadata(const Metadata& metadata, const MigrationLevel& level)
{
    for (const MetaEntry& entry : metadata) {
        const QString key = shown(entry.key);
        if (entry.key.empty() || entry.key[0] == '#' || entry.key[0] == '$' || entry.key.starts_with("chroma:"))
            return fail(ErrorKind::Invalid,
                        QStringLiteral("“%1” cannot be a key: Chroma keeps empty keys and those that begin with #, $ or "
                                       "chroma: for itself.")
                            .arg(key));
        const MetaType type = typeOf(entry.value);
        if (type == MetaType::Bool && level.sysdb < 6)
            return fail(ErrorKind::Invalid,
                        QStringLiteral("“%1” is a boolean, which collections of this generation cannot hold.").arg(key));
        if (type == MetaType::Null || type > MetaType::String)
            return fail(ErrorKind::Invalid,
                        QStringLiteral("“%1” must be text, a number or a boolean: Chroma's collection metadata holds no "
                                       "lists.")
                            .arg(key));
    }
    return {};
}

Result<std::string> createCollection(WriteSession& session, const CollectionSpec& spec)
{
    if (auto named = checkCollectionName(spec.name, session.level()); !named)
        return pass(named);
    if (auto checked = checkCollectionMetadata(spec.metadata, session.level()); !checked)
        return pass(checked);
    std::string database;
    if (session.level().sysdb >= 4) {
        auto found = databaseId(session.connection(), spec);
        if (!found)
            return found;
        database = *found;
    }
    if (auto free = refuseTakenName(session, spec.name, database); !free)
        return pass(free);
    const std::string id = newUuid();
    const std::string topic = "persistent://default/default/" + id;
    if (auto inserted = insertCollectionRow(session, spec, id, database, topic); !inserted)
        return pass(inserted);
    auto vector = insertSegment(session, kVectorType, "VECTOR", id, topic);
    if (!vector)
        return vector;
    if (auto metadata = insertSegment(session, kMetadataType, "METADATA", id, topic); !metadata)
        return metadata;
    if (auto written = writeCollectionMetadata(session, id, spec.metadata); !written)
        return pass(written);
    if (!session.isRustLevel())
        if (auto written = writeSegmentMetadata(session, *vector, indexMetadata(spec)); !written)
            return pass(written);
    return id;
}

Status renameCollection(WriteSession& session, const Collection& collection, const std::string& name)
{
    if (auto named = checkCollectionName(name, session.level()); !named)
        return named;
    if (auto free = refuseTakenName(session, name, collection.databaseId); !free)
        return free;
    auto renamed = runSql(session.connection(), "UPDATE collections SET name=? WHERE id=? AND name=?", [&](Statement& row) {
        row.bind(0, std::string_view(name)).bind(1, std::string_view(collection.id)).bind(2, std::string_view(collection.name));
    });
    if (renamed && session.connection().changes() != 1)
        return fail(ErrorKind::Changed,
                    QStringLiteral("The collection “%1” was renamed or deleted meanwhile; nothing was changed.")
                        .arg(shown(collection.name)));
    return renamed;
}

Status setCollectionMetadata(WriteSession& session, const Collection& collection, const Metadata& metadata)
{
    if (auto checked = checkCollectionMetadata(metadata, session.level()); !checked)
        return checked;
    auto stored = storedMetadata(session, collection.id);
    if (!stored)
        return pass(stored);
    if (*stored != collection.metadata)
        return fail(ErrorKind::Changed,
                    QStringLiteral("The metadata of “%1” changed since it was read; nothing was written. Reload and look "
                                   "again.")
                        .arg(shown(collection.name)));
    if (!session.isRustLevel())
        if (auto kept = refuseIndexKeyChange(*stored, metadata); !kept)
            return kept;
    if (auto cleared =
            deleteRows(session.connection(), "DELETE FROM collection_metadata WHERE collection_id=?", collection.id);
        !cleared)
        return cleared;
    return writeCollectionMetadata(session, collection.id, metadata);
}

Status deleteCollection(WriteSession& session, const Collection& collection)
{
    const Connection& connection = session.connection();
    for (const Segment& segment : collection.segments) {
        if (auto deleted = deleteRecords(connection, segment.id); !deleted)
            return deleted;
        for (const char* sql : {"DELETE FROM segment_metadata WHERE segment_id=?", "DELETE FROM max_seq_id WHERE segment_id=?",
                                "DELETE FROM segments WHERE id=?"})
            if (auto deleted = deleteRows(connection, sql, segment.id); !deleted)
                return deleted;
    }
    if (auto deleted = deleteRows(connection, "DELETE FROM collection_metadata WHERE collection_id=?", collection.id); !deleted)
        return deleted;
    if (auto deleted = deleteRows(connection, "DELETE FROM embeddings_queue WHERE topic=?", collection.topic); !deleted)
        return deleted;
    if (auto deleted = deleteRows(connection, "DELETE FROM collections WHERE id=?", collection.id); !deleted)
        return deleted;
    if (connection.changes() != 1)
        return fail(ErrorKind::Changed,
                    QStringLiteral("The collection “%1” is not there any more.").arg(shown(collection.name)));
    return guardLogNumbers(session);
}

Status createTenant(WriteSession& session, const std::string& name)
{
    if (session.level().sysdb < 4)
        return fail(ErrorKind::Unsupported, QStringLiteral("Directories written by Chroma before 0.4.15 have no tenants."));
    if (name.size() < 3)
        return fail(ErrorKind::Invalid, QStringLiteral("A tenant's name has at least 3 characters."));
    return runSql(session.connection(), "INSERT INTO tenants(id) VALUES(?)",
                  [&](Statement& row) { row.bind(0, std::string_view(name)); });
}

Status createDatabase(WriteSession& session, const std::string& tenant, const std::string& name)
{
    if (session.level().sysdb < 4)
        return fail(ErrorKind::Unsupported, QStringLiteral("Directories written by Chroma before 0.4.15 have no databases."));
    if (name.size() < 3)
        return fail(ErrorKind::Invalid, QStringLiteral("A database's name has at least 3 characters."));
    const std::string id = newUuid();
    auto inserted = runSql(session.connection(),
                           "INSERT INTO databases(id,name,tenant_id) SELECT ?,?,id FROM tenants WHERE id=?",
                           [&](Statement& row) {
                               row.bind(0, std::string_view(id)).bind(1, std::string_view(name)).bind(2, std::string_view(tenant));
                           });
    if (inserted && session.connection().changes() != 1)
        return fail(ErrorKind::NotFound, QStringLiteral("There is no tenant “%1”.").arg(shown(tenant)));
    return inserted;
}

Status deleteDatabase(WriteSession& session, const Database& database)
{
    auto query = session.connection().prepare("SELECT count(*) FROM collections WHERE database_id=?");
    if (!query)
        return pass(query);
    query->bind(0, std::string_view(database.id));
    auto row = query->step();
    if (!row)
        return pass(row);
    if (query->integer(0) > 0 || database.name == "default_database")
        return fail(ErrorKind::Invalid,
                    QStringLiteral("The database “%1” holds collections or is Chroma's default one; it was not deleted.")
                        .arg(shown(database.name)));
    return deleteRows(session.connection(), "DELETE FROM databases WHERE id=?", database.id);
}

Status guardLogNumbers(WriteSession& session)
{
    // Sequence ids are integers from 1.0 on and 8-byte big-endian blobs before.
    auto query = session.connection().prepare("SELECT typeof(seq_id), seq_id FROM max_seq_id");
    if (!query)
        return pass(query);
    qint64 highest = 0;
    while (true) {
        auto row = query->step();
        if (!row)
            return pass(row);
        if (!*row)
            break;
        qint64 value = query->integer(1);
        if (query->text(0) == "blob") {
            value = 0;
            for (const std::byte byte : query->blob(1))
                value = (value << 8) | qint64(byte);
        }
        highest = std::max(highest, value);
    }
    return runSql(session.connection(),
                  "INSERT INTO embeddings_queue(seq_id,operation,topic,id) SELECT ?1,3,'persistent://default/default/none',"
                  "'__none__' WHERE ?1 > (SELECT coalesce(max(seq_id),0) FROM embeddings_queue)",
                  [&](Statement& row) { row.bind(0, highest); });
}

} // namespace storage
