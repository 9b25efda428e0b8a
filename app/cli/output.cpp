#include "app/cli/output.h"

#include <cerrno>
#include <system_error>

namespace app {

namespace {

constexpr std::size_t kPiece = std::size_t(256) << 10;

} // namespace

StreamOutput::StreamOutput(std::FILE* stream, QString name) : m_stream(stream), m_name(std::move(name))
{
    std::setvbuf(m_stream, nullptr, _IONBF, 0); // the gathering is done here
}

storage::Status StreamOutput::write(std::string_view bytes)
{
    m_waiting += bytes;
    return m_waiting.size() < kPiece ? storage::Status() : flush();
}

storage::Status StreamOutput::flush()
{
    const std::string bytes = std::exchange(m_waiting, {});
    errno = 0;
    if (bytes.empty() || std::fwrite(bytes.data(), 1, bytes.size(), m_stream) == bytes.size())
        return {};
    const int code = errno;
    m_readerGone = code == EPIPE;
    return storage::fail(code == ENOSPC ? storage::ErrorKind::NoSpace : storage::ErrorKind::Io,
                         m_name + QStringLiteral(" cannot be written; what was printed is not complete."),
                         QString::fromStdString(std::generic_category().message(code)));
}

} // namespace app
