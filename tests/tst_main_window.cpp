// The window as a person uses it: opening, the tree, pages, messages, drops, memory, keys.
#include "support/chroma_fixture.h"
#include "support/gui.h"
#include "support/verify.h"
#include "ui/badge.h"
#include "ui/collection_page.h"
#include "ui/elided_label.h"
#include "ui/empty_state.h"
#include "ui/message_strip.h"
#include "ui/place_button.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDockWidget>
#include <QDropEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QTabBar>
#include <QTableWidget>
#include <QTreeView>
#include <QUrl>

using model::SessionState;
using support::Gui;
using ui::Act;

namespace {

// How many listen to an action.
struct Listeners : QObject
{
    static int of(const QAction& action) { return (action.*&Listeners::receivers)(SIGNAL(triggered(bool))); }
};

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { support::failOnWarnings(); }
    void opensByButton();
    void wrongFolderIsExplained_data();
    void wrongFolderIsExplained();
    void treeChoosesACollection();
    void filterNarrowsTheTree();
    void settingsAndStorageFollow();
    void closeGivesTheStartPage();
    void changedOnDiskOffersReload();
    void vanishedIsTold();
    void dropOpensOrExplains();
    void dropOfAComposeFileOffersItsDirectories();
    void paletteGoesToACollection();
    void copiesPathAndVolume();
    void titleAndGenerationAreTold();
    void lastCollectionIsRemembered();
    void askedCollectionIsShown();
    void docksHideAndComeBack();
    void recentMenuOpens();
    void everyActionWorksOrIsOff();
    void everyControlHasAName();
    void keysAreUnique();
    void mnemonicsAreUniqueInEachMenu();

private:
    void dropOn(ui::MainWindow& window, const QMimeData& data);
    [[nodiscard]] static QModelIndex rowNamed(const QAbstractItemModel& model, const QString& name,
                                              const QModelIndex& under = {});
    std::unique_ptr<support::ChromaFixture> m_demo;
};

void TestMainWindow::initTestCase()
{
    auto demo = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(demo);
    m_demo = std::make_unique<support::ChromaFixture>(std::move(*demo));
}

QModelIndex TestMainWindow::rowNamed(const QAbstractItemModel& model, const QString& name,
                                     const QModelIndex& under)
{
    for (int row = 0; row < model.rowCount(under); ++row) {
        const QModelIndex index = model.index(row, 0, under);
        if (index.data().toString() == name)
            return index;
        if (const QModelIndex deeper = rowNamed(model, name, index); deeper.isValid())
            return deeper;
    }
    return {};
}

void TestMainWindow::opensByButton()
{
    Gui gui;
    gui.desktop->newWindow();
    QVERIFY(gui.part<QWidget>("startPage")->isVisible());
    QVERIFY(!gui.part<QDockWidget>("directoryDock")->isVisible());
    gui.prompter->paths << m_demo->path();
    QTest::mouseClick(gui.part<QAbstractButton>("openButton"), Qt::LeftButton);
    QTRY_COMPARE(gui.session().state(), SessionState::Ready);
    QCOMPARE(gui.prompter->asked.size(), 1);
    QVERIFY(!gui.part<QWidget>("startPage")->isVisible());
    QVERIFY(gui.part<QDockWidget>("directoryDock")->isVisible());
    QVERIFY(gui.part<QTreeView>("collectionTree")->isVisible());
}

void TestMainWindow::wrongFolderIsExplained_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("word");
    QTest::newRow("missing") << "/nowhere"
                             << "created nothing";
    QTest::newRow("empty folder") << "/empty"
                                  << "persist directory";
    QTest::newRow("no database") << "/text"
                                 << "persist directory";
}

