#include "storage/chroma/catalog.h"
#include "support/chroma_fixture.h"
#include "support/dir_state.h"
#include "support/verify.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace storage;
using support::Json;

class TestCatalog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void settingsAreThoseInForce_data();
    void settingsAreThoseInForce();
    void placesAreKept_data();
    void placesAreKept();
    void collectionsAreFoundByNameAndId();
    void segmentsAreMeasured();
    void embeddingFunctionAndModelAreTold();
    void damageIsOneFinding_data();
    void damageIsOneFinding();
    void everyTableMayBeMissing_data();
    void everyTableMayBeMissing();
    void otherTopicPrefixesAreKept();
    void thousandsStayQuick();
};

namespace {

Result<Catalog> catalogOf(const QString& path)
{
    const auto directory = PersistDir::open(path);
    if (!directory)
        return tl::unexpected<Error>(directory.error());
    const auto connection = directory->connect();
    if (!connection)
        return tl::unexpected<Error>(connection.error());
    return readCatalog(*directory, *connection);
}

Status change(const QString& path, const char* sql)
{
    auto writer = Connection::open(path + QStringLiteral("/chroma.sqlite3"),
                                   {.access = ConnectionOptions::Access::ReadWrite});
    return writer ? writer->execute(sql) : Status(tl::unexpected<Error>(writer.error()));
}

const Collection* named(const Catalog& catalog, const std::string& name)
{
    const auto it = std::find_if(catalog.collections.begin(), catalog.collections.end(),
                                 [&](const Collection& c) { return c.name == name; });
    return it == catalog.collections.end() ? nullptr : &*it;
}

} // namespace

void TestCatalog::settingsAreThoseInForce_data()
{
    QTest::addColumn<QString>("fixture");
    QTest::addColumn<QString>("collection");
    QTest::addColumn<QString>("space");
    QTest::addColumn<int>("neighbors");
    QTest::addColumn<int>("syncThreshold");
    QTest::addColumn<QString>("source");
    const auto row = [](const char* fixture, const char* collection, const char* space, int neighbors,
                        int sync, const char* source) {
        QTest::addRow("%s %s", fixture, collection)
            << QString::fromUtf8(fixture) << QString::fromUtf8(collection) << QString::fromUtf8(space)
            << neighbors << sync << QString::fromUtf8(source);
    };
    for (const char* python : {"py-0.4.3", "py-0.4.24", "py-0.5.6", "py-0.6.3"}) {
        row(python, "big_cos", "cosine", 8, 1000, "segment metadata");
        row(python, "ip_thr", "ip", 16, 20, "segment metadata");
        row(python, "empty", "l2", 16, 1000, "defaults");
    }
    row("v-1.0", "plain", "l2", 16, 1000, "configuration");
    row("v-1.0", "cos", "cosine", 8, 1000, "configuration");
    row("v-1.0", "legacy", "ip", 5, 1000, "configuration");
    for (const char* rust : {"v-1.3.0", "v-1.5.9"}) {
        row(rust, "plain", "l2", 16, 1000, "schema");
        row(rust, "cos", "cosine", 8, 1000, "schema");
        row(rust, "legacy", "ip", 5, 1000, "schema");
    }
    for (const char* rich : {"rich-0.4.24", "rich-0.5.23", "rich-0.6.3", "rich-1.0.20", "rich-1.3.7",
                             "rich-1.5.9", "up-0.6.3-1.5.9"})
        for (const char* space : {"l2", "cosine", "ip"})
            row(rich, (std::string("churn_") + space).c_str(), space,
                std::string_view(space) == "cosine" ? 6 : 16, 50,
                std::string_view(rich) < "rich-1" || *rich == 'u' ? "segment metadata"
                : std::string_view(rich) < "rich-1.3"             ? "configuration"
                                                                  : "schema");
}

