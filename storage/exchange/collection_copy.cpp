#include "storage/exchange/collection_copy.h"

#include "storage/chroma/collection_reader.h"
#include "storage/edit/record_writer.h"
#include "storage/exchange/exchange_header.h"
#include "storage/vectors/vector_store.h"

#include <algorithm>

namespace storage {

namespace {

constexpr std::size_t kPage = 1000;

// A page of records as additions; those without a vector are counted, since Chroma has no such records.
std::vector<RecordChange> additions(std::vector<Record> page, const VectorStore& vectors, CopySummary& summary)
{
    std::vector<RecordChange> changes;
    for (Record& record : page) {
        auto vector = vectors.vector(record.id);
        if (!vector) {
            summary.withoutVector += 1;
            continue;
        }
        std::erase_if(record.metadata, [](const MetaEntry& entry) { return typeOf(entry.value) == MetaType::Null; });
        changes.push_back({.operation = RecordChange::Operation::Add,
                           .id = std::move(record.id),
                           .vector = std::move(vector),
                           .document = std::move(record.document),
                           .uri = std::move(record.uri),
                           .metadata = std::move(record.metadata)});
    }
    return changes;
}

Status copyRecords(const CollectionReader& reader, const VectorStore& vectors, WriteSession& session, Collection made,
                   CopySummary& summary, Progress& progress)
{
    auto rows = reader.allRows(progress);
    if (!rows)
        return pass(rows);
    for (std::size_t at = 0; at < rows->size(); at += kPage) {
        auto page = reader.records(std::span(rows->data() + at, std::min(kPage, rows->size() - at)), progress);
        if (!page)
            return pass(page);
        const auto changes = additions(std::move(*page), vectors, summary);
        if (auto written = writeRecords(session, made, changes, Progress::none()); !written)
            return written;
        if (!made.dimension && !changes.empty())
            made.dimension = qint64(changes.front().vector->size());
        summary.records += qint64(changes.size());
        progress.report(qint64(at), qint64(rows->size()), QStringLiteral("Copying records"));
        if (progress.cancelled())
            return cancelledError();
    }
    return {};
}

} // namespace

CollectionSpec specOf(const Collection& collection, const CopyTarget& target)
{
    const ExchangeHeader header = ExchangeHeader::of(collection);
    return {.name = target.name,
            .tenant = target.tenant,
            .database = target.database,
            .space = collection.index.space,
            .efConstruction = collection.index.efConstruction,
            .efSearch = collection.index.efSearch,
            .maxNeighbors = collection.index.maxNeighbors,
            .syncThreshold = collection.index.syncThreshold,
            .batchSize = collection.index.batchSize,
            .metadata = collection.metadata,
            .embeddingFunctionJson = header.embeddingFunctionJson};
}

Result<CopySummary> copyCollection(const PersistDir& from, const Collection& collection, const PersistDir& to,
                                   const CopyTarget& target, Progress& progress)
{
    // The vectors and the order are read before the write begins: within one directory the writer's lock would
    // otherwise meet our own reader's.
    auto connection = from.connect();
    if (!connection)
        return pass(connection);
    auto reader = CollectionReader::open(from, *connection, collection, progress);
    if (!reader)
        return pass(reader);
    auto vectors = VectorStore::open(from, *connection, collection, progress);
    if (!vectors)
        return pass(vectors);
    auto session = WriteSession::begin(to);
    if (!session)
        return pass(session);
    // Spilling pages early would take the lock that keeps our own reader out.
    if (from.path() == to.path())
        if (auto kept = session->connection().execute("PRAGMA cache_spill=OFF"); !kept)
            return pass(kept);
    CopySummary summary;
    auto id = createCollection(*session, specOf(collection, target));
    if (!id)
        return pass(id);
    summary.id = *id;
    const Collection made{.id = *id, .name = target.name, .topic = "persistent://default/default/" + *id};
    if (auto copied = copyRecords(*reader, *vectors, *session, made, summary, progress); !copied)
        return pass(copied);
    if (auto committed = session->commit(); !committed)
        return pass(committed);
    return summary;
}

} // namespace storage
