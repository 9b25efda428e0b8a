#include "app/cli/command_line.h"

#include "app/cli/command_help.h"
#include "app/cli/near_names.h"

#include <utility>

namespace app {

using storage::ErrorKind;
using storage::Result;

namespace {

QString text(const char* utf8)
{
    return QString::fromUtf8(utf8);
}

tl::unexpected<storage::Error> invalid(const QString& sentence)
{
    return storage::fail(ErrorKind::Invalid, sentence);
}

const OptionSpec* optionByLetter(const CommandSpec& command, QChar letter)
{
    for (const OptionSpec& option : command.options)
        if (option.letter != 0 && QLatin1Char(option.letter) == letter)
            return &option;
    return letter == QLatin1Char('h') ? &helpOption() : nullptr;
}

QStringList optionNames(const CommandSpec& command)
{
    QStringList names{QStringLiteral("--help")};
    for (const OptionSpec& option : command.options)
        names << QStringLiteral("--") + text(option.name);
    return names;
}

// Walks over the words once; holds what it found.
class Parser
{
public:
    Parser(const CommandSpec& command, const QStringList& given) : m_command(command), m_given(given) {}

    Result<Arguments> run()
    {
        bool onlyPositionals = false;
        for (m_at = 0; m_at < m_given.size(); ++m_at) {
            const QString& word = m_given.at(m_at);
            if (onlyPositionals || word == QStringLiteral("-") || !word.startsWith(QLatin1Char('-')))
                m_positionals << word;
            else if (word == QStringLiteral("--"))
                onlyPositionals = true;
            else if (const auto taken = takeOption(word); !taken)
                return storage::fail(taken.error().kind, taken.error().sentence);
        }
        if (m_options.count(QStringLiteral("help")) == 0)
            if (const auto complete = checkPositionals(); !complete)
                return storage::fail(complete.error().kind, complete.error().sentence);
        return Arguments(m_command, m_positionals, m_options);
    }

private:
    storage::Status takeOption(const QString& word)
    {
        const bool isLong = word.startsWith(QStringLiteral("--"));
        const qsizetype equals = isLong ? word.indexOf(QLatin1Char('=')) : -1;
        const QString name = equals < 0 ? word : word.left(equals);
        const OptionSpec* option =
            isLong ? m_command.option(name.mid(2)) : optionByLetter(m_command, word.at(1));
        if (option == nullptr)
            return unknown(name);
        const QString attached = isLong ? word.mid(equals + 1) : word.mid(2);
        const bool hasAttached = isLong ? equals >= 0 : word.size() > 2;
        return take(*option, isLong ? name : word.left(2), hasAttached ? &attached : nullptr);
    }

    storage::Status take(const OptionSpec& option, const QString& shown, const QString* attached)
    {
        QStringList& values = m_options[text(option.name)];
        if (option.value == nullptr) {
            if (attached != nullptr)
                return invalid(QStringLiteral("The option %1 takes no value.").arg(shown));
            values = {QString()};
            return {};
        }
        if (!values.isEmpty() && !option.repeats)
            return invalid(QStringLiteral("The option %1 was given twice.").arg(shown));
        if (attached == nullptr && m_at + 1 >= m_given.size())
            return invalid(
                QStringLiteral("The option %1 needs a value: %1 %2.").arg(shown, text(option.value)));
        values << (attached != nullptr ? *attached : m_given.at(++m_at));
        return {};
    }

    storage::Status unknown(const QString& name) const
    {
        const QStringList meant = nearest(name, optionNames(m_command), 1);
        const QString hint =
            meant.isEmpty() ? QString() : QStringLiteral(" Did you mean %1?").arg(meant.first());
        return invalid(QStringLiteral("The command %1 has no option %2.").arg(text(m_command.name), name) +
                       hint);
    }

    storage::Status checkPositionals() const
    {
        const auto wanted = static_cast<qsizetype>(m_command.positionals.size());
        if (m_positionals.size() > wanted)
            return invalid(QStringLiteral("“%1” is one argument too many.").arg(m_positionals.at(wanted)));
        for (qsizetype i = 0; i < wanted; ++i) {
            const PositionalSpec& positional = m_command.positionals[static_cast<std::size_t>(i)];
            if (i >= m_positionals.size() || m_positionals.at(i).isEmpty())
                return invalid(QStringLiteral("The command %1 needs %2: %3.")
                                   .arg(text(m_command.name), text(positional.name), text(positional.help)));
        }
        return {};
    }

    const CommandSpec& m_command;
    const QStringList& m_given;
    qsizetype m_at = 0;
    QStringList m_positionals;
    std::map<QString, QStringList> m_options;
};

} // namespace

const OptionSpec* CommandSpec::option(const QString& wanted) const
{
    for (const OptionSpec& candidate : options)
        if (wanted == text(candidate.name))
            return &candidate;
    return wanted == text(helpOption().name) ? &helpOption() : nullptr;
}

Arguments::Arguments(const CommandSpec& command, QStringList positionals,
                     std::map<QString, QStringList> options)
    : m_command(&command),
      m_positionals(std::move(positionals)),
      m_options(std::move(options))
{}

QString Arguments::positional(std::size_t index) const
{
    return m_positionals.value(static_cast<qsizetype>(index));
}

QStringList Arguments::all(const char* option) const
{
    const QString name = app::text(option);
    Q_ASSERT(m_command->option(name) != nullptr);
    const auto found = m_options.find(name);
    return found == m_options.end() ? QStringList() : found->second;
}

bool Arguments::has(const char* option) const
{
    return !all(option).isEmpty();
}

QString Arguments::text(const char* option, const QString& otherwise) const
{
    const QStringList given = all(option);
    return given.isEmpty() ? otherwise : given.last();
}

std::string Arguments::utf8(const char* option, const char* otherwise) const
{
    return text(option, app::text(otherwise)).toStdString();
}

Result<qint64> Arguments::number(const char* option, qint64 otherwise, qint64 least, qint64 most) const
{
    if (!has(option))
        return otherwise;
    bool isNumber = false;
    const qint64 value = text(option).toLongLong(&isNumber);
    if (isNumber && value >= least && value <= most)
        return value;
    return invalid(QStringLiteral("The option --%1 wants a whole number from %2 to %3, not “%4”.")
                       .arg(app::text(option))
                       .arg(least)
                       .arg(most)
                       .arg(text(option)));
}

Result<Arguments> parseArguments(const CommandSpec& command, const QStringList& given)
{
    return Parser(command, given).run();
}

} // namespace app
