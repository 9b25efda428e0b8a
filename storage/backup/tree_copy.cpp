#include "storage/backup/tree_copy.h"

#include "storage/base/digest.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace storage {

namespace {

constexpr std::size_t kBlock = 1 << 20;
using Block = std::shared_ptr<std::vector<std::byte>>;

// SHA-256 is slower than the disk cache: it runs beside the copy on its own thread, a few blocks behind.
class HashPipe
{
public:
    HashPipe() : m_worker([this] { work(); }) {}
    ~HashPipe()
    {
        if (m_worker.joinable())
            (void)finish();
    }
    HashPipe(const HashPipe&) = delete;
    HashPipe& operator=(const HashPipe&) = delete;

    void add(Block block)
    {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, [this] { return m_blocks.size() < kDeepest; });
        m_blocks.push_back(std::move(block));
        m_filled.notify_one();
    }

    [[nodiscard]] QByteArray finish()
    {
        add(nullptr);
        m_worker.join();
        return m_hash.hex();
    }

private:
    static constexpr std::size_t kDeepest = 8;

    void work()
    {
        while (true) {
            Block block;
            {
                std::unique_lock lock(m_mutex);
                m_filled.wait(lock, [this] { return !m_blocks.empty(); });
                block = std::move(m_blocks.front());
                m_blocks.pop_front();
                m_room.notify_one();
            }
            if (!block)
                return;
            m_hash.add(*block);
        }
    }

    Sha256 m_hash;
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::condition_variable m_room;
    std::deque<Block> m_blocks;
    std::thread m_worker;
};

class FileSource final : public ByteSource
{
public:
    FileSource(FileOps::File file, qint64 size) : m_file(std::move(file)), m_size(size) {}
    [[nodiscard]] qint64 size() const override { return m_size; }
    [[nodiscard]] Result<qint64> readAt(qint64 offset, std::span<std::byte> into) override
    {
        if (offset != m_at)
            if (auto moved = m_file.seek(offset); !moved)
                return pass(moved);
        auto got = m_file.read(into);
        m_at = offset + (got ? *got : 0);
        return got;
    }
    [[nodiscard]] std::pair<qint64, qint64> dataRun(qint64 offset) const override
    {
        m_at = -1;
        return m_file.dataRun(offset, m_size);
    }

private:
    FileOps::File m_file;
    qint64 m_size;
    mutable qint64 m_at = 0;
};

Status walk(const FileOps& ops, const QString& root, const QString& below,
            const std::function<bool(const QString&)>& skip, Tree& tree)
{
    auto names = ops.list(below.isEmpty() ? root : root + QLatin1Char('/') + below);
    if (!names)
        return pass(names);
    for (const QString& leaf : *names) {
        const QString name = below.isEmpty() ? leaf : below + QLatin1Char('/') + leaf;
        if (skip && skip(name))
            continue;
        auto info = ops.stat(root + QLatin1Char('/') + name);
        if (!info)
            return pass(info);
        if (!isSafeRelativePath(name)) {
            tree.leftOut << QStringLiteral("“%1” was left out: its name does not travel between systems.").arg(name);
        } else if (info->kind == FileStat::Kind::Folder) {
            tree.folders.push_back({name, *info});
            if (auto walked = walk(ops, root, name, skip, tree); !walked)
                return pass(walked);
        } else if (info->kind == FileStat::Kind::File) {
            tree.files.push_back({name, *info});
        } else {
            tree.leftOut << QStringLiteral("“%1” was left out: it is a link or a device, not a file.").arg(name);
        }
    }
    return {};
}

// Passes the bytes of `source` from its start to its end to `take`, holes as zeros with `hole` set.
template <class Take> Status eachBlock(ByteSource& source, Take take)
{
    const qint64 size = source.size();
    qint64 at = 0;
    std::pair<qint64, qint64> run = {0, 0};
    while (at < size) {
        if (at >= run.second)
            run = source.dataRun(at);
        const bool hole = at < run.first;
        const qint64 end = std::min(size, hole ? run.first : run.second);
        auto block = std::make_shared<std::vector<std::byte>>(std::size_t(std::min<qint64>(end - at, kBlock)));
        if (!hole) {
            auto got = source.readAt(at, *block);
            if (!got)
                return pass(got);
            if (*got == 0)
                return fail(ErrorKind::Changed, QStringLiteral("A file became shorter while it was read."));
            block->resize(std::size_t(*got));
        }
        at += qint64(block->size());
        if (auto taken = take(std::move(block), hole); !taken)
            return pass(taken);
    }
    return {};
}

} // namespace

