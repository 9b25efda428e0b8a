// The frame of one open persist directory: menus, docks, title, messages, and the start page while nothing is
// open. Shows and asks; everything that takes time goes through the session.
#pragma once

#include "model/collection_model.h"
#include "model/holder_watch.h"
#include "model/places.h"
#include "model/preferences.h"
#include "model/record_details_model.h"
#include "model/session.h"
#include "ui/actions.h"
#include "ui/prompter.h"
#include "ui/theme/theme.h"

#include <QMainWindow>

#include <memory>
#include <string>

class QLabel;
class QStackedWidget;

namespace ui {

class CollectionPage;
class CommandPalette;
class DirectoryPanel;
class JobBar;
class MessageArea;
class RecordInspector;
class RecordsPage;
class SettingsPage;
class StartPage;
class StoragePage;
class WindowLayout;

class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    // What the window works with; all of it outlives the window.
    struct Parts
    {
        model::Session& session;
        model::CollectionModel& collections;
        model::HolderWatch& holders;
        model::RecordDetailsModel& details;
        model::Places& places;
        model::Preferences& preferences;
        Prompter& prompter;
        Theme& theme;
    };

    explicit MainWindow(const Parts& parts, QWidget* parent = nullptr);
    ~MainWindow() override;

    // `collection`: name or id of the one to show; empty: the one shown last.
    void open(const QString& path, const QString& collection = {});
    void showCollection(const std::string& collectionId);
    [[nodiscard]] bool isVacant() const; // nothing open: may be given a directory
    [[nodiscard]] QString path() const;
    [[nodiscard]] const Actions& actions() const { return m_actions; }

Q_SIGNALS:
    void openAsked(const QString& path); // here or in another window: the application knows
    void newWindowAsked();
    void quitAsked();
    void closed();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildCentre();
    void buildDocks();
    void connectActions();
    void connectSession();
    void followState();
    void showOpened();
    void showFailure(const storage::Error& error, const QString& what);
    void showChanged(bool changed);
    void showFindings();
    void applyAvailability();
    void updateTitle();
    void openPalette(bool collectionsOnly);
    void fillRecent();
    void chooseComposeFile();
    void chooseDirectory();
    void openRead(const QStringList& directories);
    void openCompose(const QString& file);
    void copy(const QString& text);
    [[nodiscard]] QString rememberKey(const QString& what) const;
    [[nodiscard]] std::string collectionToShow() const;

    Parts m_parts;
    Actions m_actions;
    QString m_wantedCollection;
    std::string m_collection;
    QStackedWidget* m_centre = nullptr;
    StartPage* m_start = nullptr;
    CollectionPage* m_page = nullptr;
    RecordsPage* m_records = nullptr;
    SettingsPage* m_settings = nullptr;
    StoragePage* m_storage = nullptr;
    MessageArea* m_messages = nullptr;
    DirectoryPanel* m_directory = nullptr;
    RecordInspector* m_inspector = nullptr;
    QDockWidget* m_directoryDock = nullptr;
    QDockWidget* m_inspectorDock = nullptr;
    QToolBar* m_toolBar = nullptr;
    WindowLayout* m_layout = nullptr;
    QMenu* m_recentMenu = nullptr;
    CommandPalette* m_palette = nullptr;
    JobBar* m_jobs = nullptr;
    QLabel* m_promise = nullptr;
};

} // namespace ui
