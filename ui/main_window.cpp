#include "ui/main_window.h"

#include "model/value_text.h"
#include "ui/collection_page.h"
#include "ui/command_palette.h"
#include "ui/compose_dialog.h"
#include "ui/directory_panel.h"
#include "ui/dropped.h"
#include "ui/info_dialogs.h"
#include "ui/job_bar.h"
#include "ui/menus.h"
#include "ui/message_strip.h"
#include "ui/palette_entries.h"
#include "ui/record_inspector.h"
#include "ui/records/records_page.h"
#include "ui/settings_page.h"
#include "ui/start_page.h"
#include "ui/storage_page.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/window_layout.h"

#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QUrl>
#include <QVBoxLayout>

namespace ui {

using model::Session;
using model::SessionState;

MainWindow::MainWindow(const Parts& parts, QWidget* parent) : QMainWindow(parent), m_parts(parts)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setUnifiedTitleAndToolBarOnMac(true);
    m_recentMenu = buildMenus(*this, m_actions).recent;
    m_toolBar = buildToolBar(*this, m_actions);
    m_jobs = new JobBar(this);
    m_promise = new QLabel(tr("Read-only: 0 bytes written to this directory"), this);
    m_promise->setObjectName(QStringLiteral("promise"));
    m_promise->setFont(smallFont(font()));
    m_promise->setForegroundRole(QPalette::PlaceholderText);
    m_promise->setContentsMargins(kPad, 0, 0, 0);
    statusBar()->addWidget(m_promise);
    statusBar()->addPermanentWidget(m_jobs);
    statusBar()->setSizeGripEnabled(false);
    buildCentre();
    buildDocks();
    m_palette = new CommandPalette(this);
    addActions(m_actions.all());
    connectActions();
    connectSession();
    m_layout->restore();
    m_inspector->restoreLayout(m_parts.preferences.value(QStringLiteral("inspector/layout")).toByteArray());
    followState();
}

MainWindow::~MainWindow()
{
    // The parts live on: what they tell from now on is for nobody.
    for (QObject* part : std::initializer_list<QObject*>{&m_parts.session, &m_parts.places, &m_parts.theme})
        part->disconnect(this);
}

void MainWindow::buildCentre()
{
    m_messages = new MessageArea(this);
    m_start = new StartPage(m_parts.places, m_actions.some({Act::Open, Act::OpenCompose}), this);
    m_page = new CollectionPage(m_parts.session, this);
    m_records = new RecordsPage(m_parts.session, m_parts.preferences, this);
    m_settings = new SettingsPage(this);
    m_storage = new StoragePage(m_parts.session, m_parts.holders, this);
    m_page->addPage(QStringLiteral("records"), tr("Records"), m_records);
    m_page->addPage(QStringLiteral("settings"), tr("Settings"), m_settings);
    m_page->addPage(QStringLiteral("storage"), tr("Storage"), m_storage);
    m_centre = new QStackedWidget(this);
    m_centre->addWidget(m_start);
    m_centre->addWidget(m_page);
    auto* frame = new QWidget(this);
    frame->setObjectName(QStringLiteral("centre"));
    frame->setAutoFillBackground(true);
    frame->setBackgroundRole(QPalette::Base);
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_messages);
    column->addWidget(m_centre, 1);
    setCentralWidget(frame);
}

void MainWindow::buildDocks()
{
    m_directory = new DirectoryPanel(m_parts.session, m_parts.collections, m_parts.holders, this);
    m_inspector = new RecordInspector(m_parts.details, this);
    const auto dock = [this](const QString& name, const QString& title, QWidget* body,
                             Qt::DockWidgetArea area) {
        auto* made = new QDockWidget(title, this);
        made->setObjectName(name);
        made->setWidget(body);
        addDockWidget(area, made);
        return made;
    };
    m_directoryDock =
        dock(QStringLiteral("directoryDock"), tr("Directory"), m_directory, Qt::LeftDockWidgetArea);
    m_inspectorDock =
        dock(QStringLiteral("inspectorDock"), tr("Record"), m_inspector, Qt::RightDockWidgetArea);
    resizeDocks({m_directoryDock, m_inspectorDock}, {256, 340}, Qt::Horizontal);
    m_layout = new WindowLayout(
        *this, m_parts.preferences,
        {{m_directoryDock, m_actions[Act::ShowDirectory]}, {m_inspectorDock, m_actions[Act::ShowInspector]}});
}

