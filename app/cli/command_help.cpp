#include "app/cli/command_help.h"

namespace app {

namespace {

QString text(const char* utf8)
{
    return QString::fromUtf8(utf8);
}

QString optionForms(const OptionSpec& option)
{
    QString forms = option.letter != 0 ? QStringLiteral("-%1, ").arg(QLatin1Char(option.letter)) : QString();
    forms += QStringLiteral("--") + text(option.name);
    if (option.value != nullptr)
        forms += QLatin1Char(' ') + text(option.value);
    return forms;
}

QString helpEntry(const QString& left, const QString& right)
{
    constexpr int kColumn = 28;
    const QString head = QStringLiteral("  ") + left;
    const QString body = wrapped(right, kColumn);
    const QString gap = head.size() + 2 > kColumn ? QLatin1Char('\n') + QString(kColumn, QLatin1Char(' '))
                                                  : QString(kColumn - head.size(), QLatin1Char(' '));
    return head + gap + body + QLatin1Char('\n');
}

} // namespace

const OptionSpec& helpOption()
{
    static const OptionSpec option{.name = "help", .help = "Print this and exit.", .letter = 'h'};
    return option;
}

QString usageLine(const CommandSpec& command)
{
    QString line = QStringLiteral("chromakeep ") + text(command.name);
    for (const PositionalSpec& positional : command.positionals)
        line += QLatin1Char(' ') + text(positional.name);
    for (const OptionSpec& option : command.options) {
        line += QStringLiteral(" [--") + text(option.name);
        if (option.value != nullptr)
            line += QLatin1Char(' ') + text(option.value);
        line += option.repeats ? QStringLiteral("]...") : QStringLiteral("]");
    }
    return line;
}

QString helpText(const CommandSpec& command)
{
    QString help = text(command.summary) + QStringLiteral(".\n\nUsage: ");
    help += wrapped(usageLine(command), 12) + QStringLiteral("\n\n");
    for (const PositionalSpec& positional : command.positionals)
        help += helpEntry(text(positional.name), text(positional.help));
    help += QStringLiteral("\nOptions:\n");
    for (const OptionSpec& option : command.options)
        help += helpEntry(optionForms(option), text(option.help));
    help += helpEntry(optionForms(helpOption()), text(helpOption().help));
    if (*command.notes != '\0')
        help += QLatin1Char('\n') + text(command.notes);
    return help;
}

QString wrapped(const QString& prose, int indent, int width)
{
    QString lines;
    qsizetype used = indent;
    // A bracketed option stays in one piece: its blanks are not places to break at.
    int depth = 0;
    QString piece;
    const auto flush = [&] {
        if (used > indent && used + 1 + piece.size() > width) {
            lines += QLatin1Char('\n') + QString(indent, QLatin1Char(' '));
            used = indent;
        } else if (used > indent) {
            lines += QLatin1Char(' ');
            ++used;
        }
        lines += piece;
        used += piece.size();
        piece.clear();
    };
    for (const QChar c : prose) {
        depth += c == QLatin1Char('[') ? 1 : c == QLatin1Char(']') ? -1 : 0;
        if (c == QLatin1Char(' ') && depth <= 0)
            flush();
        else
            piece += c;
    }
    flush();
    return lines;
}

} // namespace app
