#include "storage/chroma/catalog.h"
#include "storage/vectors/vector_coverage.h"
#include "storage/vectors/vector_store.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <bit>
#include <cmath>

using namespace storage;
using namespace support;

namespace {

struct Opened
{
    PersistDir directory;
    Connection connection;
    Catalog catalog;
};

Result<Opened> openDirectory(const QString& path)
{
    auto directory = PersistDir::open(path);
    if (!directory)
        return pass(directory);
    auto connection = directory->connect();
    if (!connection)
        return pass(connection);
    auto catalog = readCatalog(*directory, *connection);
    if (!catalog)
        return pass(catalog);
    return Opened{std::move(*directory), std::move(*connection), std::move(*catalog)};
}

// Of 1.5.9; where it refuses the whole directory, of the release that wrote it.
const Json& answerFor(const ChromaFixture& fixture, const Collection& collection)
{
    static const Json none;
    if (!fixture.newest().contains("error"))
        return fixture.collection(collection.name, collection.tenant, collection.database);
    for (const Json& one : fixture.writer().at("collections"))
        if (one.at("id") == collection.id)
            return one;
    return none;
}

bool has(const std::vector<Finding>& findings, const std::string& code)
{
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == code; });
}

QString listed(const std::vector<Finding>& findings)
{
    QString out;
    for (const Finding& finding : findings)
        out += QString::fromStdString(finding.code + ": " + finding.sentence + "\n");
    return out;
}

} // namespace

class TestVectorStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyVectorIsWhatChromaAnswers_data();
    void everyVectorIsWhatChromaAnswers();
    void lostVectorsStayLost();
    void wholeCollectionsAreCovered();
    void phantomsAreNamed();
    void damageIsToldAndTheRestIsRead_data();
    void damageIsToldAndTheRestIsRead();
    void anUnknownIdHasNoVector();
    void cancelStops();
};

void TestVectorStore::everyVectorIsWhatChromaAnswers_data()
{
    QTest::addColumn<QString>("name");
    for (const QString& name : ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")})
        QTest::newRow(qPrintable(name)) << name;
}

void TestVectorStore::everyVectorIsWhatChromaAnswers()
{
    QFETCH(QString, name);
    const auto fixture = openFixture(name);
    VERIFY_OK(fixture);
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    qint64 compared = 0, identical = 0;
    for (const Collection& collection : opened->catalog.collections) {
        const Json& answer = answerFor(*fixture, collection);
        const auto store = VectorStore::open(opened->directory, opened->connection, collection);
        VERIFY_OK(store);
        if (answer.is_null() || answer.contains("error"))
            continue;
        const Json& ids = answer.at("get").at("ids");
        std::size_t withVector = 0;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const std::string id = ids[i].get<std::string>();
            const std::vector<float> expected = vectorOf(answer.at("get").at("embeddings")[i]);
            const auto actual = store->vector(id);
            const QByteArray what = name.toUtf8() + ' ' + collection.name.c_str() + ' ' + id.c_str();
            QVERIFY2(actual.has_value() == !expected.empty(), what.constData());
            if (!actual)
                continue;
            ++withVector;
            QCOMPARE(actual->size(), expected.size());
            for (std::size_t d = 0; d < expected.size(); ++d) {
                const float a = (*actual)[d], b = expected[d];
                ++compared;
                identical += std::bit_cast<quint32>(a) == std::bit_cast<quint32>(b) ? 1 : 0;
                QVERIFY2(std::abs(a - b) <= 3e-7F * std::max(1.0F, std::abs(b)), what.constData());
            }
        }
        if (!answer.contains("embeddings_error"))
            QVERIFY2(store->size() == withVector,
                     qPrintable(QStringLiteral("%1 %2: %3 vectors instead of %4\n%5")
                                    .arg(name, QString::fromStdString(collection.name))
                                    .arg(store->size())
                                    .arg(withVector)
                                    .arg(listed(store->findings()))));
        if (store->size() > 0 && collection.dimension)
            QCOMPARE(qint64(store->dimension()), *collection.dimension);
    }
    // Down to the bits; a directory that 1.5.9 refuses is compared with its writer, which keeps cosine
    // vectors whole.
    if (!fixture->newest().contains("error"))
        QCOMPARE(identical, compared);
}

