// Replay of the write-ahead log over the tables, operation by operation. That the result is what real Chroma
// makes of the same rows is shown by tst_live_log and tst_fixtures.
#include "storage/base/json_text.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/wal_reader.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QTest>

#include <algorithm>

using namespace storage;

class TestWalReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void operationsApplyInOrder_data();
    void operationsApplyInOrder();
    void badRowsAreFindings_data();
    void badRowsAreFindings();
    void nothingWithoutADimension();
    void sequenceNumbersMayJump();
    void otherCollectionsRowsAreNotTaken();
    void rowsAreCounted();
    void cancelIsHeard();

private:
    [[nodiscard]] Status append(int operation, const char* id, const char* metadata);
    [[nodiscard]] Result<PendingRecords> pending(Progress& progress = Progress::none());

    std::optional<support::ChromaFixture> m_fixture;
    std::optional<Connection> m_writer;
    Collection m_collection;
};

namespace {

// The records after the replay: "id row document uri metadata", those of the tables first.
QStringList described(const PendingRecords& pending)
{
    QStringList lines;
    const auto add = [&](const QString& place, const std::optional<Record>& record) {
        std::string text;
        if (record) {
            text = record->id + " " + record->document.value_or("-") + " " + record->uri.value_or("-") + " ";
            appendJson(text, record->metadata);
        } else {
            text = "deleted";
        }
        lines.append(place + QLatin1Char(' ') + QString::fromStdString(text));
    };
    for (const auto& [row, record] : pending.byRow)
        add(QStringLiteral("row %1").arg(row), record);
    lines.sort();
    for (const Record& record : pending.added)
        add(QStringLiteral("new %1").arg(record.row.value - RowKey::kFirstPending), record);
    return lines;
}

class Cancelled final : public Progress
{
public:
    [[nodiscard]] bool cancelled() const override { return true; }
};

QStringList lines(const std::vector<const char*>& texts)
{
    QStringList list;
    for (const char* text : texts)
        list.append(QString::fromUtf8(text));
    return list;
}

struct Act
{
    int operation;
    const char* id;
    const char* metadata;
};

} // namespace

Q_DECLARE_METATYPE(std::vector<Act>)

// Collection "plain" of the fixture: a (row 1: s x, k 1, "doc one", uri u) and b (row 2).
void TestWalReader::init()
{
    auto fixture = support::openFixture(QStringLiteral("v-1.5.9"));
    VERIFY_OK(fixture);
    m_fixture.emplace(std::move(*fixture));
    auto writer = Connection::open(m_fixture->path() + QStringLiteral("/chroma.sqlite3"),
                                   {.access = ConnectionOptions::Access::ReadWrite});
    VERIFY_OK(writer);
    m_writer.emplace(std::move(*writer));
    const auto directory = PersistDir::open(m_fixture->path());
    VERIFY_OK(directory);
    const auto catalog = readCatalog(*directory, *m_writer);
    VERIFY_OK(catalog);
    const auto collection = findCollection(*catalog, "plain");
    VERIFY_OK(collection);
    m_collection = *collection;
}

Status TestWalReader::append(int operation, const char* id, const char* metadata)
{
    auto insert = m_writer->prepare(
        "INSERT INTO embeddings_queue(operation, topic, id, metadata) VALUES(?1, ?2, ?3, ?4)");
    if (!insert)
        return pass(insert);
    insert->bind(0, qint64(operation)).bind(1, m_collection.topic).bind(2, id);
    if (metadata)
        insert->bind(3, metadata);
    return insert->run();
}

Result<PendingRecords> TestWalReader::pending(Progress& progress)
{
    return readPending(*m_writer, m_collection, progress);
}

