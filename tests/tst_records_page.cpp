// The Records page, used as a person does: typing, clicking, keys. Against real Chroma's answers.
#include "model/value_text.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"
#include "ui/elided_label.h"
#include "ui/empty_state.h"
#include "ui/message_strip.h"
#include "ui/records/condition_panel.h"
#include "ui/records/filter_field.h"
#include "ui/records/record_header.h"
#include "ui/records/record_table.h"
#include "ui/records/records_page.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

#include <map>

using model::Session;
using model::SessionState;
using ui::RecordsPage;

class TestRecordsPage final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void showsTheRecords();
    void typingFilters();
    void wrongTextIsSaidBesideTheField();
    void escapeEmptiesAField();
    void tabGoesThroughTheFields();
    void noMatchOffersTheWayBack();
    void emptyCollectionSaysSo();
    void headerClicksSort();
    void valueMenuFilters();
    void columnMenuListsValues();
    void copiesRows();
    void copiesAnswersForOthers();
    void goesToAnId();
    void hiddenIdSaysWhy();
    void columnsAreChosenAndRemembered();
    void conditionsAreBuiltByHand();
    void jsonAndBuilderAgree();
    void filtersAreSavedByName();
    void eachCollectionKeepsItsPlace();
    void filterComesBackNextTime();
    void chosenRecordIsTold();
    void keyboardReachesEverything();
    void anotherDirectoryStartsAfresh();
    void reloadKeepsThePlace();

private:
    void show(const std::string& collection);
    [[nodiscard]] bool settled() const;
    [[nodiscard]] int rows() const { return m_page->table().model()->rowCount(); }
    [[nodiscard]] QString cell(int row, const QString& column) const;
    [[nodiscard]] QString line() const;
    void type(const QString& column, const QString& text);
    [[nodiscard]] ui::FilterField* field(const QString& column) const;
    [[nodiscard]] model::RecordModel* records() const;
    [[nodiscard]] QAction* action(const char* name) const;
    [[nodiscard]] QMenu* menuAt(int row, const QString& column);
    template <class Widget> [[nodiscard]] Widget* child(const char* name) const
    {
        return m_page->findChild<Widget*>(QString::fromLatin1(name));
    }

    std::optional<support::ChromaFixture> m_fixture;
    std::unique_ptr<model::MemoryPreferences> m_preferences;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<RecordsPage> m_page;
    std::unique_ptr<ui::Theme> m_theme;
};

void TestRecordsPage::initTestCase()
{
    auto fixture = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(fixture);
    m_fixture = std::move(*fixture);
    m_theme = std::make_unique<ui::Theme>();
}