void TestCatalog::settingsAreThoseInForce()
{
    QFETCH(QString, fixture);
    QFETCH(QString, collection);
    const auto opened = support::openFixture(fixture);
    VERIFY_OK(opened);
    const auto catalog = catalogOf(opened->path());
    VERIFY_OK(catalog);
    const Collection* found = named(*catalog, collection.toStdString());
    QVERIFY(found);
    QTEST(QString::fromUtf8(spaceName(found->index.space)), "space");
    QTEST(int(found->index.maxNeighbors), "neighbors");
    QTEST(int(found->index.syncThreshold), "syncThreshold");
    QTEST(QString::fromUtf8(sourceName(found->index.source)), "source");
}

void TestCatalog::placesAreKept_data()
{
    QTest::addColumn<QString>("fixture");
    QTest::addColumn<QStringList>("places");
    const QString home = QStringLiteral("default_tenant/default_database");
    QTest::newRow("before tenants") << "py-0.4.3" << QStringList{home};
    QTest::newRow("0.4.24") << "py-0.4.24" << QStringList{home, QStringLiteral("ten1/db1")};
    QTest::newRow("rich") << "rich-1.5.9"
                          << QStringList{QStringLiteral("acme/cases"),
                                         QStringLiteral("default_tenant/archive"), home};
}

void TestCatalog::placesAreKept()
{
    QFETCH(QString, fixture);
    QFETCH(QStringList, places);
    const auto opened = support::openFixture(fixture);
    VERIFY_OK(opened);
    const auto before = support::DirState::of(opened->path());
    const auto catalog = catalogOf(opened->path());
    VERIFY_OK(catalog);
    QStringList found;
    QStringList databases;
    for (const Collection& collection : catalog->collections) {
        const QString place = QString::fromStdString(collection.tenant + '/' + collection.database);
        if (!found.contains(place))
            found.append(place); // sorted, so each comes once
        QVERIFY(!collection.databaseId.empty());
        QCOMPARE(collection.topic, "persistent://default/default/" + collection.id);
    }
    QCOMPARE(found, places);
    for (const Database& database : catalog->databases)
        databases.append(QString::fromStdString(database.tenant + '/' + database.name));
    for (const QString& place : places)
        QVERIFY2(databases.contains(place), qPrintable(place));
    QVERIFY(std::find(catalog->tenants.begin(), catalog->tenants.end(), "default_tenant") !=
            catalog->tenants.end());
    VERIFY_SAME_DIR(before, opened->path());
}

void TestCatalog::collectionsAreFoundByNameAndId()
{
    const auto opened = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(opened);
    const auto catalog = catalogOf(opened->path());
    VERIFY_OK(catalog);
    const auto here = findCollection(*catalog, "types");
    const auto there = findCollection(*catalog, "types", "acme", "cases");
    VERIFY_OK(here);
    VERIFY_OK(there);
    QVERIFY(here->id != there->id);
    const auto byId = findCollection(*catalog, there->id); // an id needs no place
    VERIFY_OK(byId);
    QCOMPARE(byId->tenant, std::string("acme"));
    const auto none = findCollection(*catalog, "typo %1 %2");
    VERIFY_ERROR(none, ErrorKind::NotFound);
    QVERIFY(none.error().sentence.contains(QStringLiteral("typo %1 %2")));
    QVERIFY(none.error().sentence.contains(QStringLiteral("types")));
    QVERIFY(none.error().sentence.contains(QStringLiteral("acme/cases/types")));
    VERIFY_ERROR(findCollection(Catalog(), "any"), ErrorKind::NotFound);
}

