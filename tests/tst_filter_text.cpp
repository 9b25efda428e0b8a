// What is typed into the filter row, as Chroma's conditions.
#include "model/filter_text.h"
#include "model/value_text.h"
#include "support/verify.h"

#include <QTest>

#include <limits>

using model::typeBit;
using storage::MetaType;
using storage::MetaValue;

namespace {

constexpr unsigned bit(MetaType type)
{
    return 1u << unsigned(type);
}
constexpr unsigned kInt = bit(MetaType::Int);
constexpr unsigned kFloat = bit(MetaType::Float);
constexpr unsigned kString = bit(MetaType::String);
constexpr unsigned kBool = bit(MetaType::Bool);
constexpr unsigned kTags = bit(MetaType::StringArray);

} // namespace

class TestFilterText final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void metadata_data();
    void metadata();
    void refused_data();
    void refused();
    void documents_data();
    void documents();
    void ids_data();
    void ids();
    void emptyIsNoCondition();
    void valueTextsReadBack_data();
    void valueTextsReadBack();
    void documentPiecesReadBack();
    void bothJoins();
};

void TestFilterText::metadata_data()
{
    QTest::addColumn<unsigned>("types");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, unsigned types, const char* typed, const char* json) {
        QTest::newRow(name) << types << QString::fromUtf8(typed) << QString::fromUtf8(json);
    };
    row("int", kInt, "5", R"({"k":{"$eq":5}})");
    row("int, spaces", kInt, "  5 ", R"({"k":{"$eq":5}})");
    row("equal sign", kInt, "=5", R"({"k":{"$eq":5}})");
    row("int64", kInt, "9223372036854775807", R"({"k":{"$eq":9223372036854775807}})");
    row("beyond int64", kInt, ">9223372036854775808", R"({"k":{"$gt":9.223372036854775808e+18}})");
    row("negative", kInt, "-5", R"({"k":{"$eq":-5}})");
    row("plus", kInt, "+5", R"({"k":{"$eq":5}})");
    row("float", kFloat, "0.1", R"({"k":{"$eq":0.1}})");
    row("int in floats", kFloat, "5", R"({"k":{"$eq":5}})");
    row("digits in text", kString, "5", R"({"k":{"$eq":"5"}})");
    row("words", kString, "red car", R"({"k":{"$eq":"red car"}})");
    row("quoted", kString, "\"  a | \\\"b\\\" \"", R"({"k":{"$eq":"  a | \"b\" "}})");
    row("empty text", kString, "=\"\"", R"({"k":{"$eq":""}})");
    row("true", kBool, "True", R"({"k":{"$eq":true}})");
    row("true as text", kString, "true", R"({"k":{"$eq":"true"}})");
    row("mixed takes the number", kInt | kString, "5", R"({"k":{"$eq":5}})");
    row("mixed, quoted", kInt | kString, "\"5\"", R"({"k":{"$eq":"5"}})");
    row("mixed, word", kInt | kString, "five", R"({"k":{"$eq":"five"}})");
    row("unknown int", 0, "5", R"({"k":{"$eq":5}})");
    row("unknown bool", 0, "false", R"({"k":{"$eq":false}})");
    row("unknown word", 0, "x", R"({"k":{"$eq":"x"}})");
    row("greater", kInt, ">5", R"({"k":{"$gt":5}})");
    row("at least", kFloat, ">= 5.5", R"({"k":{"$gte":5.5}})");
    row("less", kInt, "< -5", R"({"k":{"$lt":-5}})");
    row("at most", kInt, "<=5", R"({"k":{"$lte":5}})");
    row("not", kInt, "<>5", R"({"k":{"$ne":5}})");
    row("not, other spelling", kString, "!= red", R"({"k":{"$ne":"red"}})");
    row("range", kInt, "1~9", R"({"$and":[{"k":{"$gte":1}},{"k":{"$lte":9}}]})");
    row("float range", kFloat, " -1.5 ~ 2", R"({"$and":[{"k":{"$gte":-1.5}},{"k":{"$lte":2}}]})");
    row("tilde in text", kString, "1~9", R"({"k":{"$eq":"1~9"}})");
    row("one of", kInt, "1 | 2|3", R"({"k":{"$in":[1,2,3]}})");
    row("none of", kString, "<>a | b", R"({"k":{"$nin":["a","b"]}})");
    row("bar in quotes", kString, "\"a|b\"|c", R"({"k":{"$in":["a|b","c"]}})");
    row("mixed list", kInt | kString, "1 | a", R"({"$or":[{"k":{"$eq":1}},{"k":{"$eq":"a"}}]})");
    row("mixed list, none", kInt | kString, "<>1 | a", R"({"$and":[{"k":{"$ne":1}},{"k":{"$ne":"a"}}]})");
    row("array", kTags, "red", R"({"k":{"$contains":"red"}})");
    row("array, not", kTags, "<>red", R"({"k":{"$not_contains":"red"}})");
    row("array, list", kTags, "a|b", R"({"$or":[{"k":{"$contains":"a"}},{"k":{"$contains":"b"}}]})");
    row("scalar and array", kTags | kString, "red",
        R"({"$or":[{"k":{"$eq":"red"}},{"k":{"$contains":"red"}}]})");
    row("scalar and array, not", kTags | kString, "<>red",
        R"({"$and":[{"k":{"$ne":"red"}},{"k":{"$not_contains":"red"}}]})");
    row("CJK", kString, "日本", R"({"k":{"$eq":"日本"}})");
}