void TestRecordsPage::init()
{
    m_preferences = std::make_unique<model::MemoryPreferences>();
    m_session = std::make_unique<Session>();
    m_session->open(m_fixture->path());
    QTRY_COMPARE(m_session->state(), SessionState::Ready);
    m_page = std::make_unique<RecordsPage>(*m_session, *m_preferences);
    m_page->resize(1100, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    show("casestar_documents");
}

void TestRecordsPage::cleanup()
{
    m_page.reset();
    m_session.reset();
}

void TestRecordsPage::show(const std::string& collection)
{
    const auto found = storage::findCollection(m_session->catalog(), collection);
    VERIFY_OK(found);
    m_page->setCollection(found->id);
    QTRY_VERIFY(settled());
    QTRY_VERIFY(m_page->view()->areKeysKnown());
}

bool TestRecordsPage::settled() const
{
    return m_page->view() && m_page->view()->isComplete() && !m_page->view()->isBusy();
}

model::RecordModel* TestRecordsPage::records() const
{
    return qobject_cast<model::RecordModel*>(m_page->table().model());
}

QString TestRecordsPage::cell(int row, const QString& column) const
{
    return records()
        ->index(row, records()->columnOf(column))
        .data(model::RecordModel::RawTextRole)
        .toString();
}

QString TestRecordsPage::line() const
{
    return child<ui::ElidedLabel>("matchText")->text();
}

ui::FilterField* TestRecordsPage::field(const QString& column) const
{
    return m_page->table().header().field(column);
}

QAction* TestRecordsPage::action(const char* name) const
{
    for (QAction* each : m_page->pageActions())
        if (each->objectName() == QLatin1String(name))
            return each;
    return nullptr;
}

void TestRecordsPage::type(const QString& column, const QString& text)
{
    const int logical = records()->columnOf(column);
    QVERIFY(logical >= 0);
    m_page->table().header().focusField(logical);
    auto* edit = field(column);
    QVERIFY(edit && edit->isVisible());
    edit->clear();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_VERIFY(settled());
}

QMenu* TestRecordsPage::menuAt(int row, const QString& column)
{
    auto& table = m_page->table();
    const QModelIndex index = table.model()->index(row, records()->columnOf(column));
    table.scrollTo(index);
    table.setCurrentIndex(index);
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(index).center());
    QContextMenuEvent event(QContextMenuEvent::Mouse,
                            table.viewport()->mapTo(&table, table.visualRect(index).center()),
                            table.viewport()->mapToGlobal(table.visualRect(index).center()));
    QCoreApplication::sendEvent(&table, &event);
    return m_page->findChild<QMenu*>(QStringLiteral("cellMenu"));
}

static void trigger(QMenu* menu, const char* name)
{
    QVERIFY(menu != nullptr);
    auto* action = menu->findChild<QAction*>(QString::fromLatin1(name));
    QVERIFY(action != nullptr);
    QVERIFY(action->isEnabled());
    action->trigger();
    menu->close();
}

void TestRecordsPage::showsTheRecords()
{
    const QAbstractItemModelTester tester(records());
    const auto& get = m_fixture->collection("casestar_documents").at("get");
    QCOMPARE(rows(), int(get.at("ids").size()));
    QTRY_COMPARE(cell(0, QStringLiteral("id")),
                 QString::fromStdString(get.at("ids").at(0).get<std::string>()));
    QTRY_COMPARE(line(), QStringLiteral("%1 records").arg(QLocale().toString(rows())));
    QVERIFY(!m_page->table().emptyState().isVisible());
    m_page->table().scrollToBottom();
    QTRY_COMPARE(cell(rows() - 1, QStringLiteral("id")),
                 QString::fromStdString(get.at("ids").back().get<std::string>()));
}

void TestRecordsPage::typingFilters()
{
    auto* document = field(QStringLiteral("document"));
    QVERIFY(document->isVisible());
    document->setFocus();
    QTest::keyClicks(document, QStringLiteral("settlement")); // no Return: the pause is enough
    QTRY_VERIFY(rows() < 1680 && settled());
    int expected = 0;
    for (const auto& each : m_fixture->collection("casestar_documents").at("get").at("documents"))
        expected +=
            !each.is_null() && each.get_ref<const std::string&>().find("settlement") != std::string::npos;
    QVERIFY(expected > 0);
    QCOMPARE(rows(), expected);
    QTRY_VERIFY2(line().startsWith(QStringLiteral("%1 of 1,680 records match").arg(expected)),
                 qPrintable(line()));
    type(QStringLiteral("meta:year"), QStringLiteral(">=2020"));
    QVERIFY(rows() < expected);
    for (int row = 0; row < rows(); ++row)
        QTRY_VERIFY(cell(row, QStringLiteral("meta:year")).toInt() >= 2020);
    action("clearRecordsFilter")->trigger();
    QTRY_COMPARE(rows(), 1680);
    QCOMPARE(field(QStringLiteral("document"))->text(), QString());
}

