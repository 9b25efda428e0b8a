#include "app/cli/recall_measure.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/persist_dir.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QTest>

using namespace app;
using namespace storage;

namespace {

// "a:0 b:0.5" as an answer.
SearchAnswer answerOf(const char* text)
{
    SearchAnswer answer;
    for (const QString& part : QString::fromUtf8(text).split(QLatin1Char(' '), Qt::SkipEmptyParts))
        answer.neighbours.push_back({part.section(QLatin1Char(':'), 0, 0).toStdString(),
                                     part.section(QLatin1Char(':'), 1).toFloat()});
    return answer;
}

QString joined(const std::vector<std::string>& ids)
{
    QString text;
    for (const std::string& id : ids)
        text += QString::fromStdString(id) + QLatin1Char(' ');
    return text.trimmed();
}

} // namespace

class TestRecallMeasure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersAreCompared_data();
    void answersAreCompared();
    void theWorstComeFirst();
    void aGoodIndexIsFoundGood();
    void nothingToMeasureIsSaid();
};

void TestRecallMeasure::answersAreCompared_data()
{
    QTest::addColumn<QByteArray>("index");
    QTest::addColumn<QByteArray>("truth");
    QTest::addColumn<double>("recall");
    QTest::addColumn<QString>("missed");
    const auto row = [](const char* tag, const char* index, const char* truth, double recall,
                        const char* missed) {
        QTest::newRow(tag) << QByteArray(index) << QByteArray(truth) << recall << QString::fromUtf8(missed);
    };
    row("the same", "q:0 a:1 b:2", "q:0 a:1 b:2", 1.0, "");
    row("one missed", "q:0 a:1 c:3", "q:0 a:1 b:2", 0.5, "b");
    row("all missed", "q:0 c:3 d:4", "q:0 a:1 b:2", 0.0, "a b");
    row("fewer found", "q:0 b:2", "q:0 a:1 b:2", 0.5, "a");
    row("nothing found", "", "q:0 a:1 b:2", 0.0, "a b");
    row("the record itself not found", "a:1 b:2 c:3", "q:0 a:1 b:2", 1.0, "");
    row("equally near counts", "q:0 a:1 c:2", "q:0 a:1 b:2", 1.0, "");
    row("equally near within rounding", "q:0 a:1 c:2.000001", "q:0 a:1 b:2", 1.0, "");
    row("alone in its collection", "q:0", "q:0", 1.0, "");
}

void TestRecallMeasure::answersAreCompared()
{
    QFETCH(QByteArray, index);
    QFETCH(QByteArray, truth);
    const auto query = comparedQuery("q", answerOf(index.constData()), answerOf(truth.constData()), 2);
    QTEST(query.recall, "recall");
    QTEST(joined(query.missed), "missed");
}

void TestRecallMeasure::theWorstComeFirst()
{
    RecallMeasure measure;
    measure.queries = {
        {"good", 1.0, {}}, {"bad", 0.5, {"x"}}, {"worse", 0.1, {"x"}}, {"bad too", 0.5, {"y"}}};
    std::vector<std::string> ids;
    for (const auto& query : measure.worst(2))
        ids.push_back(query.id);
    QCOMPARE(joined(ids), QStringLiteral("worse bad"));
    QCOMPARE(measure.worst(10).size(), std::size_t(3));
}

void TestRecallMeasure::aGoodIndexIsFoundGood()
{
    const auto fixture = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(fixture);
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    const auto connection = directory->connect();
    VERIFY_OK(connection);
    const auto catalog = readCatalog(*directory, *connection);
    VERIFY_OK(catalog);
    const auto collection = findCollection(*catalog, "casestar_documents");
    VERIFY_OK(collection);
    const auto reader = CollectionReader::open(*directory, *connection, *collection);
    VERIFY_OK(reader);
    const auto store = VectorStore::open(*directory, *connection, *collection);
    VERIFY_OK(store);
    const auto measure = measureRecall(*reader, *store, {50, 10, 200}, Progress::none());
    VERIFY_OK(measure);
    QCOMPARE(measure->queries.size(), std::size_t(50));
    QVERIFY(measure->recall > 0.99);
    QCOMPARE(measure->ef, qint64(200));
    QVERIFY(measure->exactMs > 0 && measure->indexMs > 0);
}

void TestRecallMeasure::nothingToMeasureIsSaid()
{
    const auto fixture = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(fixture);
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    const auto connection = directory->connect();
    VERIFY_OK(connection);
    const auto catalog = readCatalog(*directory, *connection);
    VERIFY_OK(catalog);
    const auto collection = findCollection(*catalog, "intake_queue");
    VERIFY_OK(collection);
    const auto reader = CollectionReader::open(*directory, *connection, *collection);
    VERIFY_OK(reader);
    const auto store = VectorStore::open(*directory, *connection, *collection);
    VERIFY_OK(store);
    VERIFY_ERROR(measureRecall(*reader, *store, {}, Progress::none()), ErrorKind::Invalid);
}

QTEST_APPLESS_MAIN(TestRecallMeasure)
#include "tst_recall_measure.moc"
