#include "storage/backup/difference.h"

#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "storage/vectors/vector_store.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

namespace storage {

namespace {

constexpr std::size_t kPage = 1000;
constexpr double kRounding = 1e-6;

// One side of a pair: a collection opened for reading.
struct Side
{
    const Connection& connection;
    CollectionReader reader;
    VectorStore vectors;

    static Result<Side> open(const PersistDir& directory, const Connection& connection, const Collection& collection,
                             Progress& progress)
    {
        auto reader = CollectionReader::open(directory, connection, collection, progress);
        if (!reader)
            return pass(reader);
        auto vectors = VectorStore::open(directory, connection, collection, progress);
        if (!vectors)
            return pass(vectors);
        return Side{connection, std::move(*reader), std::move(*vectors)};
    }
};

using Vector = std::optional<std::vector<float>>;

bool moved(const Vector& a, const Vector& b)
{
    if (a.has_value() != b.has_value())
        return true;
    if (!a)
        return false;
    if (a->size() != b->size())
        return true;
    double scale = 0;
    for (const float x : *a)
        scale = std::max(scale, double(std::fabs(x)));
    for (std::size_t i = 0; i < a->size(); ++i)
        if (!((*a)[i] == (*b)[i]) && !(std::fabs(double((*a)[i]) - double((*b)[i])) <= kRounding * scale))
            return !(std::isnan((*a)[i]) && std::isnan((*b)[i]));
    return false;
}

std::optional<double> cosineOf(const Vector& a, const Vector& b)
{
    if (!a || !b || a->size() != b->size())
        return std::nullopt;
    double dot = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a->size(); ++i) {
        dot += double((*a)[i]) * double((*b)[i]);
        aa += double((*a)[i]) * double((*a)[i]);
        bb += double((*b)[i]) * double((*b)[i]);
    }
    return aa > 0 && bb > 0 ? std::optional(dot / std::sqrt(aa * bb)) : std::nullopt;
}

std::vector<std::string> changedKeys(const Metadata& before, const Metadata& after)
{
    std::set<std::string> keys;
    for (const MetaEntry& entry : before)
        if (const MetaValue* value = find(after, entry.key); !value || !(*value == entry.value))
            keys.insert(entry.key);
    for (const MetaEntry& entry : after)
        if (!find(before, entry.key))
            keys.insert(entry.key);
    return {keys.begin(), keys.end()};
}

std::optional<RecordDifference> compareRecords(const Record& before, const Record& after, const Side& old, const Side& now)
{
    RecordDifference difference{.id = after.id};
    difference.documentChanged = before.document != after.document;
    difference.uriChanged = before.uri != after.uri;
    difference.metadataKeys = changedKeys(before.metadata, after.metadata);
    const Vector oldVector = old.vectors.vector(before.id);
    const Vector newVector = now.vectors.vector(after.id);
    difference.vectorChanged = moved(oldVector, newVector);
    if (difference.vectorChanged)
        difference.cosine = cosineOf(oldVector, newVector);
    const bool same = !difference.documentChanged && !difference.uriChanged && difference.metadataKeys.empty() &&
                      !difference.vectorChanged;
    return same ? std::nullopt : std::optional(std::move(difference));
}

void note(CollectionDifference& out, RecordDifference difference, std::size_t limit)
{
    switch (difference.kind) {
    case RecordDifference::Kind::Added: ++out.added; break;
    case RecordDifference::Kind::Removed: ++out.removed; break;
    case RecordDifference::Kind::Changed: ++out.changed; break;
    }
    if (out.records.size() < limit)
        out.records.push_back(std::move(difference));
}

// The page's counterparts on the older side, by id.
Result<std::map<std::string, Record>> counterparts(const Side& old, const std::vector<Record>& page)
{
    std::vector<RowKey> rows;
    for (const Record& record : page) {
        auto row = old.reader.rowOf(record.id);
        if (!row)
            return pass(row);
        if (*row)
            rows.push_back(**row);
    }
    auto records = old.reader.records(rows);
    if (!records)
        return pass(records);
    std::map<std::string, Record> byId;
    for (Record& record : *records)
        byId.emplace(record.id, std::move(record));
    return byId;
}

Status comparePages(const Side& old, const Side& now, CollectionDifference& out, std::size_t limit, Progress& progress)
{
    auto rows = now.reader.allRows(progress);
    if (!rows)
        return pass(rows);
    out.after = qint64(rows->size());
    std::unordered_set<std::string> seen;
    for (std::size_t at = 0; at < rows->size(); at += kPage) {
        auto page = now.reader.records(std::span(rows->data() + at, std::min(kPage, rows->size() - at)), progress);
        if (!page)
            return pass(page);
        auto before = counterparts(old, *page);
        if (!before)
            return pass(before);
        for (const Record& record : *page) {
            seen.insert(record.id);
            const auto it = before->find(record.id);
            if (it == before->end())
                note(out, {.id = record.id, .kind = RecordDifference::Kind::Added}, limit);
            else if (auto difference = compareRecords(it->second, record, old, now))
                note(out, std::move(*difference), limit);
        }
        progress.report(qint64(at), qint64(rows->size()), QStringLiteral("Comparing"));
        if (progress.cancelled())
            return cancelledError();
    }
    auto oldRows = old.reader.allRows(progress);
    if (!oldRows)
        return pass(oldRows);
    out.before = qint64(oldRows->size());
    auto ids = old.reader.idsOf(*oldRows, progress);
    if (!ids)
        return pass(ids);
    for (std::string& id : *ids)
        if (!seen.contains(id))
            note(out, {.id = std::move(id), .kind = RecordDifference::Kind::Removed}, limit);
    return {};
}

std::vector<std::string> changedSettings(const Collection& before, const Collection& after)
{
    std::vector<std::string> settings;
    if (before.index.space != after.index.space)
        settings.emplace_back("space");
    if (before.dimension != after.dimension)
        settings.emplace_back("dimension");
    if (before.configJson != after.configJson || before.schemaJson != after.schemaJson)
        settings.emplace_back("configuration");
    for (const std::string& key : changedKeys(before.metadata, after.metadata))
        settings.push_back("metadata " + key);
    return settings;
}

using Key = std::tuple<std::string, std::string, std::string>;

std::map<Key, const Collection*> byName(const Catalog& catalog)
{
    std::map<Key, const Collection*> out;
    for (const Collection& collection : catalog.collections)
        out[{collection.tenant, collection.database, collection.name}] = &collection;
    return out;
}

struct Pair
{
    const PersistDir& directory;
    const Connection& connection;
    const Collection* collection;
};

Result<qint64> countOf(const Pair& side, Progress& progress)
{
    auto reader = CollectionReader::open(side.directory, side.connection, *side.collection, progress);
    if (!reader)
        return pass(reader);
    return reader->count(progress);
}

Result<CollectionDifference> compareOne(const Key& key, const Pair& before, const Pair& after, std::size_t limit,
                                        Progress& progress)
{
    CollectionDifference out{.tenant = std::get<0>(key), .database = std::get<1>(key), .name = std::get<2>(key)};
    if (!before.collection || !after.collection) {
        const bool added = !before.collection;
        auto count = countOf(added ? after : before, progress);
        if (!count)
            return pass(count);
        out.kind = added ? CollectionDifference::Kind::Added : CollectionDifference::Kind::Removed;
        (added ? out.after : out.before) = *count;
        (added ? out.added : out.removed) = *count;
        return out;
    }
    auto old = Side::open(before.directory, before.connection, *before.collection, progress);
    if (!old)
        return pass(old);
    auto now = Side::open(after.directory, after.connection, *after.collection, progress);
    if (!now)
        return pass(now);
    if (auto compared = comparePages(*old, *now, out, limit, progress); !compared)
        return pass(compared);
    out.settings = changedSettings(*before.collection, *after.collection);
    if (out.added + out.removed + out.changed > 0 || !out.settings.empty())
        out.kind = CollectionDifference::Kind::Changed;
    return out;
}

} // namespace

