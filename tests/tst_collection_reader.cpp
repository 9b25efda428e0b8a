#include "storage/base/json_text.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "support/chroma_fixture.h"
#include "support/dir_state.h"
#include "support/verify.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace storage;

namespace {

std::string metadataText(const Record& record)
{
    std::string text;
    appendJson(text, record.metadata);
    return text;
}

class Cancelled final : public Progress
{
public:
    [[nodiscard]] bool cancelled() const override { return true; }
};

// Commits something while a long read is between two slices.
class Meddler final : public Progress
{
public:
    Meddler(const Connection& writer, int commits) : m_writer(writer), m_left(commits) {}
    [[nodiscard]] bool cancelled() const override
    {
        if (m_left > 0) {
            --m_left;
            m_failed = m_failed ||
                       !m_writer.execute("UPDATE embeddings SET created_at = created_at || 'x' WHERE id = 1");
        }
        return false;
    }
    [[nodiscard]] bool failed() const { return m_failed; }

private:
    const Connection& m_writer;
    mutable int m_left;
    mutable bool m_failed = false;
};

} // namespace

class TestCollectionReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void rowsComeInOrder();
    void firstRowsBehindAnotherCollection();
    void firstRowsWithALogTail();
    void recordsInTheOrderAsked();
    void idsAndRowsFindEachOther();
    void oddValuesAreReadAsChromaReadsThem();
    void foreignArrayRowsShowAsInChroma();
    void keysAreCounted();
    void keysOfSparseRows();
    void bigDocumentsAndManyKeys();
    void longCollectionsInSlices();
    void commitsBetweenSlicesStartAgain();
    void pendingOperationsOfEveryRelease_data();
    void pendingOperationsOfEveryRelease();
    void takenInLogIsAChange();
    void withoutMetadataSegment();
    void missingTablesAreErrors();
    void cancelIsHeard();

private:
    void openFixture(const char* name);
    [[nodiscard]] Status change(const std::string& sql) { return m_writer->execute(sql.c_str()); }
    [[nodiscard]] Result<CollectionReader> reader(const std::string& name);
    // Rows 1000+ of the metadata segment of `name`, ids "<prefix>000001" ...
    [[nodiscard]] Status insertRows(const std::string& name, const std::string& prefix, int first, int count);

    std::optional<support::ChromaFixture> m_fixture;
    std::optional<PersistDir> m_directory;
    std::optional<Connection> m_writer;
    std::optional<Connection> m_connection;
};

void TestCollectionReader::openFixture(const char* name)
{
    cleanup();
    auto fixture = support::openFixture(QString::fromUtf8(name));
    VERIFY_OK(fixture);
    m_fixture.emplace(std::move(*fixture));
    auto directory = PersistDir::open(m_fixture->path());
    VERIFY_OK(directory);
    m_directory.emplace(std::move(*directory));
    auto writer =
        Connection::open(m_directory->databasePath(), {.access = ConnectionOptions::Access::ReadWrite});
    VERIFY_OK(writer);
    m_writer.emplace(std::move(*writer));
    auto connection = m_directory->connect();
    VERIFY_OK(connection);
    m_connection.emplace(std::move(*connection));
}

void TestCollectionReader::init()
{
    openFixture("v-1.5.9"); // collections plain, cos, legacy; records a and b in each
}

void TestCollectionReader::cleanup()
{
    m_connection.reset();
    m_writer.reset();
    m_directory.reset();
    m_fixture.reset();
}

Result<CollectionReader> TestCollectionReader::reader(const std::string& name)
{
    const auto catalog = readCatalog(*m_directory, *m_connection);
    if (!catalog)
        return tl::unexpected<Error>(catalog.error());
    const auto collection = findCollection(*catalog, name);
    if (!collection)
        return tl::unexpected<Error>(collection.error());
    return CollectionReader::open(*m_directory, *m_connection, *collection);
}

