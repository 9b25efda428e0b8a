// Records as text to take away.
#include "model/clipboard_text.h"
#include "support/verify.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <limits>
#include <nlohmann/json.hpp>

using model::RecordColumn;
using storage::MetaValue;
using storage::Record;

class TestClipboardText final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tsvQuotesWhatItMust();
    void tsvKeepsNumbersExact();
    void jsonIsChromasShape();
    void jsonOfNothing();
    void pythonValues_data();
    void pythonValues();
    void pythonNamesTheDirectory();
    void pythonOfAQuery();
    void numpyKeepsFloatsExact();
    void shellWords_data();
    void shellWords();
    void shellReadsTheCommandBack();
};

static Record record(const std::string& id, std::optional<std::string> document, storage::Metadata metadata)
{
    Record made;
    made.id = id;
    made.document = std::move(document);
    made.metadata = std::move(metadata);
    return made;
}

static storage::Collection collection(const std::string& name)
{
    storage::Collection made;
    made.name = name;
    made.tenant = "default_tenant";
    made.database = "default_database";
    return made;
}

static RecordColumn key(const std::string& name)
{
    return {RecordColumn::Kind::Metadata, name, 0, 0};
}

void TestClipboardText::tsvQuotesWhatItMust()
{
    const std::vector<Record> records{
        record("r1", "two\nlines\tand \"quotes\"", {{"k", MetaValue(std::string("plain"))}}),
        record("r2", std::nullopt, {})};
    const QString tsv = model::recordsTsv(records, {{RecordColumn::Kind::Id, {}, 0, 0},
                                                    {RecordColumn::Kind::Document, {}, 0, 0},
                                                    key("k"),
                                                    {RecordColumn::Kind::Embedding, {}, 0, 0}});
    QCOMPARE(tsv, QStringLiteral("id\tdocument\tk\nr1\t\"two\nlines\tand \"\"quotes\"\"\"\tplain\nr2\t\t\n"));
}

void TestClipboardText::tsvKeepsNumbersExact()
{
    const std::vector<Record> records{record("r", std::nullopt,
                                             {{"b", MetaValue(true)},
                                              {"f", MetaValue(0.1)},
                                              {"i", MetaValue(std::numeric_limits<qint64>::min())},
                                              {"n", MetaValue()}})};
    QCOMPARE(model::recordsTsv(records, {key("b"), key("f"), key("i"), key("n"), key("none")}),
             QStringLiteral("b\tf\ti\tn\tnone\ntrue\t0.1\t-9223372036854775808\tnull\t\n"));
}

void TestClipboardText::jsonIsChromasShape()
{
    Record withUri = record("b", "text", {{"k", MetaValue(qint64(1))}});
    withUri.uri = "file:///x";
    const std::vector<Record> records{record("a", std::nullopt, {}), withUri};
    const auto json = nlohmann::json::parse(model::recordsJson(records).toStdString());
    QVERIFY((json.at("ids") == nlohmann::json::array({"a", "b"})));
    QVERIFY((json.at("documents") == nlohmann::json::array({nullptr, "text"})));
    QVERIFY((json.at("uris") == nlohmann::json::array({nullptr, "file:///x"})));
    QVERIFY((json.at("metadatas") == nlohmann::json::array({nullptr, {{"k", 1}}})));
    QVERIFY(!json.contains("embeddings"));
    const std::vector<float> vector{0.1F, 2};
    const auto one = nlohmann::json::parse(model::recordsJson({records[0]}, &vector).toStdString());
    QVERIFY(!one.contains("uris"));
    QCOMPARE(one.at("embeddings").at(0).at(0).get<float>(), 0.1F);
}

void TestClipboardText::jsonOfNothing()
{
    const auto json = nlohmann::json::parse(model::recordsJson({}).toStdString());
    QVERIFY(json.at("ids").is_array() && json.at("ids").empty());
}

void TestClipboardText::pythonValues_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("python");
    QTest::newRow("bools") << QStringLiteral("{\"a\": {\"$in\": [true, false]}}")
                           << QStringLiteral("{\"a\": {\"$in\": [True, False]}}");
    QTest::newRow("null") << QStringLiteral("null") << QStringLiteral("None");
    QTest::newRow("int64") << QStringLiteral("9223372036854775807") << QStringLiteral("9223372036854775807");
    QTest::newRow("float") << QStringLiteral("1.0") << QStringLiteral("1.0");
    QTest::newRow("text") << QStringLiteral("\"a\\\"b\\\\c\\nd\"") << QStringLiteral("\"a\\\"b\\\\c\\nd\"");
    QTest::newRow("CJK") << QStringLiteral("\"日本\"") << QStringLiteral("\"日本\"");
}

