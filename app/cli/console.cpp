#include "app/cli/console.h"

#include "app/cli/interrupt.h"
#include "app/cli/text_table.h"

#include <QStringList>

namespace app {

using storage::Error;
using storage::ErrorKind;

namespace {

// Nothing can be done about a sentence that cannot be written.
void say(Output& errors, const std::string& line)
{
    [[maybe_unused]] const auto written = errors.write(line);
}

std::string oneLine(const QString& text)
{
    return harmless(text.toStdString());
}

} // namespace

int exitCode(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Invalid:
        return 2;
    case ErrorKind::NotFound:
    case ErrorKind::NotChroma:
        return 3;
    case ErrorKind::Busy:
    case ErrorKind::Changed:
        return 4;
    case ErrorKind::Corrupt:
        return 5;
    case ErrorKind::NoSpace:
        return 6;
    case ErrorKind::Cancelled:
        return 130;
    case ErrorKind::Unsupported:
    case ErrorKind::Io:
        break;
    }
    return 1;
}

void complain(Console& console, const Error& error)
{
    std::string lines = "chromakeep: " + oneLine(error.sentence) + '\n';
    for (const QString& line : error.detail.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        lines += "  " + oneLine(line) + '\n';
    say(console.errors, lines);
}

void warn(Console& console, const QString& sentence)
{
    say(console.errors, "chromakeep: warning: " + oneLine(sentence) + '\n');
}

std::string harmless(std::string_view text)
{
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // C1 controls (U+0080 to U+009F) are two bytes in UTF-8.
        const bool isC1 =
            byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte < 0x20 || byte == 0x7f || isC1)
            safe += "\xEF\xBF\xBD";
        else
            safe += text[i];
        i += isC1 ? 1 : 0;
    }
    return safe;
}

TerminalProgress::TerminalProgress(Output* terminal) : m_terminal(terminal)
{
    m_started.start();
}

TerminalProgress::~TerminalProgress()
{
    clear();
}

bool TerminalProgress::cancelled() const
{
    return InterruptGuard::signalSeen() != 0;
}

void TerminalProgress::report(qint64 done, qint64 total, const QString& phase)
{
    constexpr qint64 kPatience = 500; // ms; shorter work needs no word
    constexpr qint64 kInterval = 100;
    const qint64 now = m_started.elapsed();
    if (m_terminal == nullptr || now < kPatience || now - m_lastShown < kInterval)
        return;
    m_lastShown = now;
    m_onScreen = true;
    std::string line = oneLine(phase) + ": " + grouped(done);
    if (total > 0)
        line += " of " + grouped(total);
    say(*m_terminal, "\r\x1b[K" + line);
}

void TerminalProgress::clear()
{
    if (m_terminal != nullptr && m_onScreen)
        say(*m_terminal, "\r\x1b[K");
    m_onScreen = false;
}

} // namespace app