void MainWindow::connectActions()
{
    const auto on = [this](Act act, auto call) { connect(m_actions[act], &QAction::triggered, this, call); };
    on(Act::NewWindow, [this] { Q_EMIT newWindowAsked(); });
    on(Act::Open, [this] { chooseDirectory(); });
    on(Act::OpenCompose, [this] { chooseComposeFile(); });
    on(Act::ForgetRecent, [this] { m_parts.places.forgetAll(); });
    on(Act::CopyPath, [this] { copy(path()); });
    on(Act::CopyComposeVolume,
       [this] { copy(storage::composeVolumeSnippet(m_parts.session.directory()->directory)); });
    on(Act::Close, [this] { isVacant() ? static_cast<void>(close()) : m_parts.session.close(); });
    on(Act::Quit, [this] { Q_EMIT quitAsked(); });
    on(Act::Reload, [this] { m_parts.session.reload(); });
    on(Act::ShowRecords, [this] { m_page->showPage(QStringLiteral("records")); });
    on(Act::ShowSettings, [this] { m_page->showPage(QStringLiteral("settings")); });
    on(Act::ShowStorage, [this] { m_page->showPage(QStringLiteral("storage")); });
    on(Act::ThemeSystem, [this] { m_parts.theme.setChoice(Theme::Choice::System); });
    on(Act::ThemeLight, [this] { m_parts.theme.setChoice(Theme::Choice::Light); });
    on(Act::ThemeDark, [this] { m_parts.theme.setChoice(Theme::Choice::Dark); });
    on(Act::ResetLayout, [this] { m_layout->reset(); });
    on(Act::Palette, [this] { openPalette(false); });
    on(Act::GoToCollection, [this] { openPalette(true); });
    on(Act::FilterCollections, [this] { m_directory->focusFilter(); });
    on(Act::NextCollection, [this] { m_directory->selectNext(1); });
    on(Act::PreviousCollection, [this] { m_directory->selectNext(-1); });
    on(Act::FindInDocument, [this] { m_inspector->findInDocument(); });
    on(Act::Shortcuts, [this] { showShortcuts(m_actions.all(), this); });
    on(Act::About, [this] { showAbout(this); });
    const auto showChoice = [this](Theme::Choice choice) {
        m_actions[choice == Theme::Choice::Light  ? Act::ThemeLight
                  : choice == Theme::Choice::Dark ? Act::ThemeDark
                                                  : Act::ThemeSystem]
            ->setChecked(true);
    };
    connect(&m_parts.theme, &Theme::choiceChanged, this, showChoice);
    showChoice(m_parts.theme.choice());
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    fillRecent();
    connect(m_start, &StartPage::openAsked, this, &MainWindow::openAsked);
    connect(m_start, &StartPage::retryAsked, this, [this] { open(m_parts.session.path()); });
    connect(m_directory, &DirectoryPanel::collectionChosen, this, &MainWindow::showCollection);
    connect(m_directory, &DirectoryPanel::copyAsked, this, &MainWindow::copy);
    connect(m_inspector, &RecordInspector::copyAsked, this, &MainWindow::copy);
    connect(m_records, &RecordsPage::recordChosen, this,
            [this](model::CollectionView* view, storage::RowKey row) { m_parts.details.show(*view, row); });
    connect(m_records, &RecordsPage::recordLeft, this, [this] { m_parts.details.clear(); });
    connect(m_records, &RecordsPage::inspectAsked, this, [this] {
        m_inspectorDock->show();
        m_inspectorDock->raise();
        m_inspector->setFocus();
    });
}

void MainWindow::connectSession()
{
    Session& session = m_parts.session;
    connect(&session, &Session::stateChanged, this, &MainWindow::followState);
    connect(&session, &Session::opened, this, &MainWindow::showOpened);
    connect(&session, &Session::failed, this, &MainWindow::showFailure);
    connect(&session, &Session::changedOnDiskChanged, this, &MainWindow::showChanged);
    connect(&m_parts.details, &model::RecordDetailsModel::recordChanged, this,
            &MainWindow::applyAvailability);
}

void MainWindow::open(const QString& path, const QString& collection)
{
    m_wantedCollection = collection;
    m_messages->clear();
    m_parts.session.open(path);
}

bool MainWindow::isVacant() const
{
    const SessionState state = m_parts.session.state();
    return state == SessionState::Closed || state == SessionState::Failed;
}

QString MainWindow::path() const
{
    return isVacant() ? QString() : m_parts.session.path();
}

