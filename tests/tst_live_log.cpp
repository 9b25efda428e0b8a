// Rows of the write-ahead log that no Chroma has taken in yet: what we make of them is what a real Chroma
// makes of them when it opens the directory next.
#include "storage/base/json_text.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "support/chroma_fixture.h"
#include "support/dir_state.h"
#include "support/real_chroma.h"
#include "support/verify.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace storage;
using support::Json;
using support::RealChroma;

class TestLiveLog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void realChromaMakesTheSameOfTheLog_data();
    void realChromaMakesTheSameOfTheLog();
    void aRunningChromaIsReadAsItWrites();
};

namespace {

struct Row
{
    int operation = 0; // 0 add, 1 update, 2 upsert, 3 delete
    std::string id;
    std::string metadata; // JSON
};

// Values that Chroma accepts in a log row; every kind, also those that replace another kind.
const std::vector<std::string> kValues = {
    "1",    "-9223372036854775808", "2.5",  "1e300",    "true",    "false",         "\"text\"",
    "\"\"", "\"日\\u0000x\"",       "null", "[1,2]",    "[1,2.5]", "[\"x\",\"y\"]", "[true]",
    "[]",   "18446744073709551616", "-0.0", "\"null\"", "0.1"};

std::vector<Row> randomRows(quint32 seed, int count)
{
    QRandomGenerator generator(seed);
    std::vector<Row> rows;
    for (int i = 0; i < count; ++i) {
        Row row{generator.bounded(4), "r" + std::to_string(generator.bounded(25)), "{"};
        const int keys = generator.bounded(4);
        for (int k = 0; k < keys; ++k)
            row.metadata += (k ? ",\"" : "\"") + std::string(1, char('a' + k)) +
                            "\":" + kValues[std::size_t(generator.bounded(int(kValues.size())))];
        if (generator.bounded(3) == 0)
            row.metadata += (keys ? ",\"chroma:document\":\"" : "\"chroma:document\":\"") +
                            std::to_string(i) + " words\"";
        row.metadata += "}";
        rows.push_back(std::move(row));
    }
    return rows;
}

// As a client's call would: with a vector where one is needed.
Status append(const Connection& writer, const std::string& topic, const Row& row)
{
    static const float vector[2] = {0.5F, 1.5F};
    auto insert =
        writer.prepare("INSERT INTO embeddings_queue(operation, topic, id, vector, encoding, metadata) "
                       "VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    if (!insert)
        return pass(insert);
    insert->bind(0, qint64(row.operation)).bind(1, topic).bind(2, row.id);
    if (row.operation != 3) {
        insert->bindBlob(3, std::as_bytes(std::span(vector))).bind(4, "FLOAT32").bind(5, row.metadata);
    }
    return insert->run();
}

Result<std::vector<Record>> readAll(const QString& path, qint64* pending = nullptr)
{
    const auto directory = PersistDir::open(path);
    if (!directory)
        return tl::unexpected<Error>(directory.error());
    const auto connection = directory->connect();
    if (!connection)
        return tl::unexpected<Error>(connection.error());
    const auto catalog = readCatalog(*directory, *connection);
    if (!catalog)
        return tl::unexpected<Error>(catalog.error());
    const auto reader = CollectionReader::open(*directory, *connection, catalog->collections.at(0));
    if (!reader)
        return tl::unexpected<Error>(reader.error());
    if (pending)
        *pending = reader->pending().operations;
    const auto rows = reader->allRows();
    if (!rows)
        return tl::unexpected<Error>(rows.error());
    return reader->records(*rows);
}

QStringList lines(const std::vector<Record>& records)
{
    QStringList list;
    for (const Record& record : records) {
        std::string text = record.id + " " + record.document.value_or("(none)") + " ";
        appendJson(text, record.metadata);
        list.append(QString::fromStdString(text));
    }
    return list;
}

QStringList lines(const Json& got)
{
    std::vector<Record> records;
    for (std::size_t i = 0; i < got.at("ids").size(); ++i) {
        Record record{.id = got.at("ids")[i].get<std::string>()};
        if (const Json& document = got.at("documents")[i]; !document.is_null())
            record.document = document.get<std::string>();
        record.metadata = support::metadataOf(got.at("metadatas")[i]);
        records.push_back(std::move(record));
    }
    return lines(records);
}

} // namespace

void TestLiveLog::realChromaMakesTheSameOfTheLog_data()
{
    QTest::addColumn<quint32>("seed");
    for (const quint32 seed : {1U, 2U, 3U})
        QTest::addRow("seed %u", seed) << seed;
}

void TestLiveLog::realChromaMakesTheSameOfTheLog()
{
    QFETCH(quint32, seed);
    const QTemporaryDir room;
    const QString path = room.filePath(QStringLiteral("live"));
    std::string topic = "persistent://default/default/";
    std::string id;
    {
        RealChroma chroma;
        VERIFY_OK(chroma.start(path));
        const auto made = chroma.createCollection("notes");
        VERIFY_OK(made);
        id = *made;
        Json ids = Json::array();
        Json vectors = Json::array();
        Json metadatas = Json::array();
        for (int i = 0; i < 10; ++i) {
            ids.push_back("r" + std::to_string(i));
            vectors.push_back({i, 1});
            metadatas.push_back({{"a", i}, {"d", "kept"}});
        }
        VERIFY_OK(chroma.add(id, {{"ids", ids}, {"embeddings", vectors}, {"metadatas", metadatas}}));
    }
    const std::vector<Row> rows = randomRows(seed, 300);
    {
        const auto writer = Connection::open(path + QStringLiteral("/chroma.sqlite3"),
                                             {.access = ConnectionOptions::Access::ReadWrite});
        VERIFY_OK(writer);
        for (const Row& row : rows)
            VERIFY_OK(append(*writer, topic + id, row));
    }
    const auto before = support::DirState::of(path);
    qint64 pending = 0;
    const auto ours = readAll(path, &pending);
    VERIFY_OK(ours);
    QCOMPARE(pending, qint64(rows.size()));
    VERIFY_SAME_DIR(before, path);
    RealChroma chroma;
    VERIFY_OK(chroma.start(path));
    const auto theirs = chroma.get(id, {{"include", {"documents", "metadatas"}}});
    VERIFY_OK(theirs);
    QCOMPARE(lines(*ours), lines(*theirs));
    const auto after = readAll(path, &pending); // now that Chroma has taken the rows in
    VERIFY_OK(after);
    QCOMPARE(pending, 0);
    QCOMPARE(lines(*after), lines(*theirs));
}

void TestLiveLog::aRunningChromaIsReadAsItWrites()
{
    const QTemporaryDir room;
    const QString path = room.filePath(QStringLiteral("live"));
    RealChroma chroma;
    VERIFY_OK(chroma.start(path));
    const auto id = chroma.createCollection("notes");
    VERIFY_OK(id);
    for (int round = 1; round <= 20; ++round) {
        Json ids = Json::array();
        Json vectors = Json::array();
        Json metadatas = Json::array();
        for (int i = 0; i < 100; ++i) { // past the threshold of 1,000: the index is written meanwhile
            ids.push_back(std::to_string(round) + "-" + std::to_string(i));
            vectors.push_back({round, i});
            metadatas.push_back({{"round", round}});
        }
        VERIFY_OK(chroma.add(*id, {{"ids", ids}, {"embeddings", vectors}, {"metadatas", metadatas}}));
        const auto records = readAll(path);
        VERIFY_OK(records);
        QCOMPARE(records->size(), std::size_t(round * 100));
        QCOMPARE(records->back().id, std::to_string(round) + "-99");
    }
}

QTEST_GUILESS_MAIN(TestLiveLog)
#include "tst_live_log.moc"