void TestMainWindow::wrongFolderIsExplained()
{
    QFETCH(QString, what);
    QFETCH(QString, word);
    QTemporaryDir room;
    QVERIFY(QDir(room.path()).mkdir(QStringLiteral("empty")));
    QVERIFY(QDir(room.path()).mkdir(QStringLiteral("text")));
    QFile file(room.filePath(QStringLiteral("text/chroma.sqlite3")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("only text, no database at all");
    file.close();
    Gui gui;
    gui.desktop->open(room.path() + what);
    QTRY_COMPARE(gui.session().state(), SessionState::Failed);
    auto* strip = gui.view().findChild<ui::MessageStrip*>(QStringLiteral("strip_error"));
    QVERIFY(strip && strip->isVisible());
    QVERIFY2(strip->message().sentence.contains(word), qPrintable(strip->message().sentence));
    QVERIFY(gui.view().isVacant());
    QVERIFY(!QFileInfo::exists(room.filePath(QStringLiteral("nowhere"))));
    QVERIFY(gui.open(m_demo->path())); // and the window still works
    QVERIFY(!gui.part<QWidget>("startPage")->isVisible());
}

void TestMainWindow::treeChoosesACollection()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path()));
    auto* tree = gui.part<QTreeView>("collectionTree");
    const QModelIndex row = rowNamed(*tree->model(), QStringLiteral("search_terms"));
    QVERIFY(row.isValid());
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(row).center());
    QCOMPARE(gui.part<ui::ElidedLabel>("collectionName")->text(), QStringLiteral("search_terms"));
    QTRY_VERIFY(gui.part<ui::ElidedLabel>("collectionFacts")->text().contains(QStringLiteral("120 records")));
    QTest::keyClick(tree, Qt::Key_Up);
    QCOMPARE(gui.part<ui::ElidedLabel>("collectionName")->text(), QStringLiteral("scratch_notes"));
    gui.trigger(Act::PreviousCollection);
    QCOMPARE(gui.part<ui::ElidedLabel>("collectionName")->text(), QStringLiteral("intake_queue"));
    gui.trigger(Act::NextCollection);
    QCOMPARE(gui.part<ui::ElidedLabel>("collectionName")->text(), QStringLiteral("scratch_notes"));
}

void TestMainWindow::filterNarrowsTheTree()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path()));
    auto* tree = gui.part<QTreeView>("collectionTree");
    gui.trigger(Act::FilterCollections);
    auto* field = gui.part<QLineEdit>("collectionFilter");
    QCOMPARE(gui.view().focusWidget(), field);
    QTest::keyClicks(field, QStringLiteral("photos"));
    QVERIFY(rowNamed(*tree->model(), QStringLiteral("exhibit_photos")).isValid());
    QVERIFY(!rowNamed(*tree->model(), QStringLiteral("search_terms")).isValid());
    QTest::keyClicks(field, QStringLiteral("zzz"));
    QVERIFY(gui.part<QLabel>("noCollections")->isVisible());
    QVERIFY(gui.part<QLabel>("noCollections")->text().contains(QStringLiteral("photoszzz")));
    field->clear();
    QVERIFY(tree->isVisible());
    QVERIFY(rowNamed(*tree->model(), QStringLiteral("search_terms")).isValid());
}

void TestMainWindow::settingsAndStorageFollow()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path(), QStringLiteral("casestar_documents")));
    gui.trigger(Act::ShowSettings);
    auto* index = gui.part<QTableWidget>("indexTable");
    QVERIFY(index->isVisible());
    QCOMPARE(index->item(0, 0)->text(), QStringLiteral("space"));
    QCOMPARE(index->item(0, 1)->text(), QStringLiteral("cosine"));
    auto* identity = gui.part<QTableWidget>("identityTable");
    QCOMPARE(identity->item(0, 1)->text(), QStringLiteral("casestar_documents"));
    QCOMPARE(identity->item(6, 1)->text(), QStringLiteral("all-MiniLM-L6-v2"));
    gui.trigger(Act::ShowStorage);
    QVERIFY(!index->isVisible());
    QTRY_COMPARE(gui.part<QTableWidget>("factsTable")->item(0, 1)->text(), QStringLiteral("1,680"));
    QCOMPARE(gui.part<QTableWidget>("segmentsTable")->rowCount(), 2);
    QCOMPARE(gui.part<QTableWidget>("filesTable")->item(0, 0)->text(), QStringLiteral("data_level0.bin"));
}

void TestMainWindow::closeGivesTheStartPage()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path()));
    gui.trigger(Act::Close);
    QTRY_COMPARE(gui.session().state(), SessionState::Closed);
    QVERIFY(gui.part<QWidget>("startPage")->isVisible());
    QVERIFY(!gui.part<QDockWidget>("directoryDock")->isVisible());
    auto* place = gui.view().findChild<ui::PlaceButton*>();
    QVERIFY(place);
    QCOMPARE(place->place().path, m_demo->path());
    QTest::mouseClick(place, Qt::LeftButton, {}, QPoint(40, 10));
    QTRY_COMPARE(gui.session().state(), SessionState::Ready);
    gui.trigger(Act::Close);
    QTRY_COMPARE(gui.session().state(), SessionState::Closed);
    gui.trigger(Act::Close); // nothing open: the window goes
    QTRY_VERIFY(gui.desktop->windows().empty());
}