void TestRecordsPage::wrongTextIsSaidBesideTheField()
{
    type(QStringLiteral("meta:year"), QStringLiteral("last"));
    QCOMPARE(rows(), 1680);
    QVERIFY(!field(QStringLiteral("meta:year"))->error().isEmpty());
    QVERIFY(field(QStringLiteral("meta:year"))
                ->toolTip()
                .startsWith(field(QStringLiteral("meta:year"))->error()));
    QVERIFY2(line().startsWith(QStringLiteral("year: ")), qPrintable(line()));
    QVERIFY(field(QStringLiteral("document"))->error().isEmpty());
    type(QStringLiteral("meta:year"), QStringLiteral("2019"));
    QVERIFY(field(QStringLiteral("meta:year"))->error().isEmpty());
    QVERIFY(rows() < 1680);
}

void TestRecordsPage::escapeEmptiesAField()
{
    type(QStringLiteral("id"), QStringLiteral("c00"));
    QVERIFY(rows() < 1680);
    QTest::keyClick(field(QStringLiteral("id")), Qt::Key_Escape);
    QCOMPARE(field(QStringLiteral("id"))->text(), QString());
    QTRY_COMPARE(rows(), 1680);
    QTest::keyClick(field(QStringLiteral("id")), Qt::Key_Escape);
    QTRY_VERIFY(m_page->table().hasFocus());
}

void TestRecordsPage::tabGoesThroughTheFields()
{
    auto& header = m_page->table().header();
    header.focusField(0);
    QSet<QString> seen;
    for (int i = 0; i < 200; ++i) {
        auto* focused = qobject_cast<ui::FilterField*>(m_page->focusWidget());
        if (focused == nullptr)
            break;
        QVERIFY2(focused->isVisible(), qPrintable(focused->column()));
        seen.insert(focused->column());
        QTest::keyClick(focused, Qt::Key_Tab);
    }
    int fields = 0;
    for (const auto& column : records()->columns())
        fields += model::FilterModel::canFilter(column.name()) ? 1 : 0;
    QCOMPARE(int(seen.size()), fields);
    QVERIFY(m_page->table().hasFocus());
    header.focusField(records()->columnOf(QStringLiteral("document")));
    QTest::keyClick(m_page->focusWidget(), Qt::Key_Backtab);
    QCOMPARE(m_page->focusWidget(), field(QStringLiteral("id")));
}

