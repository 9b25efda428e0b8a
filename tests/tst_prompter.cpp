// The questions of the real prompter: answers come by call, and turning down answers nothing.
#include "support/gui.h"
#include "ui/prompter.h"

#include <QApplication>
#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTemporaryDir>

class TestPrompter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void confirmSaysItsVerb();
    void confirmTurnedDown();
    void harmfulIsNeverTheDefault();
    void typingOpensTheWay();
    void choosesAFolder();
    void proposesAName();
    void showsAnError();

private:
    template <class Dialog> [[nodiscard]] Dialog* open() { return m_window->findChild<Dialog*>(); }
    [[nodiscard]] static QPushButton* buttonOf(const QWidget& dialog, const QString& text)
    {
        for (auto* button : dialog.findChildren<QPushButton*>())
            if (button->text().remove(QLatin1Char('&')) == text)
                return button;
        return nullptr;
    }
    std::unique_ptr<QWidget> m_window;
    ui::QtPrompter m_prompter;
};

void TestPrompter::init()
{
    support::failOnWarnings();
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    m_window = std::make_unique<QWidget>();
    m_window->show();
    m_prompter.setWindow(m_window.get());
}

void TestPrompter::cleanup()
{
    m_window.reset();
}

void TestPrompter::confirmSaysItsVerb()
{
    int yes = 0;
    m_prompter.confirm({QStringLiteral("Delete 12 records?"), QStringLiteral("They are gone then."),
                        QStringLiteral("Delete 12 Records"), false},
                       [&] { ++yes; });
    auto* box = open<QMessageBox>();
    QVERIFY(box && box->isVisible());
    QCOMPARE(box->text(), QStringLiteral("Delete 12 records?"));
    QCOMPARE(box->informativeText(), QStringLiteral("They are gone then."));
    auto* verb = buttonOf(*box, QStringLiteral("Delete 12 Records"));
    QVERIFY(verb && verb->isDefault());
    QTest::mouseClick(verb, Qt::LeftButton);
    QCOMPARE(yes, 1);
}

void TestPrompter::confirmTurnedDown()
{
    int yes = 0;
    m_prompter.confirm({QStringLiteral("Sure?"), {}, QStringLiteral("Do It"), false}, [&] { ++yes; });
    QTest::keyClick(open<QMessageBox>(), Qt::Key_Escape);
    QTRY_VERIFY(!open<QMessageBox>());
    QCOMPARE(yes, 0);
}

void TestPrompter::harmfulIsNeverTheDefault()
{
    m_prompter.confirm({QStringLiteral("Sure?"), {}, QStringLiteral("Delete"), true}, [] {});
    auto* box = open<QMessageBox>();
    QCOMPARE(box->icon(), QMessageBox::Warning);
    QVERIFY(!buttonOf(*box, QStringLiteral("Delete"))->isDefault());
}

void TestPrompter::typingOpensTheWay()
{
    int yes = 0;
    m_prompter.typeToConfirm({QStringLiteral("Delete collection"), QStringLiteral("It goes."),
                              QStringLiteral("Delete Collection"), true},
                             QStringLiteral("notes"), [&] { ++yes; });
    auto* dialog = open<QDialog>();
    auto* field = dialog->findChild<QLineEdit*>(QStringLiteral("typeToConfirm"));
    auto* verb = buttonOf(*dialog, QStringLiteral("Delete Collection"));
    QVERIFY(!verb->isEnabled());
    QTest::keyClicks(field, QStringLiteral("note"));
    QVERIFY(!verb->isEnabled());
    QTest::keyClicks(field, QStringLiteral("s"));
    QVERIFY(verb->isEnabled());
    QTest::mouseClick(verb, Qt::LeftButton);
    QCOMPARE(yes, 1);
}

void TestPrompter::choosesAFolder()
{
    QTemporaryDir folder;
    QString chosen;
    m_prompter.chooseFolder({QStringLiteral("Open"), folder.path(), {}, {}},
                            [&](const QString& path) { chosen = path; });
    auto* dialog = open<QFileDialog>();
    QVERIFY(dialog && dialog->fileMode() == QFileDialog::Directory);
    QTRY_COMPARE(dialog->directory().absolutePath(), folder.path());
    QMetaObject::invokeMethod(dialog, "accept");
    QTRY_COMPARE(chosen, folder.path());
}

void TestPrompter::proposesAName()
{
    QTemporaryDir folder;
    QString chosen;
    m_prompter.chooseSave({QStringLiteral("Save"), folder.path(), QStringLiteral("out.json"), {}},
                          [&](const QString& path) { chosen = path; });
    auto* dialog = open<QFileDialog>();
    QCOMPARE(dialog->acceptMode(), QFileDialog::AcceptSave);
    QMetaObject::invokeMethod(dialog, "accept");
    QTRY_COMPARE(chosen, folder.filePath(QStringLiteral("out.json")));
}

void TestPrompter::showsAnError()
{
    m_prompter.show({storage::ErrorKind::Io, QStringLiteral("The disk is gone."), QStringLiteral("EIO")});
    auto* box = open<QMessageBox>();
    QCOMPARE(box->text(), QStringLiteral("The disk is gone."));
    QCOMPARE(box->detailedText(), QStringLiteral("EIO"));
}

QTEST_MAIN(TestPrompter)
#include "tst_prompter.moc"