bool DirectoryDifference::same() const
{
    return std::all_of(collections.begin(), collections.end(),
                       [](const CollectionDifference& c) { return c.kind == CollectionDifference::Kind::Same; });
}

Result<DirectoryDifference> compareDirectories(const PersistDir& before, const PersistDir& after, std::size_t limit,
                                               Progress& progress)
{
    auto oldConnection = before.connect();
    if (!oldConnection)
        return pass(oldConnection);
    auto newConnection = after.connect();
    if (!newConnection)
        return pass(newConnection);
    auto oldCatalog = readCatalog(before, *oldConnection, progress);
    if (!oldCatalog)
        return pass(oldCatalog);
    auto newCatalog = readCatalog(after, *newConnection, progress);
    if (!newCatalog)
        return pass(newCatalog);
    const auto olds = byName(*oldCatalog);
    const auto news = byName(*newCatalog);
    std::set<Key> keys;
    for (const auto& [key, collection] : olds)
        keys.insert(key);
    for (const auto& [key, collection] : news)
        keys.insert(key);
    DirectoryDifference difference;
    for (const Key& key : keys) {
        const auto old = olds.find(key);
        const auto now = news.find(key);
        auto compared = compareOne(key, {before, *oldConnection, old == olds.end() ? nullptr : old->second},
                                   {after, *newConnection, now == news.end() ? nullptr : now->second}, limit, progress);
        if (!compared)
            return pass(compared);
        difference.collections.push_back(std::move(*compared));
    }
    return difference;
}

} // namespace storage