void TestVectorStore::lostVectorsStayLost()
{
    const auto fixture = openFixture(QStringLiteral("py-0.5.6"));
    VERIFY_OK(fixture);
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    bool some = false;
    for (const Collection& collection : opened->catalog.collections) {
        const Json& answer = fixture->collection(collection.name, collection.tenant, collection.database);
        if (!answer.contains("embeddings_error"))
            continue;
        some = true;
        const auto store = VectorStore::open(opened->directory, opened->connection, collection);
        VERIFY_OK(store);
        QVERIFY(store->size() < answer.at("count").get<std::size_t>());
        const auto reader = CollectionReader::open(opened->directory, opened->connection, collection);
        VERIFY_OK(reader);
        const auto coverage = vectorCoverage(*store, *reader);
        VERIFY_OK(coverage);
        QVERIFY2(has(coverage->findings, "lost-vectors"), qPrintable(listed(coverage->findings)));
        std::vector<std::string> expected;
        for (std::size_t i = 0; i < answer.at("get").at("ids").size(); ++i)
            if (answer.at("get").at("embeddings")[i].is_null())
                expected.push_back(answer.at("get").at("ids")[i].get<std::string>());
        QCOMPARE(coverage->lost, expected);
    }
    QVERIFY(some);
}

void TestVectorStore::wholeCollectionsAreCovered()
{
    const auto fixture = openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    for (const Collection& collection : opened->catalog.collections) {
        const auto store = VectorStore::open(opened->directory, opened->connection, collection);
        VERIFY_OK(store);
        const auto reader = CollectionReader::open(opened->directory, opened->connection, collection);
        VERIFY_OK(reader);
        const auto coverage = vectorCoverage(*store, *reader);
        VERIFY_OK(coverage);
        QVERIFY2(coverage->findings.empty(), collection.name.c_str());
        QCOMPARE(coverage->records, qint64(store->size()));
    }
}

// Records whose rows are gone while their vectors stand.
void TestVectorStore::phantomsAreNamed()
{
    const auto fixture = openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    {
        const auto writer = Connection::open(fixture->path() + QStringLiteral("/chroma.sqlite3"),
                                             {.access = ConnectionOptions::Access::ReadWrite});
        VERIFY_OK(writer);
        VERIFY_OK(writer->execute("DELETE FROM embeddings WHERE embedding_id IN ('b0007', 'b0622')"));
    }
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    const auto collection = findCollection(opened->catalog, "big");
    VERIFY_OK(collection);
    const auto store = VectorStore::open(opened->directory, opened->connection, *collection);
    VERIFY_OK(store);
    const auto reader = CollectionReader::open(opened->directory, opened->connection, *collection);
    VERIFY_OK(reader);
    auto coverage = vectorCoverage(*store, *reader);
    VERIFY_OK(coverage);
    QVERIFY(has(coverage->findings, "phantom-vectors") && coverage->lost.empty());
    std::sort(coverage->phantoms.begin(), coverage->phantoms.end());
    QCOMPARE(coverage->phantoms, (std::vector<std::string>{"b0007", "b0622"}));
}

