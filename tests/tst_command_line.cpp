#include "app/cli/command_help.h"
#include "app/cli/command_line.h"
#include "app/cli/near_names.h"
#include "support/verify.h"

#include <QTest>

using namespace app;
using storage::ErrorKind;

namespace {

const CommandSpec& sample()
{
    static const CommandSpec spec{
        .name = "sample",
        .summary = "Show what can be given",
        .positionals = {{"DIR", "the directory"}, {"NAME", "the name"}},
        .options = {{.name = "json", .help = "Print JSON."},
                    {.name = "ids", .value = "ID", .help = "An id.", .repeats = true},
                    {.name = "limit", .value = "N", .help = "At most N.", .letter = 'n'}},
        .notes = "A note.\n"};
    return spec;
}

QStringList words(const QString& line)
{
    return line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void formsOfOptions_data();
    void formsOfOptions();
    void misuseIsSaid_data();
    void misuseIsSaid();
    void repeatedValuesKeepTheirOrder();
    void numbersAreChecked_data();
    void numbersAreChecked();
    void helpNeedsNothingElse();
    void helpNamesEverything();
    void linesAreWrapped();
    void nearNames_data();
    void nearNames();
};

void TestCommandLine::formsOfOptions_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<QString>("limit");
    QTest::addColumn<bool>("json");
    QTest::addColumn<QString>("name");
    const auto row = [](const char* tag, const char* line, const char* limit, bool json, const char* name) {
        QTest::newRow(tag) << words(QString::fromUtf8(line)) << QString::fromUtf8(limit) << json
                           << QString::fromUtf8(name);
    };
    row("none", "d n", "", false, "n");
    row("long, apart", "d n --limit 5", "5", false, "n");
    row("long, attached", "d n --limit=5", "5", false, "n");
    row("short, apart", "d n -n 5", "5", false, "n");
    row("short, attached", "d n -n5", "5", false, "n");
    row("before the positionals", "--json --limit 5 d n", "5", true, "n");
    row("between them", "d --json n", "", true, "n");
    row("a value that looks like an option", "d n --limit --json", "--json", false, "n");
    row("two dashes end the options", "d -- --json", "", false, "--json");
    row("one dash is a name", "d -", "", false, "-");
    row("an equals sign in the value", "d n --limit=a=b", "a=b", false, "n");
}

void TestCommandLine::formsOfOptions()
{
    QFETCH(QStringList, given);
    const auto arguments = parseArguments(sample(), given);
    VERIFY_OK(arguments);
    QTEST(arguments->text("limit"), "limit");
    QTEST(arguments->has("json"), "json");
    QTEST(arguments->positional(1), "name");
    QCOMPARE(arguments->positional(0), QStringLiteral("d"));
}

void TestCommandLine::misuseIsSaid_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* tag, const char* line, const char* said) {
        QTest::newRow(tag) << words(QString::fromUtf8(line)) << QString::fromUtf8(said);
    };
    row("unknown option", "d n --lmit 5", "The command sample has no option --lmit. Did you mean --limit?");
    row("far from any option", "d n --zzzzzz", "The command sample has no option --zzzzzz.");
    row("unknown letter", "d n -q", "The command sample has no option -q.");
    row("no value", "d n --limit", "The option --limit needs a value: --limit N.");
    row("value for a switch", "d n --json=1", "The option --json takes no value.");
    row("given twice", "d n --limit 1 --limit 2", "The option --limit was given twice.");
    row("one positional missing", "d", "The command sample needs NAME: the name.");
    row("all missing", "", "The command sample needs DIR: the directory.");
    row("one too many", "d n x", "“x” is one argument too many.");
}

void TestCommandLine::misuseIsSaid()
{
    QFETCH(QStringList, given);
    const auto arguments = parseArguments(sample(), given);
    QVERIFY(!arguments);
    QCOMPARE(int(arguments.error().kind), int(ErrorKind::Invalid));
    QTEST(arguments.error().sentence, "said");
}

