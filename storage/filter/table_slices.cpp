#include "storage/filter/table_slices.h"

#include <algorithm>
#include <chrono>

namespace storage {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kAim = std::chrono::milliseconds(6);
constexpr auto kLongest = std::chrono::milliseconds(12);
constexpr qint64 kFirstWidth = 4096;
constexpr qint64 kLeastWidth = 64;
constexpr qint64 kGreatestWidth = 1 << 22;

// Twice the width where there is time left, less where it took too long.
qint64 adapted(qint64 width, Clock::duration taken)
{
    if (taken > kLongest)
        return std::max(kLeastWidth, width / 4);
    if (taken > kAim)
        return std::max(kLeastWidth, width / 2);
    return taken < kAim / 2 ? std::min(kGreatestWidth, width * 2) : width;
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

Status TableSlices::overRange(SliceRange whole, const std::function<Status(SliceRange)>& read)
{
    qint64 width = kFirstWidth;
    for (SliceRange slice{whole.after, whole.after}; slice.last < whole.last; slice.after = slice.last) {
        if (m_progress.cancelled())
            return cancelledError();
        slice.last = whole.last - slice.after <= width ? whole.last : slice.after + width;
        const auto started = Clock::now();
        auto transaction = ReadTransaction::begin(m_connection);
        if (!transaction)
            return pass(transaction);
        if (auto same = m_guard.check(m_connection); !same)
            return same;
        if (auto done = read(slice); !done)
            return done;
        width = adapted(width, Clock::now() - started);
    }
    return {};
}

Status TableSlices::overItems(std::size_t n, const std::function<Status(std::size_t)>& read)
{
    constexpr std::size_t kBetweenLooks = 64;
    for (std::size_t i = 0; i < n;) {
        if (m_progress.cancelled())
            return cancelledError();
        const auto started = Clock::now();
        auto transaction = ReadTransaction::begin(m_connection);
        if (!transaction)
            return pass(transaction);
        if (auto same = m_guard.check(m_connection); !same)
            return same;
        do {
            for (const std::size_t stop = std::min(n, i + kBetweenLooks); i < stop; ++i)
                if (auto done = read(i); !done)
                    return done;
        } while (i < n && Clock::now() - started < kAim);
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