void MainWindow::followState()
{
    const SessionState state = m_parts.session.state();
    const bool shown = m_parts.session.directory() != nullptr && !isVacant();
    m_centre->setCurrentWidget(shown ? static_cast<QWidget*>(m_page) : m_start);
    m_layout->setDocksOut(shown);
    m_promise->setVisible(shown);
    if (state == SessionState::Opening) {
        m_jobs->begin(tr("Opening …"));
        if (!shown)
            m_start->setOpening(m_parts.session.path());
    } else {
        m_jobs->finish();
    }
    if (state == SessionState::Closed) {
        m_start->setIdle();
        m_start->setFocus();
        m_messages->clear();
        m_collection.clear();
        m_parts.details.clear();
    }
    applyAvailability();
    updateTitle();
}

void MainWindow::showOpened()
{
    m_messages->dismiss(QStringLiteral("error"));
    m_parts.places.noteOpened(m_parts.session.path());
    followState();
    showCollection(collectionToShow());
    showFindings();
    m_directory->focusTree();
}

std::string MainWindow::collectionToShow() const
{
    const storage::Catalog& catalog = m_parts.session.catalog();
    if (!m_wantedCollection.isEmpty()) {
        const auto wanted = storage::findCollection(catalog, m_wantedCollection.toStdString());
        if (wanted)
            return wanted->id;
        for (const storage::Collection& collection : catalog.collections)
            if (collection.name == m_wantedCollection.toStdString())
                return collection.id;
    }
    for (const std::string& id :
         {m_collection,
          m_parts.preferences.value(rememberKey(QStringLiteral("collection"))).toString().toStdString()})
        if (m_parts.session.collection(id))
            return id;
    return catalog.collections.empty() ? std::string() : catalog.collections.front().id;
}

void MainWindow::showCollection(const std::string& collectionId)
{
    const storage::Collection* collection = m_parts.session.collection(collectionId);
    m_collection = collection ? collectionId : std::string();
    m_directory->select(m_collection);
    m_page->setCollection(m_collection);
    m_records->setCollection(m_collection);
    if (collection) {
        m_settings->setCollection(*collection);
        m_storage->setCollection(m_collection);
        m_parts.preferences.setValue(rememberKey(QStringLiteral("collection")),
                                     QString::fromStdString(m_collection));
    }
    applyAvailability();
    updateTitle();
}

QString MainWindow::rememberKey(const QString& what) const
{
    return QStringLiteral("directories/%1/%2")
        .arg(QString::fromLatin1(QUrl::toPercentEncoding(m_parts.session.path())), what);
}

void MainWindow::showFailure(const storage::Error& error, const QString& what)
{
    if (error.kind == storage::ErrorKind::Cancelled)
        return;
    if (m_parts.session.state() == SessionState::Failed)
        m_start->setError(error, m_parts.session.path());
    else
        m_messages->show(messageOf(error, what));
}

void MainWindow::showChanged(bool changed)
{
    const QString kind = QStringLiteral("changed");
    if (!changed) {
        m_messages->dismiss(kind);
        return;
    }
    Message message;
    message.kind = kind;
    message.tone = Tone::Warning;
    const bool gone = m_parts.session.isVanished();
    message.sentence =
        gone ? tr("This directory is no longer there. What was read before is still shown.")
             : tr("This directory changed on disk since it was read. What is shown may be out of date.");
    message.actions.push_back({gone ? tr("Try Again") : tr("Reload"), [this] { m_parts.session.reload(); }});
    m_messages->show(std::move(message));
}

void MainWindow::showFindings()
{
    QStringList sentences;
    std::string where = m_collection; // the first collection that something was found in
    Tone tone = Tone::Info;
    for (const storage::Finding& finding : m_parts.session.findings()) {
        if (finding.severity == storage::Severity::Info)
            continue;
        if (sentences.isEmpty() && !finding.collection.empty())
            where = finding.collection;
        sentences << model::text(finding.sentence);
        const bool error = finding.severity == storage::Severity::Error;
        tone = error ? Tone::Danger : tone == Tone::Danger ? tone : Tone::Warning;
    }
    m_messages->dismiss(QStringLiteral("findings"));
    if (sentences.isEmpty())
        return;
    Message message;
    message.kind = QStringLiteral("findings");
    message.tone = tone;
    message.sentence = sentences.size() == 1
                           ? sentences.front()
                           : tr("%Ln thing(s) are wrong with this directory. What can be read is shown.",
                                nullptr, static_cast<int>(sentences.size()));
    if (sentences.size() > 1)
        message.detail = sentences.join(QLatin1Char('\n'));
    if (!where.empty())
        message.actions.push_back({tr("Show Storage"), [this, where] {
                                       showCollection(where);
                                       m_page->showPage(QStringLiteral("storage"));
                                   }});
    m_messages->show(std::move(message));
}

