// SQLite behind three small handles; the only room that names sqlite3. Read-only unless asked. Handles
// belong to the thread that opened them; open another connection from the path for another thread.
//
// Chroma keeps a rollback journal, so one open read transaction blocks all its writes: take a
// ReadTransaction for a few milliseconds of work, never across a wait.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"

#include <QString>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace storage {

enum class SqlType { Null, Integer, Float, Text, Blob };

class Statement
{
public:
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) noexcept;
    ~Statement();

    // Parameters and columns count from 0 here. Bound bytes are copied.
    Statement& bind(int index, qint64 value);
    Statement& bind(int index, double value);
    Statement& bind(int index, std::string_view text);
    Statement& bindBlob(int index, std::span<const std::byte> bytes);
    Statement& bindNull(int index);

    [[nodiscard]] Result<bool> step(); // true: a row is there; false: done
    [[nodiscard]] Status run();        // steps to the end, rows ignored
    void reset();                      // ready to run again, parameters cleared

    // Where the column of that name stands in the result, -1 if there is none: for `SELECT *` over a table
    // whose columns depend on the release that made it.
    [[nodiscard]] int column(std::string_view name) const;
    [[nodiscard]] SqlType type(int column) const;
    [[nodiscard]] bool isNull(int column) const { return type(column) == SqlType::Null; }
    [[nodiscard]] qint64 integer(int column) const;
    [[nodiscard]] double real(int column) const;
    // Valid until the next step() or reset(); text may hold NUL and is not checked for UTF-8.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::span<const std::byte> blob(int column) const;
    [[nodiscard]] std::string string(int column) const { return std::string(text(column)); }
    [[nodiscard]] std::optional<std::string> optionalString(int column) const;
    [[nodiscard]] std::optional<qint64> optionalInteger(int column) const;

private:
    friend class Connection;
    Statement(sqlite3* db, sqlite3_stmt* statement);
    sqlite3* m_db = nullptr;
    sqlite3_stmt* m_statement = nullptr;
};

// Resets a statement when it goes: one that is left in the middle keeps the read lock.
class Running
{
public:
    explicit Running(Statement& statement) : m_statement(statement) {}
    ~Running() { m_statement.reset(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    Statement* operator->() const { return &m_statement; }

private:
    Statement& m_statement;
};

struct ConnectionOptions
{
    enum class Access { ReadOnly, ReadWrite, Create };
    Access access = Access::ReadOnly;
    bool immutable = false;   // nobody writes: no locks, no journal or WAL looked at
    bool readOnlyShm = false; // WAL mode: use the existing -shm, never make one
    bool damaged = false;     // a file cut short: read what is left of it (read-only alone)
    int busyTimeoutMs = 2000; // how long to wait for a writer's lock
};

class Connection
{
public:
    [[nodiscard]] static Result<Connection> open(const QString& path, ConnectionOptions options = {});
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
    [[nodiscard]] Status execute(const char* sql) const;
    [[nodiscard]] bool hasTable(std::string_view name) const;
    [[nodiscard]] bool hasColumn(std::string_view table, std::string_view column) const;
    // Changes when another connection commits; compare two readings.
    [[nodiscard]] Result<qint64> dataVersion() const;
    [[nodiscard]] qint64 lastInsertRowId() const;
    [[nodiscard]] qint64 changes() const;
    [[nodiscard]] bool inTransaction() const;

    // Statements stop with Cancelled soon after `progress` says so; nullptr: never. Not owned.
    void watch(const Progress* progress);

    // The database file's bytes through SQLite's own descriptor: opening and closing another one would drop
    // this process's locks on it. Consistent only inside a ReadTransaction, and without a WAL.
    [[nodiscard]] Result<qint64> fileSize() const;
    [[nodiscard]] Status readFile(qint64 offset, std::span<std::byte> into) const;

    // Another connection stands between the first change and the end of a write transaction.
    [[nodiscard]] Result<bool> writerActive() const;

    // SQLite's online backup of this database into `target` (made anew), `pagesPerStep` pages at a time
    // under the read lock; between steps the lock is free.
    [[nodiscard]] Status backupTo(const QString& target, int pagesPerStep, Progress& progress) const;

private:
    friend class SharedLock;
    explicit Connection(sqlite3* db);
    sqlite3* m_db = nullptr;
};

// SQLite's SHARED lock on the file alone, for looking at a database whose journal must not be touched (a
// ReadTransaction would want to play it back): nobody changes the file while it is held. The connection must
// not run statements meanwhile.
class SharedLock
{
public:
    // Errors: Busy after `timeoutMs`.
    [[nodiscard]] static Result<SharedLock> take(const Connection& connection, int timeoutMs);
    SharedLock(SharedLock&& other) noexcept;
    ~SharedLock();

private:
    explicit SharedLock(const Connection* connection) : m_connection(connection) {}
    const Connection* m_connection = nullptr;
};

// One consistent view for its lifetime; ends in the destructor.
class ReadTransaction
{
public:
    [[nodiscard]] static Result<ReadTransaction> begin(const Connection& connection);
    ReadTransaction(ReadTransaction&& other) noexcept;
    ~ReadTransaction();

private:
    explicit ReadTransaction(const Connection* connection) : m_connection(connection) {}
    const Connection* m_connection = nullptr;
};

// A write transaction (BEGIN IMMEDIATE); rolled back unless committed.
class WriteTransaction
{
public:
    [[nodiscard]] static Result<WriteTransaction> begin(const Connection& connection);
    WriteTransaction(WriteTransaction&& other) noexcept;
    ~WriteTransaction();
    [[nodiscard]] Status commit();

private:
    explicit WriteTransaction(const Connection* connection) : m_connection(connection) {}
    const Connection* m_connection = nullptr;
};

} // namespace storage