void TestRecordsPage::noMatchOffersTheWayBack()
{
    type(QStringLiteral("document"), QStringLiteral("no such words anywhere"));
    QCOMPARE(rows(), 0);
    auto& empty = m_page->table().emptyState();
    QVERIFY(empty.isVisible());
    QVERIFY(empty.sentence().contains(QStringLiteral("1,680")));
    QVERIFY(field(QStringLiteral("document"))->isVisible());
    auto* button = empty.findChild<QPushButton*>();
    QVERIFY(button && button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE(rows(), 1680);
    QVERIFY(!empty.isVisible());
}

void TestRecordsPage::emptyCollectionSaysSo()
{
    std::string name;
    for (const auto& each : m_session->catalog().collections)
        if (m_fixture->collection(each.name, each.tenant, each.database).at("count") == 0)
            name = each.name;
    QVERIFY2(!name.empty(), "the demonstration has an empty collection");
    show(name);
    QVERIFY(m_page->table().emptyState().isVisible());
    QVERIFY(m_page->table().emptyState().findChild<QPushButton*>() == nullptr ||
            !m_page->table().emptyState().findChild<QPushButton*>()->isVisible());
    QCOMPARE(line(), QStringLiteral("0 records"));
}

void TestRecordsPage::headerClicksSort()
{
    auto& header = m_page->table().header();
    const int year = records()->columnOf(QStringLiteral("meta:year"));
    m_page->table().horizontalScrollBar()->setValue(header.sectionPosition(year));
    const auto click = [&] {
        const QPoint at(header.sectionViewportPosition(year) + 20, 20);
        QTest::mouseClick(header.viewport(), Qt::LeftButton, {}, at);
        QTRY_VERIFY(settled());
    };
    const auto ordered = [&](bool ascending) {
        int last = ascending ? 0 : 9999;
        for (int row = 0; row < 300; ++row) {
            if (!QTest::qWaitFor([&] { return !cell(row, QStringLiteral("meta:year")).isEmpty(); }))
                return false;
            const int now = cell(row, QStringLiteral("meta:year")).toInt();
            if (ascending ? now < last : now > last)
                return false;
            last = now;
        }
        return true;
    };
    click();
    QVERIFY(ordered(true));
    QTRY_VERIFY2(line().endsWith(QStringLiteral("by year")), qPrintable(line()));
    click();
    QVERIFY(ordered(false));
    QTRY_VERIFY(line().endsWith(QStringLiteral("by year, descending")));
    click(); // the third click gives the order of insertion back
    QTRY_COMPARE(
        cell(0, QStringLiteral("id")),
        QString::fromStdString(
            m_fixture->collection("casestar_documents").at("get").at("ids").at(0).get<std::string>()));
    QVERIFY(!m_page->view()->query().isSorted());
    const int embedding = records()->columnOf(QStringLiteral("embedding"));
    header.setSortIndicator(embedding, Qt::AscendingOrder);
    QCOMPARE(header.sortIndicatorSection(), -1);
}

void TestRecordsPage::valueMenuFilters()
{
    QTRY_VERIFY(!cell(2, QStringLiteral("meta:author")).isEmpty());
    const QString author = cell(2, QStringLiteral("meta:author"));
    trigger(menuAt(2, QStringLiteral("meta:author")), "filterByValue");
    QTRY_VERIFY(rows() < 1680 && settled());
    QCOMPARE(field(QStringLiteral("meta:author"))->text(), author);
    const int with = rows();
    for (int row = 0; row < with; ++row)
        QTRY_COMPARE(cell(row, QStringLiteral("meta:author")), author);
    action("clearRecordsFilter")->trigger();
    QTRY_COMPARE(rows(), 1680);
    trigger(menuAt(2, QStringLiteral("meta:author")), "excludeValue");
    QTRY_COMPARE(rows(), 1680 - with);
}

void TestRecordsPage::columnMenuListsValues()
{
    auto& header = m_page->table().header();
    const int author = records()->columnOf(QStringLiteral("meta:author"));
    m_page->table().horizontalScrollBar()->setValue(header.sectionPosition(author));
    const QPoint at(header.sectionViewportPosition(author) + 20, 20);
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, header.mapToGlobal(at));
    QCoreApplication::sendEvent(&header, &event);
    auto* menu = m_page->findChild<QMenu*>(QStringLiteral("columnMenu"));
    QVERIFY(menu != nullptr);
    QTRY_VERIFY(menu->findChild<QAction*>(QStringLiteral("topValue")) != nullptr);
    const QString entry = menu->findChild<QAction*>(QStringLiteral("topValue"))->text();
    const QString author1 = entry.section(QLatin1Char('\t'), 0, 0);
    const int count = QLocale().toInt(entry.section(QLatin1Char('\t'), 1, 1));
    std::map<std::string, int> counts;
    for (const auto& each : m_fixture->collection("casestar_documents").at("get").at("metadatas"))
        if (each.contains("author"))
            ++counts[each.at("author").get<std::string>()];
    QCOMPARE(counts[author1.toStdString()], count);
    trigger(menu, "topValue");
    QTRY_COMPARE(rows(), count);
}

