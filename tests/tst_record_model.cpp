// The records grid over directories that real Chroma wrote: every cell is Chroma's, nothing waits, late
// answers are dropped.
#include "model/record_collector.h"
#include "model/record_model.h"
#include "model/value_text.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using model::CollectionView;
using model::RecordModel;
using model::Session;
using model::SessionState;
using support::Json;
using CellState = RecordModel::CellState;

// A directory, a session on it and a grid over one collection.
struct Grid
{
    std::optional<support::ChromaFixture> fixture;
    std::unique_ptr<Session> session = std::make_unique<Session>();
    std::unique_ptr<CollectionView> view;
    std::unique_ptr<RecordModel> model;

    [[nodiscard]] const Json& answer() const { return fixture->collection(view->collection().name); }
    [[nodiscard]] QVariant cell(int row, const QString& column, int role = Qt::DisplayRole) const
    {
        return model->index(row, model->columnOf(column)).data(role);
    }
    [[nodiscard]] bool isLoaded(int row) const
    {
        return cell(row, QStringLiteral("id"), RecordModel::CellStateRole).toInt() != int(CellState::Loading);
    }
};

static std::unique_ptr<Grid> open(const QString& name, const std::string& collection)
{
    auto grid = std::make_unique<Grid>();
    auto fixture = support::openFixture(name);
    if (!fixture)
        return nullptr;
    grid->fixture = std::move(*fixture);
    grid->session->open(grid->fixture->path());
    if (!QTest::qWaitFor([&] { return grid->session->state() == SessionState::Ready; }, 20000))
        return nullptr;
    const auto found = storage::findCollection(grid->session->catalog(), collection);
    if (!found)
        return nullptr;
    grid->view = grid->session->browse(found->id);
    grid->model = std::make_unique<RecordModel>(*grid->view);
    return grid;
}

static bool settle(Grid& grid)
{
    return QTest::qWaitFor([&] { return grid.view->isComplete() && !grid.view->isBusy(); }, 20000);
}

static bool browse(Grid& grid)
{
    grid.model->followView();
    grid.view->start();
    return settle(grid) && QTest::qWaitFor([&] { return grid.view->areKeysKnown(); }, 20000);
}

constexpr int kBig = 1118; // records of collection "big"

class TestRecordModel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cellsAreChromas_data();
    void cellsAreChromas();
    void firstRowsComeWithTheFirstAnswer();
    void scrollingAsksOnlyForWhatIsPainted();
    void missingAndNullDiffer();
    void sortsOverTheWholeSet();
    void filtersOverTheWholeSet();
    void aNewerQueryReplacesTheOlder();
    void failedFilterKeepsTheRows();
    void idsCanBeFiltered();
    void rowOfFindsARecord();
    void wholeRecordsForCopying();
    void headersTellTypesAndCoverage();
    void keysComeAndGo();
    void distancesMakeAColumn();
    void vectorsComeWhenLookedAt();
    void reloadKeepsTheQuery();
    void longTextsAreCut();
};

void TestRecordModel::cellsAreChromas_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("collection");
    for (const char* name :
         {"rich-0.4.24", "rich-0.5.23", "rich-0.6.3", "rich-1.0.20", "rich-1.3.7", "rich-1.5.9"})
        for (const char* collection : {"types", "churn_cosine", "big", "single", "never", "emptied"})
            QTest::addRow("%s %s", name, collection)
                << QString::fromLatin1(name) << QString::fromLatin1(collection);
    QTest::newRow("arrays") << QStringLiteral("rich-1.5.9") << QStringLiteral("arrays");
}

static QString textOf(const Json& value)
{
    return value.is_null() ? QStringLiteral("\u2014") : model::lineText(value.get<std::string>());
}

