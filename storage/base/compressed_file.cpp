#include "storage/base/compressed_file.h"

#include "storage/base/stream_devices.h"

#include <KCompressionDevice>

#include <QFileInfo>

namespace storage {

namespace {

constexpr std::size_t kBlock = 1 << 20;

KCompressionDevice::CompressionType compressionOf(const QString& path)
{
    if (path.endsWith(QLatin1String(".gz")))
        return KCompressionDevice::GZip;
    return path.endsWith(QLatin1String(".zst")) ? KCompressionDevice::Zstd : KCompressionDevice::None;
}

} // namespace

QString withoutCompression(const QString& fileName)
{
    if (fileName.endsWith(QLatin1String(".gz")))
        return fileName.chopped(3);
    return fileName.endsWith(QLatin1String(".zst")) ? fileName.chopped(4) : fileName;
}

struct FileWriter::Streams
{
    Streams(FileOps::File file, const QString& path) : sink(std::move(file))
    {
        if (compressionOf(path) == KCompressionDevice::Zstd) {
            zstd = std::make_unique<ZstdDevice>(sink);
        } else if (compressionOf(path) == KCompressionDevice::GZip) {
            gzip = std::make_unique<KCompressionDevice>(&sink, false, KCompressionDevice::GZip);
            opened = gzip->open(QIODevice::WriteOnly);
        }
    }
    QIODevice& top() { return zstd ? static_cast<QIODevice&>(*zstd) : gzip ? static_cast<QIODevice&>(*gzip) : sink; }
    [[nodiscard]] Status refused() const
    {
        if (sink.error())
            return tl::unexpected<Error>(*sink.error());
        return fail(ErrorKind::Io, QStringLiteral("The file cannot be compressed."));
    }
    [[nodiscard]] Status finish()
    {
        if (zstd && !zstd->finish())
            return refused();
        if (gzip)
            gzip->close();
        return sink.finish();
    }

    SinkDevice sink;
    std::unique_ptr<ZstdDevice> zstd;
    std::unique_ptr<KCompressionDevice> gzip;
    bool opened = true;
};

FileWriter::FileWriter(const FileOps& ops, QString path, std::unique_ptr<Streams> streams)
    : m_ops(&ops), m_path(std::move(path)), m_streams(std::move(streams))
{
}

FileWriter::FileWriter(FileWriter&&) noexcept = default;

FileWriter::~FileWriter()
{
    if (!m_streams)
        return;
    m_streams.reset();
    (void)m_ops->removeFile(m_path + QStringLiteral(".partial"));
}

Result<FileWriter> FileWriter::create(const FileOps& ops, const QString& path)
{
    const QString partial = path + QStringLiteral(".partial");
    if (ops.exists(partial)) // of a run that was killed
        if (auto removed = ops.removeFile(partial); !removed)
            return pass(removed);
    auto file = ops.create(partial);
    if (!file)
        return pass(file);
    FileWriter writer(ops, path, std::make_unique<Streams>(std::move(*file), path));
    if (!writer.m_streams->opened)
        return fail(ErrorKind::Io, QStringLiteral("“%1” cannot be compressed.").arg(path));
    return writer;
}

Status FileWriter::write(std::string_view bytes)
{
    m_bytes += qint64(bytes.size());
    m_buffer += bytes;
    return m_buffer.size() >= kBlock ? flush() : Status();
}

Status FileWriter::flush()
{
    const auto size = qint64(m_buffer.size());
    if (m_streams->top().write(m_buffer.data(), size) != size)
        return m_streams->refused();
    m_buffer.clear();
    return {};
}

Status FileWriter::finish()
{
    if (auto flushed = flush(); !flushed)
        return flushed;
    if (auto finished = m_streams->finish(); !finished)
        return finished;
    if (auto renamed = m_ops->replace(m_path + QStringLiteral(".partial"), m_path); !renamed)
        return renamed;
    m_streams.reset();
    return m_ops->syncFolder(QFileInfo(m_path).absolutePath());
}

struct FileReader::Streams
{
    Streams(const QString& path, Progress& watch) : file(path, watch), progress(&watch) {}
    SourceDevice file;
    std::unique_ptr<KCompressionDevice> plain;
    Progress* progress;
    QIODevice& top() { return plain ? static_cast<QIODevice&>(*plain) : file; }
};

FileReader::FileReader(std::unique_ptr<Streams> streams) : m_streams(std::move(streams)) {}
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;

Result<FileReader> FileReader::open(const QString& path, Progress& progress)
{
    auto streams = std::make_unique<Streams>(path, progress);
    if (!streams->file.open(QIODevice::ReadOnly))
        return fail(QFileInfo::exists(path) ? ErrorKind::Io : ErrorKind::NotFound,
                    QStringLiteral("“%1” cannot be read.").arg(path), streams->file.errorString());
    if (const auto type = compressionOf(path); type != KCompressionDevice::None) {
        streams->plain = std::make_unique<KCompressionDevice>(&streams->file, false, type);
        if (!streams->plain->open(QIODevice::ReadOnly))
            return fail(ErrorKind::Corrupt, QStringLiteral("“%1” is not compressed as its name says.").arg(path));
    }
    return FileReader(std::move(streams));
}

Result<std::string_view> FileReader::read()
{
    if (m_at < m_block.size()) {
        const auto rest = std::string_view(m_block).substr(m_at);
        m_at = m_block.size();
        return rest;
    }
    m_block.resize(kBlock);
    const qint64 got = m_streams->top().read(m_block.data(), qint64(m_block.size()));
    m_block.resize(std::size_t(std::max<qint64>(0, got)));
    m_at = m_block.size();
    if (m_streams->progress->cancelled())
        return cancelledError();
    // A compressed stream that stops before its own end mark was cut off.
    if (got < 0 || (got == 0 && m_streams->plain && !m_streams->plain->atEnd()))
        return fail(ErrorKind::Corrupt, QStringLiteral("“%1” is damaged or was cut off.").arg(m_streams->file.fileName()));
    m_ended = got == 0;
    return std::string_view(m_block);
}

Result<bool> FileReader::readLine(std::string& line, std::size_t longest)
{
    line.clear();
    while (true) {
        auto bytes = read();
        if (!bytes)
            return pass(bytes);
        if (bytes->empty())
            return !line.empty();
        const std::size_t end = bytes->find('\n');
        line += bytes->substr(0, end);
        if (line.size() > longest)
            return fail(ErrorKind::Invalid, QStringLiteral("“%1” has a line of more than %2 bytes.")
                                                .arg(m_streams->file.fileName())
                                                .arg(longest));
        if (end == std::string_view::npos)
            continue;
        m_at -= bytes->size() - end - 1;
        if (line.ends_with('\r'))
            line.pop_back();
        return true;
    }
}

qint64 FileReader::position() const
{
    return m_streams->file.pos();
}

qint64 FileReader::size() const
{
    return m_streams->file.size();
}

} // namespace storage