Status TestCollectionReader::insertRows(const std::string& name, const std::string& prefix, int first,
                                        int count)
{
    return change("BEGIN; WITH RECURSIVE n(i) AS (SELECT " + std::to_string(first) +
                  " UNION ALL SELECT i+1 FROM n WHERE i<" + std::to_string(first + count - 1) +
                  ") INSERT INTO embeddings(id, segment_id, embedding_id, seq_id) SELECT i, (SELECT s.id "
                  "FROM segments s "
                  "JOIN collections c ON c.id = s.collection WHERE c.name = '" +
                  name + "' AND s.scope = 'METADATA'), printf('" + prefix +
                  "%07d', (i * 7919) % 1000003), i FROM n; COMMIT;");
}

void TestCollectionReader::rowsComeInOrder()
{
    // Ids in another order than rows, and rows of two collections in turn.
    for (int i = 0; i < 20; ++i) {
        VERIFY_OK(insertRows("plain", "p", 1000 + i * 200, 100));
        VERIFY_OK(insertRows("cos", "c", 1100 + i * 200, 100));
    }
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto rows = plain->allRows();
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), std::size_t(2002));
    QVERIFY(std::is_sorted(rows->begin(), rows->end()));
    QCOMPARE((*rows)[2].value, 1000);
    QCOMPARE((*rows)[102].value, 1200);
    QCOMPARE(plain->count().value_or(-1), 2002);
    const auto first = plain->firstRows(150);
    VERIFY_OK(first);
    QCOMPARE(first->size(), std::size_t(150));
    QVERIFY(std::equal(first->begin(), first->end(), rows->begin()));
    const auto none = plain->firstRows(0);
    VERIFY_OK(none);
    QVERIFY(none->empty());
    const auto everything = plain->firstRows(1'000'000);
    VERIFY_OK(everything);
    QVERIFY(*everything == *rows);
}