void MainWindow::applyAvailability()
{
    const bool directory = m_parts.session.directory() != nullptr && !isVacant();
    const bool record = m_parts.details.state() == model::RecordDetailsModel::State::Ready;
    m_actions.setAvailable({directory, directory && !m_collection.empty(), directory && record});
}

void MainWindow::updateTitle()
{
    const QString directory = path().section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
    const storage::Collection* collection = m_parts.session.collection(m_collection);
    if (directory.isEmpty())
        setWindowTitle(QGuiApplication::applicationDisplayName());
    else if (collection)
        setWindowTitle(tr("%1 – %2").arg(model::text(collection->name), directory));
    else
        setWindowTitle(directory);
    setWindowFilePath({});
}

void MainWindow::openPalette(bool collectionsOnly)
{
    std::vector<PaletteEntry> entries;
    if (!isVacant())
        ui::addCollections(entries, m_parts.session, [this](const std::string& id) { showCollection(id); });
    if (!collectionsOnly) {
        QList<QAction*> commands = m_actions.all();
        commands.removeOne(m_actions[Act::Palette]);
        ui::addActions(entries, commands + m_records->pageActions() + m_inspector->copyActions());
        ui::addPlaces(entries, m_parts.places, path(),
                      [this](const QString& place) { Q_EMIT openAsked(place); });
    }
    m_palette->open(std::move(entries),
                    collectionsOnly ? tr("Go to a collection") : tr("Go to a collection or run a command"));
}

void MainWindow::fillRecent()
{
    m_recentMenu->clear();
    for (const model::Place& place : m_parts.places.all()) {
        if (place.kind != model::Place::Kind::Recent)
            continue;
        QAction* entry = m_recentMenu->addAction(place.path);
        entry->setEnabled(place.state != model::Place::State::Missing);
        connect(entry, &QAction::triggered, this, [this, wanted = place.path] { Q_EMIT openAsked(wanted); });
    }
    m_recentMenu->setEnabled(!m_recentMenu->isEmpty());
    m_recentMenu->addSeparator();
    m_recentMenu->addAction(m_actions[Act::ForgetRecent]);
}

void MainWindow::chooseDirectory()
{
    const QString here = path();
    m_parts.prompter.chooseFolder(
        {tr("Open a Chroma directory"), here.section(QLatin1Char('/'), 0, -2), {}, {}},
        [this](const QString& chosen) { Q_EMIT openAsked(chosen); });
}

void MainWindow::chooseComposeFile()
{
    m_parts.prompter.chooseFile(
        {tr("Open from a Compose file"), {}, {}, tr("Compose files (*.yml *.yaml);;All files (*)")},
        [this](const QString& chosen) { openCompose(chosen); });
}

void MainWindow::openCompose(const QString& file)
{
    auto* dialog = new ComposeDialog(m_parts.places, file, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ComposeDialog::openAsked, this, &MainWindow::openAsked);
    dialog->open();
}

void MainWindow::openRead(const QStringList& directories)
{
    for (const QString& directory : directories) {
        m_parts.places.probe(this, directory, [this](const storage::Result<QString>& found) {
            if (found)
                Q_EMIT openAsked(*found);
            else
                m_messages->show(messageOf(found.error(), tr("Not opened")));
        });
    }
}

void MainWindow::copy(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
    const QString shown = text.size() > 60 ? text.left(60) + QChar(0x2026) : text;
    statusBar()->showMessage(tr("Copied: %1").arg(shown.simplified()), 4000);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_layout->save();
    m_parts.preferences.setValue(QStringLiteral("inspector/layout"), m_inspector->saveLayout());
    QMainWindow::closeEvent(event);
    if (event->isAccepted())
        Q_EMIT closed();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    const Dropped dropped = readDrop(*event->mimeData());
    m_messages->dismiss(QStringLiteral("error"));
    if (!dropped.refusal.isEmpty())
        m_messages->show(messageOf({storage::ErrorKind::Invalid, dropped.refusal, {}}));
    openRead(dropped.directories);
    for (const QString& file : dropped.composeFiles)
        openCompose(file);
}

} // namespace ui