void TestCatalog::segmentsAreMeasured()
{
    const auto opened = support::openFixture(QStringLiteral("py-0.6.3"));
    VERIFY_OK(opened);
    const auto catalog = catalogOf(opened->path());
    VERIFY_OK(catalog);
    const Collection* big = named(*catalog, "big_cos");
    QVERIFY(big);
    QCOMPARE(big->segments.size(), std::size_t(2));
    const Segment* vectors = big->segment("VECTOR");
    QVERIFY(vectors && vectors->folderExists);
    qint64 bytes = 0;
    const QDir folder(opened->path() + QLatin1Char('/') + QString::fromStdString(vectors->id));
    for (const QFileInfo& file : folder.entryInfoList(QDir::Files))
        bytes += file.size();
    QCOMPARE(vectors->bytes, bytes);
    QCOMPARE(vectors->maxSeqId.value_or(0), 0x803); // an 8-byte BLOB in this release
    QCOMPARE(big->segment("METADATA")->maxSeqId.value_or(0), 0x934);
    QCOMPARE(big->segment("METADATA")->bytes, 0);
    QCOMPARE(big->dimension.value_or(0), 7);
    const Collection* empty = named(*catalog, "empty");
    QVERIFY(empty && !empty->dimension && !empty->segment("VECTOR")->folderExists);
}

void TestCatalog::embeddingFunctionAndModelAreTold()
{
    const auto fixture = support::openFixture(QStringLiteral("v-1.5.9"));
    VERIFY_OK(fixture);
    auto catalog = catalogOf(fixture->path());
    VERIFY_OK(catalog);
    QCOMPARE(named(*catalog, "cos")->embeddingFunction, std::string("default"));
    QCOMPARE(named(*catalog, "plain")->embeddingFunction, std::string());
    const auto demo = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(demo);
    catalog = catalogOf(demo->path());
    VERIFY_OK(catalog);
    QCOMPARE(named(*catalog, "casestar_documents")->model, std::string("all-MiniLM-L6-v2"));
}

void TestCatalog::damageIsOneFinding_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<bool>("ofCollection");
    const auto row = [](const char* name, const char* sql, const char* code, bool ofCollection = true) {
        QTest::newRow(name) << QByteArray(sql) << QByteArray(code) << ofCollection;
    };
    row("configuration", "UPDATE collections SET config_json_str='{{' WHERE name='cos'",
        "undecodable-configuration");
    row("schema", "UPDATE collections SET schema_str='{}' WHERE name='cos'", "undecodable-configuration");
    row("empty text", "UPDATE collections SET schema_str='x' WHERE name='cos'", "undecodable-configuration");
    row("database", "UPDATE collections SET database_id='nowhere' WHERE name='cos'", "missing-database");
    row("no metadata segment",
        "DELETE FROM segments WHERE scope='METADATA' AND collection=(SELECT id FROM collections WHERE "
        "name='cos')",
        "missing-segment");
    row("two metadata segments",
        "INSERT INTO segments SELECT 'ffffffff-0000-4000-8000-000000000000',type,scope,collection FROM "
        "segments "
        "WHERE scope='METADATA' AND collection=(SELECT id FROM collections WHERE name='cos')",
        "double-segment");
    row("lost pickle",
        "INSERT INTO max_seq_id SELECT id,9 FROM segments WHERE scope='VECTOR' AND "
        "collection=(SELECT id FROM collections WHERE name='cos')",
        "missing-pickle");
    row("segment of nobody",
        "INSERT INTO segments VALUES('ffffffff-0000-4000-8000-000000000000','t','VECTOR','nobody')",
        "stray-segment", false);
}

void TestCatalog::damageIsOneFinding()
{
    const auto fixture = support::openFixture(QStringLiteral("v-1.5.9"));
    VERIFY_OK(fixture);
    const auto healthy = catalogOf(fixture->path());
    VERIFY_OK(healthy);
    QFETCH(QByteArray, sql);
    VERIFY_OK(change(fixture->path(), sql.constData()));
    const auto catalog = catalogOf(fixture->path());
    VERIFY_OK(catalog);
    QCOMPARE(catalog->collections.size(), std::size_t(3)); // the others and the damaged one are still there
    QCOMPARE(catalog->findings.size(), healthy->findings.size() + 1);
    QFETCH(QByteArray, code);
    const auto it = std::find_if(catalog->findings.begin(), catalog->findings.end(),
                                 [&](const Finding& f) { return f.code == code.toStdString(); });
    QVERIFY(it != catalog->findings.end());
    QFETCH(bool, ofCollection);
    QCOMPARE(it->collection, ofCollection ? named(*catalog, "cos")->id : std::string());
    QVERIFY(it->sentence.ends_with('.'));
}

