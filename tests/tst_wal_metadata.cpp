#include "storage/base/json_text.h"
#include "storage/chroma/wal_metadata.h"

#include <QTest>

#include <limits>

using namespace storage;

class TestWalMetadata : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void valuesAreRead_data();
    void valuesAreRead();
    void problemsAreNamed_data();
    void problemsAreNamed();
    void updatesMergeKeyByKey();
    void manyKeys();
};

void TestWalMetadata::valuesAreRead_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("metadata");
    const auto row = [](const char* name, const char* json, const char* metadata) {
        QTest::newRow(name) << QByteArray(json) << QByteArray(metadata);
    };
    row("empty", "{}", "null");
    row("scalars", R"({"b":true,"f":1.0,"i":1,"s":"x"})", R"({"b":true,"f":1.0,"i":1,"s":"x"})");
    row("Python's spaces and escapes", R"({"k": "\u00e4\ud83d\ude00", "n": -3})", "{\"k\":\"ä😀\",\"n\":-3}");
    row("int64 extremes", R"({"a":9223372036854775807,"b":-9223372036854775808})",
        R"({"a":9223372036854775807,"b":-9223372036854775808})");
    row("beyond int64", R"({"a":18446744073709551616,"b":9223372036854775808})",
        R"({"a":1.8446744073709552e+19,"b":9.223372036854775807e18})");
    row("null deletes", R"({"a":null})", "null");
    row("negative zero", R"({"a":-0.0})", R"({"a":0.0})");
    row("smallest", R"({"a":5e-324})", R"({"a":5e-324})");
    row("NUL in a text", R"({"a":"x\u0000y"})", R"({"a":"x\u0000y"})");
    row("lists", R"({"b":[true,false],"f":[1.5],"i":[1,2],"m":[1,2.5],"s":["x","y"]})",
        R"({"b":[true,false],"f":[1.5],"i":[1,2],"m":[1.0,2.5],"s":["x","y"]})");
    row("an empty list leaves nothing", R"({"a":[]})", "null");
    row("the last of two wins", R"({"a":1,"a":2})", R"({"a":2})");
    row("NaN is no value", R"({"a":NaN,"b":1})", R"({"b":1})");
    row("a text that looks bare", R"({"a":"NaN, \"Infinity\"","b":NaN})", R"({"a":"NaN, \"Infinity\""})");
    row("hidden keys", R"({"chroma:other":1,"k":1})", R"({"k":1})");
}

void TestWalMetadata::valuesAreRead()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, metadata);
    const MetadataUpdate update = parseWalMetadata({json.constData(), std::size_t(json.size())});
    QVERIFY(!update.unreadable);
    Record record;
    apply(update, record);
    if (qstrcmp(QTest::currentDataTag(), "beyond int64") == 0) {
        QCOMPARE(std::get<double>(*find(record.metadata, "a")), 18446744073709551616.0);
        QCOMPARE(std::get<double>(*find(record.metadata, "b")), 9223372036854775808.0);
        return;
    }
    std::string text;
    appendJson(text, record.metadata);
    QCOMPARE(QByteArray::fromStdString(text), metadata);
}

void TestWalMetadata::problemsAreNamed_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("problems");
    const auto row = [](const char* name, const char* json, const char* problems) {
        QTest::newRow(name) << QByteArray(json) << QByteArray(problems);
    };
    row("empty text", "", "unreadable");
    row("null", "null", "unreadable");
    row("a list", "[1]", "unreadable");
    row("cut off", R"({"a":)", "unreadable");
    row("a lone surrogate", R"({"a":"\ud800"})", "unreadable");
    row("bytes that are no UTF-8", "{\"a\":\"\xff\"}", "unreadable");
    row("a number without end", R"({"a":1e999})", "unreadable");
    row("deep nesting", QByteArray(R"({"a":)" + QByteArray(100'000, '[')).constData(), "unreadable");
    row("deep and closed",
        QByteArray(R"({"a":)" + QByteArray(50'000, '[') + QByteArray(50'000, ']') + "}").constData(),
        "values");
    row("NaN", R"({"a":NaN})", "bare");
    row("Infinity", R"({"a":-Infinity,"b":Infinity})", "bare");
    row("NaN in a list", R"({"a":[1.0,NaN]})", "bare values");
    row("an object", R"({"a":{"#type":"sparse_vector","indices":[],"values":[]}})", "values");
    row("our own mark, written by someone else", R"({"a":{"#infinity":1}})", "values");
    row("a mixed list", R"({"a":[1,"x"]})", "values");
    row("a list of lists", R"({"a":[[1]]})", "values");
    row("a document that is no text", R"({"chroma:document":7})", "document");
    row("a null document", R"({"chroma:document":null})", "document");
}

void TestWalMetadata::problemsAreNamed()
{
    QFETCH(QByteArray, json);
    const MetadataUpdate update = parseWalMetadata({json.constData(), std::size_t(json.size())});
    QByteArrayList problems;
    if (update.unreadable)
        problems.append("unreadable");
    if (update.bareNumbers)
        problems.append("bare");
    if (update.badValues)
        problems.append("values");
    if (update.badDocument)
        problems.append("document");
    QTEST(problems.join(' '), "problems");
}

void TestWalMetadata::updatesMergeKeyByKey()
{
    Record record{.id = "r"};
    apply(parseWalMetadata(R"({"a":1,"b":[1,2],"chroma:document":"one","chroma:uri":"u"})"), record);
    QCOMPARE(*record.document, std::string("one"));
    QCOMPARE(*record.uri, std::string("u"));
    apply(parseWalMetadata(R"({"a":["x"],"b":"text","c":null})"), record);
    QCOMPARE(*record.document, std::string("one")); // not mentioned: stays
    QCOMPARE(std::get<std::vector<std::string>>(*find(record.metadata, "a")), std::vector<std::string>{"x"});
    QCOMPARE(std::get<std::string>(*find(record.metadata, "b")), std::string("text"));
    apply(parseWalMetadata(R"({"a":null,"chroma:document":"","chroma:uri":null})"), record);
    QCOMPARE(record.metadata.size(), std::size_t(1));
    QCOMPARE(*record.document, std::string()); // an empty document is a document
    QVERIFY(!record.uri);
    apply(parseWalMetadata(R"({"inf":Infinity,"minus":-Infinity})"), record);
    QCOMPARE(std::get<double>(*find(record.metadata, "inf")), std::numeric_limits<double>::infinity());
    QCOMPARE(std::get<double>(*find(record.metadata, "minus")), -std::numeric_limits<double>::infinity());
}

void TestWalMetadata::manyKeys()
{
    constexpr int kKeys = 100'000;
    std::string json = "{";
    for (int i = 0; i < kKeys; ++i)
        json += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":" + std::to_string(i);
    Record record;
    apply(parseWalMetadata(json + "}"), record);
    QCOMPARE(record.metadata.size(), std::size_t(kKeys));
    QCOMPARE(std::get<qint64>(*find(record.metadata, "k99999")), qint64(99'999));
}

QTEST_GUILESS_MAIN(TestWalMetadata)
#include "tst_wal_metadata.moc"
