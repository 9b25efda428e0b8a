// The condition builder: lossless with Chroma's JSON, editable, and honest about what is not valid yet.
#include "model/condition_model.h"
#include "support/verify.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using model::ConditionModel;
using Part = ConditionModel::Part;
using ValueType = ConditionModel::ValueType;
using storage::WhereOperator;

class TestConditionModel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void jsonIsKept_data();
    void jsonIsKept();
    void badJsonLeavesTheTree();
    void buildsAGroupAroundASecondCondition();
    void conditionsGoWithTheirLastGroup();
    void valuesFollowTheType_data();
    void valuesFollowTheType();
    void errorsStandBesideTheField();
    void blankConditionsAreLeftOut();
    void listsAreTyped();
    void operatorsFitTheField();
    void keyChoosesTheType();
    void groupsTurn();
};

static QString compact(const QString& json, Part part)
{
    const auto node = part == Part::Metadata ? storage::parseWhere(json.toStdString())
                                             : storage::parseWhereDocument(json.toStdString());
    if (!node)
        return QStringLiteral("refused: ") + node.error().sentence;
    return QString::fromStdString(part == Part::Metadata ? storage::whereJson(*node)
                                                         : storage::whereDocumentJson(*node));
}

static std::vector<storage::CollectionReader::KeyInfo> someKeys()
{
    const auto info = [](const char* key, storage::MetaType type) {
        storage::CollectionReader::KeyInfo each;
        each.key = key;
        each.records = 10;
        each.types = 1u << unsigned(type);
        return each;
    };
    return {info("color", storage::MetaType::String), info("open", storage::MetaType::Bool),
            info("score", storage::MetaType::Float), info("year", storage::MetaType::Int)};
}

void TestConditionModel::jsonIsKept_data()
{
    QTest::addColumn<int>("part");
    QTest::addColumn<QString>("json");
    const auto metadata = [](const char* name, const char* json) {
        QTest::newRow(name) << int(Part::Metadata) << QString::fromUtf8(json);
    };
    const auto document = [](const char* name, const char* json) {
        QTest::newRow(name) << int(Part::Document) << QString::fromUtf8(json);
    };
    metadata("shorthand", R"({"color": "red"})");
    metadata("equal", R"({"color": {"$eq": "red"}})");
    metadata("whole float", R"({"score": {"$gt": 5.0}})");
    metadata("int64", R"({"year": 9223372036854775807})");
    metadata("empty text", R"({"color": ""})");
    metadata("bool", R"({"open": {"$ne": false}})");
    metadata("list", R"({"color": {"$in": ["a, b", "c\"d", "", "日本"]}})");
    metadata("numbers", R"({"year": {"$nin": [1, 2, -3]}})");
    metadata("floats", R"({"score": {"$in": [0.1, 1.0]}})");
    metadata("array", R"({"tags": {"$contains": "x"}})");
    metadata("document in where", R"({"#document": {"$contains": "x"}})");
    metadata("nested",
             R"({"$and": [{"a": 1}, {"$or": [{"b": {"$lt": 2.5}}, {"c": true}]}, {"$and": [{"d": "e"}]}]})");
    metadata("empty and", R"({"$and": []})");
    document("contains", R"({"$contains": "red"})");
    document("pattern", R"({"$regex": "a|b\\d"})");
    document("or", R"({"$or": [{"$contains": "a"}, {"$not_contains": "b"}]})");
}

void TestConditionModel::jsonIsKept()
{
    QFETCH(int, part);
    QFETCH(QString, json);
    ConditionModel conditions;
    const QAbstractItemModelTester tester(&conditions);
    const QSignalSpy changed(&conditions, &ConditionModel::conditionsChanged);
    VERIFY_OK(conditions.setJson(Part(part), json));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(conditions.json(Part(part)), compact(json, Part(part)));
    const auto built = Part(part) == Part::Metadata ? conditions.where() : conditions.whereDocument();
    VERIFY_OK(built);
    QVERIFY(built->has_value());

    ConditionModel again;
    again.setConditions(Part(part) == Part::Metadata ? *built : std::nullopt,
                        Part(part) == Part::Document ? *built : std::nullopt);
    QCOMPARE(again.json(Part(part)), conditions.json(Part(part)));
    QVERIFY(!again.isEmpty());
    again.clear();
    QVERIFY(again.isEmpty());
    QCOMPARE(again.json(Part(part)), QString());
}