qint64 Tree::bytes() const
{
    qint64 sum = 0;
    for (const TreeItem& file : files)
        sum += file.stat.size;
    return sum;
}

qint64 Tree::allocatedBytes() const
{
    qint64 sum = 0;
    for (const TreeItem& file : files)
        sum += std::min(file.stat.allocated, file.stat.size + 4096);
    return sum;
}

Result<Tree> readTree(const FileOps& ops, const QString& folder, const std::function<bool(const QString&)>& skip)
{
    Tree tree;
    if (auto walked = walk(ops, folder, {}, skip, tree); !walked)
        return pass(walked);
    return tree;
}

Result<std::unique_ptr<ByteSource>> openSource(const FileOps& ops, const QString& path)
{
    auto info = ops.stat(path);
    if (!info)
        return pass(info);
    auto file = ops.openRead(path);
    if (!file)
        return pass(file);
    return std::make_unique<FileSource>(std::move(*file), info->size);
}

Status ByteMeter::add(qint64 bytes)
{
    m_done += bytes;
    m_progress.report(m_done, m_total, m_phase);
    if (m_progress.cancelled())
        return cancelledError();
    return {};
}

Result<BackupFile> copyBytes(const FileOps& ops, ByteSource& source, const QString& target, const QString& name,
                             ByteMeter& meter)
{
    auto file = ops.create(target);
    if (!file)
        return pass(file);
    HashPipe sha;
    Xxh128 quick;
    qint64 written = 0;
    bool endsInHole = false;
    auto copied = eachBlock(source, [&](Block block, bool hole) -> Status {
        quick.add(*block);
        written += qint64(block->size());
        if (auto put = hole ? file->seek(written) : file->write(*block); !put)
            return pass(put);
        endsInHole = hole;
        const auto bytes = qint64(block->size());
        sha.add(std::move(block));
        return meter.add(bytes);
    });
    if (!copied)
        return pass(copied);
    if (endsInHole)
        if (auto grown = file->truncate(written); !grown)
            return pass(grown);
    if (auto synced = file->sync(); !synced)
        return pass(synced);
    file->dropCache();
    if (auto closed = file->close(); !closed)
        return pass(closed);
    return BackupFile{name, written, sha.finish(), quick.hex()};
}

Result<BackupFile> copyFile(const FileOps& ops, const QString& source, const QString& target, const QString& name,
                            ByteMeter& meter)
{
    auto info = ops.stat(source);
    if (!info)
        return pass(info);
    auto bytes = openSource(ops, source);
    if (!bytes)
        return pass(bytes);
    auto copied = copyBytes(ops, **bytes, target, name, meter);
    if (!copied)
        return pass(copied);
    if (auto taken = ops.takeAttributes(target, *info); !taken)
        return pass(taken);
    return copied;
}

Result<BackupFile> digestFile(const FileOps& ops, const QString& path, const QString& name, Digests which,
                              ByteMeter& meter)
{
    auto bytes = openSource(ops, path);
    if (!bytes)
        return pass(bytes);
    std::optional<HashPipe> sha;
    if (which == Digests::Both)
        sha.emplace();
    Xxh128 quick;
    qint64 read = 0;
    auto done = eachBlock(**bytes, [&](Block block, bool) -> Status {
        quick.add(*block);
        read += qint64(block->size());
        const auto size = qint64(block->size());
        if (sha)
            sha->add(std::move(block));
        return meter.add(size);
    });
    if (!done)
        return pass(done);
    return BackupFile{name, read, sha ? sha->finish() : QByteArray(), quick.hex()};
}

} // namespace storage
