// Reads long tables in slices of a few milliseconds, each its own read transaction: an open one would hold up
// every write of a live Chroma. Between slices another process may commit; the guard says what that means.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/sqlite.h"

#include <QtGlobal>

#include <chrono>
#include <functional>
#include <optional>

namespace storage {

// The state of the database that everything read so far belongs to.
class VersionGuard
{
public:
    // Inside a read transaction. Errors: Changed, unless changes are tolerated.
    [[nodiscard]] Status check(const Connection& connection);
    void tolerate(bool yes) { m_tolerate = yes; }
    [[nodiscard]] bool mixed() const { return m_mixed; }

private:
    std::optional<qint64> m_version;
    bool m_tolerate = false;
    bool m_mixed = false;
};

struct SliceRange
{
    qint64 after = 0; // exclusive
    qint64 last = 0;  // inclusive
};

class TableSlices
{
public:
    TableSlices(const Connection& connection, VersionGuard& guard, Progress& progress)
        : m_connection(connection),
          m_guard(guard),
          m_progress(progress)
    {}

    // Calls `read` for consecutive ranges of row numbers that cover `whole`. It answers the last row number
    // that it has dealt with: the end of the range, or less when timeIsUp() made it stop. The width of the
    // ranges follows the time that they take, from `width` on and not below it.
    static constexpr qint64 kUsualWidth = 2048;
    using ReadSlice = std::function<Result<qint64>(SliceRange)>;
    [[nodiscard]] Status overRange(SliceRange whole, const ReadSlice& read, qint64 width = kUsualWidth);
    [[nodiscard]] bool timeIsUp() const;
    // Calls `read(i)` for 0 .. n-1, many in one transaction.
    [[nodiscard]] Status overItems(std::size_t n, const std::function<Status(std::size_t)>& read);
    // Calls `read` in new transactions until it says that all is read (true).
    [[nodiscard]] Status untilDone(const std::function<Result<bool>()>& read);

private:
    const Connection& m_connection;
    VersionGuard& m_guard;
    Progress& m_progress;
    std::chrono::steady_clock::time_point m_started;
};

// One row's worth of a statement: resets it whatever happens. `each` may fail.
[[nodiscard]] Status forEachRow(Statement& statement, const std::function<Status(const Statement&)>& each);
// Rows that hold long texts: stops when the time is up, and answers the last row number (in column `number`)
// dealt with.
[[nodiscard]] Result<qint64> readTexts(Statement& statement, const TableSlices& slices, SliceRange slice,
                                       int number, const std::function<Status(const Statement&)>& each);
// The single integer that a statement answers; nullopt: NULL or no row.
[[nodiscard]] Result<std::optional<qint64>> singleInteger(const Connection& connection, std::string_view sql);

} // namespace storage