void TestRecordModel::cellsAreChromas()
{
    QFETCH(QString, name);
    QFETCH(QString, collection);
    const auto grid = open(name, collection.toStdString());
    QVERIFY(grid != nullptr);
    const QAbstractItemModelTester tester(grid->model.get());
    QVERIFY(browse(*grid));
    const Json& get = grid->answer().at("get");
    const auto count = int(get.at("ids").size());
    QCOMPARE(grid->model->rowCount(), count);
    QCOMPARE(grid->view->total().value_or(-1), qint64(count));
    for (int row = 0; row < count; ++row) {
        QTRY_VERIFY(grid->isLoaded(row));
        const auto at = std::size_t(row);
        QCOMPARE(grid->cell(row, QStringLiteral("id"), RecordModel::RawTextRole).toString(),
                 model::text(get.at("ids").at(at).get<std::string>()));
        QCOMPARE(grid->cell(row, QStringLiteral("document")).toString(), textOf(get.at("documents").at(at)));
        const auto metadata = support::metadataOf(get.at("metadatas").at(at));
        for (const auto& column : grid->model->columns()) {
            if (column.kind != RecordModel::ColumnKind::Metadata)
                continue;
            const auto* value = storage::find(metadata, column.key);
            const QString shown = grid->cell(row, column.name()).toString();
            if (value != nullptr)
                QCOMPARE(shown, model::valueLine(*value));
            else
                QVERIFY2(shown == QStringLiteral("\u2014") || shown == QStringLiteral("null"),
                         qPrintable(shown));
        }
        for (const auto& entry : metadata) {
            grid->model->showKey(entry.key); // there may be more keys than columns
            QVERIFY(grid->model->columnOf(QStringLiteral("meta:") + model::text(entry.key)) >= 0);
        }
    }
}

void TestRecordModel::firstRowsComeWithTheFirstAnswer()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    const QAbstractItemModelTester tester(grid->model.get());
    grid->model->followView();
    const QSignalSpy reset(grid->model.get(), &RecordModel::modelReset);
    const QSignalSpy inserted(grid->model.get(), &RecordModel::rowsInserted);
    int first = -1;
    bool complete = true;
    bool loaded = false;
    connect(grid->model.get(), &RecordModel::dataChanged, grid->model.get(), [&] {
        if (first >= 0)
            return;
        first = grid->model->rowCount();
        complete = grid->view->isComplete();
        loaded = grid->isLoaded(0) && grid->isLoaded(99);
    });
    grid->view->start();
    QTRY_COMPARE(grid->model->rowCount(), kBig);
    QCOMPARE(first, 100);
    QVERIFY(!complete);
    QVERIFY(loaded);           // no turn of the loop between rows and contents
    QCOMPARE(reset.size(), 1); // the rest is appended: selection and scrolling stay
    QCOMPARE(inserted.size(), 1);
    QVERIFY(grid->isLoaded(0));
}

void TestRecordModel::scrollingAsksOnlyForWhatIsPainted()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    QList<std::pair<int, int>> arrived;
    connect(
        grid->model.get(), &RecordModel::dataChanged, grid->model.get(),
        [&](const QModelIndex& from, const QModelIndex& to) { arrived << std::pair(from.row(), to.row()); });
    for (const int row : {kBig - 1, 1100, 1050})
        QCOMPARE(grid->cell(row, QStringLiteral("id")).toString(), QStringLiteral("\u2026"));
    QTRY_VERIFY(grid->isLoaded(kBig - 1) && grid->isLoaded(1050));
    QCOMPARE(arrived.size(), 2);
    QVERIFY(!arrived.contains(std::pair(0, 99)));
    QVERIFY(!grid->isLoaded(500));
    QTRY_VERIFY(grid->isLoaded(500));
    // A sweep over everything in one turn: only the pages painted last are fetched.
    arrived.clear();
    for (int row = 100; row < 1000; row += 10)
        (void)grid->cell(row, QStringLiteral("id"));
    QTRY_VERIFY(grid->isLoaded(999));
    QVERIFY2(arrived.size() <= 5, qPrintable(QString::number(arrived.size())));
}

void TestRecordModel::missingAndNullDiffer()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "floats");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    QList<int> states;
    for (int row = 0; row < grid->model->rowCount(); ++row) {
        QTRY_VERIFY(grid->isLoaded(row));
        for (int column = 0; column < grid->model->columnCount(); ++column) {
            const QModelIndex index = grid->model->index(row, column);
            const auto state = CellState(index.data(RecordModel::CellStateRole).toInt());
            if (index.data(RecordModel::ColumnKindRole).toInt() != int(RecordModel::ColumnKind::Metadata))
                continue;
            states << int(state);
            if (state == CellState::Missing)
                QCOMPARE(index.data().toString(), QStringLiteral("\u2014"));
            if (state == CellState::Null)
                QCOMPARE(index.data().toString(), QStringLiteral("null"));
            QCOMPARE(grid->model->value(index) == nullptr, state == CellState::Missing);
        }
    }
    QVERIFY(states.contains(int(CellState::Missing)));
    QVERIFY(states.contains(int(CellState::Value)));
}