void TestMainWindow::changedOnDiskOffersReload()
{
    auto copy = support::openFixture(QStringLiteral("v-1.0"));
    VERIFY_OK(copy);
    Gui gui;
    gui.desktop->newWindow();
    gui.session().setPollInterval(20);
    QVERIFY(gui.open(copy->path()));
    QFile file(copy->path() + QStringLiteral("/chroma.sqlite3"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(60), QFileDevice::FileModificationTime));
    file.close();
    const auto strip = [&] {
        return gui.view().findChild<ui::MessageStrip*>(QStringLiteral("strip_changed"));
    };
    QTRY_VERIFY(strip());
    QCOMPARE(gui.part<ui::Badge>("stateBadge")->text(), QStringLiteral("Changed"));
    QTest::mouseClick(strip()->findChild<QPushButton*>(), Qt::LeftButton);
    QTRY_COMPARE(gui.session().state(), SessionState::Ready);
    QTRY_VERIFY(!gui.session().isChangedOnDisk());
    QTRY_VERIFY(!strip());
    QVERIFY(!gui.part<ui::Badge>("stateBadge")->isVisible());
}

void TestMainWindow::vanishedIsTold()
{
    auto copy = support::openFixture(QStringLiteral("v-1.0"));
    VERIFY_OK(copy);
    Gui gui;
    gui.desktop->newWindow();
    gui.session().setPollInterval(20);
    QVERIFY(gui.open(copy->path()));
    QVERIFY(QDir().rename(copy->path(), copy->path() + QStringLiteral("-gone")));
    QTRY_VERIFY(gui.session().isVanished());
    QTRY_COMPARE(gui.part<ui::Badge>("stateBadge")->text(), QStringLiteral("Gone"));
    auto* strip = gui.view().findChild<ui::MessageStrip*>(QStringLiteral("strip_changed"));
    QVERIFY(strip && strip->message().sentence.contains(QStringLiteral("no longer there")));
    QVERIFY(gui.part<QTreeView>("collectionTree")->isVisible()); // what was read is still shown
    QVERIFY(QDir().rename(copy->path() + QStringLiteral("-gone"), copy->path()));
}

void TestMainWindow::dropOn(ui::MainWindow& window, const QMimeData& data)
{
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &drop);
}

void TestMainWindow::dropOpensOrExplains()
{
    Gui gui;
    gui.desktop->newWindow();
    QMimeData database;
    database.setUrls({QUrl::fromLocalFile(m_demo->path() + QStringLiteral("/chroma.sqlite3"))});
    dropOn(gui.view(), database);
    QTRY_COMPARE(gui.session().state(), SessionState::Ready);
    QCOMPARE(gui.view().path(), m_demo->path());

    QTemporaryDir other;
    QMimeData wrong;
    wrong.setUrls({QUrl::fromLocalFile(other.path())});
    dropOn(gui.view(), wrong);
    const auto strip = [&] { return gui.view().findChild<ui::MessageStrip*>(QStringLiteral("strip_error")); };
    QTRY_VERIFY(strip());
    QVERIFY(strip()->message().sentence.contains(other.path()));
    QCOMPARE(gui.view().path(), m_demo->path()); // what is open stays open
    QCOMPARE(gui.desktop->windows().size(), std::size_t(1));

    QMimeData text;
    text.setText(QStringLiteral("words"));
    dropOn(gui.view(), text);
    QVERIFY(strip()->message().sentence.contains(QStringLiteral("no file or folder")));
}

void TestMainWindow::dropOfAComposeFileOffersItsDirectories()
{
    QTemporaryDir folder;
    QFile compose(folder.filePath(QStringLiteral("docker-compose.yml")));
    QVERIFY(compose.open(QIODevice::WriteOnly));
    compose.write("services:\n  db:\n    volumes:\n      - " + m_demo->path().toUtf8() +
                  ":/data\n      - ./none:/none\n");
    compose.close();
    Gui gui;
    gui.desktop->newWindow();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(compose.fileName())});
    dropOn(gui.view(), data);
    auto* dialog = gui.view().findChild<QDialog*>(QStringLiteral("composeDialog"));
    QVERIFY(dialog && dialog->isVisible());
    auto* open = dialog->findChild<QPushButton*>(QStringLiteral("composeOpen"));
    QTRY_VERIFY(open->isEnabled());
    QTest::mouseClick(open, Qt::LeftButton);
    QTRY_COMPARE(gui.session().state(), SessionState::Ready);
    QCOMPARE(gui.view().path(), m_demo->path());
}

