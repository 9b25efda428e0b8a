// What may stand on the command line: a command is a table of its positionals and options, and from that
// table come the parsing, the sentence that says what is wrong, the help text, and the tests of the manual
// page and of the completion. Plain values.
#pragma once

#include "storage/base/result.h"

#include <QString>
#include <QStringList>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace app {

struct OptionSpec
{
    const char* name;              // long form without the dashes: "limit"
    const char* value = nullptr;   // placeholder of its value: "N"; nullptr: a switch
    const char* help = "";         // one or two sentences, without a line break
    bool repeats = false;          // may be given several times
    char letter = 0;               // short form: 'n' for -n
    const char* choices = nullptr; // "a,b,c": what a value may be made of; for completion
};

struct PositionalSpec
{
    const char* name; // "DIR"
    const char* help;
};

struct CommandSpec
{
    const char* name;
    const char* summary; // for the list of commands; ends without a full stop
    std::vector<PositionalSpec> positionals;
    std::vector<OptionSpec> options;
    const char* notes = ""; // paragraphs for --help, below the options

    [[nodiscard]] const OptionSpec* option(const QString& name) const;
};

// What was given, checked against the table. Asking for an option that the table lacks is a programming
// error.
class Arguments
{
public:
    Arguments(const CommandSpec& command, QStringList positionals, std::map<QString, QStringList> options);

    [[nodiscard]] QString positional(std::size_t index) const;
    [[nodiscard]] bool has(const char* option) const;
    [[nodiscard]] QString text(const char* option, const QString& otherwise = {}) const; // the last one given
    [[nodiscard]] std::string utf8(const char* option, const char* otherwise = "") const;
    [[nodiscard]] QStringList all(const char* option) const;
    // Errors: Invalid when it is no whole number from `least` to `most`.
    [[nodiscard]] storage::Result<qint64> number(const char* option, qint64 otherwise, qint64 least,
                                                 qint64 most) const;
    [[nodiscard]] bool wantsHelp() const { return has("help"); }

private:
    const CommandSpec* m_command;
    QStringList m_positionals;
    std::map<QString, QStringList> m_options;
};

// `given`: what follows the command's name. Errors: Invalid. When --help is given nothing else is checked.
[[nodiscard]] storage::Result<Arguments> parseArguments(const CommandSpec& command, const QStringList& given);

} // namespace app
