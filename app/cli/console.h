// What a command is given to speak with: its output, the place for sentences, and the progress that also
// tells it when the user pressed Ctrl+C.
#pragma once

#include "app/cli/output.h"
#include "storage/base/progress.h"
#include "storage/chroma/records.h"

#include <QElapsedTimer>

namespace app {

struct Console
{
    Output& out;    // the answer
    Output& errors; // sentences for a person
    storage::Progress& progress;
    bool outIsTerminal = false; // a person reads the answer: tables rather than JSON
};

// The exit code that the manual page promises for a kind of error.
[[nodiscard]] int exitCode(storage::ErrorKind kind);

// "chromakeep: SENTENCE", the detail on a line of its own. Bytes that would steer a terminal are not passed
// on.
void complain(Console& console, const storage::Error& error);
void warn(Console& console, const QString& sentence);

// Control characters become U+FFFD: names and documents come from elsewhere, and a terminal obeys them.
[[nodiscard]] std::string harmless(std::string_view text);

// Writes one line to a terminal and rewrites it, from half a second on.
class TerminalProgress final : public storage::Progress
{
public:
    // `terminal` nullptr: nobody watches.
    explicit TerminalProgress(Output* terminal);
    ~TerminalProgress() override;
    [[nodiscard]] bool cancelled() const override;
    void report(qint64 done, qint64 total, const QString& phase) override;
    void clear();

private:
    Output* m_terminal;
    QElapsedTimer m_started;
    qint64 m_lastShown = 0;
    bool m_onScreen = false;
};

} // namespace app