void TestMainWindow::paletteGoesToACollection()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path()));
    QVERIFY(QTest::qWaitForWindowActive(&gui.view()));
    QTest::keyClick(&gui.view(), Qt::Key_P, Qt::ControlModifier);
    auto* palette = gui.part<QWidget>("commandPalette");
    QTRY_VERIFY(palette->isVisible());
    auto* field = gui.part<QLineEdit>("paletteField");
    QTest::keyClicks(field, QStringLiteral("scratch"));
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(!palette->isVisible());
    QCOMPARE(gui.part<ui::ElidedLabel>("collectionName")->text(), QStringLiteral("scratch_notes"));
    QTest::mouseClick(gui.part<QAbstractButton>("searchButton"), Qt::LeftButton);
    QVERIFY(palette->isVisible());
    QTest::keyClicks(field, QStringLiteral("dark theme"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(gui.desktop->theme().scheme(), ui::Scheme::Dark);
    gui.trigger(Act::ThemeLight);
}

void TestMainWindow::copiesPathAndVolume()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path()));
    gui.trigger(Act::CopyPath);
    QCOMPARE(QGuiApplication::clipboard()->text(), m_demo->path());
    gui.trigger(Act::CopyComposeVolume);
    const QString snippet = QGuiApplication::clipboard()->text();
    QVERIFY2(snippet.contains(m_demo->path()) && snippet.startsWith(QStringLiteral("volumes:")),
             qPrintable(snippet));
}

void TestMainWindow::titleAndGenerationAreTold()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path(), QStringLiteral("exhibit_photos")));
    QVERIFY(gui.view().windowTitle().startsWith(QStringLiteral("exhibit_photos")));
    QVERIFY(gui.part<ui::ElidedLabel>("directoryGeneration")
                ->text()
                .startsWith(QStringLiteral("Written by Chroma 1.")));
    QCOMPARE(gui.part<ui::Badge>("accessBadge")->text(), QStringLiteral("Read-only"));
    QVERIFY(!gui.part<ui::Badge>("stateBadge")->isVisible());
    QTRY_VERIFY(gui.part<ui::ElidedLabel>("directoryFacts")->text().contains(QStringLiteral("MB")));
    QVERIFY(gui.part<ui::ElidedLabel>("directoryFacts")->text().startsWith(QStringLiteral("5 collections")));
}

void TestMainWindow::lastCollectionIsRemembered()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path(), QStringLiteral("search_terms")));
    gui.trigger(Act::Close);
    QTRY_COMPARE(gui.session().state(), SessionState::Closed);
    QVERIFY(gui.open(m_demo->path()));
    QCOMPARE(gui.part<ui::ElidedLabel>("collectionName")->text(), QStringLiteral("search_terms"));
}

void TestMainWindow::askedCollectionIsShown()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path(), QStringLiteral("intake_queue")));
    QCOMPARE(gui.part<ui::ElidedLabel>("collectionName")->text(), QStringLiteral("intake_queue"));
}

void TestMainWindow::docksHideAndComeBack()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path()));
    auto* left = gui.part<QDockWidget>("directoryDock");
    auto* right = gui.part<QDockWidget>("inspectorDock");
    QVERIFY(left->isVisible() && right->isVisible());
    gui.trigger(Act::ShowInspector);
    QVERIFY(!right->isVisible());
    right->show();
    right->close(); // by its own button
    QVERIFY(!gui.view().actions()[Act::ShowInspector]->isChecked());
    gui.view().close();
    QTRY_VERIFY(gui.desktop->windows().empty());
    QVERIFY(gui.open(m_demo->path())); // another window remembers
    QVERIFY(!gui.part<QDockWidget>("inspectorDock")->isVisible());
    QVERIFY(gui.part<QDockWidget>("directoryDock")->isVisible());
    gui.trigger(Act::ResetLayout);
    QVERIFY(gui.part<QDockWidget>("inspectorDock")->isVisible());
}

void TestMainWindow::recentMenuOpens()
{
    Gui gui;
    gui.preferences.setValue(QStringLiteral("places/recent"),
                             QStringList{m_demo->path(), QStringLiteral("/nowhere")});
    gui.desktop.reset();
    Gui fresh;
    fresh.preferences.setValue(QStringLiteral("places/recent"),
                               QStringList{m_demo->path(), QStringLiteral("/nowhere")});
    fresh.desktop = std::make_unique<app::Desktop>(fresh.preferences, std::vector<model::Place>{}, [] {
        return std::make_unique<support::ScriptedPrompter>();
    });
    fresh.desktop->newWindow();
    QMenu* recent = nullptr;
    for (QMenu* menu : fresh.view().findChildren<QMenu*>())
        if (menu->title().remove(QLatin1Char('&')) == QStringLiteral("Open Recent"))
            recent = menu;
    QVERIFY(recent);
    QTRY_VERIFY(fresh.view().findChildren<ui::PlaceButton*>().size() == 2);
    const auto missing = [&] {
        Q_EMIT recent->aboutToShow();
        return recent->actions().size() > 2 && !recent->actions().at(1)->isEnabled();
    };
    QTRY_VERIFY(missing()); // greyed, not removed
    recent->actions().first()->trigger();
    QTRY_COMPARE(fresh.session().state(), SessionState::Ready);
}