void TestConditionModel::badJsonLeavesTheTree()
{
    ConditionModel conditions;
    VERIFY_OK(conditions.setJson(Part::Metadata, QStringLiteral(R"({"a": 1})")));
    VERIFY_ERROR(conditions.setJson(Part::Metadata, QStringLiteral(R"({"a": 1)")),
                 storage::ErrorKind::Invalid);
    VERIFY_ERROR(conditions.setJson(Part::Metadata, QStringLiteral(R"({"a": {"$gt": "x"}})")),
                 storage::ErrorKind::Invalid);
    QCOMPARE(conditions.json(Part::Metadata), compact(QStringLiteral(R"({"a": 1})"), Part::Metadata));
    VERIFY_OK(conditions.setJson(Part::Metadata, QStringLiteral("  ")));
    QVERIFY(conditions.isEmpty());
}

void TestConditionModel::buildsAGroupAroundASecondCondition()
{
    ConditionModel conditions;
    const QAbstractItemModelTester tester(&conditions);
    conditions.setKeys(someKeys());
    const QModelIndex metadata = conditions.part(Part::Metadata);
    const QModelIndex first = conditions.addCondition(metadata);
    QVERIFY(conditions.setData(first.siblingAtColumn(ConditionModel::ValueColumn), QStringLiteral("red")));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"color":{"$eq":"red"}})"));
    const QModelIndex second = conditions.addCondition(metadata);
    QVERIFY(conditions.setData(second.siblingAtColumn(ConditionModel::FieldColumn), QStringLiteral("year")));
    QVERIFY(
        conditions.setData(second.siblingAtColumn(ConditionModel::OperatorColumn), int(WhereOperator::Gte)));
    QVERIFY(conditions.setData(second.siblingAtColumn(ConditionModel::ValueColumn), QStringLiteral("2000")));
    QCOMPARE(conditions.json(Part::Metadata),
             QStringLiteral(R"({"$and":[{"color":{"$eq":"red"}},{"year":{"$gte":2000}}]})"));
    const QModelIndex group = conditions.index(0, 0, conditions.part(Part::Metadata));
    QCOMPARE(conditions.rowCount(group), 2);
    const QModelIndex inner = conditions.addGroup(group, true);
    const QModelIndex third = conditions.addCondition(inner);
    QVERIFY(conditions.setData(third.siblingAtColumn(ConditionModel::ValueColumn), QStringLiteral("blue")));
    QCOMPARE(
        conditions.json(Part::Metadata),
        QStringLiteral(
            R"({"$and":[{"color":{"$eq":"red"}},{"year":{"$gte":2000}},{"$or":[{"color":{"$eq":"blue"}}]}]})"));
    const QModelIndex document = conditions.addCondition(conditions.part(Part::Document));
    QVERIFY(
        conditions.setData(document.siblingAtColumn(ConditionModel::ValueColumn), QStringLiteral("text")));
    QCOMPARE(conditions.json(Part::Document), QStringLiteral(R"({"$contains":"text"})"));
}

void TestConditionModel::conditionsGoWithTheirLastGroup()
{
    ConditionModel conditions;
    const QAbstractItemModelTester tester(&conditions);
    VERIFY_OK(
        conditions.setJson(Part::Metadata, QStringLiteral(R"({"$and": [{"a": 1}, {"$or": [{"b": 2}]}]})")));
    const QModelIndex group = conditions.index(0, 0, conditions.part(Part::Metadata));
    const QModelIndex inner = conditions.index(1, 0, group);
    conditions.remove(conditions.index(0, 0, inner));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"$and":[{"a":1}]})"));
    conditions.remove(conditions.index(0, 0, conditions.index(0, 0, conditions.part(Part::Metadata))));
    QVERIFY(conditions.isEmpty());
    conditions.remove(conditions.part(Part::Metadata));
    QCOMPARE(conditions.rowCount(), 2);
}

