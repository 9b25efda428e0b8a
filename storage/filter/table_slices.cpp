#include "storage/filter/table_slices.h"

#include <algorithm>
#include <chrono>

namespace storage {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kAim = std::chrono::milliseconds(6);
constexpr auto kLongest = std::chrono::milliseconds(12);
constexpr qint64 kGreatestWidth = 1 << 22;

// Wider where there is time left, narrower where it took too long.
qint64 adapted(qint64 width, qint64 least, Clock::duration taken)
{
    if (taken > kAim)
        return std::max(least, width / 2);
    return taken < kAim / 2 ? std::min(std::max(least, kGreatestWidth), width * 2) : width;
}

} // namespace

Status VersionGuard::check(const Connection& connection)
{
    auto now = connection.dataVersion();
    if (!now)
        return pass(now);
    if (m_version && *m_version != *now) {
        if (!m_tolerate)
            return fail(ErrorKind::Changed,
                        QStringLiteral("The directory was changed by another process while its records were "
                                       "being read; reload it."));
        m_mixed = true;
    }
    m_version = *now;
    return {};
}

bool TableSlices::timeIsUp() const
{
    return Clock::now() - m_started > kLongest;
}

Status TableSlices::overRange(SliceRange whole, const ReadSlice& read, qint64 width)
{
    const qint64 least = width;
    for (SliceRange slice = whole; slice.after < whole.last;) {
        if (m_progress.cancelled())
            return cancelledError();
        slice.last = whole.last - slice.after <= width ? whole.last : slice.after + width;
        m_started = Clock::now();
        auto transaction = ReadTransaction::begin(m_connection);
        if (!transaction)
            return pass(transaction);
        if (auto same = m_guard.check(m_connection); !same)
            return same;
        auto done = read(slice);
        if (!done)
            return pass(done);
        if (*done == slice.last)
            width = adapted(width, least, Clock::now() - m_started);
        slice.after = *done;
    }
    return {};
}

Status TableSlices::overItems(std::size_t n, const std::function<Status(std::size_t)>& read)
{
    constexpr std::size_t kBetweenLooks = 64;
    for (std::size_t i = 0; i < n;) {
        if (m_progress.cancelled())
            return cancelledError();
        m_started = Clock::now();
        auto transaction = ReadTransaction::begin(m_connection);
        if (!transaction)
            return pass(transaction);
        if (auto same = m_guard.check(m_connection); !same)
            return same;
        do {
            for (const std::size_t stop = std::min(n, i + kBetweenLooks); i < stop; ++i)
                if (auto done = read(i); !done)
                    return done;
        } while (i < n && Clock::now() - m_started < kAim);
    }
    return {};
}

Status TableSlices::untilDone(const std::function<Result<bool>()>& read)
{
    while (true) {
        if (m_progress.cancelled())
            return cancelledError();
        auto transaction = ReadTransaction::begin(m_connection);
        if (!transaction)
            return pass(transaction);
        if (auto same = m_guard.check(m_connection); !same)
            return same;
        auto done = read();
        if (!done)
            return pass(done);
        if (*done)
            return {};
    }
}

Status forEachRow(Statement& statement, const std::function<Status(const Statement&)>& each)
{
    while (true) {
        auto row = statement.step();
        if (!row || !*row) {
            statement.reset();
            return row ? Status() : Status(pass(row));
        }
        if (auto done = each(statement); !done) {
            statement.reset();
            return done;
        }
    }
}

Result<qint64> readTexts(Statement& statement, const TableSlices& slices, SliceRange slice, int number,
                         const std::function<Status(const Statement&)>& each)
{
    constexpr int kBetweenLooks = 16;
    for (int rows = 1;; ++rows) {
        auto row = statement.step();
        if (!row || !*row) {
            statement.reset();
            return row ? Result<qint64>(slice.last) : pass(row);
        }
        const qint64 at = statement.integer(number);
        auto done = each(statement);
        if (!done || (rows % kBetweenLooks == 0 && slices.timeIsUp())) {
            statement.reset();
            return done ? Result<qint64>(at) : pass(done);
        }
    }
}

Result<std::optional<qint64>> singleInteger(const Connection& connection, std::string_view sql)
{
    auto statement = connection.prepare(sql);
    if (!statement)
        return pass(statement);
    auto row = statement->step();
    if (!row)
        return pass(row);
    if (!*row)
        return std::optional<qint64>();
    return statement->optionalInteger(0);
}

} // namespace storage