void TestRecordModel::sortsOverTheWholeSet()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    const QAbstractItemModelTester tester(grid->model.get());
    QVERIFY(browse(*grid));
    const auto column = std::find_if(grid->model->columns().begin(), grid->model->columns().end(),
                                     [](const auto& each) { return each.isNumeric(); });
    QVERIFY(column != grid->model->columns().end());
    const QString name = column->name();
    const int position = grid->model->columnOf(name);
    for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        grid->model->sort(position, order);
        QVERIFY(settle(*grid));
        QCOMPARE(grid->model->rowCount(), kBig);
        std::optional<double> last;
        bool missing = false;
        for (int row = 0; row < kBig; ++row) {
            QTRY_VERIFY(grid->isLoaded(row));
            const auto* value = grid->model->value(grid->model->index(row, position));
            if (value == nullptr) {
                missing = true;
                continue;
            }
            QVERIFY(!missing); // those without stand last
            const double now = std::holds_alternative<double>(*value) ? std::get<double>(*value)
                                                                      : double(std::get<qint64>(*value));
            if (last)
                QVERIFY(order == Qt::AscendingOrder ? *last <= now : *last >= now);
            last = now;
        }
    }
    grid->model->sort(-1, Qt::AscendingOrder);
    QVERIFY(settle(*grid));
    QTRY_VERIFY(grid->isLoaded(0));
    QCOMPARE(grid->cell(0, QStringLiteral("id")).toString(),
             QString::fromStdString(grid->answer().at("get").at("ids").at(0).get<std::string>()));
}

void TestRecordModel::filtersOverTheWholeSet()
{
    const auto grid = open(QStringLiteral("filters-1.5.9"), "mixed");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    const qint64 total = *grid->view->total();
    int asked = 0;
    for (const Json& each : grid->answer().at("filters")) {
        if (!each.contains("ids") || ++asked % 20 != 0)
            continue;
        model::RecordQuery query;
        if (each.contains("where") && !each.at("where").is_null()) {
            auto where = storage::parseWhere(each.at("where").dump());
            if (!where)
                continue;
            query.where = std::move(*where);
        }
        if (each.contains("where_document") && !each.at("where_document").is_null()) {
            auto where = storage::parseWhereDocument(each.at("where_document").dump());
            if (!where)
                continue;
            query.whereDocument = std::move(*where);
        }
        grid->view->setQuery(query);
        QVERIFY(settle(*grid));
        const auto count = int(each.at("ids").size());
        QCOMPARE(grid->model->rowCount(), count);
        QCOMPARE(grid->view->matching().value_or(-1), qint64(count));
        QCOMPARE(grid->view->total().value_or(-1), total);
        for (int row = 0; row < count; ++row) {
            QTRY_VERIFY(grid->isLoaded(row));
            QCOMPARE(grid->cell(row, QStringLiteral("id"), RecordModel::RawTextRole).toString(),
                     model::text(each.at("ids").at(std::size_t(row)).get<std::string>()));
        }
    }
    QVERIFY(asked > 300);
}

void TestRecordModel::aNewerQueryReplacesTheOlder()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    const QSignalSpy spines(grid->view.get(), &CollectionView::spineChanged);
    model::RecordQuery query;
    for (int i = 0; i < 50; ++i) {
        query.id = model::IdCondition{model::IdCondition::Kind::Contains, std::to_string(i)};
        grid->view->setQuery(query);
    }
    QVERIFY(settle(*grid));
    QCOMPARE(spines.size(), 1);
    QVERIFY(grid->view->shownQuery() == query);
    QVERIFY(grid->model->rowCount() > 0);
    QVERIFY(grid->model->rowCount() < kBig);
}

void TestRecordModel::failedFilterKeepsTheRows()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    QTRY_VERIFY(grid->isLoaded(0));
    const QSignalSpy failed(grid->view.get(), &CollectionView::failed);
    model::RecordQuery query;
    storage::WhereNode broken; // no values: not to be answered
    broken.key = "k";
    broken.op = storage::WhereOperator::Gt;
    query.where = broken;
    grid->view->setQuery(query);
    QVERIFY(settle(*grid));
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().value<storage::Error>().sentence.endsWith(QLatin1Char('.')));
    QCOMPARE(grid->model->rowCount(), kBig);
    QVERIFY(grid->isLoaded(0));
    QVERIFY(!grid->view->shownQuery().isFiltered());
}

void TestRecordModel::idsCanBeFiltered()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    const auto id = grid->answer().at("get").at("ids").at(7).get<std::string>();
    model::RecordQuery query;
    query.id = model::IdCondition{model::IdCondition::Kind::Equals, id};
    grid->view->setQuery(query);
    QVERIFY(settle(*grid));
    QCOMPARE(grid->model->rowCount(), 1);
    QTRY_COMPARE(grid->cell(0, QStringLiteral("id")).toString(), QString::fromStdString(id));
    query.id = model::IdCondition{model::IdCondition::Kind::Regex, "7$"};
    grid->view->setQuery(query);
    QVERIFY(settle(*grid));
    int expected = 0;
    for (const auto& each : grid->answer().at("get").at("ids"))
        expected += each.get<std::string>().ends_with('7') ? 1 : 0;
    QCOMPARE(grid->model->rowCount(), expected);
}

