#include "storage/chroma/collection_reader.h"

#include "storage/chroma/key_census.h"
#include "storage/chroma/legacy_seq_id.h"
#include "storage/chroma/record_rows.h"
#include "storage/chroma/row_order.h"

#include <algorithm>
#include <chrono>

namespace storage {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLongestLock =
    std::chrono::milliseconds(10); // then the transaction ends, and a writer may pass

} // namespace

// The prepared statements, and what tells that the tables moved under the replayed log.
struct CollectionReader::State
{
    RecordRows rows;
    RowOrder order;
    std::string segment;
    qint64 dataVersion = -1; // at which appliedSeqId was last seen unchanged
};

Result<CollectionReader> CollectionReader::open(const PersistDir& directory, const Connection& connection,
                                                const Collection& collection, Progress& progress)
{
    CollectionReader reader;
    reader.m_connection = &connection;
    reader.m_collection = collection;
    if (const Segment* vectors = collection.segment("VECTOR"))
        reader.m_vectorFolder = directory.segmentFolder(vectors->id);
    auto pending = readPending(connection, collection, progress);
    if (!pending)
        return pass(pending);
    reader.m_pending = std::make_shared<const PendingRecords>(std::move(*pending));
    const Segment* segment = collection.segment("METADATA");
    if (!segment)
        return reader; // Chroma cannot use such a collection; the catalogue says so
    auto rows = RecordRows::open(connection, segment->id);
    if (!rows)
        return pass(rows);
    auto order = RowOrder::open(connection, segment->id);
    if (!order)
        return pass(order);
    reader.m_state = std::make_shared<State>(State{std::move(*rows), std::move(*order), segment->id});
    return reader;
}

// Inside a transaction: the log was replayed over a state of the tables that still holds.
Status CollectionReader::checkFresh() const
{
    if (m_pending->empty() || !m_state)
        return {};
    auto version = m_connection->dataVersion();
    if (!version)
        return pass(version);
    if (*version == m_state->dataVersion)
        return {};
    auto applied = appliedSeqId(*m_connection, m_state->segment);
    if (!applied)
        return pass(applied);
    if (*applied != m_pending->appliedSeqId)
        return fail(ErrorKind::Changed,
                    QStringLiteral("The collection \"%1\" was changed by another program; "
                                   "reload it.")
                        .arg(QString::fromStdString(m_collection.name)));
    m_state->dataVersion = *version;
    return {};
}

Result<qint64> CollectionReader::count(Progress& progress) const
{
    if (!m_state)
        return 0;
    auto rows = m_state->order.count(progress);
    if (!rows)
        return rows;
    if (auto fresh = checkFresh(); !fresh)
        return pass(fresh);
    const auto deleted = std::count_if(m_pending->byRow.begin(), m_pending->byRow.end(),
                                       [](const auto& entry) { return !entry.second; });
    return *rows - deleted + qint64(m_pending->added.size());
}

Result<qint64> CollectionReader::pendingOperations() const
{
    const Segment* metadata = m_collection.segment("METADATA");
    const Segment* vectors = m_collection.segment("VECTOR");
    if (!metadata || !vectors || !m_collection.dimension)
        return 0;
    auto records = appliedSeqId(*m_connection, metadata->id);
    if (!records)
        return records;
    auto indexed = appliedSeqId(*m_connection, vectors->id);
    if (!indexed)
        return indexed;
    if (*indexed == 0) // until 0.5.5 it stood in the pickle
        *indexed = legacyMaxSeqId(m_vectorFolder + QStringLiteral("/index_metadata.pickle")).value_or(0);
    return countLogRows(*m_connection, m_collection.topic, std::min(*records, *indexed));
}

Result<std::vector<RowKey>> CollectionReader::merge(std::vector<RowKey> rows) const
{
    if (auto fresh = checkFresh(); !fresh)
        return pass(fresh);
    if (m_pending->empty())
        return rows;
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [&](RowKey row) {
                                  const auto it = m_pending->byRow.find(row.value);
                                  return it != m_pending->byRow.end() && !it->second;
                              }),
               rows.end());
    for (const Record& record : m_pending->added)
        rows.push_back(record.row);
    return rows;
}

