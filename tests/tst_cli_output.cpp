#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_object.h"
#include "app/cli/spill.h"
#include "app/cli/text_table.h"
#include "support/verify.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace app;
using storage::ErrorKind;

class TestCliOutput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void streamsGatherAndFlush();
    void aFullDiskIsNoSpace();
    void aClosedPipeIsNoticed();
    void spillsComeBackWhole_data();
    void spillsComeBackWhole();
    void spillsLeaveNothingBehind();
    void tablesLineUp();
    void numbersAreGrouped_data();
    void numbersAreGrouped();
    void textIsShortenedByColumns_data();
    void textIsShortenedByColumns();
    void controlCharactersAreNotPassedOn_data();
    void controlCharactersAreNotPassedOn();
    void objectsKeepTheirOrder();
    void everyKindHasItsCode_data();
    void everyKindHasItsCode();
    void interruptsAreSeen();
};

void TestCliOutput::streamsGatherAndFlush()
{
    std::FILE* file = std::tmpfile();
    QVERIFY(file != nullptr);
    StreamOutput out(file, QStringLiteral("The test's file"));
    std::string expected;
    for (int i = 0; i < 20000; ++i) {
        const std::string line = "line " + std::to_string(i) + '\n';
        expected += line;
        VERIFY_OK(out.write(line));
    }
    VERIFY_OK(out.flush());
    std::rewind(file);
    std::string found(expected.size() + 1, '\0');
    found.resize(std::fread(found.data(), 1, found.size(), file));
    std::fclose(file);
    QVERIFY(found == expected);
}

void TestCliOutput::aFullDiskIsNoSpace()
{
    std::FILE* file = std::fopen("/dev/full", "w");
    QVERIFY(file != nullptr);
    StreamOutput out(file, QStringLiteral("The full device"));
    VERIFY_OK(out.write("x"));
    VERIFY_ERROR(out.flush(), ErrorKind::NoSpace);
    std::fclose(file);
}

void TestCliOutput::aClosedPipeIsNoticed()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::FILE* pipe = popen("true", "w");
    QVERIFY(pipe != nullptr);
    StreamOutput out(pipe, QStringLiteral("The pipe"));
    const std::string much(std::size_t(1) << 20, 'x'); // more than a pipe holds
    const auto written = out.write(much);
    VERIFY_ERROR(written, ErrorKind::Io);
    QVERIFY(out.readerGone());
    pclose(pipe);
}

void TestCliOutput::spillsComeBackWhole_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<bool>("usesFile");
    QTest::newRow("empty") << 0 << false;
    QTest::newRow("in memory") << 1000 << false;
    QTest::newRow("just beyond") << 1001 << true;
    QTest::newRow("much more") << 3000000 << true;
}

void TestCliOutput::spillsComeBackWhole()
{
    QFETCH(int, bytes);
    Spill spill(1000);
    std::string expected;
    for (int i = 0; static_cast<int>(expected.size()) < bytes; ++i) {
        const std::string part =
            std::to_string(i).substr(0, static_cast<std::size_t>(bytes) - expected.size());
        expected += part;
        VERIFY_OK(spill.append(part));
    }
    QTEST(spill.usesFile(), "usesFile");
    for (int round = 0; round < 2; ++round) {
        TextOutput out;
        VERIFY_OK(spill.copyTo(out));
        QVERIFY(out.text == expected);
    }
}

void TestCliOutput::spillsLeaveNothingBehind()
{
    QTemporaryDir folder;
    const QByteArray before = qgetenv("TMPDIR");
    qputenv("TMPDIR", folder.path().toUtf8());
    {
        Spill spill(10);
        VERIFY_OK(spill.append("more than ten bytes"));
        QVERIFY(spill.usesFile());
        QCOMPARE(spillFolder(), folder.path());
    }
    before.isEmpty() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList());
}

void TestCliOutput::tablesLineUp()
{
    TextTable table({{"NAME"}, {"COUNT", true}, {"LAST"}});
    table.add({"a", "1", "x"});
    table.add({"日本", "1,234", ""});
    QCOMPARE(QString::fromStdString(table.text()), QStringLiteral("NAME  COUNT  LAST\n"
                                                                  "a         1  x\n"
                                                                  "日本  1,234\n"));
}

void TestCliOutput::numbersAreGrouped_data()
{
    QTest::addColumn<qint64>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << qint64(0) << QStringLiteral("0");
    QTest::newRow("three digits") << qint64(999) << QStringLiteral("999");
    QTest::newRow("four") << qint64(1680) << QStringLiteral("1,680");
    QTest::newRow("seven") << qint64(1234567) << QStringLiteral("1,234,567");
    QTest::newRow("negative") << qint64(-123456) << QStringLiteral("-123,456");
}