void TestRecordModel::rowOfFindsARecord()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    const auto id = grid->answer().at("get").at("ids").at(1001).get<std::string>();
    std::optional<storage::RowKey> row;
    int answers = 0;
    grid->view->findId(this, id, [&](const auto& found) {
        VERIFY_OK(found);
        row = *found;
        ++answers;
    });
    QTRY_COMPARE(answers, 1);
    QVERIFY(row.has_value());
    QCOMPARE(grid->model->rowOf(*row), 1001);
    grid->view->findId(this, "no such id", [&](const auto& found) {
        VERIFY_OK(found);
        row = *found;
        ++answers;
    });
    QTRY_COMPARE(answers, 2);
    QVERIFY(!row.has_value());
    QCOMPARE(grid->model->rowOf(storage::RowKey{-5}), -1);
}

void TestRecordModel::wholeRecordsForCopying()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    model::RecordCollector collector(*grid->view);
    std::vector<storage::Record> records;
    const QSignalSpy progress(&collector, &model::RecordCollector::progressed);
    collector.collect(grid->view->spine()->rows, [&](storage::Result<std::vector<storage::Record>> answer) {
        VERIFY_OK(answer);
        records = std::move(*answer);
    });
    QVERIFY(collector.isBusy());
    QTRY_COMPARE(records.size(), std::size_t(kBig));
    QVERIFY(!collector.isBusy());
    QCOMPARE(progress.size(), qsizetype(kBig / int(model::RecordCollector::kSlice) + 1));
    const Json& get = grid->answer().at("get");
    for (std::size_t i = 0; i < records.size(); ++i) {
        QCOMPARE(records[i].id, get.at("ids").at(i).get<std::string>());
        QCOMPARE(records[i].document.has_value(), !get.at("documents").at(i).is_null());
    }
    bool called = false;
    collector.collect(grid->view->spine()->rows, [&](const auto&) { called = true; });
    collector.cancel();
    collector.collect({}, [&](const storage::Result<std::vector<storage::Record>>& answer) {
        VERIFY_OK(answer);
        records = *answer;
    });
    QTRY_VERIFY(records.empty());
    QVERIFY(!called);
}

void TestRecordModel::headersTellTypesAndCoverage()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "types");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    bool mixed = false;
    for (int section = 0; section < grid->model->columnCount(); ++section) {
        const auto header = [&](int role) { return grid->model->headerData(section, Qt::Horizontal, role); };
        QVERIFY(!header(RecordModel::ColumnNameRole).toString().isEmpty());
        if (header(RecordModel::ColumnKindRole).toInt() != int(RecordModel::ColumnKind::Metadata))
            continue;
        const double coverage = header(RecordModel::CoverageRole).toDouble();
        QVERIFY(coverage > 0 && coverage <= 1);
        QVERIFY(!header(RecordModel::TypesTextRole).toString().isEmpty());
        mixed = mixed || header(RecordModel::TypesTextRole).toString().contains(QChar(0xB7));
    }
    QVERIFY(mixed);
    QCOMPARE(grid->model->headerData(0, Qt::Vertical, Qt::DisplayRole).toInt(), 1);
}

void TestRecordModel::keysComeAndGo()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "types");
    QVERIFY(grid != nullptr);
    const QAbstractItemModelTester tester(grid->model.get());
    QVERIFY(browse(*grid));
    const auto key = grid->model->allKeys().front().key;
    const QString name = QStringLiteral("meta:") + model::text(key);
    QVERIFY(grid->model->columnOf(name) >= 0);
    const int hidden = grid->model->hiddenKeyCount();
    grid->model->dropKey(key);
    QCOMPARE(grid->model->columnOf(name), -1);
    QCOMPARE(grid->model->hiddenKeyCount(), hidden + 1);
    grid->model->dropKey(key);
    QCOMPARE(grid->model->hiddenKeyCount(), hidden + 1);
    grid->model->showKey(key);
    QVERIFY(grid->model->columnOf(name) >= 0);
    QCOMPARE(grid->model->hiddenKeyCount(), hidden);
    QCOMPARE(grid->model->columnOf(QStringLiteral("embedding")), grid->model->columnCount() - 1);
}

