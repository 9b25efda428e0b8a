#include "storage/backup/database_copy.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace storage {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kBlock = 1 << 20;
constexpr auto kLongestLock = std::chrono::milliseconds(20);
constexpr auto kLongestSettling = std::chrono::milliseconds(60);

class DatabaseSource final : public ByteSource
{
public:
    DatabaseSource(const Connection& connection, qint64 size) : m_connection(connection), m_size(size) {}
    [[nodiscard]] qint64 size() const override { return m_size; }
    [[nodiscard]] Result<qint64> readAt(qint64 offset, std::span<std::byte> into) override
    {
        if (auto read = m_connection.readFile(offset, into); !read)
            return pass(read);
        return qint64(into.size());
    }

private:
    const Connection& m_connection;
    qint64 m_size;
};

// The database's own mode tells whether its file alone is its state.
bool fileIsState(const PersistDir& directory)
{
    return directory.route() == ReadRoute::Direct;
}

Result<BackupFile> copyThroughBackup(const FileOps& ops, const PersistDir& directory, const QString& target,
                                     ByteMeter& meter, Progress& progress)
{
    auto connection = directory.connect();
    if (!connection)
        return pass(connection);
    constexpr int kPages = 2000; // 8 MiB: some milliseconds of lock
    if (auto copied = connection->backupTo(target, kPages, progress); !copied)
        return pass(copied);
    return digestFile(ops, target, QStringLiteral("chroma.sqlite3"), Digests::Both, meter);
}

// Brings the copy up to the original, block by block, rewriting only what differs.
class MovingCopy
{
public:
    MovingCopy(const Connection& connection, FileOps::File& target) : m_connection(connection), m_target(target) {}

    // A pass in short locks. true: no commit happened since its start, so the copy is one state.
    [[nodiscard]] Result<bool> slicedPass(Progress& progress, ByteMeter* meter)
    {
        qint64 at = 0;
        std::optional<qint64> version;
        bool quiet = true;
        while (true) {
            auto lock = ReadTransaction::begin(m_connection);
            if (!lock)
                return pass(lock);
            auto now = m_connection.dataVersion();
            if (!now)
                return pass(now);
            quiet = quiet && version.value_or(*now) == *now;
            version = *now;
            const qint64 from = at;
            auto finished = advance(at, Clock::now() + kLongestLock);
            if (!finished)
                return pass(finished);
            if (progress.cancelled())
                return cancelledError();
            if (meter)
                if (auto counted = meter->add(at - from); !counted)
                    return pass(counted);
            if (*finished)
                return quiet;
        }
    }

    // The whole file under one lock.
    [[nodiscard]] Status settle()
    {
        auto lock = ReadTransaction::begin(m_connection);
        if (!lock)
            return pass(lock);
        qint64 at = 0;
        auto finished = advance(at, Clock::time_point::max());
        if (!finished)
            return pass(finished);
        return {};
    }

private:
    // Copies from `at` on until the end (true) or until it is `deadline` (false).
    Result<bool> advance(qint64& at, Clock::time_point deadline)
    {
        auto size = m_connection.fileSize();
        if (!size)
            return pass(size);
        while (at < *size) {
            m_block.resize(std::size_t(std::min<qint64>(kBlock, *size - at)));
            if (auto read = m_connection.readFile(at, m_block); !read)
                return pass(read);
            if (auto put = update(at); !put)
                return pass(put);
            at += qint64(m_block.size());
            if (Clock::now() >= deadline && at < *size)
                return false;
        }
        if (*size < m_size)
            if (auto cut = m_target.truncate(*size); !cut)
                return pass(cut);
        m_size = *size;
        return true;
    }

    Status update(qint64 at)
    {
        const auto length = qint64(m_block.size());
        if (at + length <= m_size) {
            if (auto moved = m_target.seek(at); !moved)
                return moved;
            m_old.resize(m_block.size());
            std::size_t have = 0;
            while (have < m_old.size()) {
                auto got = m_target.read(std::span(m_old).subspan(have));
                if (!got)
                    return pass(got);
                if (*got == 0)
                    break;
                have += std::size_t(*got);
            }
            if (have == m_old.size() && std::memcmp(m_old.data(), m_block.data(), have) == 0)
                return {};
        }
        if (auto moved = m_target.seek(at); !moved)
            return moved;
        auto put = m_target.write(m_block);
        m_size = std::max(m_size, at + length);
        return put;
    }

    const Connection& m_connection;
    FileOps::File& m_target;
    qint64 m_size = 0;
    std::vector<std::byte> m_block;
    std::vector<std::byte> m_old;
};

Status follow(MovingCopy& copy, int attempts, ByteMeter& meter, Progress& progress)
{
    const auto start = Clock::now();
    auto quiet = copy.slicedPass(progress, &meter);
    if (!quiet)
        return pass(quiet);
    // A second pass reads what the first one wrote from memory: about as long again, at the most.
    if (!*quiet && Clock::now() - start < kLongestSettling)
        return copy.settle();
    for (int attempt = 1; attempt < attempts && !*quiet; ++attempt) {
        const auto begun = Clock::now();
        quiet = copy.slicedPass(progress, nullptr);
        if (!quiet)
            return pass(quiet);
        if (!*quiet && Clock::now() - begun < kLongestSettling)
            return copy.settle();
    }
    if (!*quiet)
        return fail(ErrorKind::Changed,
                    QStringLiteral("The database was written to during each of %1 tries to copy it; no backup was made.")
                        .arg(attempts));
    return {};
}

} // namespace

Result<BackupFile> copyDatabaseCold(const FileOps& ops, const PersistDir& directory, const QString& target,
                                    ByteMeter& meter)
{
    if (!fileIsState(directory))
        return copyThroughBackup(ops, directory, target, meter, Progress::none());
    auto connection = directory.connect();
    if (!connection)
        return pass(connection);
    auto lock = ReadTransaction::begin(*connection);
    if (!lock)
        return pass(lock);
    auto size = connection->fileSize();
    if (!size)
        return pass(size);
    DatabaseSource source(*connection, *size);
    auto copied = copyBytes(ops, source, target, QStringLiteral("chroma.sqlite3"), meter);
    if (!copied)
        return pass(copied);
    auto info = ops.stat(directory.databasePath());
    if (!info)
        return pass(info);
    if (auto taken = ops.takeAttributes(target, *info); !taken)
        return pass(taken);
    return copied;
}

Result<BackupFile> copyDatabaseHot(const FileOps& ops, const PersistDir& directory, const QString& target,
                                   int attempts, ByteMeter& meter, Progress& progress)
{
    if (!fileIsState(directory))
        return copyThroughBackup(ops, directory, target, meter, progress);
    auto connection = directory.connect();
    if (!connection)
        return pass(connection);
    auto file = ops.create(target);
    if (!file)
        return pass(file);
    MovingCopy copy(*connection, *file);
    if (auto done = follow(copy, attempts, meter, progress); !done)
        return pass(done);
    if (auto synced = file->sync(); !synced)
        return pass(synced);
    if (auto closed = file->close(); !closed)
        return pass(closed);
    ByteMeter quiet(progress, 0, QStringLiteral("Hashing the database"));
    return digestFile(ops, target, QStringLiteral("chroma.sqlite3"), Digests::Both, quiet);
}

} // namespace storage
