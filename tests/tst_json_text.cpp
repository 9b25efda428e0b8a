#include "storage/base/json_text.h"

#include <QTest>

#include <limits>

using namespace storage;

class TestJsonText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersKeepEveryBit();
    void stringsAreEscaped_data();
    void stringsAreEscaped();
    void metadataKeepsTypes();
};

void TestJsonText::numbersKeepEveryBit()
{
    QCOMPARE(floatText(0.1f), std::string("0.1"));
    QCOMPARE(floatText(1.0f), std::string("1.0"));
    QCOMPARE(doubleText(0.1), std::string("0.1"));
    QCOMPARE(doubleText(1e300), std::string("1e+300"));
    std::string out;
    appendJson(out, std::numeric_limits<qint64>::min());
    QCOMPARE(out, std::string("-9223372036854775808"));
    out.clear();
    appendJson(out, std::numeric_limits<double>::quiet_NaN());
    QCOMPARE(out, std::string("null"));
}

void TestJsonText::stringsAreEscaped_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("plain") << QByteArray("abc") << QByteArray("\"abc\"");
    QTest::newRow("quotes") << QByteArray("a\"b\\c\n") << QByteArray(R"("a\"b\\c\n")");
    QTest::newRow("nul") << QByteArray("a\0b", 3) << QByteArray("\"a\\u0000b\"");
    QTest::newRow("cjk") << QByteArray("日本") << QByteArray("\"日本\"");
    QTest::newRow("broken") << QByteArray("a\xff"
                                          "b")
                            << QByteArray("\"a\xEF\xBF\xBD"
                                          "b\"");
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80")
                               << QByteArray("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

void TestJsonText::stringsAreEscaped()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, json);
    std::string out;
    appendJson(out, std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
    QCOMPARE(QByteArray::fromStdString(out), json);
}

void TestJsonText::metadataKeepsTypes()
{
    std::string out;
    appendJson(out, Metadata{{"b", true},
                             {"f", 1.0},
                             {"i", qint64(1)},
                             {"s", std::string("x")},
                             {"z", std::vector<qint64>{1, 2}}});
    QCOMPARE(out, std::string(R"({"b":true,"f":1.0,"i":1,"s":"x","z":[1,2]})"));
    out.clear();
    appendJson(out, Metadata{});
    QCOMPARE(out, std::string("null"));
}

QTEST_APPLESS_MAIN(TestJsonText)
#include "tst_json_text.moc"