void TestFilterText::metadata()
{
    QFETCH(unsigned, types);
    QFETCH(QString, typed);
    QFETCH(QString, json);
    const auto condition = model::metadataCondition("k", types, typed);
    VERIFY_OK(condition);
    QVERIFY(condition->has_value());
    const auto expected = storage::parseWhere(json.toStdString());
    VERIFY_OK(expected);
    QCOMPARE(QString::fromStdString(storage::whereJson(**condition)),
             QString::fromStdString(storage::whereJson(*expected)));
    VERIFY_OK(storage::checkWhere(**condition));
}

void TestFilterText::refused_data()
{
    QTest::addColumn<unsigned>("types");
    QTest::addColumn<QString>("typed");
    QTest::newRow("word among numbers") << kInt << QStringLiteral("five");
    QTest::newRow("decimal comma") << kFloat << QStringLiteral("3,5");
    QTest::newRow("size of text") << kString << QStringLiteral(">a");
    QTest::newRow("size of a word") << kInt << QStringLiteral(">a");
    QTest::newRow("nothing after the sign") << kInt << QStringLiteral(">=");
    QTest::newRow("nothing after equal") << kString << QStringLiteral("=");
    QTest::newRow("nothing after bar") << kInt << QStringLiteral("1|");
    QTest::newRow("neither true nor false") << kBool << QStringLiteral("yes");
    QTest::newRow("quoted among numbers") << kInt << QStringLiteral("\"5\"");
    QTest::newRow("pattern on a key") << kString << QStringLiteral("/a.*/");
    QTest::newRow("infinity") << kFloat << QStringLiteral("inf");
    QTest::newRow("nan") << kFloat << QStringLiteral("nan");
}

void TestFilterText::refused()
{
    QFETCH(unsigned, types);
    QFETCH(QString, typed);
    VERIFY_ERROR(model::metadataCondition("k", types, typed), storage::ErrorKind::Invalid);
}

void TestFilterText::documents_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("json"); // empty: refused
    QTest::newRow("contains") << QStringLiteral("red car") << QStringLiteral(R"({"$contains":"red car"})");
    QTest::newRow("not") << QStringLiteral("!red") << QStringLiteral(R"({"$not_contains":"red"})");
    QTest::newRow("pattern") << QStringLiteral("/r[ae]d/") << QStringLiteral(R"({"$regex":"r[ae]d"})");
    QTest::newRow("no pattern") << QStringLiteral("! /r.d/") << QStringLiteral(R"({"$not_regex":"r.d"})");
    QTest::newRow("quoted") << QStringLiteral("\"!red \"") << QStringLiteral(R"({"$contains":"!red "})");
    QTest::newRow("slash") << QStringLiteral("/") << QStringLiteral(R"({"$contains":"/"})");
    QTest::newRow("broken pattern") << QStringLiteral("/(/") << QString();
    QTest::newRow("nothing after !") << QStringLiteral("!") << QString();
}

void TestFilterText::documents()
{
    QFETCH(QString, typed);
    QFETCH(QString, json);
    const auto condition = model::documentCondition(typed);
    if (json.isEmpty()) {
        VERIFY_ERROR(condition, storage::ErrorKind::Invalid);
        return;
    }
    VERIFY_OK(condition);
    QVERIFY(condition->has_value());
    const auto expected = storage::parseWhereDocument(json.toStdString());
    VERIFY_OK(expected);
    QCOMPARE(QString::fromStdString(storage::whereDocumentJson(**condition)),
             QString::fromStdString(storage::whereDocumentJson(*expected)));
}

void TestFilterText::ids_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("kind"); // -1: refused
    QTest::addColumn<QString>("text");
    using Kind = model::IdCondition::Kind;
    QTest::newRow("contains") << QStringLiteral(" r1 ") << int(Kind::Contains) << QStringLiteral("r1");
    QTest::newRow("is") << QStringLiteral("=r1") << int(Kind::Equals) << QStringLiteral("r1");
    QTest::newRow("is, quoted") << QStringLiteral("=\" r1\"") << int(Kind::Equals) << QStringLiteral(" r1");
    QTest::newRow("pattern") << QStringLiteral("/^r\\d+$/") << int(Kind::Regex) << QStringLiteral("^r\\d+$");
    QTest::newRow("broken pattern") << QStringLiteral("/[/") << -1 << QString();
}

