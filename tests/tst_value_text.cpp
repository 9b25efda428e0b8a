// Values as a person reads them.
#include "model/value_text.h"

#include <QTest>

#include <cmath>
#include <limits>

using storage::MetaType;
using storage::MetaValue;

class TestValueText final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void values_data();
    void values();
    void lineIsOneLine();
    void lineNeverCutsACharacter();
    void longArraysAreCutInCellsOnly();
    void types();
    void previews_data();
    void previews();
    void stats();
    void statsLeaveOutWhatIsNoNumber();
};

void TestValueText::values_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("shown");
    QTest::newRow("null") << QStringLiteral("null") << QStringLiteral("null");
    QTest::newRow("true") << QStringLiteral("true") << QStringLiteral("true");
    QTest::newRow("int64") << QStringLiteral("int64") << QStringLiteral("9223372036854775807");
    QTest::newRow("lowest") << QStringLiteral("lowest") << QStringLiteral("-9223372036854775808");
    QTest::newRow("tenth") << QStringLiteral("tenth") << QStringLiteral("0.1");
    QTest::newRow("whole float") << QStringLiteral("one") << QStringLiteral("1.0");
    QTest::newRow("infinity") << QStringLiteral("infinity") << QStringLiteral("-inf");
    QTest::newRow("text") << QStringLiteral("text") << QStringLiteral("a \"b\"\nc");
    QTest::newRow("empty") << QStringLiteral("empty") << QString();
    QTest::newRow("bools") << QStringLiteral("bools") << QStringLiteral("[true, false]");
    QTest::newRow("ints") << QStringLiteral("ints") << QStringLiteral("[1, -2]");
    QTest::newRow("floats") << QStringLiteral("floats") << QStringLiteral("[1.0, 2.5]");
    QTest::newRow("texts") << QStringLiteral("texts") << QStringLiteral("[\"a, b\", \"\"]");
}

static MetaValue valueNamed(const QString& kind)
{
    using V = MetaValue;
    static const std::map<QString, MetaValue> kAll{
        {QStringLiteral("null"), V()},
        {QStringLiteral("true"), V(true)},
        {QStringLiteral("int64"), V(std::numeric_limits<qint64>::max())},
        {QStringLiteral("lowest"), V(std::numeric_limits<qint64>::min())},
        {QStringLiteral("tenth"), V(0.1)},
        {QStringLiteral("one"), V(1.0)},
        {QStringLiteral("infinity"), V(-std::numeric_limits<double>::infinity())},
        {QStringLiteral("text"), V(std::string("a \"b\"\nc"))},
        {QStringLiteral("empty"), V(std::string())},
        {QStringLiteral("bools"), V(std::vector<bool>{true, false})},
        {QStringLiteral("ints"), V(std::vector<qint64>{1, -2})},
        {QStringLiteral("floats"), V(std::vector<double>{1, 2.5})},
        {QStringLiteral("texts"), V(std::vector<std::string>{"a, b", ""})},
    };
    return kAll.at(kind);
}

void TestValueText::values()
{
    QFETCH(QString, kind);
    QFETCH(QString, shown);
    QCOMPARE(model::valueText(valueNamed(kind)), shown);
}

void TestValueText::lineIsOneLine()
{
    QCOMPARE(model::lineText("one\r\ntwo\tthree"), QStringLiteral("one  two three"));
    QCOMPARE(model::valueLine(MetaValue(std::string("x\ny"))), QStringLiteral("x y"));
    QCOMPARE(model::lineText("\xff\xfe!"), QStringLiteral("\uFFFD\uFFFD!"));
}

void TestValueText::lineNeverCutsACharacter()
{
    const QString smiles = QStringLiteral("\U0001F600").repeated(200);
    for (qsizetype limit = 1; limit < 60; ++limit) {
        const QString line = model::lineText(smiles.toStdString(), limit);
        QVERIFY(line.endsWith(QChar(0x2026)));
        QVERIFY(line.size() <= limit + 1);
        QVERIFY2(line.isValidUtf16(), qPrintable(QString::number(limit)));
    }
    const std::string megabytes(50 << 20, 'a');
    QCOMPARE(model::lineText(megabytes).size(), 301);
}

void TestValueText::longArraysAreCutInCellsOnly()
{
    const MetaValue many(std::vector<qint64>(5000, 7));
    const QString line = model::valueLine(many, 40);
    QVERIFY2(line.size() < 60, qPrintable(line));
    QVERIFY(line.endsWith(QStringLiteral("\u2026 5000]")));
    QCOMPARE(model::valueText(many).count(QLatin1Char('7')), 5000);
}

void TestValueText::types()
{
    using model::typeBit;
    QCOMPARE(model::typesText(typeBit(MetaType::Int) | typeBit(MetaType::String)),
             QStringLiteral("int \u00B7 string"));
    QVERIFY(model::isNumeric(typeBit(MetaType::Int) | typeBit(MetaType::Float)));
    QVERIFY(model::isNumeric(typeBit(MetaType::Float) | typeBit(MetaType::Null)));
    QVERIFY(!model::isNumeric(typeBit(MetaType::Null)));
    QVERIFY(!model::isNumeric(typeBit(MetaType::Int) | typeBit(MetaType::String)));
    QVERIFY(!model::isNumeric(typeBit(MetaType::IntArray)));
}

void TestValueText::previews_data()
{
    QTest::addColumn<QList<float>>("head");
    QTest::addColumn<int>("dimension");
    QTest::addColumn<QString>("shown");
    QTest::newRow("none") << QList<float>{} << 0 << QString();
    QTest::newRow("whole") << QList<float>{1, -0.5F} << 2 << QStringLiteral("[1, -0.5]");
    QTest::newRow("more") << QList<float>{0.0123456F, 1e-9F} << 384
                          << QStringLiteral("[0.0123, 1e-09, \u2026]");
}

void TestValueText::previews()
{
    QFETCH(QList<float>, head);
    QFETCH(int, dimension);
    QFETCH(QString, shown);
    QCOMPARE(model::vectorPreview({head.constData(), std::size_t(head.size())}, std::size_t(dimension)),
             shown);
}

void TestValueText::stats()
{
    const std::vector<float> vector{3, -4, 0, 0};
    const auto stats = model::vectorStats(vector);
    QCOMPARE(stats.dimension, std::size_t(4));
    QCOMPARE(stats.norm, 5.0);
    QCOMPARE(stats.minimum, -4.0);
    QCOMPARE(stats.maximum, 3.0);
    QCOMPARE(stats.mean, -0.25);
    QCOMPARE(stats.deviation, std::sqrt((3.25 * 3.25 + 3.75 * 3.75 + 2 * 0.25 * 0.25) / 4));
    QCOMPARE(stats.zeros, std::size_t(2));
    QCOMPARE(model::vectorStats({}).dimension, std::size_t(0));
}

void TestValueText::statsLeaveOutWhatIsNoNumber()
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float inf = std::numeric_limits<float>::infinity();
    const auto stats = model::vectorStats(std::vector<float>{nan, 2, inf, -inf, 2});
    QCOMPARE(stats.notFinite, std::size_t(3));
    QCOMPARE(stats.mean, 2.0);
    QCOMPARE(stats.deviation, 0.0);
    QCOMPARE(stats.minimum, 2.0);
    QCOMPARE(stats.maximum, 2.0);
}

QTEST_GUILESS_MAIN(TestValueText)
#include "tst_value_text.moc"
