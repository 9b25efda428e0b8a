#include "storage/filter/where.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QTest>

#include <random>

using namespace storage;

class TestWhere : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatChromaAcceptsIsAccepted();
    void jsonComesBackAsItWas_data();
    void jsonComesBackAsItWas();
    void valuesKeepTheirType();
    void refusalsNameThePlace_data();
    void refusalsNameThePlace();
    void documentsHaveTheirOwnGrammar_data();
    void documentsHaveTheirOwnGrammar();
    void nestingEndsWhereChromaEndsIt();
    void builtTreesAreChecked();
    void randomTreesSurviveTheRoundTrip();
};

namespace {

std::string nested(int levels)
{
    const int joins = (levels - 1) / 2;
    std::string text = (levels - 1) % 2 == 0 ? "{\"k\":5}" : "{\"k\":{\"$eq\":5}}";
    for (int i = 0; i < joins; ++i)
        text = "{\"$and\":[" + text + "]}";
    return text;
}

WhereNode leaf(std::string key, WhereOperator op, std::vector<MetaValue> values)
{
    WhereNode node;
    node.key = std::move(key);
    node.op = op;
    node.values = std::move(values);
    return node;
}

class TreeMaker
{
public:
    explicit TreeMaker(quint32 seed) : m_random(seed) {}

    WhereNode tree(int depth, bool onDocument)
    {
        if (depth == 0 || below(3) == 0)
            return onDocument || below(5) == 0 ? documentLeaf() : metadataLeaf();
        WhereNode node;
        node.kind = below(2) == 0 ? WhereNode::Kind::And : WhereNode::Kind::Or;
        for (int i = below(4); i > 0; --i)
            node.children.push_back(tree(depth - 1, onDocument));
        return node;
    }

private:
    int below(int n) { return int(m_random() % quint32(n)); }

    MetaValue value(int type)
    {
        static const std::vector<std::string> texts = {
            "", "a", "é", "日本", "\"\\\n", std::string("n\0l", 3), "🙂"};
        static const std::vector<qint64> ints = {0, -1, 5, std::numeric_limits<qint64>::max(),
                                                 std::numeric_limits<qint64>::min()};
        static const std::vector<double> floats = {
            0.0, -0.0, 5.0, 0.1, 1e300, 5e-324, 9007199254740993.0, 1.8446744073709552e19};
        switch (type) {
        case 0:
            return below(2) == 0;
        case 1:
            return ints[std::size_t(below(int(ints.size())))];
        case 2:
            return floats[std::size_t(below(int(floats.size())))];
        default:
            return texts[std::size_t(below(int(texts.size())))];
        }
    }

    WhereNode metadataLeaf()
    {
        static const std::vector<std::string> keys = {
            "k", "", "key with \"quotes\"", "日本", "a.b", "chroma:document", "#x"};
        WhereNode node;
        node.key = keys[std::size_t(below(int(keys.size())))];
        node.op = WhereOperator(below(10));
        const bool order = node.op >= WhereOperator::Gt && node.op <= WhereOperator::Lte;
        const int type = order ? 1 + below(2) : below(4);
        const bool list = node.op == WhereOperator::In || node.op == WhereOperator::Nin;
        for (int i = list ? 1 + below(3) : 1; i > 0; --i)
            node.values.push_back(value(type));
        node.shorthand = node.op == WhereOperator::Eq && below(2) == 0;
        return node;
    }

    WhereNode documentLeaf()
    {
        WhereNode node;
        node.onDocument = true;
        node.op = WhereOperator(int(WhereOperator::Contains) + below(4));
        const bool regex = node.op >= WhereOperator::Regex;
        node.values.push_back(regex ? MetaValue(std::string("a[^\"]+\\d")) : value(3));
        return node;
    }

    std::mt19937 m_random;
};

} // namespace

// 761 filters that Chroma 1.5.9 was asked over HTTP.
void TestWhere::whatChromaAcceptsIsAccepted()
{
    const auto answers = support::readAnswers(QStringLiteral("filters-1.5.9"));
    VERIFY_OK(answers);
    const auto& filters = answers->at("answers").back().at("collections").front().at("filters");
    int refused = 0;
    for (const auto& asked : filters) {
        Status ours;
        for (const char* part : {"where", "where_document"}) {
            if (!asked.contains(part) || asked.at(part).is_null())
                continue;
            const std::string json = asked.at(part).dump();
            auto tree = part == std::string("where") ? parseWhere(json) : parseWhereDocument(json);
            if (!tree) {
                ours = pass(tree);
                continue;
            }
            const std::string printed =
                part == std::string("where") ? whereJson(*tree) : whereDocumentJson(*tree);
            QVERIFY2(support::Json::parse(printed) == asked.at(part), printed.substr(0, 300).c_str());
        }
        QVERIFY2(ours.has_value() == asked.contains("ids"), asked.dump().substr(0, 300).c_str());
        if (!ours) {
            VERIFY_ERROR(ours, ErrorKind::Invalid);
            ++refused;
        }
    }
    QVERIFY(filters.size() > 700);
    QVERIFY(refused > 70);
}

