#include "support/chroma_fixture.h"
#include "support/compare_json.h"
#include "support/real_chroma.h"
#include "support/verify.h"

#include <QTest>

#ifdef Q_OS_UNIX
#include <csignal>
#endif

using namespace support;

// The interop tests stand on this: where no real Chroma can be had, this test fails and says why.
class TestRealChroma : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void recordsComeBack();
    void databasesAreApart();
    void refusalsAreErrors();
    void stoppedMeansGone();
    void killedInTheMiddleOfAWrite();
    void opensAFixture();

private:
    QTemporaryDir m_room;
};

void TestRealChroma::initTestCase()
{
    RealChroma chroma;
    VERIFY_OK(chroma.start(m_room.filePath(QStringLiteral("first"))));
}

void TestRealChroma::recordsComeBack()
{
    RealChroma chroma;
    VERIFY_OK(chroma.start(m_room.filePath(QStringLiteral("records"))));
    const auto id = chroma.createCollection("notes", {{"configuration", {{"hnsw", {{"space", "l2"}}}}}});
    VERIFY_OK(id);
    VERIFY_OK(chroma.add(*id, {{"ids", {"a", "b", "c"}},
                               {"embeddings", {{1.5, 2}, {0.1, -7}, {9, 9}}},
                               {"documents", {"first", nullptr, "日本"}},
                               {"metadatas", {{{"n", 1}}, {{"x", 0.1}, {"b", true}}, nullptr}}}));
    VERIFY_OK(chroma.update(*id, {{"ids", {"a"}}, {"metadatas", {{{"n", nullptr}, {"s", "text"}}}}}));
    VERIFY_OK(chroma.upsert(*id, {{"ids", {"d"}}, {"embeddings", {{0, 0}}}, {"documents", {"fourth"}}}));
    VERIFY_OK(chroma.remove(*id, {{"ids", {"c"}}}));
    const auto count = chroma.count(*id);
    VERIFY_OK(count);
    QCOMPARE(*count, qint64(3));
    const auto got = chroma.get(*id, {{"include", {"documents", "metadatas", "embeddings"}}});
    VERIFY_OK(got);
    COMPARE_JSON(got->at("ids"), Json({"a", "b", "d"}));
    COMPARE_JSON(got->at("documents"), Json({"first", nullptr, "fourth"}));
    COMPARE_JSON(got->at("metadatas"), Json({{{"s", "text"}}, {{"x", 0.1}, {"b", true}}, nullptr}));
    QCOMPARE(got->at("embeddings").at(1).at(0).get<float>(), 0.1f);
    const auto found =
        chroma.query(*id, {{"query_embeddings", {{0, 1}}}, {"n_results", 2}, {"include", {"distances"}}});
    VERIFY_OK(found);
    COMPARE_JSON(found->at("ids"), Json::array({{"d", "a"}}));
    COMPARE_JSON(found->at("distances"), Json::array({{1.0, 3.25}}));
}

void TestRealChroma::databasesAreApart()
{
    RealChroma chroma;
    VERIFY_OK(chroma.start(m_room.filePath(QStringLiteral("databases"))));
    VERIFY_OK(chroma.createCollection("here"));
    VERIFY_OK(chroma.createTenant("acme"));
    VERIFY_OK(chroma.createDatabase("acme", "cases"));
    chroma.useDatabase("acme", "cases");
    VERIFY_OK(chroma.createCollection("there"));
    const auto found = chroma.listCollections();
    VERIFY_OK(found);
    QCOMPARE(found->size(), std::size_t(1));
    QCOMPARE(found->front().at("name").get<std::string>(), std::string("there"));
    VERIFY_OK(chroma.deleteCollection("there"));
    VERIFY_ERROR(chroma.collection("there"), storage::ErrorKind::Invalid);
}

void TestRealChroma::refusalsAreErrors()
{
    RealChroma chroma;
    VERIFY_OK(chroma.start(m_room.filePath(QStringLiteral("refusals"))));
    const auto id = chroma.createCollection("notes");
    VERIFY_OK(id);
    VERIFY_ERROR(chroma.add(*id, {{"ids", {"a"}}}), storage::ErrorKind::Invalid);
    VERIFY_ERROR(chroma.get(*id, {{"where", {{"n", {{"$like", 1}}}}}}), storage::ErrorKind::Invalid);
    QCOMPARE(chroma.request("GET", QStringLiteral("/api/v2/no/such/door")).status, 404);
    const auto version = chroma.request("GET", QStringLiteral("/api/v2/version"));
    COMPARE_JSON(version.body, Json("1.0.0")); // it says so in every release
}

void TestRealChroma::stoppedMeansGone()
{
    RealChroma chroma;
    VERIFY_OK(chroma.start(m_room.filePath(QStringLiteral("stopped"))));
    const qint64 process = chroma.processId();
    QVERIFY(process > 0);
    chroma.stop();
    QVERIFY(!chroma.isRunning());
#ifdef Q_OS_UNIX
    QCOMPARE(::kill(pid_t(process), 0), -1);
#endif
    QCOMPARE(chroma.request("GET", QStringLiteral("/api/v2/heartbeat")).status, 0);
    chroma.stop();
    VERIFY_OK(chroma.start(m_room.filePath(QStringLiteral("stopped"))));
}

void TestRealChroma::killedInTheMiddleOfAWrite()
{
    RealChroma chroma;
    const QString folder = m_room.filePath(QStringLiteral("killed"));
    VERIFY_OK(chroma.start(folder));
    const auto id = chroma.createCollection("notes");
    VERIFY_OK(id);
    Json records{{"ids", Json::array()}, {"embeddings", Json::array()}};
    for (int n = 0; n < 2000; ++n) {
        records["ids"].push_back("r" + std::to_string(n));
        records["embeddings"].push_back(std::vector<int>(32, n));
    }
    chroma.killDuring("POST", chroma.collectionPath(*id, "add"), records, 30);
    QVERIFY(!chroma.isRunning());
    VERIFY_OK(chroma.start(folder));
    const auto count = chroma.count(*id);
    VERIFY_OK(count);
    QVERIFY(*count == 0 || *count == 2000); // one request is one transaction of the log
}

void TestRealChroma::opensAFixture()
{
    const auto fixture = openFixture(QStringLiteral("py-0.6.3"));
    VERIFY_OK(fixture);
    RealChroma chroma;
    VERIFY_OK(chroma.start(fixture->path()));
    const Json& expected = fixture->collection("big_cos");
    const auto got = chroma.get(expected.at("id").get<std::string>(), {{"include", {"embeddings"}}});
    VERIFY_OK(got);
    COMPARE_JSON(got->at("ids"), expected.at("get").at("ids"));
    const auto first = vectorOf(expected.at("get").at("embeddings").front());
    QCOMPARE(got->at("embeddings").front().get<std::vector<float>>(), first);
}

QTEST_GUILESS_MAIN(TestRealChroma)
#include "tst_real_chroma.moc"
