#include "storage/base/stream_devices.h"

#include <algorithm>
#include <thread>

#include <zstd.h>

namespace storage {

bool SinkDevice::seek(qint64 position)
{
    if (m_error || !QIODevice::seek(position))
        return false;
    if (auto moved = m_file.seek(position); !moved) {
        m_error = moved.error();
        return false;
    }
    m_at = position;
    return true;
}

qint64 SinkDevice::writeData(const char* data, qint64 size)
{
    if (m_error)
        return -1;
    if (auto written = m_file.write(std::as_bytes(std::span(data, std::size_t(size)))); !written) {
        m_error = written.error();
        return -1;
    }
    m_at += size;
    m_size = std::max(m_size, m_at);
    return size;
}

Status SinkDevice::finish()
{
    if (m_error)
        return tl::unexpected<Error>(*m_error);
    if (auto synced = m_file.sync(); !synced)
        return synced;
    return m_file.close();
}

ZstdDevice::ZstdDevice(QIODevice& sink)
    : m_sink(sink), m_context(ZSTD_createCCtx()), m_out(qsizetype(ZSTD_CStreamOutSize()), Qt::Uninitialized)
{
    ZSTD_CCtx_setParameter(m_context, ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(m_context, ZSTD_c_checksumFlag, 1);
    // Refused by a library built without threads, which then works on one.
    ZSTD_CCtx_setParameter(m_context, ZSTD_c_nbWorkers, int(std::max(1U, std::thread::hardware_concurrency())));
    open(QIODevice::WriteOnly | QIODevice::Unbuffered);
}

ZstdDevice::~ZstdDevice()
{
    ZSTD_freeCCtx(m_context);
}

bool ZstdDevice::compress(const char* data, qint64 size, bool last)
{
    ZSTD_inBuffer in = {data, std::size_t(size), 0};
    bool finished = false;
    while (m_ok && !finished) {
        ZSTD_outBuffer out = {m_out.data(), std::size_t(m_out.size()), 0};
        const std::size_t left = ZSTD_compressStream2(m_context, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        m_ok = !ZSTD_isError(left) && m_sink.write(m_out.constData(), qint64(out.pos)) == qint64(out.pos);
        finished = last ? left == 0 : in.pos == in.size;
    }
    return m_ok;
}

qint64 ZstdDevice::writeData(const char* data, qint64 size)
{
    return compress(data, size, false) ? size : -1;
}

bool ZstdDevice::finish()
{
    return compress(nullptr, 0, true);
}

} // namespace storage