void TestWalReader::operationsApplyInOrder_data()
{
    QTest::addColumn<std::vector<Act>>("acts");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char* name, std::vector<Act> acts, std::vector<const char*> expected) {
        QTest::newRow(name) << std::move(acts) << lines(expected);
    };
    const char* a = "row 1 a doc one u {\"k\":1,\"s\":\"x\"}";
    row("nothing", {}, {});
    row("add", {{0, "c", R"({"n":1})"}}, {"new 0 c - - {\"n\":1}"});
    row("add of a known id", {{0, "a", R"({"n":1})"}}, {});
    row("add without metadata", {{0, "c", nullptr}}, {"new 0 c - - null"});
    row("update", {{1, "a", R"({"k":2,"chroma:document":"new"})"}}, {"row 1 a new u {\"k\":2,\"s\":\"x\"}"});
    row("update of an unknown id", {{1, "c", R"({"n":1})"}}, {});
    row("update without metadata", {{1, "a", nullptr}}, {a});
    row("update that deletes", {{1, "a", R"({"k":null,"s":null,"chroma:uri":null})"}},
        {"row 1 a doc one - null"});
    row("upsert, known", {{2, "a", R"({"n":true})"}}, {"row 1 a doc one u {\"k\":1,\"n\":true,\"s\":\"x\"}"});
    row("upsert, new", {{2, "c", R"({"n":1.5})"}}, {"new 0 c - - {\"n\":1.5}"});
    row("delete", {{3, "a", nullptr}}, {"row 1 deleted"});
    row("delete of an unknown id", {{3, "c", nullptr}}, {});
    row("delete twice", {{3, "a", nullptr}, {3, "a", nullptr}}, {"row 1 deleted"});
    row("delete, then add: a new place", {{3, "a", nullptr}, {0, "c", "{}"}, {0, "a", R"({"n":1})"}},
        {"row 1 deleted", "new 0 c - - null", "new 1 a - - {\"n\":1}"});
    row("delete, then update", {{3, "a", nullptr}, {1, "a", R"({"n":1})"}}, {"row 1 deleted"});
    row("add, then delete", {{0, "c", "{}"}, {3, "c", nullptr}}, {});
    row("add, delete, add",
        {{0, "c", R"({"n":1})"}, {0, "d", "{}"}, {3, "c", nullptr}, {2, "c", R"({"n":2})"}},
        {"new 0 d - - null", "new 1 c - - {\"n\":2}"});
    row("add, then add and update",
        {{0, "c", R"({"n":1})"}, {0, "c", R"({"n":9})"}, {1, "c", R"({"m":[1,2]})"}},
        {"new 0 c - - {\"m\":[1,2],\"n\":1}"});
    row("kinds replace each other", {{1, "a", R"({"k":["x","y"],"s":false})"}, {1, "a", R"({"k":7})"}},
        {"row 1 a doc one u {\"k\":7,\"s\":false}"});
    row("backfill is passed over", {{4, "a", R"({"k":9})"}}, {});
    row("any id", {{0, "", "{}"}, {0, "日本語 \"x\"\n", "{}"}},
        {"new 0  - - null", "new 1 日本語 \"x\"\n - - null"});
}

void TestWalReader::operationsApplyInOrder()
{
    QFETCH(std::vector<Act>, acts);
    for (const Act& act : acts)
        VERIFY_OK(append(act.operation, act.id, act.metadata));
    const auto result = pending();
    VERIFY_OK(result);
    QTEST(described(*result), "expected");
    QCOMPARE(result->operations, qint64(acts.size()));
    QVERIFY(result->findings.empty());
    for (const Record& record : result->added)
        QCOMPARE(result->byId.at(record.id)->row, record.row);
}

void TestWalReader::badRowsAreFindings_data()
{
    QTest::addColumn<QByteArray>("sql"); // values of operation, id, metadata, created_at
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char* name, const char* sql, const char* code,
                        const std::vector<const char*>& expected) {
        QTest::newRow(name) << QByteArray(sql) << QByteArray(code) << lines(expected);
    };
    const std::vector<const char*> bare = {"new 0 c - - null"};
    row("no JSON", "0,'c','nonsense',CURRENT_TIMESTAMP", "wal-row-json", bare);
    row("JSON null as text", "0,'c','null',CURRENT_TIMESTAMP", "wal-row-json", bare);
    row("a BLOB", "0,'c',x'00ff',CURRENT_TIMESTAMP", "wal-row-json", bare);
    row("a number", "0,'c',5,CURRENT_TIMESTAMP", "wal-row-json", bare);
    row("NaN", "0,'c','{\"n\":NaN,\"m\":1}',CURRENT_TIMESTAMP", "wal-row-number", {"new 0 c - - {\"m\":1}"});
    row("an object", "0,'c','{\"n\":{},\"m\":1}',CURRENT_TIMESTAMP", "wal-row-value",
        {"new 0 c - - {\"m\":1}"});
    row("a document that is a number", "1,'a','{\"chroma:document\":1}',CURRENT_TIMESTAMP",
        "wal-row-document", {"row 1 a - u {\"k\":1,\"s\":\"x\"}"});
    row("operation 5", "5,'c','{}',CURRENT_TIMESTAMP", "wal-row-operation", {});
    row("operation -1", "-1,'c','{}',CURRENT_TIMESTAMP", "wal-row-operation", {});
    row("an epoch for a date", "0,'c','{}',1700000000", "wal-row-date", {});
    row("a text for a date", "0,'c','{}','yesterday'", "wal-row-date", {});
}