void TestVectorStore::damageIsToldAndTheRestIsRead_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<qint64>("length"); // cut to; -1: removed; otherwise of what is there
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("readable"); // 0: none of the index, 1: some, 2: all
    const QString pickle = QStringLiteral("index_metadata.pickle"), header = QStringLiteral("header.bin"),
                  level0 = QStringLiteral("data_level0.bin"), lengths = QStringLiteral("length.bin"),
                  links = QStringLiteral("link_lists.bin");
    QTest::newRow("no pickle") << pickle << qint64(-1) << QStringLiteral("missing-pickle") << 0;
    QTest::newRow("empty pickle") << pickle << qint64(0) << QStringLiteral("damaged-pickle") << 0;
    QTest::newRow("short pickle") << pickle << qint64(100) << QStringLiteral("damaged-pickle") << 0;
    QTest::newRow("no header") << header << qint64(-1) << QStringLiteral("missing-header") << 0;
    QTest::newRow("empty header") << header << qint64(0) << QStringLiteral("header-size") << 0;
    QTest::newRow("half a header") << header << qint64(50) << QStringLiteral("header-size") << 0;
    QTest::newRow("no vectors") << level0 << qint64(-1) << QStringLiteral("missing-vectors") << 0;
    QTest::newRow("few vectors") << level0 << qint64(20000) << QStringLiteral("torn-segment") << 1;
    QTest::newRow("no lengths") << lengths << qint64(-1) << QStringLiteral("short-lengths") << 0;
    QTest::newRow("few lengths") << lengths << qint64(400) << QStringLiteral("short-lengths") << 1;
    QTest::newRow("no links") << links << qint64(-1) << QStringLiteral("torn-segment") << 2;
    QTest::newRow("few links") << links << qint64(100) << QStringLiteral("torn-segment") << 2;
}

void TestVectorStore::damageIsToldAndTheRestIsRead()
{
    QFETCH(QString, file);
    QFETCH(qint64, length);
    QFETCH(QString, code);
    QFETCH(int, readable);
    const auto fixture = openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    const auto collection = findCollection(opened->catalog, "big");
    VERIFY_OK(collection);
    const QString path =
        opened->directory.segmentFolder(collection->segment("VECTOR")->id) + QLatin1Char('/') + file;
    QVERIFY(length < 0 ? QFile::remove(path) : QFile::resize(path, length));

    const auto store = VectorStore::open(opened->directory, opened->connection, *collection);
    VERIFY_OK(store);
    QVERIFY2(has(store->findings(), code.toStdString()), qPrintable(listed(store->findings())));
    for (const Finding& finding : store->findings()) {
        QCOMPARE(finding.collection, collection->id);
        QVERIFY(finding.sentence.ends_with('.'));
    }
    const Json& answer = fixture->collection("big");
    int right = 0, fromIndex = 0;
    for (std::size_t i = 0; i < answer.at("get").at("ids").size(); ++i) {
        const auto actual = store->vector(answer.at("get").at("ids")[i].get<std::string>());
        if (!actual)
            continue;
        QCOMPARE(*actual, vectorOf(answer.at("get").at("embeddings")[i]));
        ++right;
    }
    fromIndex = right - int(store->inLog());
    QVERIFY(store->inLog() > 0); // the log's tail is read whatever befell the index
    QCOMPARE(readable == 0, fromIndex == 0);
    QCOMPARE(readable == 2, right == int(answer.at("count").get<int>()));
}

void TestVectorStore::anUnknownIdHasNoVector()
{
    const auto fixture = openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    const auto collection = findCollection(opened->catalog, "big");
    VERIFY_OK(collection);
    const auto store = VectorStore::open(opened->directory, opened->connection, *collection);
    VERIFY_OK(store);
    QVERIFY(!store->vector("no such id"));
    QVERIFY(!store->vector(""));
    QVERIFY(store->findings().empty());
}

void TestVectorStore::cancelStops()
{
    class Stop : public Progress
    {
    public:
        [[nodiscard]] bool cancelled() const override { return true; }
    } stop;
    const auto fixture = openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    const auto collection = findCollection(opened->catalog, "big");
    VERIFY_OK(collection);
    VERIFY_ERROR(VectorStore::open(opened->directory, opened->connection, *collection, stop),
                 ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestVectorStore)
#include "tst_vector_store.moc"
