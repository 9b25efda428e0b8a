// Messages beside their cause.
#include "support/gui.h"
#include "ui/message_strip.h"

#include <QClipboard>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

using storage::ErrorKind;
using ui::Message;
using ui::MessageArea;
using ui::Tone;

class TestMessageStrip : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { support::failOnWarnings(); }
    void oneStripAKind();
    void actionRuns();
    void detailUnfoldsAndCopies();
    void closes();
    void errorsTellTheirGravity_data();
    void errorsTellTheirGravity();
};

void TestMessageStrip::oneStripAKind()
{
    MessageArea area;
    QVERIFY(area.isHidden());
    area.show({QStringLiteral("a"), Tone::Info, QStringLiteral("First."), {}, {}, true});
    area.show({QStringLiteral("b"), Tone::Info, QStringLiteral("Other."), {}, {}, true});
    area.show({QStringLiteral("a"), Tone::Warning, QStringLiteral("Second."), {}, {}, true});
    QVERIFY(!area.isHidden());
    QCOMPARE(area.strip(QStringLiteral("a"))->message().sentence, QStringLiteral("Second."));
    QVERIFY(area.strip(QStringLiteral("b")));
    area.dismiss(QStringLiteral("a"));
    QVERIFY(!area.strip(QStringLiteral("a")));
    area.clear();
    QVERIFY(area.isHidden());
}

void TestMessageStrip::actionRuns()
{
    MessageArea area;
    int runs = 0;
    // The action takes its own strip away, as Reload does.
    area.show({QStringLiteral("changed"),
               Tone::Warning,
               QStringLiteral("It changed."),
               {},
               {{QStringLiteral("Reload"),
                 [&] {
                     ++runs;
                     area.dismiss(QStringLiteral("changed"));
                 }}},
               true});
    area.resize(600, 60);
    area.QWidget::show();
    auto* button = area.strip(QStringLiteral("changed"))->findChild<QPushButton*>();
    QCOMPARE(button->text(), QStringLiteral("Reload"));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(runs, 1);
    QVERIFY(!area.strip(QStringLiteral("changed")));
}

void TestMessageStrip::detailUnfoldsAndCopies()
{
    MessageArea area;
    area.show({QStringLiteral("error"),
               Tone::Danger,
               QStringLiteral("It cannot be read."),
               QStringLiteral("SQLITE_CORRUPT (11)"),
               {},
               true});
    area.resize(600, 200);
    area.QWidget::show();
    auto* strip = area.strip(QStringLiteral("error"));
    auto* detail = strip->findChild<QPlainTextEdit*>();
    QVERIFY(!detail->isVisible());
    auto* more = strip->findChild<QToolButton*>(QStringLiteral("stripDetails"));
    QTest::mouseClick(more, Qt::LeftButton);
    QVERIFY(detail->isVisible());
    QCOMPARE(detail->toPlainText(), QStringLiteral("SQLITE_CORRUPT (11)"));
    auto* copy = detail->parentWidget()->findChild<QToolButton*>();
    QTest::mouseClick(copy, Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("It cannot be read.\nSQLITE_CORRUPT (11)"));
    QTest::mouseClick(more, Qt::LeftButton);
    QVERIFY(!detail->isVisible());
}

void TestMessageStrip::closes()
{
    MessageArea area;
    area.show({QStringLiteral("note"), Tone::Good, QStringLiteral("Done."), {}, {}, true});
    area.resize(400, 60);
    area.QWidget::show();
    const auto buttons = area.strip(QStringLiteral("note"))->findChildren<QToolButton*>();
    QVERIFY(!buttons.last()->accessibleName().isEmpty());
    QTest::mouseClick(buttons.last(), Qt::LeftButton);
    QVERIFY(!area.strip(QStringLiteral("note")));
    area.show({QStringLiteral("note"), Tone::Good, QStringLiteral("Done."), {}, {}, false});
    QVERIFY(area.strip(QStringLiteral("note"))->findChildren<QToolButton*>().isEmpty());
}

void TestMessageStrip::errorsTellTheirGravity_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("tone");
    QTest::newRow("busy") << int(ErrorKind::Busy) << int(Tone::Warning);
    QTest::newRow("changed") << int(ErrorKind::Changed) << int(Tone::Warning);
    QTest::newRow("corrupt") << int(ErrorKind::Corrupt) << int(Tone::Danger);
    QTest::newRow("io") << int(ErrorKind::Io) << int(Tone::Danger);
}

void TestMessageStrip::errorsTellTheirGravity()
{
    QFETCH(int, kind);
    QFETCH(int, tone);
    const storage::Error error{static_cast<ErrorKind>(kind), QStringLiteral("It is so."),
                               QStringLiteral("d")};
    QCOMPARE(int(ui::messageOf(error).tone), tone);
    QCOMPARE(ui::messageOf(error, QStringLiteral("Sorting")).sentence, QStringLiteral("Sorting: It is so."));
    QCOMPARE(ui::messageOf(error).detail, QStringLiteral("d"));
}

QTEST_MAIN(TestMessageStrip)
#include "tst_message_strip.moc"
