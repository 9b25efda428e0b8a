// Leads the real window through named steps as a person would, with clicks and keys, and keeps a picture of
// each. A step that cannot go on throws StepFailed; the ones after it are not tried, since they build on it.
#pragma once

#include "app/desktop.h"
#include "app/watchdog.h"
#include "support/scripted_prompter.h"

#include <QString>
#include <QTest>

#include <functional>
#include <memory>
#include <vector>

namespace walk {

struct StepFailed
{
    QString why;
};

class Walker;
struct Step
{
    QString name;                        // "filter by doc_type"
    std::function<QString(Walker&)> run; // answers what was seen: "214 of 1,680 match"
};

class Walker
{
public:
    // `directory`: to be opened by the steps. `pictures`: a folder that exists.
    Walker(QString directory, QString pictures);
    ~Walker();

    // Prints a line a step and a summary; answers the exit code.
    [[nodiscard]] int run(const std::vector<Step>& steps);

    [[nodiscard]] const QString& directory() const { return m_directory; }
    [[nodiscard]] app::Desktop& desktop() { return *m_desktop; }
    [[nodiscard]] app::Window& window();
    [[nodiscard]] ui::MainWindow& view() { return window().view(); }
    [[nodiscard]] support::ScriptedPrompter& prompter() { return *m_prompter; }

    // A visible part of the window by its object name.
    template <class Part> [[nodiscard]] Part& part(const char* name)
    {
        auto* found = view().findChild<Part*>(QLatin1String(name));
        if (!found)
            throw StepFailed{QStringLiteral("there is no “%1”").arg(QLatin1String(name))};
        return *found;
    }
    void wait(const std::function<bool()>& until, const QString& what, int ms = 15'000);
    void check(bool fine, const QString& why);
    void click(QWidget& widget, QPoint at = {}); // its middle unless said
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    void type(const QString& text); // into what has the focus
    void settle();                  // until nothing is left to be painted
    void shoot(const QString& name);

private:
    [[nodiscard]] bool take(const Step& step, int number);

    QString m_directory;
    QString m_pictures;
    model::MemoryPreferences m_preferences;
    support::ScriptedPrompter* m_prompter = nullptr;
    std::unique_ptr<app::Desktop> m_desktop;
    std::unique_ptr<app::Watchdog> m_watchdog;
    QString m_shotName;
};

} // namespace walk