void TestFilterText::ids()
{
    QFETCH(QString, typed);
    QFETCH(int, kind);
    QFETCH(QString, text);
    const auto condition = model::idCondition(typed);
    if (kind < 0) {
        VERIFY_ERROR(condition, storage::ErrorKind::Invalid);
        return;
    }
    VERIFY_OK(condition);
    QVERIFY(condition->has_value());
    QCOMPARE(int((*condition)->kind), kind);
    QCOMPARE((*condition)->text, text.toStdString());
}

void TestFilterText::emptyIsNoCondition()
{
    for (const QString& typed : {QString(), QStringLiteral("   ")}) {
        const auto metadata = model::metadataCondition("k", kInt, typed);
        VERIFY_OK(metadata);
        QVERIFY(!metadata->has_value());
        const auto document = model::documentCondition(typed);
        VERIFY_OK(document);
        QVERIFY(!document->has_value());
        const auto id = model::idCondition(typed);
        VERIFY_OK(id);
        QVERIFY(!id->has_value());
    }
}

void TestFilterText::valueTextsReadBack_data()
{
    QTest::addColumn<unsigned>("types");
    QTest::addColumn<QString>("value"); // JSON
    const QStringList texts{
        QStringLiteral("\"red\""),      QStringLiteral("\"5\""),    QStringLiteral("\"true\""),
        QStringLiteral("\"\""),         QStringLiteral("\" a \""),  QStringLiteral("\"a|b\""),
        QStringLiteral("\">5\""),       QStringLiteral("\"=x\""),   QStringLiteral("\"<>x\""),
        QStringLiteral("\"1~9\""),      QStringLiteral("\"/a/\""),  QStringLiteral("\"\\\"q\\\"\""),
        QStringLiteral("\"back\\\\\""), QStringLiteral("\"a\\nb\"")};
    for (const QString& text : texts) {
        QTest::addRow("text %s", qPrintable(text)) << kString << text;
        QTest::addRow("mixed %s", qPrintable(text)) << (kString | kInt | kBool | kFloat) << text;
    }
    QTest::newRow("int") << kInt << QStringLiteral("5");
    QTest::newRow("int among texts") << (kInt | kString) << QStringLiteral("5");
    QTest::newRow("float") << kFloat << QStringLiteral("0.1");
    QTest::newRow("whole float") << kFloat << QStringLiteral("1.0");
    QTest::newRow("bool") << kBool << QStringLiteral("true");
}

void TestFilterText::valueTextsReadBack()
{
    QFETCH(unsigned, types);
    QFETCH(QString, value);
    const auto node = storage::parseWhere("{\"k\":" + value.toStdString() + "}");
    VERIFY_OK(node);
    const MetaValue wanted = node->values.front();
    for (const bool exclude : {false, true}) {
        const auto typed = model::filterTextFor(wanted, types, exclude);
        QVERIFY(typed.has_value());
        const auto condition = model::metadataCondition("k", types, *typed);
        VERIFY_OK(condition);
        QVERIFY(condition->has_value());
        QCOMPARE(int((*condition)->op),
                 int(exclude ? storage::WhereOperator::Ne : storage::WhereOperator::Eq));
        QVERIFY2((*condition)->values == std::vector<MetaValue>{wanted}, qPrintable(*typed));
    }
    QVERIFY(!model::filterTextFor(MetaValue(), types, false));
    QVERIFY(!model::filterTextFor(MetaValue(std::vector<qint64>{1}), types, false));
    QVERIFY(!model::filterTextFor(MetaValue(std::numeric_limits<double>::infinity()), kFloat, false));
}

void TestFilterText::documentPiecesReadBack()
{
    for (const QString& piece : {QStringLiteral("red"), QStringLiteral("!red"), QStringLiteral("/a/"),
                                 QStringLiteral(" a "), QStringLiteral("\"q\"")}) {
        for (const bool exclude : {false, true}) {
            const auto condition = model::documentCondition(model::documentFilterText(piece, exclude));
            VERIFY_OK(condition);
            QVERIFY((*condition)->values == std::vector<MetaValue>{MetaValue(piece.toStdString())});
            QCOMPARE(int((*condition)->op),
                     int(exclude ? storage::WhereOperator::NotContains : storage::WhereOperator::Contains));
        }
        const auto id = model::idCondition(model::idFilterText(piece));
        VERIFY_OK(id);
        QCOMPARE((*id)->text, piece.toStdString());
        QVERIFY((*id)->kind == model::IdCondition::Kind::Equals);
    }
}

void TestFilterText::bothJoins()
{
    const auto one = *model::metadataCondition("a", kInt, QStringLiteral("1~2"));
    const auto other = *model::metadataCondition("b", kInt, QStringLiteral("3"));
    QVERIFY(!model::bothOf({}, {}));
    QVERIFY(model::bothOf(one, {}) == one);
    QVERIFY(model::bothOf({}, other) == other);
    const auto both = model::bothOf(one, other);
    QCOMPARE(QString::fromStdString(storage::whereJson(*both)),
             QStringLiteral(R"({"$and":[{"a":{"$gte":1}},{"a":{"$lte":2}},{"b":{"$eq":3}}]})"));
}

QTEST_GUILESS_MAIN(TestFilterText)
#include "tst_filter_text.moc"