void TestCliOutput::numbersAreGrouped()
{
    QFETCH(qint64, number);
    QTEST(QString::fromStdString(grouped(number)), "text");
}

void TestCliOutput::textIsShortenedByColumns_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("kept");
    QTest::newRow("fits") << QStringLiteral("abcde") << QStringLiteral("abcde");
    QTest::newRow("cut") << QStringLiteral("abcdef") << QStringLiteral("abcd…");
    QTest::newRow("wide") << QStringLiteral("日本語") << QStringLiteral("日本…");
    QTest::newRow("beyond 16 bits") << QStringLiteral("😀😀😀") << QStringLiteral("😀😀…");
    QTest::newRow("combining") << QStringLiteral("e\u0301e\u0301e\u0301e\u0301e\u0301")
                               << QStringLiteral("e\u0301e\u0301e\u0301e\u0301e\u0301");
}

void TestCliOutput::textIsShortenedByColumns()
{
    QFETCH(QString, text);
    QTEST(QString::fromStdString(shortened(text.toStdString(), 5)), "kept");
}

void TestCliOutput::controlCharactersAreNotPassedOn_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("safe");
    QTest::newRow("plain") << QByteArray("naïve 日本") << QByteArray("naïve 日本");
    QTest::newRow("escape") << QByteArray("\x1b[2J") << QByteArray("\xEF\xBF\xBD[2J");
    QTest::newRow("line break") << QByteArray("a\nb")
                                << QByteArray("a\xEF\xBF\xBD"
                                              "b");
    QTest::newRow("delete") << QByteArray("a\x7f") << QByteArray("a\xEF\xBF\xBD");
    QTest::newRow("C1") << QByteArray("\xc2\x9b"
                                      "2J")
                        << QByteArray("\xEF\xBF\xBD"
                                      "2J");
    QTest::newRow("no-break space stays") << QByteArray("a\xc2\xa0"
                                                        "b")
                                          << QByteArray("a\xc2\xa0"
                                                        "b");
}

void TestCliOutput::controlCharactersAreNotPassedOn()
{
    QFETCH(QByteArray, text);
    QTEST(QByteArray::fromStdString(harmless(text.toStdString())), "safe");
}

void TestCliOutput::objectsKeepTheirOrder()
{
    const std::string json = JsonObject()
                                 .add("b", "text")
                                 .add("a", qint64(1))
                                 .add("f", 1.5)
                                 .addOrNull("n", std::optional<qint64>())
                                 .addOrNull("e", std::string_view())
                                 .addRaw("r", "[]")
                                 .text();
    QCOMPARE(json, std::string(R"({"b":"text","a":1,"f":1.5,"n":null,"e":null,"r":[]})"));
    QCOMPARE(JsonObject().text(), std::string("{}"));
    QCOMPARE(jsonArray(std::vector<int>{1, 2}, [](int i) { return std::to_string(i); }),
             std::string("[1,2]"));
}

void TestCliOutput::everyKindHasItsCode_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    QTest::newRow("not found") << int(ErrorKind::NotFound) << 3;
    QTest::newRow("not Chroma") << int(ErrorKind::NotChroma) << 3;
    QTest::newRow("unsupported") << int(ErrorKind::Unsupported) << 1;
    QTest::newRow("busy") << int(ErrorKind::Busy) << 4;
    QTest::newRow("changed") << int(ErrorKind::Changed) << 4;
    QTest::newRow("corrupt") << int(ErrorKind::Corrupt) << 5;
    QTest::newRow("invalid") << int(ErrorKind::Invalid) << 2;
    QTest::newRow("io") << int(ErrorKind::Io) << 1;
    QTest::newRow("no space") << int(ErrorKind::NoSpace) << 6;
    QTest::newRow("cancelled") << int(ErrorKind::Cancelled) << 130;
}

void TestCliOutput::everyKindHasItsCode()
{
    QFETCH(int, kind);
    QTEST(exitCode(ErrorKind(kind)), "code");
}

void TestCliOutput::interruptsAreSeen()
{
    InterruptGuard guard;
    TextOutput terminal;
    TerminalProgress progress(&terminal);
    QVERIFY(!progress.cancelled());
    std::raise(SIGINT);
    QVERIFY(progress.cancelled());
    QCOMPARE(InterruptGuard::signalSeen(), SIGINT);
    progress.report(1, 2, QStringLiteral("Records"));
    QVERIFY(terminal.text.empty()); // within the first half second nothing is shown
}

QTEST_APPLESS_MAIN(TestCliOutput)
#include "tst_cli_output.moc"
