#include "storage/chroma/sqlite.h"

#include <QUrl>

#include <sqlite3.h>
#include <utility>

namespace storage {

namespace {

ErrorKind kindOf(int code)
{
    switch (code) {
    case SQLITE_READONLY_ROLLBACK:
    case SQLITE_READONLY_RECOVERY:
    case SQLITE_READONLY_CANTINIT:
        return ErrorKind::Changed; // a journal or write-ahead file that was not there when it was opened
    default:
        break;
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorKind::Busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
        return ErrorKind::Corrupt;
    case SQLITE_INTERRUPT:
        return ErrorKind::Cancelled;
    case SQLITE_FULL:
        return ErrorKind::NoSpace;
    case SQLITE_ERROR:
        return ErrorKind::Corrupt; // a table or column that the schema should have
    default:
        return ErrorKind::Io;
    }
}

QString sentenceFor(int code)
{
    switch (kindOf(code)) {
    case ErrorKind::Busy:
        return QStringLiteral("The database is locked by another process that is writing to it.");
    case ErrorKind::Changed:
        return QStringLiteral(
            "A write to the database was interrupted since it was opened; open the directory again.");
    case ErrorKind::Corrupt:
        return QStringLiteral("The database chroma.sqlite3 is damaged or is not a Chroma database.");
    case ErrorKind::Cancelled:
        return QStringLiteral("The operation was cancelled; nothing was changed.");
    case ErrorKind::NoSpace:
        return QStringLiteral("The disk is full; the database was not changed.");
    default:
        return QStringLiteral("The database chroma.sqlite3 cannot be read.");
    }
}

tl::unexpected<Error> sqlError(sqlite3* db, int code)
{
    const int extended = db ? sqlite3_extended_errcode(db) : code;
    const char* message = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    return fail(kindOf(extended), sentenceFor(extended),
                QStringLiteral("SQLite %1: %2").arg(extended).arg(QString::fromUtf8(message)));
}

int pollCancel(void* progress)
{
    return static_cast<const Progress*>(progress)->cancelled() ? 1 : 0;
}

QByteArray uriFor(const QString& path, const ConnectionOptions& options)
{
    // Percent-encode what a URI would read as its own: '?', '#', '%' and anything not plain.
    QByteArray uri = "file:" + QUrl::toPercentEncoding(path, "/");
    switch (options.access) {
    case ConnectionOptions::Access::ReadOnly:
        uri += "?mode=ro";
        break;
    case ConnectionOptions::Access::ReadWrite:
        uri += "?mode=rw";
        break;
    case ConnectionOptions::Access::Create:
        uri += "?mode=rwc";
        break;
    }
    if (options.immutable)
        uri += "&immutable=1";
    if (options.readOnlyShm)
        uri += "&readonly_shm=1";
    return uri;
}

} // namespace

Statement::Statement(sqlite3* db, sqlite3_stmt* statement) : m_db(db), m_statement(statement) {}

Statement::Statement(Statement&& other) noexcept
    : m_db(other.m_db),
      m_statement(std::exchange(other.m_statement, nullptr))
{}

Statement& Statement::operator=(Statement&& other) noexcept
{
    std::swap(m_db, other.m_db);
    std::swap(m_statement, other.m_statement);
    return *this;
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement& Statement::bind(int index, qint64 value)
{
    sqlite3_bind_int64(m_statement, index + 1, value);
    return *this;
}

Statement& Statement::bind(int index, double value)
{
    sqlite3_bind_double(m_statement, index + 1, value);
    return *this;
}

Statement& Statement::bind(int index, std::string_view text)
{
    sqlite3_bind_text64(m_statement, index + 1, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindBlob(int index, std::span<const std::byte> bytes)
{
    sqlite3_bind_blob64(m_statement, index + 1, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bindNull(int index)
{
    sqlite3_bind_null(m_statement, index + 1);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return sqlError(m_db, code);
}

Status Statement::run()
{
    while (true) {
        Result<bool> row = step();
        if (!row)
            return pass(row);
        if (!*row)
            return {};
    }
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
}

int Statement::column(std::string_view name) const
{
    const int count = sqlite3_column_count(m_statement);
    for (int i = 0; i < count; ++i)
        if (name == sqlite3_column_name(m_statement, i))
            return i;
    return -1;
}

SqlType Statement::type(int column) const
{
    switch (sqlite3_column_type(m_statement, column)) {
    case SQLITE_INTEGER:
        return SqlType::Integer;
    case SQLITE_FLOAT:
        return SqlType::Float;
    case SQLITE_TEXT:
        return SqlType::Text;
    case SQLITE_BLOB:
        return SqlType::Blob;
    default:
        return SqlType::Null;
    }
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string_view Statement::text(int column) const
{
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    if (!bytes)
        return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

std::span<const std::byte> Statement::blob(int column) const
{
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(m_statement, column));
    if (!bytes)
        return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

std::optional<std::string> Statement::optionalString(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(string(column));
}

std::optional<qint64> Statement::optionalInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

Connection::Connection(sqlite3* db) : m_db(db) {}

Connection::Connection(Connection&& other) noexcept : m_db(std::exchange(other.m_db, nullptr)) {}

Connection& Connection::operator=(Connection&& other) noexcept
{
    std::swap(m_db, other.m_db);
    return *this;
}

Connection::~Connection()
{
    sqlite3_close_v2(m_db);
}

Result<Connection> Connection::open(const QString& path, ConnectionOptions options)
{
    sqlite3* db = nullptr;
    const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (options.access == ConnectionOptions::Access::ReadOnly ? SQLITE_OPEN_READONLY
                       : options.access == ConnectionOptions::Access::ReadWrite
                           ? SQLITE_OPEN_READWRITE
                           : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    const int code = sqlite3_open_v2(uriFor(path, options).constData(), &db, flags, nullptr);
    Connection connection(db);
    if (code != SQLITE_OK)
        return sqlError(db, code);
    sqlite3_busy_timeout(db, options.busyTimeoutMs);
    // A hostile file must not run its own SQL through views, triggers or schema tricks, nor a long plan.
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, options.damaged ? 0 : 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, options.damaged ? 1 : 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
    return connection;
}

Result<Statement> Connection::prepare(std::string_view sql) const
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(m_db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK)
        return sqlError(m_db, code);
    return Statement(m_db, statement);
}

Status Connection::execute(const char* sql) const
{
    const int code = sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return sqlError(m_db, code);
    return {};
}

bool Connection::hasTable(std::string_view name) const
{
    auto query = prepare("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?");
    if (!query)
        return false;
    query->bind(0, name);
    const auto row = query->step();
    return row && *row;
}

bool Connection::hasColumn(std::string_view table, std::string_view column) const
{
    auto query = prepare("SELECT 1 FROM pragma_table_info(?) WHERE name=?");
    if (!query)
        return false;
    query->bind(0, table).bind(1, column);
    const auto row = query->step();
    return row && *row;
}

Result<qint64> Connection::dataVersion() const
{
    auto query = prepare("PRAGMA data_version");
    if (!query)
        return pass(query);
    const auto row = query->step();
    if (!row)
        return tl::unexpected<Error>(row.error());
    return query->integer(0);
}

qint64 Connection::lastInsertRowId() const
{
    return sqlite3_last_insert_rowid(m_db);
}

qint64 Connection::changes() const
{
    return sqlite3_changes64(m_db);
}

bool Connection::inTransaction() const
{
    return sqlite3_get_autocommit(m_db) == 0;
}

void Connection::watch(const Progress* progress)
{
    // About every 0.1 ms of virtual-machine steps: a cancel is seen at once and costs nothing.
    constexpr int kSteps = 4000;
    sqlite3_progress_handler(m_db, progress ? kSteps : 0, progress ? &pollCancel : nullptr,
                             const_cast<Progress*>(progress));
}

Result<qint64> Connection::fileSize() const
{
    sqlite3_file* file = nullptr;
    sqlite3_int64 size = 0;
    int code = sqlite3_file_control(m_db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK && file && file->pMethods)
        code = file->pMethods->xFileSize(file, &size);
    if (code != SQLITE_OK)
        return sqlError(nullptr, code);
    return qint64(size);
}

Status Connection::readFile(qint64 offset, std::span<std::byte> into) const
{
    sqlite3_file* file = nullptr;
    int code = sqlite3_file_control(m_db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK && file && file->pMethods)
        code = file->pMethods->xRead(file, into.data(), static_cast<int>(into.size()), offset);
    if (code != SQLITE_OK)
        return sqlError(nullptr, code);
    return {};
}

Result<bool> Connection::writerActive() const
{
    sqlite3_file* file = nullptr;
    int reserved = 0;
    int code = sqlite3_file_control(m_db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK && file && file->pMethods)
        code = file->pMethods->xCheckReservedLock(file, &reserved);
    if (code != SQLITE_OK)
        return sqlError(nullptr, code);
    return reserved != 0;
}

Status Connection::backupTo(const QString& target, int pagesPerStep, Progress& progress) const
{
    auto copy = open(target, {.access = ConnectionOptions::Access::Create});
    if (!copy)
        return pass(copy);
    sqlite3_backup* backup = sqlite3_backup_init(copy->m_db, "main", m_db, "main");
    if (!backup)
        return sqlError(copy->m_db, SQLITE_ERROR);
    int code = SQLITE_OK;
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        if (progress.cancelled()) {
            sqlite3_backup_finish(backup);
            return cancelledError();
        }
        code = sqlite3_backup_step(backup, pagesPerStep);
        const int total = sqlite3_backup_pagecount(backup);
        progress.report(total - sqlite3_backup_remaining(backup), total,
                        QStringLiteral("Copying the database"));
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep(5);
    }
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        return sqlError(copy->m_db, code);
    return {};
}

Result<SharedLock> SharedLock::take(const Connection& connection, int timeoutMs)
{
    constexpr int kPauseMs = 5;
    sqlite3_file* file = nullptr;
    int code = sqlite3_file_control(connection.m_db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code != SQLITE_OK || !file || !file->pMethods)
        return sqlError(nullptr, code == SQLITE_OK ? SQLITE_CANTOPEN : code);
    for (int waited = 0;; waited += kPauseMs) {
        code = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
        if (code == SQLITE_OK)
            return SharedLock(&connection);
        if ((code & 0xff) != SQLITE_BUSY || waited >= timeoutMs)
            return sqlError(nullptr, code);
        sqlite3_sleep(kPauseMs);
    }
}

SharedLock::SharedLock(SharedLock&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr))
{}

SharedLock::~SharedLock()
{
    sqlite3_file* file = nullptr;
    if (m_connection &&
        sqlite3_file_control(m_connection->m_db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
        file)
        file->pMethods->xUnlock(file, SQLITE_LOCK_NONE);
}

Result<ReadTransaction> ReadTransaction::begin(const Connection& connection)
{
    // BEGIN alone takes no lock; reading the schema takes SHARED, so the view starts here.
    if (auto begun = connection.execute("BEGIN"); !begun)
        return pass(begun);
    ReadTransaction transaction(&connection);
    if (auto locked = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1"); !locked)
        return pass(locked);
    return transaction;
}

ReadTransaction::ReadTransaction(ReadTransaction&& other) noexcept
    : m_connection(std::exchange(other.m_connection, nullptr))
{}

ReadTransaction::~ReadTransaction()
{
    if (m_connection)
        (void)m_connection->execute("ROLLBACK");
}

Result<WriteTransaction> WriteTransaction::begin(const Connection& connection)
{
    if (auto begun = connection.execute("BEGIN IMMEDIATE"); !begun)
        return pass(begun);
    return WriteTransaction(&connection);
}

WriteTransaction::WriteTransaction(WriteTransaction&& other) noexcept
    : m_connection(std::exchange(other.m_connection, nullptr))
{}

WriteTransaction::~WriteTransaction()
{
    if (m_connection)
        (void)m_connection->execute("ROLLBACK");
}

Status WriteTransaction::commit()
{
    if (auto committed = m_connection->execute("COMMIT"); !committed)
        return pass(committed);
    m_connection = nullptr;
    return {};
}

} // namespace storage
