// The QIODevices under archives and exports: a file whose writes are checked by FileOps, and a multi-threaded zstd
// stream with a checksum, which KArchive's own filter has not.
#pragma once

#include "storage/base/file_ops.h"
#include "storage/base/progress.h"

#include <QFile>
#include <QIODevice>

#include <memory>
#include <optional>

struct ZSTD_CCtx_s;

namespace storage {

// Writes through FileOps; keeps the first error, since QIODevice can only say "no".
class SinkDevice final : public QIODevice
{
public:
    explicit SinkDevice(FileOps::File file) : m_file(std::move(file)) { open(QIODevice::WriteOnly | QIODevice::Unbuffered); }
    [[nodiscard]] bool isSequential() const override { return false; }
    [[nodiscard]] qint64 size() const override { return m_size; }
    bool seek(qint64 position) override;
    [[nodiscard]] Status finish(); // synced and closed, or the first error
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

protected:
    qint64 readData(char*, qint64) override { return -1; }
    qint64 writeData(const char* data, qint64 size) override;

private:
    FileOps::File m_file;
    qint64 m_at = 0;
    qint64 m_size = 0;
    std::optional<Error> m_error;
};

// Compresses what is written to it into `sink`, level 1, over the machine's cores.
class ZstdDevice final : public QIODevice
{
public:
    explicit ZstdDevice(QIODevice& sink);
    ~ZstdDevice() override;
    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] bool finish(); // false: the sink refused or the library failed

protected:
    qint64 readData(char*, qint64) override { return -1; }
    qint64 writeData(const char* data, qint64 size) override;

private:
    [[nodiscard]] bool compress(const char* data, qint64 size, bool last);
    QIODevice& m_sink;
    ZSTD_CCtx_s* m_context;
    QByteArray m_out;
    bool m_ok = true;
};

// An archive being read: stops with an error as soon as the job is cancelled, and tells how far it is.
class SourceDevice final : public QFile
{
public:
    SourceDevice(const QString& path, Progress& progress) : QFile(path), m_progress(progress) {}

protected:
    qint64 readData(char* data, qint64 size) override
    {
        return m_progress.cancelled() ? -1 : QFile::readData(data, size);
    }

private:
    Progress& m_progress;
};

} // namespace storage
