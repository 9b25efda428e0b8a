#include "storage/edit/record_writer.h"

#include "storage/base/json_text.h"
#include "storage/edit/collection_writer.h"

#include <cmath>

namespace storage {

namespace {

tl::unexpected<Error> invalid(const RecordChange& change, const QString& why)
{
    return fail(ErrorKind::Invalid, QStringLiteral("The record “%1” %2 Nothing was written.")
                                        .arg(QString::fromStdString(change.id).left(200), why));
}

Status checkVector(const RecordChange& change, std::optional<qint64> dimension)
{
    using Operation = RecordChange::Operation;
    const bool needed = change.operation == Operation::Add || change.operation == Operation::Upsert;
    if (!change.vector)
        return needed ? Status(invalid(change, QStringLiteral("has no embedding."))) : Status();
    if (change.vector->empty())
        return invalid(change, QStringLiteral("has an empty embedding."));
    if (dimension && qint64(change.vector->size()) != *dimension)
        return invalid(change, QStringLiteral("has %1 dimensions; the collection has %2.")
                                   .arg(change.vector->size())
                                   .arg(*dimension));
    for (const float x : *change.vector)
        if (!std::isfinite(x))
            return invalid(change, QStringLiteral("has an embedding with a value that is no finite number."));
    return {};
}

Status checkMetadata(const RecordChange& change, const MigrationLevel& level)
{
    for (const MetaEntry& entry : change.metadata) {
        const QString key = QString::fromStdString(entry.key);
        if (entry.key.empty() || entry.key[0] == '#' || entry.key[0] == '$' || entry.key.starts_with("chroma:"))
            return invalid(change, QStringLiteral("has the key “%1”, which Chroma forbids.").arg(key));
        const MetaType type = typeOf(entry.value);
        if (type == MetaType::Bool && level.metadb < 2)
            return invalid(change, QStringLiteral("has a boolean under “%1”, which this generation cannot hold.").arg(key));
        if (type > MetaType::String && level.metadb < 6)
            return invalid(change, QStringLiteral("has a list under “%1”; lists are held from Chroma 1.5 on.").arg(key));
        if (const auto* real = std::get_if<double>(&entry.value); real && !std::isfinite(*real))
            return invalid(change, QStringLiteral("has a number under “%1” that JSON cannot carry.").arg(key));
    }
    return {};
}

// The log's metadata column: user keys, then Chroma's own two; a null removes a key. NULL where there is nothing, as
// Python writes it; Rust reads that too.
std::optional<std::string> metadataJson(const RecordChange& change)
{
    if (change.metadata.empty() && !change.document && !change.uri)
        return std::nullopt;
    std::string json = "{";
    const auto comma = [&] { json += json.size() > 1 ? "," : ""; };
    for (const MetaEntry& entry : change.metadata) {
        comma();
        appendJson(json, std::string_view(entry.key));
        json += ':';
        appendJson(json, entry.value);
    }
    if (change.document) {
        comma();
        json += R"("chroma:document":)";
        appendJson(json, std::string_view(*change.document));
    }
    if (change.uri) {
        comma();
        json += R"("chroma:uri":)";
        appendJson(json, std::string_view(*change.uri));
    }
    return json + "}";
}

Status append(Statement& row, const Collection& collection, const RecordChange& change)
{
    row.bind(0, qint64(change.operation)).bind(1, std::string_view(collection.topic)).bind(2, std::string_view(change.id));
    if (change.vector && change.operation != RecordChange::Operation::Delete)
        row.bindBlob(3, std::as_bytes(std::span(*change.vector))).bind(4, std::string_view("FLOAT32"));
    else
        row.bindNull(3).bindNull(4);
    const auto json = change.operation == RecordChange::Operation::Delete ? std::nullopt : metadataJson(change);
    if (json)
        row.bind(5, std::string_view(*json));
    else
        row.bindNull(5);
    if (auto done = row.run(); !done)
        return done;
    row.reset();
    return {};
}

std::optional<qint64> dimensionAfter(const Collection& collection, const std::vector<RecordChange>& changes)
{
    if (collection.dimension)
        return collection.dimension;
    for (const RecordChange& change : changes)
        if (change.vector)
            return qint64(change.vector->size());
    return std::nullopt;
}

} // namespace

Status checkChange(const RecordChange& change, const Collection&, std::optional<qint64> dimension,
                   const MigrationLevel& level)
{
    if (change.id.empty())
        return fail(ErrorKind::Invalid, QStringLiteral("A record has an empty id. Nothing was written."));
    if (change.operation == RecordChange::Operation::Delete)
        return {};
    if (auto checked = checkVector(change, dimension); !checked)
        return checked;
    return checkMetadata(change, level);
}

Status writeRecords(WriteSession& session, const Collection& collection, const std::vector<RecordChange>& changes,
                    Progress& progress)
{
    const auto dimension = dimensionAfter(collection, changes);
    for (const RecordChange& change : changes)
        if (auto checked = checkChange(change, collection, dimension, session.level()); !checked)
            return checked;
    if (auto guarded = guardLogNumbers(session); !guarded)
        return guarded;
    if (!collection.dimension && dimension)
        if (auto set = runSql(session.connection(), "UPDATE collections SET dimension=? WHERE id=? AND dimension IS NULL",
                              [&](Statement& row) { row.bind(0, *dimension).bind(1, std::string_view(collection.id)); });
            !set)
            return set;
    auto row = session.connection().prepare(
        "INSERT INTO embeddings_queue(operation,topic,id,vector,encoding,metadata) VALUES(?,?,?,?,?,?)");
    if (!row)
        return pass(row);
    qint64 done = 0;
    for (const RecordChange& change : changes) {
        if (auto appended = append(*row, collection, change); !appended)
            return appended;
        if (++done % 256 == 0) {
            progress.report(done, qint64(changes.size()), QStringLiteral("Writing records"));
            if (progress.cancelled())
                return cancelledError();
        }
    }
    return {};
}

} // namespace storage
