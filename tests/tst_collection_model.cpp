// The tree of tenants, databases and collections.
#include "model/collection_model.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using model::CollectionFilterModel;
using model::CollectionModel;
using model::Session;
using model::SessionState;

class TestCollectionModel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isEmptyWithoutADirectory();
    void showsTenantsDatabasesAndCollections();
    void countsFillIn();
    void describesACollection();
    void indexOfFindsBack();
    void survivesReloadAndClose();
    void filterKeepsTheParents();
    void filterFindsByEveryWord();
    void sortsAsAPersonDoes();
    void sortsByCount();
};

// The tree as lines of text, children indented.
static QStringList lines(const QAbstractItemModel& tree, const QModelIndex& parent = {}, int depth = 0)
{
    QStringList all;
    for (int row = 0; row < tree.rowCount(parent); ++row) {
        const QModelIndex index = tree.index(row, 0, parent);
        all << QString(depth, QLatin1Char(' ')) + index.data().toString();
        all += lines(tree, index, depth + 1);
    }
    return all;
}

static bool openNow(Session& session, const QString& path)
{
    session.open(path);
    return QTest::qWaitFor([&] { return session.state() == SessionState::Ready; }, 20000);
}

static bool allCounted(const Session& session)
{
    for (const auto& each : session.catalog().collections)
        if (!session.facts(each.id).count)
            return false;
    return true;
}

void TestCollectionModel::isEmptyWithoutADirectory()
{
    Session session;
    CollectionModel tree(session);
    const QAbstractItemModelTester tester(&tree);
    QCOMPARE(tree.rowCount(), 0);
    QVERIFY(!tree.indexOf("x").isValid());
    QVERIFY(tree.collection({}) == nullptr);
}

void TestCollectionModel::showsTenantsDatabasesAndCollections()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    const QAbstractItemModelTester tester(&tree);
    QVERIFY(openNow(session, fixture->path()));
    const QStringList shown = lines(tree);
    int collections = 0;
    for (const auto& each : session.catalog().collections) {
        ++collections;
        const QModelIndex index = tree.indexOf(each.id);
        QVERIFY(index.isValid());
        QCOMPARE(index.data().toString(), QString::fromStdString(each.name));
        QCOMPARE(index.parent().data().toString(), QString::fromStdString(each.database));
        QCOMPARE(index.parent().parent().data().toString(), QString::fromStdString(each.tenant));
        QVERIFY(tree.kind(index) == CollectionModel::Kind::Collection);
        QVERIFY(tree.kind(index.parent()) == CollectionModel::Kind::Database);
        QVERIFY(tree.kind(index.parent().parent()) == CollectionModel::Kind::Tenant);
    }
    QVERIFY2(shown.contains(QStringLiteral("default_tenant")), qPrintable(shown.join(QLatin1Char('\n'))));
    QVERIFY(shown.contains(QStringLiteral("acme")));
    QVERIFY(shown.contains(QStringLiteral(" cases")));
    QCOMPARE(int(session.catalog().tenants.size() + session.catalog().databases.size()) + collections,
             int(shown.size()));
}

void TestCollectionModel::countsFillIn()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    const QAbstractItemModelTester tester(&tree);
    const QSignalSpy changed(&tree, &CollectionModel::dataChanged);
    QVERIFY(openNow(session, fixture->path()));
    const auto& first = session.catalog().collections.front();
    QCOMPARE(tree.indexOf(first.id).data(CollectionModel::CountTextRole).toString(),
             QStringLiteral("\u2026"));
    QTRY_VERIFY(allCounted(session));
    QVERIFY(changed.size() >= qsizetype(session.catalog().collections.size()));
    for (const auto& each : session.catalog().collections) {
        const auto& answer = fixture->collection(each.name, each.tenant, each.database);
        QVERIFY(!answer.is_null());
        if (!answer.contains("count"))
            continue;
        const QModelIndex index = tree.indexOf(each.id).siblingAtColumn(CollectionModel::CountColumn);
        QCOMPARE(index.data(CollectionModel::SortRole).toLongLong(), answer.at("count").get<qint64>());
        QCOMPARE(index.data().toString(), QLocale().toString(answer.at("count").get<qint64>()));
    }
}

