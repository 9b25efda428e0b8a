#include "storage/chroma/row_order.h"

#include <algorithm>
#include <optional>

namespace storage {

namespace {

// The unique index on (segment_id, embedding_id) covers the walks: about 0.1 ms of lock a thousand rows.
constexpr qint64 kRowsSlice = 50'000;
constexpr qint64 kCountSlice = 100'000;
constexpr int kAttempts = 5;
constexpr qint64 kLongSlice = 500'000; // the last attempt, when commits never let short slices through: 50 ms

constexpr std::string_view kRowsFirst =
    "SELECT id, embedding_id FROM embeddings WHERE segment_id = ?1 ORDER BY embedding_id LIMIT ?2";
constexpr std::string_view kRowsNext = "SELECT id, embedding_id FROM embeddings WHERE segment_id = ?1 "
                                       "AND embedding_id > ?3 ORDER BY embedding_id LIMIT ?2";
// Stepping to the end of a slice and knowing how far it is costs less than counting its rows.
constexpr std::string_view kEndFirst = "SELECT embedding_id FROM embeddings WHERE segment_id = ?1 "
                                       "ORDER BY embedding_id LIMIT 1 OFFSET ?2 - 1";
constexpr std::string_view kEndNext =
    "SELECT embedding_id FROM embeddings WHERE segment_id = ?1 AND embedding_id > ?3 "
    "ORDER BY embedding_id LIMIT 1 OFFSET ?2 - 1";
constexpr std::string_view kCountFirst = "SELECT count(*) FROM embeddings WHERE segment_id = ?1 AND ?2";
constexpr std::string_view kCountNext =
    "SELECT count(*) FROM embeddings WHERE segment_id = ?1 AND embedding_id > ?3 AND ?2";
// By rowid, over the rows of every collection, and never further than a few milliseconds reach: with the
// segment as a condition of its own SQLite would read and sort the whole index first.
constexpr std::string_view kScan =
    "SELECT id FROM (SELECT id, segment_id FROM embeddings ORDER BY id LIMIT 20000) "
    "WHERE segment_id = ?1 LIMIT ?2";

} // namespace

RowOrder::RowOrder(const Connection* connection, std::string segment, Walk rows, Walk ends, Walk counts,
                   Statement scan)
    : m_connection(connection),
      m_segment(std::move(segment)),
      m_rows(std::move(rows)),
      m_ends(std::move(ends)),
      m_counts(std::move(counts)),
      m_scan(std::move(scan))
{}

Result<RowOrder> RowOrder::open(const Connection& connection, const std::string& segment)
{
    std::vector<Statement> made;
    for (const std::string_view sql :
         {kRowsFirst, kRowsNext, kEndFirst, kEndNext, kCountFirst, kCountNext, kScan}) {
        auto statement = connection.prepare(sql);
        if (!statement)
            return pass(statement);
        made.push_back(std::move(*statement));
    }
    return RowOrder(&connection, segment, {std::move(made[0]), std::move(made[1])},
                    {std::move(made[2]), std::move(made[3])}, {std::move(made[4]), std::move(made[5])},
                    std::move(made[6]));
}

Statement& RowOrder::start(Walk& walk, const Last& last, qint64 rows)
{
    Statement& statement = last ? walk.next : walk.first;
    statement.reset();
    statement.bind(0, m_segment).bind(1, rows);
    if (last)
        statement.bind(2, *last);
    return statement;
}

// Calls `take(last, limit)` for every slice; it answers the last id of a full slice, nullopt at the end.
// false: another connection committed in between, so the slices do not belong together.
template <class Take> Result<bool> RowOrder::slices(qint64 limit, Take take, Progress& progress)
{
    Last last;
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
        Result<Last> taken = take(last, limit);
        if (!taken)
            return pass(taken);
        if (!*taken)
            return true;
        last = std::move(*taken);
    }
}

template <class Take, class Restart>
Status RowOrder::slicesUntilQuiet(qint64 limit, Take take, Restart restart, Progress& progress)
{
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
        restart();
        auto quiet = slices(attempt == kAttempts ? std::max(limit, kLongSlice) : limit, take, progress);
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
    const auto take = [&](const Last& last, qint64 limit) -> Result<Last> {
        const Running end(start(m_ends, last, limit));
        auto full = end->step();
        if (!full)
            return pass(full);
        if (*full) {
            rows += limit;
            return Last(end->string(0));
        }
        const Running rest(start(m_counts, last, limit));
        auto row = rest->step();
        if (!row)
            return pass(row);
        rows += rest->integer(0);
        return Last();
    };
    if (auto done = slicesUntilQuiet(
            kCountSlice, take, [&] { rows = 0; }, progress);
        !done)
        return pass(done);
    return rows;
}

Result<std::vector<RowKey>> RowOrder::all(Progress& progress)
{
    std::vector<RowKey> rows;
    const auto take = [&](const Last& last, qint64 limit) -> Result<Last> {
        const Running slice(start(m_rows, last, limit));
        for (qint64 n = 1;; ++n) {
            auto row = slice->step();
            if (!row)
                return pass(row);
            if (!*row)
                return Last();
            rows.push_back({slice->integer(0)});
            if (n == limit)
                return Last(slice->string(1));
        }
    };
    if (auto done = slicesUntilQuiet(
            kRowsSlice, take, [&] { rows.clear(); }, progress);
        !done)
        return pass(done);
    std::sort(rows.begin(), rows.end());
    return rows;
}

Result<std::vector<RowKey>> RowOrder::first(qint64 n, Progress& progress)
{
    std::vector<RowKey> rows;
    {
        const Running scan(m_scan);
        m_scan.bind(0, m_segment).bind(1, n);
        while (true) {
            auto row = scan->step();
            if (!row)
                return pass(row);
            if (!*row)
                break;
            rows.push_back({scan->integer(0)});
        }
    }
    if (qint64(rows.size()) == n)
        return rows;
    auto all = this->all(progress);
    if (all && qint64(all->size()) > n)
        all->resize(std::size_t(n));
    return all;
}

} // namespace storage