void TestClipboardText::pythonValues()
{
    QFETCH(QString, json);
    QFETCH(QString, python);
    QCOMPARE(model::pythonValue(json.toStdString()), python);
}

void TestClipboardText::pythonNamesTheDirectory()
{
    const QString plain =
        model::idsPython(QStringLiteral("/data/my \"dir\""), collection("notes"), {"a", "b\n"});
    QVERIFY(plain.contains(QStringLiteral("chromadb.PersistentClient(path=\"/data/my \\\"dir\\\"\")")));
    QVERIFY(plain.contains(QStringLiteral("get_collection(\"notes\")")));
    QVERIFY(plain.contains(QStringLiteral("ids=[\"a\", \"b\\n\"]")));
    QVERIFY(!plain.contains(QStringLiteral("tenant")));
    storage::Collection other = collection("notes");
    other.tenant = "acme";
    other.database = "cases";
    const QString named = model::idsPython(QStringLiteral("/d"), other, {});
    QVERIFY(named.contains(QStringLiteral("tenant=\"acme\", database=\"cases\"")));
}

void TestClipboardText::pythonOfAQuery()
{
    model::RecordQuery query;
    query.where = *storage::parseWhere("{\"open\": true}");
    query.whereDocument = *storage::parseWhereDocument("{\"$contains\": \"x\"}");
    const QString code = model::queryPython(QStringLiteral("/d"), collection("c"), query);
    QVERIFY2(code.contains(QStringLiteral(
                 "collection.get(where={\"open\": True}, where_document={\"$contains\": \"x\"})")),
             qPrintable(code));
    QVERIFY(!code.contains(QLatin1Char('#')));
    query.descending = true;
    query.id = model::IdCondition{model::IdCondition::Kind::Contains, "r"};
    QCOMPARE(model::queryPython(QStringLiteral("/d"), collection("c"), query).count(QLatin1Char('#')), 2);
}

void TestClipboardText::numpyKeepsFloatsExact()
{
    const float inf = std::numeric_limits<float>::infinity();
    const std::vector<float> vector{0.1F, -2, inf, -inf, std::numeric_limits<float>::quiet_NaN(), 1e-45F};
    QCOMPARE(model::numpyVector(vector),
             QStringLiteral("np.array([0.1, -2.0, np.inf, -np.inf, np.nan, 1e-45], dtype=np.float32)"));
}

void TestClipboardText::shellWords_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("path") << QStringLiteral("/data/chroma_db") << QStringLiteral("/data/chroma_db");
    QTest::newRow("blank") << QStringLiteral("my dir") << QStringLiteral("'my dir'");
    QTest::newRow("quote") << QStringLiteral("it's") << QStringLiteral("'it'\\''s'");
    QTest::newRow("empty") << QString() << QStringLiteral("''");
    QTest::newRow("dollar") << QStringLiteral("$HOME") << QStringLiteral("'$HOME'");
    QTest::newRow("letters") << QStringLiteral("é") << QStringLiteral("'é'");
}

void TestClipboardText::shellWords()
{
    QFETCH(QString, word);
    QFETCH(QString, quoted);
    QCOMPARE(model::shellWord(word), quoted);
}

void TestClipboardText::shellReadsTheCommandBack()
{
    if (QStandardPaths::findExecutable(QStringLiteral("sh")).isEmpty())
        QFAIL("a POSIX shell is needed");
    model::RecordQuery query;
    query.where = *storage::parseWhere("{\"k\": \"it's $5 \\\"x\\\"\"}");
    const QString command = model::queryCommand(QStringLiteral("/a b/c"), collection("my-notes"), query);
    QProcess shell;
    shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("printf '%s\\n' ") + command});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()).split(QLatin1Char('\n'), Qt::SkipEmptyParts),
             (QStringList{QStringLiteral("chromakeep"), QStringLiteral("records"), QStringLiteral("/a b/c"),
                          QStringLiteral("my-notes"), QStringLiteral("--where"),
                          QString::fromStdString(storage::whereJson(*query.where))}));
}

QTEST_GUILESS_MAIN(TestClipboardText)
#include "tst_clipboard_text.moc"