void TestRecordsPage::copiesRows()
{
    auto& table = m_page->table();
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {},
                      table.visualRect(table.model()->index(0, 0)).center());
    QTest::mouseClick(table.viewport(), Qt::LeftButton, Qt::ShiftModifier,
                      table.visualRect(table.model()->index(4, 0)).center());
    QCOMPARE(table.selectedCount(), qint64(5));
    QTRY_VERIFY(line().endsWith(QStringLiteral("5 selected")));
    const QSignalSpy copied(m_page.get(), &RecordsPage::copied);
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    QTRY_COMPARE(copied.size(), 1);
    const QString tsv = QGuiApplication::clipboard()->text();
    QVERIFY(tsv.startsWith(QStringLiteral("id\tdocument\t")));
    const auto& get = m_fixture->collection("casestar_documents").at("get");
    for (std::size_t i = 0; i < 5; ++i)
        QVERIFY(tsv.contains(QString::fromStdString(get.at("documents").at(i).get<std::string>()).left(80)));
    table.selectAll();
    QCOMPARE(table.selectedCount(), qint64(1680));
    action("copyRecordsJson")->trigger();
    QTRY_COMPARE(copied.size(), 2);
    const auto json = support::Json::parse(QGuiApplication::clipboard()->text().toStdString());
    QVERIFY(json.at("ids") == get.at("ids"));
    QVERIFY(json.at("documents") == get.at("documents"));
}

void TestRecordsPage::copiesAnswersForOthers()
{
    type(QStringLiteral("meta:year"), QStringLiteral(">=2020"));
    action("copyQueryPython")->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains(
        QStringLiteral("collection.get(where={\"year\": {\"$gte\": 2020}})")));
    action("copyQueryCommand")->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("chromakeep records ")));
    QVERIFY(QGuiApplication::clipboard()->text().endsWith(
        QStringLiteral("--where '{\"year\":{\"$gte\":2020}}'")));
    trigger(menuAt(0, QStringLiteral("id")), "copyValue");
    QCOMPARE(QGuiApplication::clipboard()->text(), cell(0, QStringLiteral("id")));
    const QSignalSpy copied(m_page.get(), &RecordsPage::copied);
    trigger(menuAt(0, QStringLiteral("id")), "copyPython");
    QTRY_COMPARE(copied.size(), 1);
    QVERIFY(QGuiApplication::clipboard()->text().contains(cell(0, QStringLiteral("id"))));
}

void TestRecordsPage::goesToAnId()
{
    const auto id =
        m_fixture->collection("casestar_documents").at("get").at("ids").at(1500).get<std::string>();
    action("goToId")->trigger();
    auto* go = child<QLineEdit>("goToField");
    QTRY_COMPARE(m_page->focusWidget(), go);
    QTest::keyClicks(go, QString::fromStdString(id));
    QTest::keyClick(go, Qt::Key_Return);
    QTRY_COMPARE(m_page->table().currentIndex().row(), 1500);
    const QRect seen = m_page->table().visualRect(m_page->table().currentIndex());
    QVERIFY(m_page->table().viewport()->rect().intersects(seen));
}

void TestRecordsPage::hiddenIdSaysWhy()
{
    auto* messages = m_page->findChild<ui::MessageArea*>();
    m_page->goToId("no such id");
    QTRY_VERIFY(messages->strip(QStringLiteral("goTo")) != nullptr);
    QVERIFY(messages->strip(QStringLiteral("goTo"))->message().actions.empty());
    const auto id = m_fixture->collection("casestar_documents").at("get").at("ids").at(7).get<std::string>();
    type(QStringLiteral("document"), QStringLiteral("no such words"));
    m_page->goToId(id);
    QTRY_VERIFY(messages->strip(QStringLiteral("goTo")) &&
                !messages->strip(QStringLiteral("goTo"))->message().actions.empty());
    messages->strip(QStringLiteral("goTo"))->message().actions.front().run();
    QTRY_COMPARE(m_page->table().currentIndex().row(), 7);
    QVERIFY(messages->strip(QStringLiteral("goTo")) == nullptr);
}