void TestCatalog::everyTableMayBeMissing_data()
{
    QTest::addColumn<QByteArray>("table");
    for (const char* table : {"tenants", "databases", "collections", "collection_metadata", "segments",
                              "segment_metadata", "max_seq_id", "embeddings_queue", "acquire_write"})
        QTest::newRow(table) << QByteArray(table);
}

void TestCatalog::everyTableMayBeMissing()
{
    QFETCH(QByteArray, table);
    const auto fixture = support::openFixture(QStringLiteral("v-1.5.9"));
    VERIFY_OK(fixture);
    VERIFY_OK(change(fixture->path(), ("DROP TABLE " + table).constData()));
    const auto catalog = catalogOf(fixture->path());
    VERIFY_OK(catalog);
    QCOMPARE(catalog->collections.size(), std::size_t(table == "collections" ? 0 : 3));
}

void TestCatalog::otherTopicPrefixesAreKept()
{
    const auto fixture = support::openFixture(QStringLiteral("v-1.5.9"));
    VERIFY_OK(fixture);
    VERIFY_OK(change(
        fixture->path(),
        "UPDATE embeddings_queue SET topic=replace(topic,'default/default','firm/space'); "
        "INSERT INTO embeddings_queue(operation,topic,id) VALUES(3,'persistent://x/y/none','__none__')"));
    const auto catalog = catalogOf(fixture->path());
    VERIFY_OK(catalog);
    for (const Collection& collection : catalog->collections)
        QCOMPARE(collection.topic, "persistent://firm/space/" + collection.id);
}

void TestCatalog::thousandsStayQuick()
{
    const auto fixture = support::openFixture(QStringLiteral("v-1.5.9"));
    VERIFY_OK(fixture);
    VERIFY_OK(change(fixture->path(), R"(
        BEGIN;
        CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<3000) SELECT i FROM c;
        INSERT INTO collections SELECT printf('%08d-0000-4000-8000-000000000000',i), 'made'||i, 384, c.database_id,
            c.config_json_str, c.schema_str FROM n, collections c WHERE c.name='cos';
        INSERT INTO segments SELECT printf('%08d-0000-4000-8000-00000000000a',i),
            'urn:chroma:segment/vector/hnsw-local-persisted','VECTOR',printf('%08d-0000-4000-8000-000000000000',i) FROM n;
        INSERT INTO segments SELECT printf('%08d-0000-4000-8000-00000000000b',i),
            'urn:chroma:segment/metadata/sqlite','METADATA',printf('%08d-0000-4000-8000-000000000000',i) FROM n;
        INSERT INTO collection_metadata(collection_id,key,str_value)
            SELECT printf('%08d-0000-4000-8000-000000000000',i),'owner','team '||(i%7) FROM n;
        COMMIT;)"));
    const auto directory = PersistDir::open(fixture->path());
    VERIFY_OK(directory);
    const auto connection = directory->connect();
    VERIFY_OK(connection);
    QElapsedTimer clock;
    clock.start();
    const auto catalog = readCatalog(*directory, *connection);
    const qint64 elapsed = clock.elapsed();
    VERIFY_OK(catalog);
    QCOMPARE(catalog->collections.size(), std::size_t(3003));
    QCOMPARE(catalog->collections.back().name, std::string("plain"));
    QCOMPARE(int(named(*catalog, "made2999")->index.space), int(Space::Cosine));
    qInfo("3,003 collections in %lld ms", static_cast<long long>(elapsed));
    QVERIFY2(elapsed < 1500, qPrintable(QString::number(elapsed))); // ten times the figure of a quiet machine
}

QTEST_GUILESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
