#include "app/cli/directory_report.h"

#include "app/cli/json_object.h"
#include "app/cli/text_table.h"
#include "storage/chroma/collection_reader.h"
#include "storage/vectors/vector_store.h"

#include <algorithm>

namespace app {

using namespace storage;

namespace {

const char* severityName(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        break;
    }
    return "error";
}

// Findings that are about the whole reading, not about the bytes of one collection.
bool endsTheReport(const Error& error)
{
    return error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::Busy;
}

void addFinding(DirectoryReport& report, const Collection& collection, const char* code, const Error& error)
{
    report.findings.push_back({code, Severity::Error, collection.id, error.sentence.toStdString()});
}

// The catalogue has looked at the segments' folders already; what it said is not said again.
void addNews(DirectoryReport& report, const std::vector<Finding>& findings)
{
    const auto known = report.findings; // a copy: findings of one source may repeat their code
    for (const Finding& finding : findings)
        if (std::none_of(known.begin(), known.end(), [&](const Finding& other) {
                return other.code == finding.code && other.collection == finding.collection;
            }))
            report.findings.push_back(finding);
}

Status countRecords(const Source& source, DirectoryReport::Entry& entry, DirectoryReport& report,
                    Progress& progress)
{
    const auto reader =
        CollectionReader::open(source.directory, source.connection, entry.collection, progress);
    const auto count = reader ? reader->count(progress) : Result<qint64>(tl::unexpect, reader.error());
    const auto pending = reader ? reader->pendingOperations() : Result<qint64>(tl::unexpect, reader.error());
    for (const auto* result : {&count, &pending})
        if (!*result && endsTheReport(result->error()))
            return tl::unexpected<Error>(result->error());
    if (reader)
        report.findings.insert(report.findings.end(), reader->findings().begin(), reader->findings().end());
    if (count)
        entry.count = *count;
    else
        addFinding(report, entry.collection, "unreadable-records", count.error());
    if (pending)
        entry.pending = *pending;
    else if (count)
        addFinding(report, entry.collection, "unreadable-log", pending.error());
    return {};
}

Status checkVectors(const Source& source, const DirectoryReport::Entry& entry, DirectoryReport& report,
                    Progress& progress)
{
    const auto store = VectorStore::open(source.directory, source.connection, entry.collection, progress);
    if (!store && endsTheReport(store.error()))
        return tl::unexpected<Error>(store.error());
    if (!store)
        addFinding(report, entry.collection, "unreadable-vectors", store.error());
    else
        addNews(report, store->findings());
    return {};
}

std::string configurationJson(const Collection& collection)
{
    const IndexConfig& index = collection.index;
    JsonObject hnsw;
    hnsw.add("space", spaceName(index.space))
        .add("ef_construction", index.efConstruction)
        .add("ef_search", index.efSearch)
        .add("max_neighbors", index.maxNeighbors)
        .addOrNull("num_threads", index.numThreads > 0 ? std::optional(index.numThreads) : std::nullopt)
        .add("resize_factor", index.resizeFactor)
        .add("batch_size", index.batchSize)
        .add("sync_threshold", index.syncThreshold);
    return JsonObject()
        .addRaw("hnsw", hnsw.text())
        .addOrNull("embedding_function", collection.embeddingFunction)
        .add("source", sourceName(index.source))
        .text();
}

std::string segmentJson(const Segment& segment)
{
    return JsonObject()
        .add("id", segment.id)
        .add("type", segment.type)
        .add("scope", segment.scope)
        .add("bytes", segment.bytes)
        .text();
}

std::string entryJson(const DirectoryReport::Entry& entry)
{
    const Collection& collection = entry.collection;
    std::string metadata;
    appendJson(metadata, collection.metadata);
    return JsonObject()
        .add("id", collection.id)
        .add("name", collection.name)
        .add("tenant", collection.tenant)
        .add("database", collection.database)
        .addOrNull("dimension", collection.dimension)
        .add("space", spaceName(collection.index.space))
        .addOrNull("count", entry.count)
        .addRaw("metadata", metadata)
        .addRaw("configuration", configurationJson(collection))
        .addOrNull("model", collection.model)
        .addOrNull("pending", entry.pending)
        .addRaw("segments", jsonArray(collection.segments, segmentJson))
        .text();
}

std::string findingJson(const Finding& finding)
{
    return JsonObject()
        .add("code", finding.code)
        .add("severity", severityName(finding.severity))
        .addOrNull("collection", finding.collection)
        .add("sentence", finding.sentence)
        .text();
}

std::string orUnknown(const std::optional<qint64>& number)
{
    return number ? grouped(*number) : "?";
}

std::string collectionTable(const DirectoryReport& report)
{
    const auto isDefault = [](const DirectoryReport::Entry& entry) {
        return entry.collection.tenant == "default_tenant" && entry.collection.database == "default_database";
    };
    const bool allDefault = std::all_of(report.collections.begin(), report.collections.end(), isDefault);
    constexpr std::size_t kName = 40;
    constexpr std::size_t kModel = 28;
    TextTable table({{allDefault ? "COLLECTION" : "TENANT/DATABASE/COLLECTION"},
                     {"RECORDS", true},
                     {"DIM", true},
                     {"SPACE"},
                     {"PENDING", true},
                     {"MODEL"},
                     {"ID"}});
    for (const auto& entry : report.collections) {
        const Collection& collection = entry.collection;
        const std::string prefix = allDefault ? "" : collection.tenant + '/' + collection.database + '/';
        table.add({shortened(harmless(prefix + collection.name), kName), orUnknown(entry.count),
                   collection.dimension ? std::to_string(*collection.dimension) : "-",
                   spaceName(collection.index.space), orUnknown(entry.pending),
                   shortened(harmless(collection.model), kModel), harmless(collection.id)});
    }
    return table.text();
}

} // namespace

