// The desktop side of the program: its windows, one a persist directory, and what they share. Everything is
// built here and handed on; nothing is found by name.
#pragma once

#include "app/window.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <vector>

class QTranslator;

namespace app {

class Desktop final : public QObject
{
    Q_OBJECT
public:
    // `named`: directories that the surroundings name. `makePrompter`: one a window; tests script it.
    Desktop(model::Preferences& preferences, std::vector<model::Place> named, PrompterMaker makePrompter);
    ~Desktop() override;

    // In a vacant window, the one that has it already, or a new one; answers with it.
    Window& open(const QString& path, const QString& collection = {});
    Window& newWindow();
    // What the command line said: directories, each in its window; `DIRECTORY COLLECTION`; nothing: what the
    // surroundings name, or the start page.
    void start(const QStringList& arguments);
    [[nodiscard]] const std::vector<std::unique_ptr<Window>>& windows() const { return m_windows; }
    [[nodiscard]] ui::Theme& theme() { return m_theme; }

private:
    [[nodiscard]] Window* windowOf(const QString& path) const;
    void openFrom(Window& asking, const QString& path);
    void drop(const ui::MainWindow* closed);
    void closeAll();

    model::Preferences& m_preferences;
    ui::Theme m_theme;
    model::Places m_places;
    PrompterMaker m_makePrompter;
    std::vector<std::unique_ptr<Window>> m_windows;
};

// CHROMA_PERSIST_DIR and ./chroma_db, whether they are there or not.
[[nodiscard]] std::vector<model::Place> namedPlaces();

// The user's language, or English with its plurals. `language` must live as long as the program.
void loadLanguage(QTranslator& language);

int runDesktop(int argc, char** argv);

} // namespace app