void TestRecordsPage::columnsAreChosenAndRemembered()
{
    auto& header = m_page->table().header();
    const int author = records()->columnOf(QStringLiteral("meta:author"));
    action("columns")->trigger();
    auto* list = child<QListView>("columnList");
    QTRY_VERIFY(list && list->isVisible());
    QTest::keyClicks(child<QLineEdit>("columnSearch"), QStringLiteral("author"));
    QCOMPARE(list->model()->rowCount(), 1);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      list->visualRect(list->model()->index(0, 0)).center());
    QVERIFY(header.isSectionHidden(author));
    QVERIFY(!field(QStringLiteral("meta:author"))->isVisible());
    list->window()->close();
    header.resizeSection(records()->columnOf(QStringLiteral("meta:year")), 177);
    header.moveSection(header.visualIndex(records()->columnOf(QStringLiteral("meta:year"))), 0);
    m_page.reset(); // what is not yet written is written now

    m_page = std::make_unique<RecordsPage>(*m_session, *m_preferences);
    m_page->resize(1100, 700);
    m_page->show();
    show("casestar_documents");
    auto& again = m_page->table().header();
    QVERIFY(again.isSectionHidden(records()->columnOf(QStringLiteral("meta:author"))));
    QCOMPARE(again.sectionSize(records()->columnOf(QStringLiteral("meta:year"))), 177);
    QCOMPARE(again.visualIndex(records()->columnOf(QStringLiteral("meta:year"))), 0);
    action("columns")->trigger();
    QTRY_VERIFY(child<QPushButton>("resetColumns") != nullptr);
    QTest::mouseClick(child<QPushButton>("resetColumns"), Qt::LeftButton);
    QVERIFY(!again.isSectionHidden(records()->columnOf(QStringLiteral("meta:author"))));
    QCOMPARE(again.visualIndex(0), 0);
    child<QListView>("columnList")->window()->close();
}

void TestRecordsPage::conditionsAreBuiltByHand()
{
    auto* panel = child<ui::ConditionPanel>("conditionPanel");
    QVERIFY(!panel->isVisible());
    QTest::mouseClick(child<QToolButton>("conditionsButton"), Qt::LeftButton);
    QVERIFY(panel->isVisible());
    QTRY_VERIFY(panel->findChild<QLineEdit*>(QStringLiteral("conditionValue")) != nullptr);
    auto* key = panel->findChild<QLineEdit*>(QStringLiteral("conditionField"));
    key->selectAll();
    QTest::keyClicks(key, QStringLiteral("year"));
    auto* which = panel->findChild<QComboBox*>(QStringLiteral("conditionOperator"));
    which->setCurrentIndex(which->findText(QStringLiteral("is at least")));
    Q_EMIT which->activated(which->currentIndex());
    QTest::keyClicks(panel->findChild<QLineEdit*>(QStringLiteral("conditionValue")), QStringLiteral("2020"));
    QTRY_VERIFY(m_page->view()->query().where.has_value());
    QTRY_VERIFY(settled() && rows() < 1680);
    int expected = 0;
    for (const auto& each : m_fixture->collection("casestar_documents").at("get").at("metadatas"))
        expected += each.contains("year") && each.at("year").get<int>() >= 2020 ? 1 : 0;
    QCOMPARE(rows(), expected);
    QTest::mouseClick(panel->findChild<QToolButton*>(QStringLiteral("addDocumentCondition")), Qt::LeftButton);
    QTRY_COMPARE(panel->findChildren<QLineEdit*>(QStringLiteral("conditionValue")).size(), 2);
    QCOMPARE(rows(), expected); // not begun yet: says nothing
    QTest::keyClicks(panel->findChildren<QLineEdit*>(QStringLiteral("conditionValue")).last(),
                     QStringLiteral("court"));
    QTRY_VERIFY(m_page->view()->query().whereDocument.has_value());
    QTest::mouseClick(panel->findChildren<QToolButton*>(QStringLiteral("removeCondition")).first(),
                      Qt::LeftButton);
    QTRY_VERIFY(!m_page->view()->query().where.has_value());
    QTest::keyClick(panel, Qt::Key_Escape);
    QVERIFY(!panel->isVisible());
    QVERIFY(m_page->view()->query().whereDocument.has_value()); // closed, still in force
}