void TestCommandLine::repeatedValuesKeepTheirOrder()
{
    const auto arguments = parseArguments(sample(), {QStringLiteral("--ids"), QStringLiteral("b"),
                                                     QStringLiteral("d"), QStringLiteral("--ids="),
                                                     QStringLiteral("n"), QStringLiteral("--ids=日本")});
    VERIFY_OK(arguments);
    QCOMPARE(arguments->all("ids"), (QStringList{QStringLiteral("b"), QString(), QStringLiteral("日本")}));
    QCOMPARE(arguments->utf8("ids"), std::string("日本"));
}

void TestCommandLine::numbersAreChecked_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<bool>("good");
    QTest::newRow("least") << QStringLiteral("0") << true;
    QTest::newRow("most") << QStringLiteral("100") << true;
    QTest::newRow("too small") << QStringLiteral("-1") << false;
    QTest::newRow("too large") << QStringLiteral("101") << false;
    QTest::newRow("beyond 64 bits") << QStringLiteral("99999999999999999999") << false;
    QTest::newRow("a fraction") << QStringLiteral("1.5") << false;
    QTest::newRow("a word") << QStringLiteral("ten") << false;
    QTest::newRow("empty") << QString() << false;
}

void TestCommandLine::numbersAreChecked()
{
    QFETCH(QString, given);
    QFETCH(bool, good);
    const auto arguments = parseArguments(
        sample(), {QStringLiteral("d"), QStringLiteral("n"), QStringLiteral("--limit"), given});
    VERIFY_OK(arguments);
    const auto number = arguments->number("limit", 7, 0, 100);
    QCOMPARE(number.has_value(), good);
    if (good)
        QCOMPARE(*number, given.toLongLong());
    else
        QVERIFY(number.error().sentence.contains(QStringLiteral("--limit")));
}

void TestCommandLine::helpNeedsNothingElse()
{
    for (const QString& form : {QStringLiteral("--help"), QStringLiteral("-h")}) {
        const auto arguments = parseArguments(sample(), {form});
        VERIFY_OK(arguments);
        QVERIFY(arguments->wantsHelp());
    }
}

void TestCommandLine::helpNamesEverything()
{
    const QString help = helpText(sample());
    for (const char* part : {"Show what can be given.", "chromakeep sample DIR NAME", "--json", "--ids ID",
                             "-n, --limit N", "-h, --help", "At most N.", "A note.", "[--ids ID]..."})
        QVERIFY2(help.contains(QString::fromUtf8(part)), part);
    for (const QString& line : help.split(QLatin1Char('\n')))
        QVERIFY2(line.size() <= 80, qPrintable(line));
}

void TestCommandLine::linesAreWrapped()
{
    QCOMPARE(wrapped(QStringLiteral("aaa bbb ccc ddd"), 2, 9), QStringLiteral("aaa bbb\n  ccc ddd"));
    QCOMPARE(wrapped(QStringLiteral("aaaa [b c] d"), 2, 9), QStringLiteral("aaaa\n  [b c] d"));
    QCOMPARE(wrapped(QString(), 2, 9), QString());
}

void TestCommandLine::nearNames_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("a letter missing")
        << QStringLiteral("casestar_document") << QStringList{QStringLiteral("casestar_documents")};
    QTest::newRow("letters swapped") << QStringLiteral("lgeal") << QStringList{QStringLiteral("legal")};
    QTest::newRow("case") << QStringLiteral("LEGAL") << QStringList{QStringLiteral("legal")};
    QTest::newRow("a part") << QStringLiteral("documents")
                            << QStringList{QStringLiteral("casestar_documents")};
    QTest::newRow("nothing like it") << QStringLiteral("zzzzzzzz") << QStringList{};
}

void TestCommandLine::nearNames()
{
    QFETCH(QString, word);
    QTEST(nearest(word, {QStringLiteral("casestar_documents"), QStringLiteral("legal"), QStringLiteral("a")}),
          "found");
}

QTEST_APPLESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