void TestRecordModel::distancesMakeAColumn()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    RecordModel results(*grid->view);
    const QAbstractItemModelTester tester(&results);
    QCOMPARE(results.columnOf(QStringLiteral("distance")), -1);
    auto spine = std::make_shared<storage::Spine>();
    const auto& rows = grid->view->spine()->rows;
    spine->rows = {rows[5], rows[900], rows[0]};
    spine->distances = {0.25F, 0.5F, 0.75F};
    const QSignalSpy wanted(&results, &RecordModel::sortWanted);
    results.setSpine(spine);
    QCOMPARE(results.rowCount(), 3);
    const int column = results.columnOf(QStringLiteral("distance"));
    QVERIFY(column > 0);
    QCOMPARE(results.index(1, column).data().toString(), QStringLiteral("0.5000"));
    QCOMPARE(results.index(1, column).data(RecordModel::DistanceRole).toFloat(), 0.5F);
    QCOMPARE(results.index(0, column).data(RecordModel::DistanceShareRole).toDouble(), 0.0);
    QCOMPARE(results.index(1, column).data(RecordModel::DistanceShareRole).toDouble(), 0.5);
    QCOMPARE(results.index(2, column).data(RecordModel::DistanceShareRole).toDouble(), 1.0);
    QTRY_COMPARE(results.index(1, 0).data().toString(),
                 QString::fromStdString(grid->answer().at("get").at("ids").at(900).get<std::string>()));
    results.sort(column, Qt::DescendingOrder);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(grid->model->rowCount(), kBig); // the browsing grid is not touched
}

void TestRecordModel::vectorsComeWhenLookedAt()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "churn_l2");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    QTRY_VERIFY(grid->isLoaded(0));
    const QString embedding = QStringLiteral("embedding");
    QCOMPARE(grid->cell(0, embedding).toString(), QStringLiteral("\u2026"));
    QTRY_VERIFY(grid->cell(0, embedding).toString() != QStringLiteral("\u2026"));
    const auto& packed = grid->answer().at("get").at("embeddings");
    for (int row = 0; row < std::min(50, grid->model->rowCount()); ++row) {
        const auto vector = support::vectorOf(packed.at(std::size_t(row)));
        const auto head = std::span<const float>(vector).first(std::min<std::size_t>(3, vector.size()));
        QCOMPARE(grid->cell(row, embedding).toString(),
                 vector.empty() ? QStringLiteral("\u2014") : model::vectorPreview(head, vector.size()));
    }
}

void TestRecordModel::reloadKeepsTheQuery()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "big");
    QVERIFY(grid != nullptr);
    const QAbstractItemModelTester tester(grid->model.get());
    QVERIFY(browse(*grid));
    model::RecordQuery query;
    query.id = model::IdCondition{model::IdCondition::Kind::Contains, "7"};
    grid->view->setQuery(query);
    QVERIFY(settle(*grid));
    const int rows = grid->model->rowCount();
    const QSignalSpy reloaded(grid->view.get(), &CollectionView::reloaded);
    const QSignalSpy reset(grid->model.get(), &RecordModel::modelReset);
    grid->session->reload();
    QTRY_COMPARE(reloaded.size(), 1);
    QVERIFY(settle(*grid));
    QCOMPARE(grid->model->rowCount(), rows);
    QCOMPARE(reset.size(), 0); // the same rows: the place is kept
    QTRY_VERIFY(grid->isLoaded(0));
    QVERIFY(grid->view->shownQuery() == query);
}

void TestRecordModel::longTextsAreCut()
{
    const auto grid = open(QStringLiteral("rich-1.5.9"), "types");
    QVERIFY(grid != nullptr);
    QVERIFY(browse(*grid));
    const Json& documents = grid->answer().at("get").at("documents");
    int cut = 0;
    for (int row = 0; row < grid->model->rowCount(); ++row) {
        const Json& document = documents.at(std::size_t(row));
        if (document.is_null())
            continue;
        QTRY_VERIFY(grid->isLoaded(row));
        const auto& whole = document.get_ref<const std::string&>();
        const bool isCut = grid->cell(row, QStringLiteral("document"), RecordModel::TruncatedRole).toBool();
        QCOMPARE(isCut, whole.size() > std::size_t(model::kGridText));
        cut += isCut ? 1 : 0;
        QVERIFY(grid->model->cached(row)->document->size() <= std::size_t(model::kGridText) + 3);
    }
    QVERIFY(cut > 0);
}

QTEST_GUILESS_MAIN(TestRecordModel)
#include "tst_record_model.moc"
