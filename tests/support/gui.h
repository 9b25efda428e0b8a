// What tests of windows share: a window with everything behind it, warnings that fail the test, and ways to
// find and use its parts as a person would.
#pragma once

#include "app/desktop.h"
#include "support/scripted_prompter.h"

#include <QRegularExpression>
#include <QTest>
#include <QTranslator>

#include <memory>

namespace support {

// Call in init(): a test fails on every Qt warning that it did not announce. What the offscreen platform says
// about itself is not the window's fault.
inline void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

// A desktop with one window, its memory in memory and its questions answered by script.
class Gui
{
public:
    explicit Gui(std::vector<model::Place> named = {})
    {
        app::loadLanguage(m_language);
        desktop = std::make_unique<app::Desktop>(preferences, std::move(named), [this] {
            auto made = std::make_unique<ScriptedPrompter>();
            prompter = made.get();
            return made;
        });
        desktop->theme().setChoice(ui::Theme::Choice::Light);
    }
    [[nodiscard]] app::Window& window() const { return *desktop->windows().back(); }
    [[nodiscard]] ui::MainWindow& view() const { return window().view(); }
    [[nodiscard]] model::Session& session() const { return window().session(); }
    // Opens and waits; false when it did not become ready.
    [[nodiscard]] bool open(const QString& path, const QString& collection = {})
    {
        desktop->open(path, collection);
        view().activateWindow();
        return QTest::qWaitFor([this] { return session().state() == model::SessionState::Ready; }, 10'000);
    }
    template <class Part> [[nodiscard]] Part* part(const char* name) const
    {
        return view().findChild<Part*>(QLatin1String(name));
    }
    void trigger(ui::Act act) const { view().actions()[act]->trigger(); }

    model::MemoryPreferences preferences;
    ScriptedPrompter* prompter = nullptr; // of the window made last
    std::unique_ptr<app::Desktop> desktop;

private:
    QTranslator m_language;
};

} // namespace support