Result<std::vector<RowKey>> CollectionReader::firstRows(qint64 n) const
{
    if (!m_state || n <= 0)
        return std::vector<RowKey>();
    auto rows = m_state->order.first(n + qint64(m_pending->byRow.size()), Progress::none());
    if (!rows)
        return rows;
    auto merged = merge(std::move(*rows));
    if (merged && qint64(merged->size()) > n)
        merged->resize(std::size_t(n));
    return merged;
}

Result<std::vector<RowKey>> CollectionReader::allRows(Progress& progress) const
{
    if (!m_state)
        return std::vector<RowKey>();
    auto rows = m_state->order.all(progress);
    if (!rows)
        return rows;
    return merge(std::move(*rows));
}

// The log's version of a row: a record, nullptr (deleted), or nothing said.
std::optional<const Record*> CollectionReader::pendingVersion(RowKey row) const
{
    if (row.isPending()) {
        const auto at = std::size_t(row.value - RowKey::kFirstPending);
        return at < m_pending->added.size() ? &m_pending->added[at] : nullptr;
    }
    const auto it = m_pending->byRow.find(row.value);
    if (it == m_pending->byRow.end())
        return std::nullopt;
    return it->second ? &*it->second : nullptr;
}

// Runs `each(row)` for all rows, in as many short transactions as it takes.
template <class Each>
Status CollectionReader::forRows(std::span<const RowKey> rows, Progress& progress, Each each) const
{
    for (std::size_t at = 0; at < rows.size();) {
        if (progress.cancelled())
            return cancelledError();
        auto transaction = ReadTransaction::begin(*m_connection);
        if (!transaction)
            return pass(transaction);
        if (auto fresh = checkFresh(); !fresh)
            return fresh;
        const auto until = Clock::now() + kLongestLock;
        do {
            if (Status done = each(rows[at]); !done)
                return done;
            ++at;
        } while (at < rows.size() && Clock::now() < until);
    }
    return {};
}

Result<std::vector<Record>> CollectionReader::records(std::span<const RowKey> rows, Progress& progress) const
{
    std::vector<Record> records;
    if (!m_state)
        return records;
    records.reserve(rows.size());
    const auto each = [&](RowKey row) -> Status {
        if (const auto version = pendingVersion(row)) {
            if (*version)
                records.push_back(**version);
            return {};
        }
        auto record = m_state->rows.record(row);
        if (!record)
            return pass(record);
        if (*record)
            records.push_back(std::move(**record));
        return {};
    };
    if (auto done = forRows(rows, progress, each); !done)
        return pass(done);
    return records;
}

Result<std::vector<std::string>> CollectionReader::idsOf(std::span<const RowKey> rows,
                                                         Progress& progress) const
{
    std::vector<std::string> ids;
    if (!m_state)
        return ids;
    ids.reserve(rows.size());
    const auto each = [&](RowKey row) -> Status {
        if (const auto version = pendingVersion(row)) {
            ids.push_back(*version ? (*version)->id : std::string());
            return {};
        }
        auto id = m_state->rows.idOf(row);
        if (!id)
            return pass(id);
        ids.push_back(id->value_or(std::string()));
        return {};
    };
    if (auto done = forRows(rows, progress, each); !done)
        return pass(done);
    return ids;
}

Result<std::optional<RowKey>> CollectionReader::rowOf(const std::string& id) const
{
    if (!m_state)
        return std::nullopt;
    auto transaction = ReadTransaction::begin(*m_connection);
    if (!transaction)
        return pass(transaction);
    if (auto fresh = checkFresh(); !fresh)
        return pass(fresh);
    if (const auto it = m_pending->byId.find(id); it != m_pending->byId.end())
        return it->second ? std::optional(it->second->row) : std::nullopt;
    return m_state->rows.rowOf(id);
}

Result<std::vector<CollectionReader::KeyInfo>> CollectionReader::keys(Progress& progress) const
{
    auto rows = allRows(progress);
    if (!rows)
        return pass(rows);
    auto census = KeyCensus::open(*m_connection);
    if (!census)
        return pass(census);
    std::vector<RowKey> stored;
    for (const RowKey row : *rows) {
        if (const auto version = pendingVersion(row)) {
            if (*version)
                census->add(**version);
        } else {
            stored.push_back(row);
        }
    }
    if (auto done = census->addRows(stored, progress); !done)
        return pass(done);
    std::vector<KeyInfo> keys;
    for (const auto& [key, seen] : census->keys())
        keys.push_back({key, seen.records, seen.types});
    return keys;
}

} // namespace storage