void TestRecordsPage::jsonAndBuilderAgree()
{
    action("conditions")->setChecked(true);
    auto* panel = child<ui::ConditionPanel>("conditionPanel");
    panel->findChild<QTabBar*>(QStringLiteral("conditionTabs"))->setCurrentIndex(1);
    auto* where = panel->findChild<QPlainTextEdit*>(QStringLiteral("json/where"));
    where->setPlainText(QStringLiteral(R"({"$or": [{"year": 2019}, {"year": {"$gt": 2021}}]})"));
    QTRY_VERIFY(m_page->view()->query().where.has_value());
    QTRY_VERIFY(settled());
    const int matching = rows();
    QVERIFY(matching > 0 && matching < 1680);
    where->setPlainText(QStringLiteral(R"({"$or": [{"year": )"));
    auto* error = panel->findChild<QWidget*>(QStringLiteral("jsonError/where"));
    QVERIFY(error->isVisible());
    QCOMPARE(rows(), matching);
    where->setPlainText(QStringLiteral(R"({"$or": [{"year": 2019}, {"year": {"$gt": 2021}}]})"));
    QVERIFY(!error->isVisible());
    panel->findChild<QTabBar*>(QStringLiteral("conditionTabs"))->setCurrentIndex(0);
    QTRY_COMPARE(panel->findChildren<QLineEdit*>(QStringLiteral("conditionValue")).size(), 2);
    auto* kind = panel->findChild<QComboBox*>(QStringLiteral("groupKind"));
    QCOMPARE(kind->currentIndex(), 1);
    kind->setCurrentIndex(0);
    Q_EMIT kind->activated(0);
    QTRY_COMPARE(rows(), 0); // no year is both
}

void TestRecordsPage::filtersAreSavedByName()
{
    type(QStringLiteral("meta:year"), QStringLiteral("2019"));
    const int matching = rows();
    action("conditions")->setChecked(true);
    auto* button = child<QToolButton>("savedFilters");
    Q_EMIT button->menu()->aboutToShow();
    auto* name = button->menu()->findChild<QLineEdit*>(QStringLiteral("filterName"));
    QVERIFY(name && name->isEnabled());
    QTest::keyClicks(name, QStringLiteral("The year 2019"));
    QTest::keyClick(name, Qt::Key_Return);
    action("clearRecordsFilter")->trigger();
    QTRY_COMPARE(rows(), 1680);
    Q_EMIT button->menu()->aboutToShow();
    QAction* saved = nullptr;
    for (QAction* each : button->menu()->actions())
        if (each->text() == QStringLiteral("The year 2019"))
            saved = each;
    QVERIFY(saved != nullptr);
    saved->trigger();
    QTRY_COMPARE(rows(), matching);
    QCOMPARE(field(QStringLiteral("meta:year"))->text(), QStringLiteral("2019"));
}

void TestRecordsPage::eachCollectionKeepsItsPlace()
{
    type(QStringLiteral("meta:year"), QStringLiteral("2019"));
    const int matching = rows();
    m_page->table().goToRow(20);
    const auto row = m_page->currentRecord();
    std::string other;
    for (const auto& each : m_session->catalog().collections)
        if (each.name != "casestar_documents")
            other = each.name;
    show(other);
    QVERIFY(!m_page->view()->query().isFiltered());
    show("casestar_documents");
    QCOMPARE(rows(), matching);
    QCOMPARE(field(QStringLiteral("meta:year"))->text(), QStringLiteral("2019"));
    QVERIFY(m_page->currentRecord() == row);
    m_page->setCollection({});
    QVERIFY(m_page->view() == nullptr);
    QVERIFY(!m_page->currentRecord());
}