void TestConditionModel::valuesFollowTheType_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("json"); // empty: refused
    QTest::newRow("text") << int(ValueType::Text) << QStringLiteral("5") << QStringLiteral("\"5\"");
    QTest::newRow("blanks") << int(ValueType::Text) << QStringLiteral(" a ") << QStringLiteral("\" a \"");
    QTest::newRow("int") << int(ValueType::Integer) << QStringLiteral(" 5 ") << QStringLiteral("5");
    QTest::newRow("float as int") << int(ValueType::Integer) << QStringLiteral("5.5") << QString();
    QTest::newRow("float") << int(ValueType::Float) << QStringLiteral("5") << QStringLiteral("5.0");
    QTest::newRow("word as float") << int(ValueType::Float) << QStringLiteral("x") << QString();
    QTest::newRow("bool") << int(ValueType::Bool) << QStringLiteral("true") << QStringLiteral("true");
    QTest::newRow("no bool") << int(ValueType::Bool) << QStringLiteral("1") << QString();
}

void TestConditionModel::valuesFollowTheType()
{
    QFETCH(int, type);
    QFETCH(QString, typed);
    QFETCH(QString, json);
    ConditionModel conditions;
    const QModelIndex condition = conditions.addCondition(conditions.part(Part::Metadata));
    QVERIFY(conditions.setData(condition, QStringLiteral("k")));
    QVERIFY(conditions.setData(condition, type, ConditionModel::ValueTypeRole));
    QVERIFY(conditions.setData(condition.siblingAtColumn(ConditionModel::ValueColumn), typed));
    if (json.isEmpty()) {
        VERIFY_ERROR(conditions.where(), storage::ErrorKind::Invalid);
        return;
    }
    VERIFY_OK(conditions.where());
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"k":{"$eq":%1}})").arg(json));
}

void TestConditionModel::errorsStandBesideTheField()
{
    ConditionModel conditions;
    conditions.setKeys(someKeys());
    const QModelIndex condition = conditions.addCondition(conditions.part(Part::Metadata));
    // No value yet: the line says so, but it is no error of the filter.
    QVERIFY(!condition.data(ConditionModel::ErrorRole).toString().isEmpty());
    VERIFY_OK(conditions.where());
    QVERIFY(conditions.isEmpty());
    QCOMPARE(conditions.json(Part::Metadata), QString());
    QVERIFY(
        conditions.setData(condition.siblingAtColumn(ConditionModel::ValueColumn), QStringLiteral("red")));
    QCOMPARE(condition.data(ConditionModel::ErrorRole).toString(), QString());
    QVERIFY(conditions.setData(condition.siblingAtColumn(ConditionModel::OperatorColumn),
                               int(WhereOperator::Gt)));
    QVERIFY2(condition.data(ConditionModel::ErrorRole).toString().endsWith(QLatin1Char('.')),
             "Chroma compares no texts by size");
    QVERIFY(conditions.setData(condition, QString()));
    QVERIFY(!condition.data(ConditionModel::ErrorRole).toString().isEmpty());
    VERIFY_ERROR(conditions.where(), storage::ErrorKind::Invalid);
}

void TestConditionModel::blankConditionsAreLeftOut()
{
    ConditionModel conditions;
    conditions.setKeys(someKeys());
    VERIFY_OK(conditions.setJson(Part::Metadata, QStringLiteral(R"({"$and": [{"a": 1}, {"b": 2}]})")));
    const QModelIndex group = conditions.index(0, 0, conditions.part(Part::Metadata));
    conditions.addCondition(group);
    conditions.addCondition(conditions.addGroup(group, true));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"$and":[{"a":1},{"b":2}]})"));
    VERIFY_OK(conditions.where());
    QCOMPARE((*conditions.where())->children.size(), std::size_t(2));
}

