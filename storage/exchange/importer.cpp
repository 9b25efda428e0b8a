#include "storage/exchange/importer.h"

#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "storage/edit/collection_writer.h"
#include "storage/edit/new_directory.h"
#include "storage/edit/record_writer.h"

#include <unordered_set>

namespace storage {

namespace {

constexpr std::size_t kBatch = 2000;

// Takes the directory that this import made away again, unless the import came to its end.
class NewDirectoryGuard
{
public:
    NewDirectoryGuard(const FileOps& ops, QString path) : m_ops(ops), m_path(std::move(path)) {}
    ~NewDirectoryGuard()
    {
        if (m_armed)
            (void)m_ops.removeTree(m_path);
    }
    NewDirectoryGuard(const NewDirectoryGuard&) = delete;
    NewDirectoryGuard& operator=(const NewDirectoryGuard&) = delete;
    void arm() { m_armed = true; }
    void keep() { m_armed = false; }

private:
    const FileOps& m_ops;
    QString m_path;
    bool m_armed = false;
};

// What stands in the way of, or beside, the records to come.
struct Target
{
    std::optional<Collection> collection; // nullopt: to be made
    std::unordered_set<std::string> ids;
};

bool directoryIsThere(const FileOps& ops, const QString& path)
{
    const auto names = ops.list(path);
    return names && !names->empty();
}

Result<Target> readTarget(const PersistDir& directory, const ImportRequest& request, const std::string& name,
                          Progress& progress)
{
    auto connection = directory.connect();
    if (!connection)
        return pass(connection);
    auto catalog = readCatalog(directory, *connection, progress);
    if (!catalog)
        return pass(catalog);
    Target target;
    auto found = findCollection(*catalog, name, request.tenant, request.database);
    if (!found)
        return target;
    auto reader = CollectionReader::open(directory, *connection, *found, progress);
    if (!reader)
        return pass(reader);
    auto rows = reader->allRows(progress);
    if (!rows)
        return pass(rows);
    auto ids = reader->idsOf(*rows, progress);
    if (!ids)
        return pass(ids);
    target.ids.insert(std::make_move_iterator(ids->begin()), std::make_move_iterator(ids->end()));
    target.collection = std::move(*found);
    return target;
}

Result<std::string> targetName(const ImportRequest& request, const RecordSource& source)
{
    if (!request.collection.empty())
        return request.collection;
    if (source.header() && !source.header()->name.empty())
        return source.header()->name;
    return fail(ErrorKind::Invalid,
                QStringLiteral("“%1” does not say which collection it belongs to; name one.").arg(request.file));
}

// The record as a change; nullopt: skipped by the policy.
Result<std::optional<RecordChange>> changeOf(ImportRecord record, const Target& target, const ImportRequest& request,
                                             ImportReport& report)
{
    const auto where = QStringLiteral("Record %1").arg(record.number);
    if (record.id.empty())
        return fail(ErrorKind::Invalid, QStringLiteral("%1 has no id. Nothing was written.").arg(where));
    const bool taken = target.ids.contains(record.id);
    if (taken && request.onConflict == ConflictPolicy::Stop)
        return fail(ErrorKind::Invalid,
                    QStringLiteral("%1: the id “%2” is already in the collection. Skip or overwrite such records, or import "
                                   "into another collection. Nothing was written.")
                        .arg(where, QString::fromStdString(record.id)));
    if (taken && request.onConflict == ConflictPolicy::Skip) {
        report.skipped += 1;
        return std::optional<RecordChange>();
    }
    (taken ? report.overwritten : report.added) += 1;
    return std::optional(RecordChange{.operation = taken ? RecordChange::Operation::Upsert : RecordChange::Operation::Add,
                                      .id = std::move(record.id),
                                      .vector = std::move(record.vector),
                                      .document = std::move(record.document),
                                      .uri = std::move(record.uri),
                                      .metadata = std::move(record.metadata)});
}

// Hands the file's changes over in batches.
template <class Take>
Status eachBatch(const ImportRequest& request, const Target& target, ImportReport& report, Progress& progress, Take take)
{
    auto source = openSourceFile(request.file, request.mapping, progress);
    if (!source)
        return pass(source);
    std::vector<RecordChange> batch;
    ImportRecord record;
    while (true) {
        auto there = (*source)->next(record);
        if (!there)
            return pass(there);
        if (*there) {
            report.read += 1;
            auto change = changeOf(std::move(record), target, request, report);
            if (!change)
                return pass(change);
            if (*change)
                batch.push_back(std::move(**change));
        }
        if (batch.size() >= kBatch || (!*there && !batch.empty())) {
            if (auto taken = take(batch); !taken)
                return taken;
            batch.clear();
        }
        if (!*there)
            return {};
        if (progress.cancelled())
            return cancelledError();
    }
}

// The first reading: every record against the generation, one dimension for all, no id twice.
Status checkAll(const ImportRequest& request, const Target& target, const MigrationLevel& level, ImportReport& report,
                Progress& progress)
{
    std::unordered_set<std::string> seen;
    const Collection collection = target.collection.value_or(Collection());
    report.dimension = collection.dimension;
    return eachBatch(request, target, report, progress, [&](const std::vector<RecordChange>& batch) -> Status {
        for (const RecordChange& change : batch) {
            if (!seen.insert(change.id).second)
                return fail(ErrorKind::Invalid, QStringLiteral("The id “%1” stands twice in the file. Nothing was written.")
                                                    .arg(QString::fromStdString(change.id)));
            if (!report.dimension && change.vector)
                report.dimension = qint64(change.vector->size());
            if (auto checked = checkChange(change, collection, report.dimension, level); !checked)
                return checked;
        }
        progress.report(report.read, 0, QStringLiteral("Checking records"));
        return {};
    });
}

CollectionSpec specFor(const ImportRequest& request, const std::string& name, const std::optional<ExchangeHeader>& header)
{
    CollectionSpec spec{.name = name, .tenant = request.tenant, .database = request.database};
    if (!header)
        return spec;
    spec.space = header->index.space;
    spec.efConstruction = header->index.efConstruction;
    spec.efSearch = header->index.efSearch;
    spec.maxNeighbors = header->index.maxNeighbors;
    spec.syncThreshold = header->index.syncThreshold;
    spec.batchSize = header->index.batchSize;
    spec.metadata = header->metadata;
    spec.embeddingFunctionJson = header->embeddingFunctionJson;
    return spec;
}

Status writeAll(const PersistDir& directory, const ImportRequest& request, Target& target, const CollectionSpec& spec,
                ImportReport& report, Progress& progress)
{
    auto session = WriteSession::begin(directory);
    if (!session)
        return pass(session);
    if (!target.collection) {
        auto id = createCollection(*session, spec);
        if (!id)
            return pass(id);
        target.collection = Collection{.id = *id, .name = spec.name, .topic = "persistent://default/default/" + *id};
    }
    const qint64 total = report.read;
    ImportReport again;
    auto written = eachBatch(request, target, again, progress, [&](const std::vector<RecordChange>& batch) -> Status {
        auto done = writeRecords(*session, *target.collection, batch, Progress::none());
        target.collection->dimension = report.dimension;
        progress.report(again.read, total, QStringLiteral("Writing records"));
        return done;
    });
    if (!written)
        return written;
    if (again.read != report.read || again.added != report.added)
        return fail(ErrorKind::Changed, QStringLiteral("“%1” changed while it was imported; nothing was written.").arg(request.file));
    return session->commit();
}

} // namespace

std::optional<ConflictPolicy> conflictPolicyFromName(const QString& name)
{
    if (name == QLatin1String("stop"))
        return ConflictPolicy::Stop;
    if (name == QLatin1String("skip"))
        return ConflictPolicy::Skip;
    return name == QLatin1String("overwrite") ? std::optional(ConflictPolicy::Overwrite) : std::nullopt;
}

Result<ImportReport> importFile(const FileOps& ops, const ImportRequest& request, Progress& progress)
{
    std::optional<ExchangeHeader> header;
    ImportReport report;
    {
        auto source = openSourceFile(request.file, request.mapping, progress);
        if (!source)
            return pass(source);
        auto name = targetName(request, **source);
        if (!name)
            return pass(name);
        report.collection = *name;
        header = (*source)->header();
    }
    Target target;
    NewDirectoryGuard guard(ops, request.directory);
    MigrationLevel level{10, 6, 2}; // of a directory that is still to be made
    std::optional<PersistDir> directory;
    report.madeDirectory = !directoryIsThere(ops, request.directory);
    if (!report.madeDirectory) {
        auto opened = PersistDir::open(request.directory, progress);
        if (!opened)
            return pass(opened);
        directory = std::move(*opened);
        level = directory->generation().level;
        auto read = readTarget(*directory, request, report.collection, progress);
        if (!read)
            return pass(read);
        target = std::move(*read);
    }
    report.madeCollection = !target.collection;
    const CollectionSpec spec = specFor(request, report.collection, header);
    if (report.madeCollection)
        if (auto named = checkCollectionName(spec.name, level); !named)
            return pass(named);
    if (auto checked = checkAll(request, target, level, report, progress); !checked)
        return pass(checked);
    if (request.dryRun)
        return report;
    if (report.madeDirectory) {
        if (auto made = makeNewDirectory(ops, request.directory); !made)
            return pass(made);
        guard.arm();
        auto opened = PersistDir::open(request.directory, progress);
        if (!opened)
            return pass(opened);
        directory = std::move(*opened);
    }
    if (auto written = writeAll(*directory, request, target, spec, report, progress); !written)
        return pass(written);
    guard.keep();
    return report;
}

} // namespace storage