void TestCollectionReader::firstRowsBehindAnotherCollection()
{
    VERIFY_OK(insertRows("plain", "p", 1000, 60'000));
    VERIFY_OK(insertRows("cos", "c", 200'000, 500));
    VERIFY_OK(change("DELETE FROM embeddings WHERE id < 1000"));
    const auto cos = reader("cos");
    VERIFY_OK(cos);
    const auto rows = cos->firstRows(100);
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), std::size_t(100));
    QCOMPARE(rows->front().value, 200'000);
    QCOMPARE(rows->back().value, 200'099);
}

void TestCollectionReader::firstRowsWithALogTail()
{
    VERIFY_OK(
        change("INSERT INTO embeddings_queue(operation, topic, id, metadata) SELECT 3, "
               "'persistent://default/default/' || id, 'a', NULL FROM collections WHERE name = 'plain'"));
    VERIFY_OK(change(
        "INSERT INTO embeddings_queue(operation, topic, id, metadata) SELECT 2, "
        "'persistent://default/default/' || id, 'c', '{\"n\":1}' FROM collections WHERE name = 'plain'"));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    QCOMPARE(plain->pending().operations, 2);
    QCOMPARE(plain->count().value_or(-1), 2);
    const auto rows = plain->allRows();
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), std::size_t(2));
    QVERIFY((*rows)[1].isPending());
    for (const qint64 n : {1, 2, 3}) {
        const auto first = plain->firstRows(n);
        VERIFY_OK(first);
        QCOMPARE(qint64(first->size()), std::min<qint64>(n, 2));
        QVERIFY(std::equal(first->begin(), first->end(), rows->begin()));
    }
    const auto records = plain->records(*rows);
    VERIFY_OK(records);
    QCOMPARE((*records)[0].id, std::string("b"));
    QCOMPARE((*records)[1].id, std::string("c"));
    QCOMPARE(metadataText((*records)[1]), std::string("{\"n\":1}"));
    const auto gone = plain->records(std::vector<RowKey>{{1}, {RowKey::kFirstPending + 7}});
    VERIFY_OK(gone);
    QVERIFY(gone->empty());
}

void TestCollectionReader::recordsInTheOrderAsked()
{
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto cos = reader("cos");
    VERIFY_OK(cos);
    const auto theirs = cos->allRows();
    VERIFY_OK(theirs);
    // Backwards, twice, one that never was, and one of another collection.
    const std::vector<RowKey> asked = {{2}, {1}, {77}, {2}, theirs->front()};
    const auto records = plain->records(asked);
    VERIFY_OK(records);
    QCOMPARE(records->size(), std::size_t(3));
    QCOMPARE((*records)[0].id, std::string("b"));
    QCOMPARE((*records)[1].id, std::string("a"));
    QVERIFY((*records)[2] == (*records)[0]);
    const Record& a = (*records)[1];
    QCOMPARE(a.row.value, 1);
    QCOMPARE(*a.document, std::string("doc one"));
    QCOMPARE(*a.uri, std::string("u"));
    QCOMPARE(metadataText(a), std::string(R"({"k":1,"s":"x"})"));
    QCOMPARE(metadataText((*records)[0]), std::string(R"({"b":true,"f":1.5})"));
}

void TestCollectionReader::idsAndRowsFindEachOther()
{
    const std::string odd = "ünï \"'%_\n日本語 😀";
    auto rename = m_writer->prepare("UPDATE embeddings SET embedding_id = ?1 WHERE id = 1");
    VERIFY_OK(rename);
    VERIFY_OK(rename->bind(0, odd).run());
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto row = plain->rowOf(odd);
    VERIFY_OK(row);
    QVERIFY(*row && (*row)->value == 1);
    const auto none = plain->rowOf("a");
    VERIFY_OK(none);
    QVERIFY(!*none);
    const auto ids = plain->idsOf(std::vector<RowKey>{{2}, {99}, {1}});
    VERIFY_OK(ids);
    QCOMPARE(ids->size(), std::size_t(3));
    QCOMPARE((*ids)[0], std::string("b"));
    QCOMPARE((*ids)[1], std::string());
    QCOMPARE((*ids)[2], odd);
}

void TestCollectionReader::oddValuesAreReadAsChromaReadsThem()
{
    VERIFY_OK(change(R"(
        DELETE FROM embedding_metadata WHERE id = 1;
        INSERT INTO embedding_metadata(id, key, string_value, int_value, float_value, bool_value) VALUES
            (1, 'nan', NULL, NULL, NULL, NULL), (1, 'inf', NULL, NULL, 9e999, NULL),
            (1, 'min', NULL, -9223372036854775808, NULL, NULL), (1, 'two', 'text', 1, 2.5, 1),
            (1, 'empty', '', NULL, NULL, NULL), (1, 'false', NULL, NULL, NULL, 0),
            (1, 'whole', NULL, NULL, 2.0, NULL), (1, 'chroma:other', 'hidden', NULL, NULL, NULL),
            (1, 'chroma:document', NULL, 5, NULL, NULL), (1, 'nul', 'x' || char(0) || 'y', NULL, NULL, NULL);)"));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto records = plain->records(std::vector<RowKey>{{1}});
    VERIFY_OK(records);
    const Record& record = records->front();
    QCOMPARE(
        metadataText(record),
        std::string(R"({"empty":"","false":false,"inf":null,"min":-9223372036854775808,"nul":"x\u0000y",)"
                    R"("two":"text","whole":2.0})"));
    QVERIFY(!record.document); // a number is none
    QVERIFY(!record.uri);
}

void TestCollectionReader::foreignArrayRowsShowAsInChroma()
{
    // What a deleted collection left behind meets a new record of the same number; kinds change within a key.
    VERIFY_OK(change(R"(
        INSERT INTO embedding_metadata_array(id, key, string_value, int_value, float_value, bool_value) VALUES
            (1, 'arr', 'q', NULL, NULL, NULL), (1, 'k', NULL, 7, NULL, NULL), (1, 'arr', 'p', NULL, NULL, NULL),
            (1, 'mix', 'lost', NULL, NULL, NULL), (1, 'mix', NULL, NULL, 1.5, NULL), (1, 'mix', NULL, NULL, 2.0, NULL),
            (1, 'none', NULL, NULL, NULL, NULL), (1, 'flags', NULL, NULL, NULL, 1), (1, 'flags', NULL, NULL, NULL, 0);)"));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto records = plain->records(std::vector<RowKey>{{1}});
    VERIFY_OK(records);
    QCOMPARE(metadataText(records->front()),
             std::string(R"({"arr":["q","p"],"flags":[true,false],"k":[7],"mix":[1.5,2.0],"s":"x"})"));
    const auto keys = plain->keys();
    VERIFY_OK(keys);
    std::map<std::string, unsigned> types;
    for (const auto& info : *keys)
        types[info.key] = info.types;
    QCOMPARE(types.at("k"), 1U << unsigned(MetaType::IntArray)); // the scalar is hidden
    QCOMPARE(types.at("mix"), 1U << unsigned(MetaType::FloatArray));
    QCOMPARE(types.count("none"), std::size_t(0));
}

void TestCollectionReader::keysAreCounted()
{
    openFixture("rich-1.5.9");
    for (const char* name : {"types", "churn_l2", "arrays"}) {
        const auto collection = reader(name);
        VERIFY_OK(collection);
        const auto keys = collection->keys();
        VERIFY_OK(keys);
        std::map<std::string, std::pair<qint64, unsigned>> expected;
        for (const support::Json& object : m_fixture->collection(name).at("get").at("metadatas"))
            for (const MetaEntry& entry : support::metadataOf(object)) {
                if (typeOf(entry.value) == MetaType::Null)
                    continue;
                ++expected[entry.key].first;
                expected[entry.key].second |= 1U << unsigned(typeOf(entry.value));
            }
        std::map<std::string, std::pair<qint64, unsigned>> seen;
        for (const auto& info : *keys)
            seen[info.key] = {info.records, info.types};
        QVERIFY(!seen.empty());
        QVERIFY2(seen == expected, name);
    }
}

void TestCollectionReader::keysOfSparseRows()
{
    VERIFY_OK(insertRows("cos", "c", 1000, 20'000));
    VERIFY_OK(
        change("INSERT INTO embedding_metadata(id, key, int_value) SELECT id, 'theirs', 1 FROM embeddings "
               "WHERE id >= 1000"));
    for (int row = 2000; row < 21'000; row += 1000) // far apart, among rows of the other collection
        VERIFY_OK(change("UPDATE embeddings SET segment_id = (SELECT segment_id FROM embeddings WHERE id = "
                         "1) WHERE id = " +
                         std::to_string(row) +
                         "; UPDATE embedding_metadata SET key = 'ours' WHERE id = " + std::to_string(row)));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto keys = plain->keys();
    VERIFY_OK(keys);
    std::map<std::string, qint64> seen;
    for (const auto& info : *keys)
        seen[info.key] = info.records;
    QCOMPARE(seen.at("ours"), 19);
    QCOMPARE(seen.count("theirs"), std::size_t(0));
}

void TestCollectionReader::bigDocumentsAndManyKeys()
{
    VERIFY_OK(
        change("UPDATE embedding_metadata SET string_value = replace(hex(zeroblob(5000000)), '00', 'ab') "
               "WHERE id = 1 AND key = 'chroma:document'"));
    VERIFY_OK(change("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) "
                     "INSERT INTO embedding_metadata(id, key, int_value) SELECT 1, 'key ' || i, i FROM n"));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto records = plain->records(std::vector<RowKey>{{1}});
    VERIFY_OK(records);
    QCOMPARE(records->front().document->size(), std::size_t(10'000'000));
    QCOMPARE(records->front().metadata.size(), std::size_t(100'002));
    QCOMPARE(std::get<qint64>(*find(records->front().metadata, "key 99999")), 99'999);
    const auto keys = plain->keys();
    VERIFY_OK(keys);
    QCOMPARE(keys->size(), std::size_t(100'004));
}

void TestCollectionReader::longCollectionsInSlices()
{
    VERIFY_OK(insertRows("plain", "p", 1000, 230'000));
    const auto before = support::DirState::of(m_fixture->path());
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    QCOMPARE(plain->count().value_or(-1), 230'002);
    const auto rows = plain->allRows();
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), std::size_t(230'002));
    QVERIFY(std::is_sorted(rows->begin(), rows->end()));
    QVERIFY(std::adjacent_find(rows->begin(), rows->end()) == rows->end());
    VERIFY_SAME_DIR(before, m_fixture->path());
}

void TestCollectionReader::commitsBetweenSlicesStartAgain()
{
    VERIFY_OK(insertRows("plain", "p", 1000, 120'000));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    Meddler few(*m_writer, 4);
    const auto rows = plain->allRows(few);
    VERIFY_OK(rows);
    QVERIFY(!few.failed()); // no read lock was left between slices
    QCOMPARE(rows->size(), std::size_t(120'002));
    Meddler forever(*m_writer, 1'000'000); // then one long slice settles it
    const auto counted = plain->count(forever);
    VERIFY_OK(counted);
    QCOMPARE(*counted, 120'002);
}

void TestCollectionReader::pendingOperationsOfEveryRelease_data()
{
    QTest::addColumn<QString>("fixture");
    QTest::addColumn<QString>("collection");
    QTest::addColumn<int>("pending");
    const auto row = [](const char* fixture, const char* collection, int pending) {
        QTest::addRow("%s %s", fixture, collection)
            << QString::fromUtf8(fixture) << QString::fromUtf8(collection) << pending;
    };
    row("py-0.4.24", "big_cos", 305); // the pickle says up to where
    row("py-0.4.24", "small_l2", 51); // never written to an index
    row("py-0.6.3", "big_cos", 305);  // table max_seq_id says it
    row("py-0.6.3", "empty", 0);
    row("v-1.5.9", "plain", 2);
    row("ups-0.6.3", "ups", 4);
}

void TestCollectionReader::pendingOperationsOfEveryRelease()
{
    QFETCH(QString, fixture);
    QFETCH(QString, collection);
    openFixture(qPrintable(fixture));
    const auto opened = reader(collection.toStdString());
    VERIFY_OK(opened);
    QTEST(int(opened->pendingOperations().value_or(-1)), "pending");
    QVERIFY(opened->pending().empty()); // the records are all in the tables
}

void TestCollectionReader::takenInLogIsAChange()
{
    VERIFY_OK(
        change("INSERT INTO embeddings_queue(operation, topic, id, metadata) SELECT 2, "
               "'persistent://default/default/' || id, 'c', '{}' FROM collections WHERE name = 'plain'"));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    const auto rows = plain->allRows();
    VERIFY_OK(rows);
    VERIFY_OK(change("UPDATE collections SET dimension = 3")); // some other commit: still good
    VERIFY_OK(plain->records(*rows));
    VERIFY_OK(change("UPDATE max_seq_id SET seq_id = seq_id + 100")); // Chroma has taken the rows in
    VERIFY_ERROR(plain->records(*rows), ErrorKind::Changed);
    VERIFY_ERROR(plain->allRows(), ErrorKind::Changed);
    VERIFY_ERROR(plain->firstRows(10), ErrorKind::Changed);
    VERIFY_ERROR(plain->count(), ErrorKind::Changed);
    VERIFY_ERROR(plain->rowOf("c"), ErrorKind::Changed);
    VERIFY_ERROR(plain->idsOf(*rows), ErrorKind::Changed);
    VERIFY_OK(reader("plain"));
}

void TestCollectionReader::withoutMetadataSegment()
{
    VERIFY_OK(change("DELETE FROM segments WHERE scope = 'METADATA'"));
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    QCOMPARE(plain->count().value_or(-1), 0);
    const auto rows = plain->allRows();
    VERIFY_OK(rows);
    QVERIFY(rows->empty());
    const auto id = plain->rowOf("a");
    VERIFY_OK(id);
    QVERIFY(!*id);
    QCOMPARE(plain->pendingOperations().value_or(-1), 0);
}

void TestCollectionReader::missingTablesAreErrors()
{
    VERIFY_OK(change("DROP TABLE embedding_metadata"));
    VERIFY_ERROR(reader("plain"), ErrorKind::Corrupt);
}

void TestCollectionReader::cancelIsHeard()
{
    const auto plain = reader("plain");
    VERIFY_OK(plain);
    Cancelled progress;
    VERIFY_ERROR(plain->count(progress), ErrorKind::Cancelled);
    VERIFY_ERROR(plain->allRows(progress), ErrorKind::Cancelled);
    VERIFY_ERROR(plain->records(std::vector<RowKey>{{1}}, progress), ErrorKind::Cancelled);
    VERIFY_ERROR(plain->idsOf(std::vector<RowKey>{{1}}, progress), ErrorKind::Cancelled);
    VERIFY_ERROR(plain->keys(progress), ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestCollectionReader)
#include "tst_collection_reader.moc"
