// The manual page, the completion and the guide know every command and option that the program knows.
#include "app/cli/command_help.h"
#include "app/cli/commands.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace app;

namespace {

QString fileText(const QString& path)
{
    QFile file(QStringLiteral(CHROMAKEEP_SOURCE_DIR "/") + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

// The page as plain words: dashes and tildes are escaped in it.
QString manual()
{
    QString page = fileText(QStringLiteral("installer/chromakeep.1.in"));
    page.replace(QStringLiteral("\\-"), QStringLiteral("-"));
    page.replace(QStringLiteral("\\~"), QStringLiteral(" "));
    return page;
}

// From ".SS info " to the next section.
QString sectionOf(const QString& page, const char* command)
{
    const qsizetype from =
        page.indexOf(QStringLiteral(".SS ") + QString::fromUtf8(command) + QLatin1Char(' '));
    static const QRegularExpression next(QStringLiteral("\n\\.S[SH] "));
    return from < 0 ? QString() : page.mid(from, page.indexOf(next, from + 4) - from);
}

void everyCommand()
{
    QTest::addColumn<QString>("name");
    for (const Command& command : commands())
        QTest::newRow(command.spec.name) << QString::fromUtf8(command.spec.name);
}

} // namespace

class TestCliManual : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theManualDescribesEveryOption_data() { everyCommand(); }
    void theManualDescribesEveryOption();
    void theManualInventsNoOption();
    void theManualIsSetWithoutAWarning();
    void theGuideNamesEveryCommand_data() { everyCommand(); }
    void theGuideNamesEveryCommand();
    void helpFitsTheTerminal_data() { everyCommand(); }
    void helpFitsTheTerminal();
    void completionOffersEverything_data();
    void completionOffersEverything();
};

void TestCliManual::theManualDescribesEveryOption()
{
    QFETCH(QString, name);
    const Command* command = findCommand(name);
    const QString page = manual();
    const QString section = sectionOf(page, command->spec.name);
    QVERIFY2(!section.isEmpty(), "no section of its own");
    for (const PositionalSpec& positional : command->spec.positionals)
        QVERIFY2(section.section(QLatin1Char('\n'), 0, 0).contains(QString::fromUtf8(positional.name)),
                 positional.name);
    for (const OptionSpec& option : command->spec.options) {
        QString form = QStringLiteral("--") + QString::fromUtf8(option.name);
        const QRegularExpression entry(
            QStringLiteral("\n\\.(?:BI?|BR|TQ)[^\n]*%1\\b[^\n]*%2")
                .arg(QRegularExpression::escape(form),
                     option.value == nullptr ? QString()
                                             : QRegularExpression::escape(QString::fromUtf8(option.value))));
        QVERIFY2(section.contains(entry), qPrintable(form));
    }
}

void TestCliManual::theManualInventsNoOption()
{
    QStringList known{QStringLiteral("--help"), QStringLiteral("--version"), QStringLiteral("--")};
    for (const Command& command : commands())
        for (const OptionSpec& option : command.spec.options)
            known << QStringLiteral("--") + QString::fromUtf8(option.name);
    static const QRegularExpression word(QStringLiteral("(?<![\\w-])--[a-z-]*"));
    auto found = word.globalMatch(manual());
    while (found.hasNext()) {
        const QString option = found.next().captured();
        QVERIFY2(known.contains(option) || option == QStringLiteral("--json"), qPrintable(option));
    }
}

void TestCliManual::theManualIsSetWithoutAWarning()
{
    QProcess groff;
    groff.start(QStringLiteral("groff"),
                {QStringLiteral("-man"), QStringLiteral("-Tutf8"), QStringLiteral("-ww"),
                 QStringLiteral("-K"), QStringLiteral("utf8"),
                 QStringLiteral(CHROMAKEEP_SOURCE_DIR "/installer/chromakeep.1.in")});
    QVERIFY2(groff.waitForFinished(), "groff is needed (package groff-base)");
    QCOMPARE(groff.readAllStandardError(), QByteArray());
    QCOMPARE(groff.exitCode(), 0);
    QVERIFY(groff.readAllStandardOutput().size() > 2000);
}

void TestCliManual::theGuideNamesEveryCommand()
{
    QFETCH(QString, name);
    const QString guide = fileText(QStringLiteral("docs/guide.md"));
    QVERIFY2(guide.contains(QStringLiteral("chromakeep %1 ").arg(name)), "no example in the guide");
}

void TestCliManual::helpFitsTheTerminal()
{
    QFETCH(QString, name);
    const CommandSpec& spec = findCommand(name)->spec;
    for (const QString& line : helpText(spec).split(QLatin1Char('\n')))
        QVERIFY2(line.size() <= 106, qPrintable(line));
}

void TestCliManual::completionOffersEverything_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("offered");
    const auto row = [](const char* line, const char* offered) {
        QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(offered);
    };
    for (const Command& command : commands()) {
        const QByteArray name(command.spec.name);
        row(("chromakeep " + name.left(3)).constData(), command.spec.name);
        for (const OptionSpec& option : command.spec.options)
            row(("chromakeep " + name + " x --" + option.name).constData(),
                (QByteArray("--") + option.name).constData());
    }
    row("chromakeep records x y --include do", "documents");
    row("chromakeep records x y --limit ", "");
}

void TestCliManual::completionOffersEverything()
{
    QFETCH(QString, line);
    QFETCH(QString, offered);
    const QString script = QStringLiteral(
        "PATH=%1:$PATH; source %2; COMP_LINE=$1; read -ra COMP_WORDS <<<\"$1\"; [[ $1 == *' ' ]] && "
        "COMP_WORDS+=('')\n"
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
        "_chromakeep chromakeep \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"\n"
        "printf '%s\\n' \"${COMPREPLY[@]}\"");
    QProcess bash;
    const QTemporaryDir empty;
    bash.setWorkingDirectory(empty.path());
    bash.start(QStringLiteral("bash"),
               {QStringLiteral("-c"),
                script.arg(QStringLiteral(CHROMAKEEP_BINARY_DIR "/bin"),
                           QStringLiteral(CHROMAKEEP_SOURCE_DIR "/installer/chromakeep.bash")),
                QStringLiteral("bash"), line});
    QVERIFY(bash.waitForFinished());
    const QStringList found = QString::fromUtf8(bash.readAllStandardOutput()).split(QLatin1Char('\n'));
    QVERIFY2(found.contains(offered),
             qPrintable(found.join(QLatin1Char(' ')) + QString::fromUtf8(bash.readAllStandardError())));
}

QTEST_GUILESS_MAIN(TestCliManual)
#include "tst_cli_manual.moc"