void TestMainWindow::everyActionWorksOrIsOff()
{
    Gui gui;
    gui.desktop->newWindow();
    for (QAction* action : gui.view().actions().all()) {
        QVERIFY2(!action->text().isEmpty() && !action->objectName().isEmpty(),
                 qPrintable(action->objectName()));
        if (action->isEnabled())
            QVERIFY2(Listeners::of(*action) > 0 || action->isCheckable(), qPrintable(action->objectName()));
    }
    QVERIFY(!gui.view().actions()[Act::Reload]->isEnabled());
    QVERIFY(!gui.view().actions()[Act::ShowSettings]->isEnabled());
    QVERIFY(gui.open(m_demo->path()));
    QVERIFY(gui.view().actions()[Act::Reload]->isEnabled());
    QVERIFY(gui.view().actions()[Act::ShowSettings]->isEnabled());
    for (QAction* action : gui.view().actions().all())
        QVERIFY2(Listeners::of(*action) > 0 || action->isCheckable(), qPrintable(action->objectName()));
    gui.trigger(Act::Reload);
    QTRY_COMPARE(gui.session().state(), SessionState::Ready);
}

void TestMainWindow::everyControlHasAName()
{
    Gui gui;
    QVERIFY(gui.open(m_demo->path(), QStringLiteral("casestar_documents")));
    const auto speaks = [](const QWidget* widget) {
        const QAccessibleInterface* spoken =
            QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
        return spoken && !spoken->text(QAccessible::Name).isEmpty();
    };
    QStringList silent;
    for (const QWidget* widget : gui.view().findChildren<QWidget*>()) {
        const bool control = qobject_cast<const QAbstractButton*>(widget) ||
                             qobject_cast<const QLineEdit*>(widget) ||
                             qobject_cast<const QAbstractItemView*>(widget);
        const bool inner = widget->objectName().startsWith(QStringLiteral("qt_")) ||
                           qobject_cast<const QHeaderView*>(widget) ||
                           (qobject_cast<const QTableView*>(widget->parentWidget()) &&
                            qobject_cast<const QAbstractButton*>(widget)) || // a table's corner
                           qobject_cast<const QTabBar*>(widget->parentWidget()) ||
                           qobject_cast<const QLineEdit*>(widget->parentWidget());
        if (control && !inner && !speaks(widget))
            silent << QStringLiteral("%1 %2 in %3")
                          .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
                               widget->parentWidget()->objectName());
    }
    QVERIFY2(silent.isEmpty(), qPrintable(silent.join(QStringLiteral("\n"))));
}

void TestMainWindow::keysAreUnique()
{
    Gui gui;
    gui.desktop->newWindow();
    QHash<QString, QString> taken;
    for (const QAction* action : gui.view().findChildren<QAction*>() + gui.view().actions().all()) {
        if (action->shortcutContext() == Qt::WidgetShortcut)
            continue;
        for (const QKeySequence& keys : action->shortcuts()) {
            const QString text = keys.toString();
            QVERIFY2(!taken.contains(text),
                     qPrintable(
                         QStringLiteral("%1: %2 and %3").arg(text, taken.value(text), action->objectName())));
            taken.insert(text, action->objectName());
        }
    }
    QVERIFY(taken.size() > 12);
}

void TestMainWindow::mnemonicsAreUniqueInEachMenu()
{
    Gui gui;
    gui.desktop->newWindow();
    const auto letters = [](const QList<QAction*>& actions) {
        QString all;
        for (const QAction* action : actions) {
            const qsizetype at = action->text().indexOf(QLatin1Char('&'));
            if (at >= 0)
                all += action->text().at(at + 1).toLower();
        }
        return all;
    };
    QList<QPair<QString, QString>> menus{{QStringLiteral("bar"), letters(gui.view().menuBar()->actions())}};
    for (const QMenu* menu : gui.view().menuBar()->findChildren<QMenu*>())
        menus << qMakePair(menu->title(), letters(menu->actions()));
    for (const auto& [title, used] : menus)
        for (const QChar letter : used)
            QVERIFY2(used.count(letter) == 1, qPrintable(title + QStringLiteral(": ") + letter));
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
