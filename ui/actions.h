// Every command of the window, and the one table that says when each can be used. Who carries them out
// connects to them.
#pragma once

#include <QAction>
#include <QObject>

#include <array>
#include <initializer_list>

namespace ui {

enum class Act {
    NewWindow,
    Open,
    OpenCompose,
    ForgetRecent,
    CopyPath,
    CopyComposeVolume,
    Close,
    Quit,
    Reload,
    ShowRecords,
    ShowSettings,
    ShowStorage,
    ShowDirectory,
    ShowInspector,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    ResetLayout,
    Palette,
    GoToCollection,
    FilterCollections,
    NextCollection,
    PreviousCollection,
    FindInDocument,
    Shortcuts,
    About,
};
inline constexpr std::size_t kActCount = static_cast<std::size_t>(Act::About) + 1;

class Actions final : public QObject
{
    Q_OBJECT
public:
    // What is at hand decides what can be done.
    struct Have
    {
        bool directory = false;
        bool collection = false;
        bool record = false;
    };

    explicit Actions(QObject* parent = nullptr);
    [[nodiscard]] QAction* operator[](Act act) const { return m_actions[static_cast<std::size_t>(act)]; }
    [[nodiscard]] QList<QAction*> all() const;
    [[nodiscard]] QList<QAction*> some(std::initializer_list<Act> acts) const;
    void setAvailable(const Have& have);

private:
    std::array<QAction*, kActCount> m_actions{};
};

// The words of an action without mnemonic and ellipsis marks: for lists and screen readers.
[[nodiscard]] QString plainText(const QAction& action);

} // namespace ui
