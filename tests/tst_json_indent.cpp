// JSON laid out without losing a digit.
#include "ui/json_indent.h"

#include <QTest>

class TestJsonIndent : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void laysOut_data();
    void laysOut();
    void refuses_data();
    void refuses();
};

void TestJsonIndent::laysOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* name, const char* text, const char* shown) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(shown);
    };
    row("object", R"({"a":1,"b":[true,null]})", "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}");
    row("empty", " { } ", "{}");
    row("empty array inside", "[[],{}]", "[\n  [],\n  {}\n]");
    row("every digit stays", "[9223372036854775807,0.1000000000000000055,1e400]",
        "[\n  9223372036854775807,\n  0.1000000000000000055,\n  1e400\n]");
    row("escapes stay", R"(["a\"b\\",{"k}":"[,]"}])",
        "[\n  \"a\\\"b\\\\\",\n  {\n    \"k}\": \"[,]\"\n  }\n]");
    row("laid out already", "[\n 1 ,\n 2\n]", "[\n  1,\n  2\n]");
}

void TestJsonIndent::laysOut()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    const auto laidOut = ui::indentJson(text);
    QVERIFY(laidOut.has_value());
    QCOMPARE(*laidOut, shown);
    QCOMPARE(ui::indentJson(*laidOut), laidOut); // again changes nothing
}

void TestJsonIndent::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "  ", "plain words", "\"text\"", "12", "{", "[1,2", "[1 2]", "{\"a\" 1}", "{1:2}", "[1]x",
          "[1}", "]", "{\"a\":}", "[,]", "[1,]", "[\"open]", "{\"a\":1,}", "[\"\\"})
        QTest::newRow(text) << QString::fromUtf8(text);
    QTest::newRow("too deep") << QString(600, QLatin1Char('[')) + QString(600, QLatin1Char(']'));
}

void TestJsonIndent::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!ui::indentJson(text).has_value());
}

QTEST_APPLESS_MAIN(TestJsonIndent)
#include "tst_json_indent.moc"