void TestWalReader::badRowsAreFindings()
{
    QFETCH(QByteArray, sql);
    const QByteArray insert =
        "INSERT INTO embeddings_queue(topic, operation, id, metadata, created_at) VALUES('" +
        QByteArray::fromStdString(m_collection.topic) + "'," + sql + ")";
    VERIFY_OK(m_writer->execute(insert.constData()));
    VERIFY_OK(m_writer->execute(insert.constData()));
    const auto result = pending();
    VERIFY_OK(result);
    QTEST(described(*result), "expected");
    QCOMPARE(result->findings.size(), std::size_t(1));
    QTEST(QByteArray::fromStdString(result->findings.front().code), "code");
    QCOMPARE(result->findings.front().collection, m_collection.id);
    QVERIFY(result->findings.front().sentence.starts_with(
        "2 rows of the write-ahead log of \"plain\" (the first "));
}

void TestWalReader::nothingWithoutADimension()
{
    VERIFY_OK(append(0, "c", "{}"));
    m_collection.dimension.reset();
    const auto result = pending();
    VERIFY_OK(result);
    QVERIFY(result->empty());
}

void TestWalReader::sequenceNumbersMayJump()
{
    // A tombstone far ahead, as repairs leave it, must not be walked to.
    VERIFY_OK(m_writer->execute("INSERT INTO embeddings_queue(seq_id, operation, topic, id) "
                                "VALUES(9223372036854775000, 3, 'persistent://none', '__none__')"));
    VERIFY_OK(append(0, "c", "{}"));
    const auto result = pending();
    VERIFY_OK(result);
    QCOMPARE(described(*result), QStringList{QStringLiteral("new 0 c - - null")});
    VERIFY_OK(m_writer->execute("UPDATE max_seq_id SET seq_id = 9223372036854775807"));
    const auto none = pending();
    VERIFY_OK(none);
    QVERIFY(none->empty());
}

void TestWalReader::otherCollectionsRowsAreNotTaken()
{
    VERIFY_OK(m_writer->execute("INSERT INTO embeddings_queue(operation, topic, id, metadata) SELECT 0, "
                                "'persistent://default/default/' || id, 'c', '{}' FROM collections "
                                "WHERE name <> 'plain'"));
    const auto result = pending();
    VERIFY_OK(result);
    QVERIFY(result->empty());
}

void TestWalReader::rowsAreCounted()
{
    VERIFY_OK(m_writer->execute("BEGIN"));
    for (int i = 0; i < 2500; ++i)
        VERIFY_OK(append(2, "c", "{}"));
    VERIFY_OK(m_writer->execute("COMMIT"));
    QCOMPARE(countLogRows(*m_writer, m_collection.topic, 0).value_or(-1), 2502);
    QCOMPARE(countLogRows(*m_writer, m_collection.topic, 6).value_or(-1), 2500);
    QCOMPARE(countLogRows(*m_writer, "persistent://none", 0).value_or(-1), 0);
    const auto result = pending();
    VERIFY_OK(result);
    QCOMPARE(result->operations, 2500);
    QCOMPARE(result->added.size(), std::size_t(1));
}

void TestWalReader::cancelIsHeard()
{
    VERIFY_OK(append(0, "c", "{}"));
    Cancelled progress;
    VERIFY_ERROR(pending(progress), ErrorKind::Cancelled);
    VERIFY_ERROR(countLogRows(*m_writer, m_collection.topic, 0, progress), ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestWalReader)
#include "tst_wal_reader.moc"
