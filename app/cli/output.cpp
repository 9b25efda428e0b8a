#include "app/cli/output.h"

#include "app/cli/interrupt.h"
#include "storage/base/progress.h"

#include <cerrno>
#include <system_error>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace app {

namespace {

constexpr std::size_t kPiece = std::size_t(256) << 10;

// Bytes taken; -1 with errno set.
long long writeSome(std::FILE* stream, std::string_view bytes)
{
#ifdef Q_OS_UNIX
    return ::write(fileno(stream), bytes.data(), bytes.size()); // stdio would go on waiting through a signal
#else
    errno = 0;
    return std::fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size()
               ? static_cast<long long>(bytes.size())
               : -1;
#endif
}

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
    for (std::size_t done = 0; done < bytes.size();) {
        const auto written = writeSome(m_stream, std::string_view(bytes).substr(done));
        if (written < 0)
            return failed(errno);
        done += static_cast<std::size_t>(written);
        // A full pipe takes a part; only then has Ctrl+C a chance to be heard before the rest is awaited.
        if (done < bytes.size() && InterruptGuard::signalSeen() != 0)
            return storage::cancelledError();
    }
    return {};
}

storage::Status StreamOutput::failed(int code)
{
    if (code == EINTR)
        return storage::cancelledError();
    m_readerGone = code == EPIPE;
    return storage::fail(code == ENOSPC ? storage::ErrorKind::NoSpace : storage::ErrorKind::Io,
                         m_name + QStringLiteral(" cannot be written; what was printed is not complete."),
                         QString::fromStdString(std::generic_category().message(code)));
}

} // namespace app