Result<DirectoryReport> reportOn(const Source& source, Progress& progress)
{
    DirectoryReport report;
    report.path = source.directory.path();
    report.generation = source.directory.generation();
    report.bytes = source.directory.bytesOnDisk();
    report.findings = source.directory.findings();
    report.findings.insert(report.findings.end(), source.catalog.findings.begin(),
                           source.catalog.findings.end());
    const auto total = static_cast<qint64>(source.catalog.collections.size());
    for (const Collection& collection : source.catalog.collections) {
        progress.report(static_cast<qint64>(report.collections.size()), total, QStringLiteral("Collections"));
        if (progress.cancelled())
            return cancelledError();
        DirectoryReport::Entry entry{collection, {}, {}};
        for (const auto& look :
             {countRecords(source, entry, report, progress), checkVectors(source, entry, report, progress)})
            if (!look)
                return tl::unexpected<Error>(look.error());
        report.collections.push_back(std::move(entry));
    }
    return report;
}

std::string reportJson(const DirectoryReport& report)
{
    const MigrationLevel& level = report.generation.level;
    const std::string migrations = JsonObject()
                                       .add("sysdb", qint64(level.sysdb))
                                       .add("metadb", qint64(level.metadb))
                                       .add("embeddings_queue", qint64(level.queue))
                                       .text();
    return JsonObject()
               .add("path", report.path.toStdString())
               .addOrNull("generation", report.generation.name.toStdString())
               .addRaw("migrations", migrations)
               .addRaw("collections", jsonArray(report.collections, entryJson))
               .add("bytes", report.bytes)
               .addRaw("findings", jsonArray(report.findings, findingJson))
               .text() +
           '\n';
}

std::string reportText(const DirectoryReport& report)
{
    const std::size_t many = report.collections.size();
    std::string text = harmless(report.path.toStdString()) + '\n' + report.generation.name.toStdString() +
                       ", " + grouped(static_cast<qint64>(many)) +
                       (many == 1 ? " collection, " : " collections, ") + humanBytes(report.bytes) + '\n';
    if (many > 0)
        text += '\n' + collectionTable(report);
    if (!report.findings.empty())
        text += '\n';
    for (const Finding& finding : report.findings)
        text += std::string(severityName(finding.severity)) + ": " + harmless(finding.sentence) + '\n';
    return text;
}

} // namespace app
