#include "storage/chroma/row_order.h"

#include <algorithm>
#include <optional>

namespace storage {

namespace {

// The unique index on (segment_id, embedding_id) covers these: about 0.1 ms of lock a thousand rows.
constexpr qint64 kRowsSlice = 50'000;
constexpr qint64 kCountSlice = 100'000;
constexpr int kAttempts = 5;
constexpr qint64 kLongSlice = 500'000; // the last attempt, when commits never let short slices through: 50 ms

constexpr std::string_view kCountFirst =
    "SELECT count(*), max(embedding_id) FROM (SELECT embedding_id FROM embeddings WHERE segment_id = ?1 "
    "ORDER BY embedding_id LIMIT ?2)";
constexpr std::string_view kCountNext =
    "SELECT count(*), max(embedding_id) FROM (SELECT embedding_id FROM embeddings WHERE segment_id = ?1 "
    "AND embedding_id > ?3 ORDER BY embedding_id LIMIT ?2)";
constexpr std::string_view kRowsFirst =
    "SELECT id, embedding_id FROM embeddings WHERE segment_id = ?1 ORDER BY embedding_id LIMIT ?2";
constexpr std::string_view kRowsNext = "SELECT id, embedding_id FROM embeddings WHERE segment_id = ?1 "
                                       "AND embedding_id > ?3 ORDER BY embedding_id LIMIT ?2";
// By rowid, over the rows of every collection, and never further than a few milliseconds reach: with the
// segment as a condition of its own SQLite would read and sort the whole index first.
constexpr std::string_view kScan =
    "SELECT id FROM (SELECT id, segment_id FROM embeddings ORDER BY id LIMIT 20000) "
    "WHERE segment_id = ?1 LIMIT ?2";

} // namespace

RowOrder::RowOrder(const Connection* connection, std::string segment, Slice counts, Slice rows,
                   Statement scan)
    : m_connection(connection),
      m_segment(std::move(segment)),
      m_counts(std::move(counts)),
      m_rows(std::move(rows)),
      m_scan(std::move(scan))
{}

Result<RowOrder> RowOrder::open(const Connection& connection, const std::string& segment)
{
    std::vector<Statement> prepared;
    for (const std::string_view sql : {kCountFirst, kCountNext, kRowsFirst, kRowsNext, kScan}) {
        auto statement = connection.prepare(sql);
        if (!statement)
            return pass(statement);
        prepared.push_back(std::move(*statement));
    }
    return RowOrder(&connection, segment, {std::move(prepared[0]), std::move(prepared[1])},
                    {std::move(prepared[2]), std::move(prepared[3])}, std::move(prepared[4]));
}

// Calls `take(statement)` for every slice; it answers the last id of a full slice, nullopt at the end. false:
// another connection committed in between, so the slices do not belong together.
template <class Take> Result<bool> RowOrder::walk(Slice& slice, qint64 limit, Take take, Progress& progress)
{
    std::optional<std::string> last;
    std::optional<qint64> version;
    while (true) {
        if (progress.cancelled())
            return cancelledError();
        auto transaction = ReadTransaction::begin(*m_connection);
        if (!transaction)
            return pass(transaction);
        auto now = m_connection->dataVersion();
        if (!now)
            return pass(now);
        if (version && *version != *now)
            return false;
        version = *now;
        Statement& statement = last ? slice.next : slice.first;
        statement.bind(0, m_segment).bind(1, limit);
        if (last)
            statement.bind(2, *last);
        Result<std::optional<std::string>> taken = take(statement, limit);
        statement.reset();
        if (!taken)
            return pass(taken);
        if (!*taken)
            return true;
        last = std::move(*taken);
    }
}

template <class Take, class Restart>
Status RowOrder::walkUntilQuiet(Slice& slice, qint64 limit, Take take, Restart restart, Progress& progress)
{
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
        restart();
        auto quiet = walk(slice, attempt == kAttempts ? std::max(limit, kLongSlice) : limit, take, progress);
        if (!quiet)
            return pass(quiet);
        if (*quiet)
            return {};
    }
    return fail(ErrorKind::Changed,
                QStringLiteral("The collection is being written faster than it can be read; try again."));
}

Result<qint64> RowOrder::count(Progress& progress)
{
    qint64 rows = 0;
    const auto take = [&](Statement& statement, qint64 limit) -> Result<std::optional<std::string>> {
        auto row = statement.step();
        if (!row)
            return pass(row);
        rows += statement.integer(0);
        return statement.integer(0) < limit ? std::nullopt : std::optional(statement.string(1));
    };
    if (auto done = walkUntilQuiet(
            m_counts, kCountSlice, take, [&] { rows = 0; }, progress);
        !done)
        return pass(done);
    return rows;
}

Result<std::vector<RowKey>> RowOrder::all(Progress& progress)
{
    std::vector<RowKey> rows;
    const auto take = [&](Statement& statement, qint64 limit) -> Result<std::optional<std::string>> {
        for (qint64 n = 1;; ++n) {
            auto row = statement.step();
            if (!row)
                return pass(row);
            if (!*row)
                return std::nullopt;
            rows.push_back({statement.integer(0)});
            if (n == limit)
                return std::optional(statement.string(1));
        }
    };
    if (auto done = walkUntilQuiet(
            m_rows, kRowsSlice, take, [&] { rows.clear(); }, progress);
        !done)
        return pass(done);
    std::sort(rows.begin(), rows.end());
    return rows;
}

Result<std::vector<RowKey>> RowOrder::first(qint64 n, Progress& progress)
{
    std::vector<RowKey> rows;
    m_scan.bind(0, m_segment).bind(1, n);
    while (true) {
        auto row = m_scan.step();
        if (!row) {
            m_scan.reset();
            return pass(row);
        }
        if (!*row)
            break;
        rows.push_back({m_scan.integer(0)});
    }
    m_scan.reset();
    if (qint64(rows.size()) == n)
        return rows;
    auto all = this->all(progress);
    if (all && qint64(all->size()) > n)
        all->resize(std::size_t(n));
    return all;
}

} // namespace storage
