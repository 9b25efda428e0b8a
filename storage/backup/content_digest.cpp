#include "storage/backup/content_digest.h"

#include "storage/base/digest.h"
#include "storage/base/json_text.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "storage/vectors/vector_store.h"

#include <algorithm>

namespace storage {

namespace {

constexpr std::size_t kPage = 1000;

void addText(Xxh128& digest, const std::string& text)
{
    digest.add(std::as_bytes(std::span(text)));
}

// One record as unambiguous bytes: JSON for the words, raw float32 for the vector.
void addRecord(Xxh128& digest, const Record& record, const std::optional<std::vector<float>>& vector)
{
    std::string text;
    appendJson(text, std::string_view(record.id));
    text += record.document ? 'd' : '-';
    if (record.document)
        appendJson(text, std::string_view(*record.document));
    text += record.uri ? 'u' : '-';
    if (record.uri)
        appendJson(text, std::string_view(*record.uri));
    appendJson(text, record.metadata);
    text += vector ? 'v' : '-';
    addText(digest, text);
    if (vector)
        digest.add(std::as_bytes(std::span(*vector)));
}

Result<BackupCollection> digestCollection(const PersistDir& directory, const Connection& connection,
                                          const Collection& collection, std::vector<Finding>& findings,
                                          Progress& progress)
{
    auto reader = CollectionReader::open(directory, connection, collection, progress);
    if (!reader)
        return pass(reader);
    auto store = VectorStore::open(directory, connection, collection, progress);
    if (!store)
        return pass(store);
    findings.insert(findings.end(), store->findings().begin(), store->findings().end());
    auto rows = reader->allRows(progress);
    if (!rows)
        return pass(rows);
    BackupCollection content{.id = collection.id,
                             .name = collection.name,
                             .tenant = collection.tenant,
                             .database = collection.database,
                             .dimension = collection.dimension,
                             .space = spaceName(collection.index.space),
                             .model = collection.model,
                             .digest = {}};
    Xxh128 digest;
    for (std::size_t at = 0; at < rows->size(); at += kPage) {
        const std::span page(rows->data() + at, std::min(kPage, rows->size() - at));
        auto records = reader->records(page, progress);
        if (!records)
            return pass(records);
        for (const Record& record : *records) {
            const auto vector = store->vector(record.id);
            addRecord(digest, record, vector);
            content.vectors += vector ? 1 : 0;
        }
        content.records += qint64(records->size());
        progress.report(qint64(at + page.size()), qint64(rows->size()), QStringLiteral("Reading the records"));
        if (progress.cancelled())
            return cancelledError();
    }
    content.digest = digest.hex();
    return content;
}

} // namespace

Result<DirectoryContent> readContent(const PersistDir& directory, Progress& progress)
{
    auto connection = directory.connect();
    if (!connection)
        return pass(connection);
    connection->watch(&progress);
    auto catalog = readCatalog(directory, *connection, progress);
    if (!catalog)
        return pass(catalog);
    DirectoryContent content;
    content.findings = catalog->findings;
    for (const Collection& collection : catalog->collections) {
        auto digested = digestCollection(directory, *connection, collection, content.findings, progress);
        if (!digested)
            return pass(digested);
        content.collections.push_back(std::move(*digested));
    }
    return content;
}

} // namespace storage
