#include "app/cli/cli.h"

#include "app/cli/command_help.h"
#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/near_names.h"

#include <QFileInfo>

#include <algorithm>
#include <array>
#include <csignal>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace app {

using storage::Error;
using storage::ErrorKind;

namespace {

bool isTerminal([[maybe_unused]] std::FILE* stream)
{
#ifdef Q_OS_UNIX
    return isatty(fileno(stream)) == 1;
#else
    return false;
#endif
}

bool asksForHelp(const QString& word)
{
    return word == QStringLiteral("--help") || word == QStringLiteral("-h") || word == QStringLiteral("help");
}

// Options that every Qt window understands, with one or two dashes; they go to the window.
bool isWindowOption(const QString& word)
{
    static constexpr std::array kNames{"platform",
                                       "platformpluginpath",
                                       "platformtheme",
                                       "plugin",
                                       "qwindowgeometry",
                                       "qwindowicon",
                                       "qwindowtitle",
                                       "reverse",
                                       "session",
                                       "style",
                                       "stylesheet",
                                       "display",
                                       "geometry",
                                       "fontengine",
                                       "dpr"};
    if (!word.startsWith(QLatin1Char('-')))
        return false;
    const QString name =
        word.mid(word.startsWith(QStringLiteral("--")) ? 2 : 1).section(QLatin1Char('='), 0, 0);
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](const char* known) { return name == QLatin1String(known); });
}

bool looksLikePath(const QString& word)
{
    return word.contains(QLatin1Char('/')) || word.startsWith(QLatin1Char('.')) ||
           word.startsWith(QLatin1Char('~')) || QFileInfo::exists(word);
}

QString overview()
{
    QString text = QStringLiteral("Browse, search, back up and repair ChromaDB persist directories.\n\n"
                                  "Usage: chromakeep [DIR]            open the window\n"
                                  "       chromakeep COMMAND ...      do one thing and end\n\n"
                                  "Commands:\n");
    for (const Command& command : commands())
        text += QStringLiteral("  %1  %2\n")
                    .arg(QString::fromUtf8(command.spec.name), -10)
                    .arg(wrapped(QString::fromUtf8(command.spec.summary), 14));
    return text + QStringLiteral("\n  --help     Print this, or with a command its own help, and exit.\n"
                                 "  --version  Print the version and exit.\n\n"
                                 "A folder that is called like a command opens as ./NAME.\n"
                                 "“chromakeep COMMAND --help” and “man chromakeep” tell more.\n");
}

int misused(Console& console, const QString& sentence, const QString& helpOf)
{
    complain(console, Error{ErrorKind::Invalid, sentence, QStringLiteral("Try “%1 --help”.").arg(helpOf)});
    return exitCode(ErrorKind::Invalid);
}

int print(Console& console, const QString& text)
{
    const auto written = console.out.write(text.toStdString());
    if (!written)
        complain(console, written.error());
    return written ? 0 : exitCode(written.error().kind);
}

int unknownCommand(Console& console, const QString& word)
{
    QStringList names{QStringLiteral("help"), QStringLiteral("--help"), QStringLiteral("--version")};
    for (const Command& command : commands())
        names << QString::fromUtf8(command.spec.name);
    const QStringList meant = nearest(word, names, 1);
    const QString hint =
        meant.isEmpty() ? QString() : QStringLiteral(" Did you mean “%1”?").arg(meant.first());
    return misused(console,
                   QStringLiteral("“%1” is neither a command nor a path that exists.").arg(word) + hint,
                   QStringLiteral("chromakeep"));
}

int runOne(const Command& command, const QStringList& given, Console& console)
{
    const QString name = QStringLiteral("chromakeep ") + QString::fromUtf8(command.spec.name);
    const auto arguments = parseArguments(command.spec, given);
    if (!arguments)
        return misused(console, arguments.error().sentence, name);
    if (arguments->wantsHelp())
        return print(console, helpText(command.spec));
    const auto done = command.run(*arguments, console);
    if (!done)
        complain(console, done.error());
    return done ? 0 : exitCode(done.error().kind);
}

// Ended as the shell expects of a program whose reader has gone: by the pipe signal, without a word.
int endedByPipe()
{
#ifdef Q_OS_UNIX
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
#endif
    return 1;
}

// What the commands write to while the program has a standard output.
class StandardStreams
{
public:
    StandardStreams()
    {
#ifdef Q_OS_UNIX
        std::signal(SIGPIPE, SIG_IGN); // a failed write unwinds everything first
#endif
    }

    int run(const QStringList& arguments)
    {
        TerminalProgress progress(isTerminal(stderr) ? &m_progressLine : nullptr);
        Console console{m_out, m_errors, progress, isTerminal(stdout)};
        int code = runCommand(arguments, console);
        const auto flushed = m_out.flush();
        progress.clear();
        if (m_out.readerGone())
            return code;
        if (!flushed && code == 0) {
            complain(console, flushed.error());
            code = exitCode(flushed.error().kind);
        }
        return code == 130 && InterruptGuard::signalSeen() != 0 ? 128 + InterruptGuard::signalSeen() : code;
    }
    [[nodiscard]] bool readerGone() const
    {
        return m_out.readerGone();
    }

private:
    // Sentences go out at once, and none once the reader has gone.
    class Errors final : public Output
    {
    public:
        explicit Errors(const StreamOutput& out) : m_out(out) {}
        storage::Status write(std::string_view bytes) override
        {
            if (!m_out.readerGone())
                std::fwrite(bytes.data(), 1, bytes.size(), stderr);
            return {};
        }

    private:
        const StreamOutput& m_out;
    };
    StreamOutput m_out{stdout, QStringLiteral("Standard output")};
    Errors m_errors{m_out};
    Errors m_progressLine{m_out};
};

} // namespace

const std::vector<Command>& commands()
{
    static const std::vector<Command> all{infoCommand(), recordsCommand(), queryCommand(), recallCommand()};
    return all;
}

const Command* findCommand(const QString& name)
{
    const auto& all = commands();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Command& command) {
        return name == QLatin1String(command.spec.name);
    });
    return found == all.end() ? nullptr : &*found;
}

bool isCommand(const QStringList& arguments)
{
    if (arguments.isEmpty())
        return false;
    const QString& first = arguments.first();
    if (asksForHelp(first) || first == QStringLiteral("--version") || findCommand(first) != nullptr)
        return true;
    return !isWindowOption(first) && !looksLikePath(first);
}

int runCommand(const QStringList& arguments, Console& console)
{
    const QString first = arguments.value(0);
    if (first == QStringLiteral("--version"))
        return print(console, QStringLiteral("chromakeep " CHROMAKEEP_VERSION "\n"));
    if (asksForHelp(first)) {
        const Command* about = findCommand(arguments.value(1));
        return print(console, about != nullptr ? helpText(about->spec) : overview());
    }
    if (const Command* command = findCommand(first))
        return runOne(*command, arguments.mid(1), console);
    return unknownCommand(console, first);
}

int runCommand(const QStringList& arguments)
{
    InterruptGuard guard;
    StandardStreams streams;
    const int code = streams.run(arguments);
    return streams.readerGone() ? endedByPipe() : code;
}

} // namespace app