void TestCollectionModel::describesACollection()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    QVERIFY(openNow(session, fixture->path()));
    QTRY_VERIFY(allCounted(session));
    const auto big = storage::findCollection(session.catalog(), "big");
    VERIFY_OK(big);
    const QModelIndex index = tree.indexOf(big->id);
    const auto column = [&](int number) { return index.siblingAtColumn(number).data().toString(); };
    QCOMPARE(column(CollectionModel::DimensionColumn), QStringLiteral("16"));
    QCOMPARE(column(CollectionModel::SpaceColumn), QStringLiteral("cosine"));
    QCOMPARE(column(CollectionModel::CountColumn), QLocale().toString(1118));
    QVERIFY(
        index.data(CollectionModel::SubtitleRole).toString().startsWith(QStringLiteral("16 \u00B7 cosine")));
    QCOMPARE(index.data(CollectionModel::CollectionIdRole).toByteArray().toStdString(), big->id);
    QVERIFY(index.data(Qt::ToolTipRole).toString().contains(QString::fromStdString(big->id)));
    QVERIFY(index.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("big")));
    QCOMPARE(tree.collection(index)->name, std::string("big"));
}

void TestCollectionModel::indexOfFindsBack()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-0.6.3"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    QVERIFY(openNow(session, fixture->path()));
    for (const auto& each : session.catalog().collections)
        QCOMPARE(tree.collection(tree.indexOf(each.id))->id, each.id);
    QVERIFY(!tree.indexOf("nothing").isValid());
}

void TestCollectionModel::survivesReloadAndClose()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.0.20"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    const QAbstractItemModelTester tester(&tree);
    QVERIFY(openNow(session, fixture->path()));
    const QStringList before = lines(tree);
    const QSignalSpy reset(&tree, &CollectionModel::modelReset);
    session.reload();
    QTRY_COMPARE(reset.size(), 1);
    QCOMPARE(lines(tree), before);
    session.close();
    QTRY_COMPARE(session.state(), SessionState::Closed);
    QCOMPARE(tree.rowCount(), 0);
}

void TestCollectionModel::filterKeepsTheParents()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    CollectionFilterModel filter(tree);
    const QAbstractItemModelTester tester(&filter);
    QVERIFY(openNow(session, fixture->path()));
    QCOMPARE(filter.rowCount(), tree.rowCount());
    filter.setText(QStringLiteral("CHURN"));
    QCOMPARE(lines(filter),
             (QStringList{QStringLiteral("default_tenant"), QStringLiteral(" default_database"),
                          QStringLiteral("  churn_cosine"), QStringLiteral("  churn_ip"),
                          QStringLiteral("  churn_l2")}));
    filter.setText(QStringLiteral("no such thing"));
    QCOMPARE(filter.rowCount(), 0);
    filter.setText(QString());
    QCOMPARE(filter.rowCount(), tree.rowCount());
}

void TestCollectionModel::filterFindsByEveryWord()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    CollectionFilterModel filter(tree);
    QVERIFY(openNow(session, fixture->path()));
    filter.setText(QStringLiteral("l2 churn"));
    QCOMPARE(lines(filter).size(), 3);
    const auto big = storage::findCollection(session.catalog(), "big");
    VERIFY_OK(big);
    filter.setText(QString::fromStdString(big->id).left(13));
    QCOMPARE(lines(filter).last(), QStringLiteral("  big"));
}

void TestCollectionModel::sortsAsAPersonDoes()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    CollectionFilterModel filter(tree);
    QVERIFY(openNow(session, fixture->path()));
    filter.sort(CollectionModel::NameColumn, Qt::DescendingOrder);
    QStringList names = lines(filter).filter(QStringLiteral("  "));
    QVERIFY(names.indexOf(QStringLiteral("  single")) < names.indexOf(QStringLiteral("  big")));
    filter.sort(CollectionModel::NameColumn, Qt::AscendingOrder);
    names = lines(filter).filter(QStringLiteral("  "));
    QVERIFY(names.indexOf(QStringLiteral("  big")) < names.indexOf(QStringLiteral("  single")));
}

void TestCollectionModel::sortsByCount()
{
    const auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    Session session;
    CollectionModel tree(session);
    CollectionFilterModel filter(tree);
    QVERIFY(openNow(session, fixture->path()));
    QTRY_VERIFY(allCounted(session));
    filter.sort(CollectionModel::CountColumn, Qt::DescendingOrder);
    const QModelIndex big =
        filter.mapFromSource(tree.indexOf(storage::findCollection(session.catalog(), "big")->id));
    QCOMPARE(big.row(), 0); // the largest of its database
}

QTEST_GUILESS_MAIN(TestCollectionModel)
#include "tst_collection_model.moc"