void TestRecordsPage::filterComesBackNextTime()
{
    type(QStringLiteral("meta:year"), QStringLiteral("2019"));
    const int matching = rows();
    m_page = std::make_unique<RecordsPage>(*m_session, *m_preferences);
    m_page->resize(1100, 700);
    m_page->show();
    show("casestar_documents");
    QCOMPARE(rows(), matching);
    QTRY_VERIFY(field(QStringLiteral("meta:year")) != nullptr);
    QCOMPARE(field(QStringLiteral("meta:year"))->text(), QStringLiteral("2019"));
    QTRY_VERIFY(child<QToolButton>("clearFilter")->isVisible());
}

void TestRecordsPage::chosenRecordIsTold()
{
    const QSignalSpy chosen(m_page.get(), &RecordsPage::recordChosen);
    auto& table = m_page->table();
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {},
                      table.visualRect(table.model()->index(3, 1)).center());
    QCOMPARE(chosen.size(), 1);
    QVERIFY(chosen.last().at(1).value<storage::RowKey>() == *records()->rowKey(3));
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {},
                      table.visualRect(table.model()->index(3, 0)).center());
    QCOMPARE(chosen.size(), 1); // another cell of the same record
    QTest::keyClick(&table, Qt::Key_Down);
    QCOMPARE(chosen.size(), 2);
    const QSignalSpy similar(m_page.get(), &RecordsPage::similarAsked);
    trigger(menuAt(4, QStringLiteral("id")), "findSimilar");
    QCOMPARE(similar.size(), 1);
    const QSignalSpy left(m_page.get(), &RecordsPage::recordLeft);
    m_page->setCollection({});
    QCOMPARE(left.size(), 1);
}

void TestRecordsPage::keyboardReachesEverything()
{
    auto& table = m_page->table();
    action("filterRecords")->trigger();
    QTRY_VERIFY(qobject_cast<ui::FilterField*>(m_page->focusWidget()) != nullptr);
    QTest::keyClick(m_page->focusWidget(), Qt::Key_Down);
    QTRY_VERIFY(table.hasFocus());
    QCOMPARE(table.currentIndex().row(), 0);
    const QSignalSpy inspect(m_page.get(), &RecordsPage::inspectAsked);
    QTest::keyClick(&table, Qt::Key_Return);
    QTest::keyClick(&table, Qt::Key_Space);
    QCOMPARE(inspect.size(), 2);
    QTest::keyClick(&table, Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(table.currentIndex().row(), 1679);
    QTest::keyClick(&table, Qt::Key_X); // letters look for nothing
    QCOMPARE(table.currentIndex().row(), 1679);
    QTest::keyClick(&table, Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(&table, Qt::Key_Up);
    QTRY_VERIFY(qobject_cast<ui::FilterField*>(m_page->focusWidget()) != nullptr);
}

void TestRecordsPage::anotherDirectoryStartsAfresh()
{
    type(QStringLiteral("meta:year"), QStringLiteral("2019"));
    const auto other = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(other);
    m_session->open(other->path());
    QVERIFY(m_page->view() == nullptr);
    QTRY_COMPARE(m_session->state(), SessionState::Ready);
    show("big");
    QCOMPARE(rows(), 1118);
    QVERIFY(!m_page->view()->query().isFiltered());
    m_session->close();
    QTRY_COMPARE(m_session->state(), SessionState::Closed);
    QVERIFY(m_page->view() == nullptr);
}

void TestRecordsPage::reloadKeepsThePlace()
{
    m_page->table().goToRow(900);
    const auto row = m_page->currentRecord();
    const QSignalSpy reloaded(m_page->view(), &model::CollectionView::reloaded);
    m_session->reload();
    QTRY_COMPARE(reloaded.size(), 1);
    QTRY_VERIFY(settled());
    QVERIFY(m_page->currentRecord() == row);
    QCOMPARE(m_page->table().currentIndex().row(), 900);
}

QTEST_MAIN(TestRecordsPage)
#include "tst_records_page.moc"
