#include "app/cli/spill.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryFile>

namespace app {

using storage::ErrorKind;
using storage::Status;

namespace {

// A disk that is full takes a part of what is written and calls that no error.
Status refused(const QFileDevice& file)
{
    const bool full = file.error() == QFileDevice::NoError || file.error() == QFileDevice::ResourceError;
    return storage::fail(
        full ? ErrorKind::NoSpace : ErrorKind::Io,
        QStringLiteral("A temporary file in %1 cannot be written; set TMPDIR to a folder with "
                       "more room.")
            .arg(spillFolder()),
        full ? QStringLiteral("No space is left there.") : file.errorString());
}

} // namespace

QString spillFolder()
{
    const QString wanted = qEnvironmentVariable("TMPDIR");
    if (!wanted.isEmpty() && QFileInfo(wanted).isDir())
        return wanted;
    const QFileInfo large(QStringLiteral("/var/tmp"));
    return large.isDir() && large.isWritable() ? large.filePath() : QDir::tempPath();
}

Spill::Spill(std::size_t inMemory) : m_inMemory(inMemory) {}
Spill::~Spill() = default;
Spill::Spill(Spill&&) noexcept = default;
Spill& Spill::operator=(Spill&&) noexcept = default;

Status Spill::append(std::string_view bytes)
{
    m_tail += bytes;
    return m_tail.size() <= m_inMemory ? Status() : writeOut();
}

Status Spill::writeOut()
{
    if (!m_file) {
        m_file = std::make_unique<QTemporaryFile>(spillFolder() + QStringLiteral("/chromakeep-XXXXXX"));
        if (!m_file->open())
            return refused(*m_file);
    }
    const auto size = static_cast<qint64>(m_tail.size());
    if (m_file->write(m_tail.data(), size) != size || !m_file->flush())
        return refused(*m_file);
    m_tail.clear();
    return {};
}

Status Spill::copyTo(Output& out)
{
    if (m_file) {
        if (!m_file->seek(0))
            return refused(*m_file);
        std::string piece(std::size_t(256) << 10, '\0');
        for (;;) {
            const qint64 got = m_file->read(piece.data(), static_cast<qint64>(piece.size()));
            if (got < 0)
                return refused(*m_file);
            if (got == 0)
                break;
            if (auto written = out.write({piece.data(), static_cast<std::size_t>(got)}); !written)
                return written;
        }
    }
    return out.write(m_tail);
}

} // namespace app