void TestWhere::jsonComesBackAsItWas_data()
{
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char* json) { QTest::newRow(json) << QByteArray(json); };
    row(R"({"k":5})");
    row(R"({"k":5.0})");
    row(R"({"k":{"$eq":5}})");
    row(R"({"k":"5"})");
    row(R"({"k":true})");
    row(R"({"k":{"$in":[1,2,3]}})");
    row(R"({"k":{"$nin":["a","b"]}})");
    row(R"({"k":{"$contains":1.5}})");
    row(R"({"$and":[]})");
    row(R"({"$or":[{"k":1}]})");
    row(R"({"$or":[{"b":1},{"a":{"$ne":-1}},{"$and":[{"b":2},{"#document":{"$contains":"x"}}]}]})");
    row(R"({"#document":{"$not_regex":"^a\\d+$"}})");
    row(R"({"日本":"é\n\u0000"})");
    row(R"({"k":9223372036854775807})");
    row(R"({"k":{"$gt":-9223372036854775808}})");
    row(R"({"k":{"$lt":0.1}})");
    row(R"({"k":-0.0})");
    row(R"({"":1})");
}

void TestWhere::jsonComesBackAsItWas()
{
    QFETCH(QByteArray, json);
    const auto tree = parseWhere(json.toStdString());
    VERIFY_OK(tree);
    QCOMPARE(QByteArray::fromStdString(whereJson(*tree)), json);
}

void TestWhere::valuesKeepTheirType()
{
    const auto only = [](const char* json) { return parseWhere(json).value().values.front(); };
    QCOMPARE(typeOf(only(R"({"k":5})")), MetaType::Int);
    QCOMPARE(typeOf(only(R"({"k":5.0})")), MetaType::Float);
    QCOMPARE(typeOf(only(R"({"k":5e0})")), MetaType::Float);
    QCOMPARE(typeOf(only(R"({"k":-0})")), MetaType::Float); // as Chroma's JSON reader has it
    QCOMPARE(typeOf(only(R"({"k":18446744073709551616})")), MetaType::Float);
    QCOMPARE(typeOf(only(R"({"k":-9223372036854775809})")), MetaType::Float);
    QCOMPARE(typeOf(only(R"({"k":{"$eq":false}})")), MetaType::Bool);
    // The first number of a list decides for all.
    const auto list = parseWhere(R"({"k":{"$in":[5.0,6,18446744073709551615]}})");
    VERIFY_OK(list);
    const std::vector<MetaValue> floats{5.0, 6.0, 18446744073709551615.0};
    QVERIFY(list->values == floats);
}

void TestWhere::refusalsNameThePlace_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* json, const char* named) {
        QTest::newRow(json) << QByteArray(json) << QString::fromUtf8(named);
    };
    row("", "JSON");
    row("{", "character");
    row("null", "object");
    row("[]", "list");
    row("{}", "empty");
    row(R"({"a":1,"b":2})", "\"a\" and \"b\"");
    row(R"({"a":1,"a":2})", "\"a\" twice");
    row(R"({"a":{"$gt":1,"$gt":2}})", "\"$gt\" twice");
    row(R"({"a":{"$gt":1,"$lt":2}})", "\"a\" needs exactly one operator");
    row(R"({"a":{}})", "\"a\" needs exactly one operator");
    row(R"({"a":null})", "\"a\"");
    row(R"({"a":[1]})", "\"a\"");
    row(R"({"a":{"$foo":1}})", "\"$foo\"");
    row(R"({"a":{"$gt":"x"}})", "\"a\" with $gt");
    row(R"({"a":{"$gt":true}})", "\"a\" with $gt");
    row(R"({"a":{"$eq":[1]}})", "\"a\" with $eq");
    row(R"({"a":{"$in":1}})", "\"a\" with $in");
    row(R"({"a":{"$in":[]}})", "\"a\" with $in");
    row(R"({"a":{"$in":[1,2.5]}})", "$in");
    row(R"({"a":{"$in":[1,"x"]}})", "$in");
    row(R"({"a":{"$in":[null]}})", "\"a\" with $in");
    row(R"({"a":{"$in":[[1]]}})", "\"a\" with $in");
    row(R"({"a":9223372036854775808})", "\"a\"");
    row(R"({"a":{"$eq":9223372036854775808}})", "\"a\" with $eq");
    row(R"({"a":1e999})", "out of range");
    row(R"({"a":{"$regex":"x"}})", "$regex");
    row(R"({"$contains":"x"})", "\"$contains\" must stand inside");
    row(R"({"$not":[{"a":1}]})", "\"$not\"");
    row(R"({"$and":{"a":1}})", "$and");
    row(R"({"$and":[1]})", "a number");
    row(R"({"#document":"x"})", "#document");
    row(R"({"#document":{"$eq":"x"}})", "#document");
    row(R"({"#document":{"$contains":1}})", "#document");
    row(R"({"#document":{"$regex":"("}})", "not closed");
    row(R"x({"#document":{"$regex":"a(?=b)"}})x", "look-ahead");
    row("{\"a\":\"\xff\"}", "JSON");
    row(R"({"a":"\ud800"})", "JSON");
    row(R"({"a":01})", "JSON");
    row(R"({"a":1} x)", "JSON");
    row(R"({"a":NaN})", "JSON");
}

void TestWhere::refusalsNameThePlace()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, named);
    const auto tree = parseWhere(json.toStdString());
    VERIFY_ERROR(tree, ErrorKind::Invalid);
    QVERIFY2(tree.error().sentence.contains(named), qPrintable(tree.error().sentence));
}

void TestWhere::documentsHaveTheirOwnGrammar_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char* json, bool accepted) {
        QTest::newRow(json) << QByteArray(json) << accepted;
    };
    row(R"({"$contains":"x"})", true);
    row(R"({"$contains":""})", true);
    row(R"({"$not_contains":"x"})", true);
    row(R"({"$regex":"a|b"})", true);
    row(R"({"$and":[{"$contains":"x"},{"$or":[]}]})", true);
    row(R"({"$contains":1})", false);
    row(R"({"$eq":"x"})", false);
    row(R"({"contains":"x"})", false);
    row(R"({"k":"x"})", false);
    row(R"({"#document":{"$contains":"x"}})", false);
    row(R"({"$regex":"["})", false);
    row(R"({"$contains":"x","$regex":"y"})", false);
}

void TestWhere::documentsHaveTheirOwnGrammar()
{
    QFETCH(QByteArray, json);
    QFETCH(bool, accepted);
    const auto tree = parseWhereDocument(json.toStdString());
    if (!accepted) {
        VERIFY_ERROR(tree, ErrorKind::Invalid);
        return;
    }
    VERIFY_OK(tree);
    QCOMPARE(QByteArray::fromStdString(whereDocumentJson(*tree)), json);
}

void TestWhere::nestingEndsWhereChromaEndsIt()
{
    for (const int levels : {3, 125, 126})
        VERIFY_OK(parseWhere(nested(levels)));
    for (const int levels : {127, 128, 1001})
        VERIFY_ERROR(parseWhere(nested(levels)), ErrorKind::Invalid);
    VERIFY_ERROR(parseWhere(std::string(1000000, '[')), ErrorKind::Invalid);
    VERIFY_ERROR(parseWhere("{\"k\":\"" + std::string(kMaxWhereBytes, 'x') + "\"}"), ErrorKind::Invalid);
    WhereNode tree = leaf("k", WhereOperator::Eq, {qint64(5)});
    for (int i = 0; i < 100; ++i) {
        WhereNode parent;
        parent.kind = WhereNode::Kind::Or;
        parent.children.push_back(std::move(tree));
        tree = std::move(parent);
    }
    VERIFY_ERROR(checkWhere(tree), ErrorKind::Invalid);
}

void TestWhere::builtTreesAreChecked()
{
    VERIFY_OK(checkWhere(leaf("k", WhereOperator::Gt, {1.5})));
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::Gt, {std::string("x")})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::Eq, {})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::Eq, {std::monostate{}})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::Eq, {qint64(1), qint64(2)})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::Eq, {std::vector<qint64>{1}})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::In, {qint64(1), 2.5})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("$k", WhereOperator::Eq, {qint64(1)})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k\xff", WhereOperator::Eq, {qint64(1)})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::Eq, {std::string("\xff")})), ErrorKind::Invalid);
    VERIFY_ERROR(checkWhere(leaf("k", WhereOperator::Eq, {std::numeric_limits<double>::infinity()})),
                 ErrorKind::Invalid);
    VERIFY_ERROR(checkWhereDocument(leaf("k", WhereOperator::Eq, {qint64(1)})), ErrorKind::Invalid);
    WhereNode onDocument = leaf("", WhereOperator::Contains, {std::string("x")});
    onDocument.onDocument = true;
    VERIFY_OK(checkWhere(onDocument));
    VERIFY_OK(checkWhereDocument(onDocument));
    onDocument.op = WhereOperator::Eq;
    VERIFY_ERROR(checkWhere(onDocument), ErrorKind::Invalid);
}

void TestWhere::randomTreesSurviveTheRoundTrip()
{
    TreeMaker maker(20240611);
    for (int i = 0; i < 3000; ++i) {
        const bool onDocument = i % 3 == 0;
        const WhereNode tree = maker.tree(1 + i % 5, onDocument);
        VERIFY_OK(onDocument ? checkWhereDocument(tree) : checkWhere(tree));
        const std::string json = onDocument ? whereDocumentJson(tree) : whereJson(tree);
        const auto back = onDocument ? parseWhereDocument(json) : parseWhere(json);
        VERIFY_OK(back);
        QVERIFY2(*back == tree, json.c_str());
    }
}

QTEST_GUILESS_MAIN(TestWhere)
#include "tst_where.moc"