void TestConditionModel::listsAreTyped()
{
    ConditionModel conditions;
    conditions.setKeys(someKeys());
    const QModelIndex condition = conditions.addCondition(conditions.part(Part::Metadata));
    const QModelIndex value = condition.siblingAtColumn(ConditionModel::ValueColumn);
    const QModelIndex op = condition.siblingAtColumn(ConditionModel::OperatorColumn);
    QVERIFY(conditions.setData(value, QStringLiteral("red")));
    QVERIFY(conditions.setData(op, int(WhereOperator::In)));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"color":{"$in":["red"]}})"));
    QVERIFY(conditions.setData(value, QStringLiteral("red, dark blue")));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"color":{"$in":["red","dark blue"]}})"));
    QVERIFY(conditions.setData(value, QStringLiteral(R"("a, b", "c")")));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"color":{"$in":["a, b","c"]}})"));
    QVERIFY(conditions.setData(op, int(WhereOperator::Eq)));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"color":{"$eq":"a, b"}})"));
    QVERIFY(conditions.setData(condition, QStringLiteral("year")));
    QVERIFY(conditions.setData(op, int(WhereOperator::Nin)));
    QVERIFY(conditions.setData(value, QStringLiteral("1, two")));
    VERIFY_ERROR(conditions.where(), storage::ErrorKind::Invalid);
    QVERIFY(conditions.setData(value, QStringLiteral("1, 2")));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"year":{"$nin":[1,2]}})"));
}

void TestConditionModel::operatorsFitTheField()
{
    ConditionModel conditions;
    const QModelIndex metadata = conditions.addCondition(conditions.part(Part::Metadata));
    const QModelIndex document = conditions.addCondition(conditions.part(Part::Document));
    const auto offers = [](const QModelIndex& index, WhereOperator op) {
        return index.data(ConditionModel::OperatorsRole).toList().contains(int(op));
    };
    QVERIFY(offers(metadata, WhereOperator::Gte));
    QVERIFY(!offers(metadata, WhereOperator::Regex));
    QVERIFY(offers(document, WhereOperator::Regex));
    QVERIFY(!offers(document, WhereOperator::Eq));
    QVERIFY(conditions.setData(metadata, QStringLiteral("#document")));
    QVERIFY(offers(metadata, WhereOperator::Contains));
    QVERIFY(!offers(metadata, WhereOperator::Gte));
    QVERIFY(!conditions.setData(metadata.siblingAtColumn(ConditionModel::OperatorColumn), 99));
}

void TestConditionModel::keyChoosesTheType()
{
    ConditionModel conditions;
    conditions.setKeys(someKeys());
    const QModelIndex condition = conditions.addCondition(conditions.part(Part::Metadata));
    const QList<std::pair<QString, ValueType>> expected{{QStringLiteral("color"), ValueType::Text},
                                                        {QStringLiteral("open"), ValueType::Bool},
                                                        {QStringLiteral("score"), ValueType::Float},
                                                        {QStringLiteral("year"), ValueType::Integer}};
    for (const auto& [key, type] : expected) {
        QVERIFY(conditions.setData(condition, key));
        QCOMPARE(condition.data(ConditionModel::ValueTypeRole).toInt(), int(type));
    }
}

void TestConditionModel::groupsTurn()
{
    ConditionModel conditions;
    VERIFY_OK(conditions.setJson(Part::Metadata, QStringLiteral(R"({"$and": [{"a": 1}, {"b": 2}]})")));
    const QModelIndex group = conditions.index(0, 0, conditions.part(Part::Metadata));
    QCOMPARE(group.data(ConditionModel::AnyRole).toBool(), false);
    QVERIFY(conditions.setData(group, true, ConditionModel::AnyRole));
    QCOMPARE(conditions.json(Part::Metadata), QStringLiteral(R"({"$or":[{"a":1},{"b":2}]})"));
    QVERIFY(!conditions.setData(conditions.index(0, 0, group), true, ConditionModel::AnyRole));
}

QTEST_GUILESS_MAIN(TestConditionModel)
#include "tst_condition_model.moc"
