#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cmath>

using namespace support;

class TestChromaFixture : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFixtureIsWhole_data();
    void everyFixtureIsWhole();
    void theDemonstrationHoldsWhatItShould();
    void theFiltersAreMany();
    void damagedArchivesAreRefused();
    void valuesKeepTheirTypes();
};

void TestChromaFixture::everyFixtureIsWhole_data()
{
    QTest::addColumn<QString>("name");
    const QStringList names = ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")};
    for (const QString& name : names)
        QTest::newRow(qPrintable(name)) << name;
}

void TestChromaFixture::everyFixtureIsWhole()
{
    QFETCH(QString, name);
    const auto fixture = openFixture(name);
    VERIFY_OK(fixture);
    QFile database(fixture->path() + QStringLiteral("/chroma.sqlite3"));
    QVERIFY(database.open(QIODevice::ReadOnly));
    QVERIFY(database.read(16).startsWith("SQLite format 3"));
    QCOMPARE(QString::fromStdString(fixture->newest().at("answered_by")), QStringLiteral("chromadb 1.5.9"));
    for (const Json& answer : fixture->all().at("answers")) {
        QVERIFY(!answer.at("collections").empty() || answer.contains("error"));
        for (const Json& one : answer.at("collections")) {
            if (one.contains("error"))
                continue;
            const Json& got = one.at("get");
            QCOMPARE(got.at("ids").size(), one.at("count").get<std::size_t>());
            for (const char* column : {"documents", "metadatas", "uris", "embeddings"})
                QCOMPARE(got.at(column).size(), got.at("ids").size());
            for (const Json& packed : got.at("embeddings"))
                QVERIFY(one.contains("embeddings_error") || !vectorOf(packed).empty());
        }
    }
}

void TestChromaFixture::theDemonstrationHoldsWhatItShould()
{
    const auto demo = openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(demo);
    const Json& documents = demo->collection("casestar_documents");
    QVERIFY(documents.at("count").get<int>() > 1500);
    QCOMPARE(vectorOf(documents.at("get").at("embeddings").front()).size(), std::size_t(384));
    QCOMPARE(documents.at("metadata").at("model").get<std::string>(), std::string("all-MiniLM-L6-v2"));
    for (const char* name : {"exhibit_photos", "search_terms", "scratch_notes"})
        QVERIFY(demo->collection(name).at("count").get<int>() > 0);
    QCOMPARE(demo->collection("intake_queue").at("count").get<int>(), 0);
    QVERIFY(demo->collection("no such collection").is_null());
}

void TestChromaFixture::theFiltersAreMany()
{
    const auto filters = openFixture(QStringLiteral("filters-1.5.9"));
    VERIFY_OK(filters);
    std::size_t answered = 0, refused = 0;
    for (const Json& one : filters->collection("mixed").at("filters"))
        ++(one.contains("ids") ? answered : refused);
    QVERIFY(answered > 600);
    QVERIFY(refused > 70);
}

void TestChromaFixture::damagedArchivesAreRefused()
{
    VERIFY_ERROR(openFixture(QStringLiteral("no-such-fixture")), storage::ErrorKind::NotFound);
    const QString archive = QStringLiteral(CHROMAKEEP_TEST_DATA "/v-1.0.tar.zst");
    const auto tar = unpackZstd(archive);
    VERIFY_OK(tar);
    QTemporaryDir room;
    VERIFY_ERROR(unpackTar(tar->left(5000), room.path()), storage::ErrorKind::Corrupt);
    QFile file(archive);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QFile half(room.filePath(QStringLiteral("half.zst")));
    QVERIFY(half.open(QIODevice::WriteOnly));
    half.write(file.readAll().left(4000));
    half.close();
    VERIFY_ERROR(unpackZstd(half.fileName()), storage::ErrorKind::Corrupt);
}

void TestChromaFixture::valuesKeepTheirTypes()
{
    const auto metadata = metadataOf(Json::parse(
        R"({"i":9223372036854775807,"f":1.0,"s":"","b":false,"a":[1.5],"n":{"#float":"-Infinity"}})"));
    QCOMPARE(metadata.size(), std::size_t(6));
    using namespace storage;
    const Metadata expected{{"a", std::vector<double>{1.5}},
                            {"b", false},
                            {"f", 1.0},
                            {"i", qint64(9223372036854775807)},
                            {"n", -std::numeric_limits<double>::infinity()},
                            {"s", std::string()}};
    QVERIFY(metadata == expected);
    QVERIFY(std::isnan(std::get<double>(metaValueOf(Json::parse(R"({"#float":"NaN"})")))));
    QVERIFY(metadataOf(Json()).empty());
}

QTEST_GUILESS_MAIN(TestChromaFixture)
#include "tst_chroma_fixture.moc"
