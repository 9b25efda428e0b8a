// The palette: what fits what was typed, and the keys.
#include "support/gui.h"
#include "ui/command_palette.h"

#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

using ui::CommandPalette;
using ui::PaletteEntry;
using ui::PaletteModel;

class TestCommandPalette : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void fits_data();
    void fits();
    void bestFirst_data();
    void bestFirst();
    void keysChooseAndRun();
    void escapeGivesTheFocusBack();
    void clickBesideCloses();
    void thousandsAreQuick();

private:
    [[nodiscard]] std::vector<PaletteEntry> entries();
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<QWidget> m_window;
    QLineEdit* m_before = nullptr;
    CommandPalette* m_palette = nullptr;
    QStringList m_run;
};

void TestCommandPalette::init()
{
    support::failOnWarnings();
    m_theme = std::make_unique<ui::Theme>();
    m_window = std::make_unique<QWidget>();
    m_window->resize(900, 600);
    m_before = new QLineEdit(m_window.get());
    m_palette = new CommandPalette(m_window.get());
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_before->setFocus();
    m_run.clear();
}

void TestCommandPalette::cleanup()
{
    m_window.reset();
}

std::vector<PaletteEntry> TestCommandPalette::entries()
{
    std::vector<PaletteEntry> made;
    for (const char* title :
         {"Open", "Open from Compose File", "Reload", "Dark Theme", "casestar_documents"}) {
        const QString name = QString::fromLatin1(title);
        made.push_back({name, {}, {}, QStringLiteral("command"), [this, name] { m_run << name; }});
    }
    return made;
}

void TestCommandPalette::fits_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("fits");
    QTest::newRow("start") << "rel"
                           << "Reload" << true;
    QTest::newRow("middle") << "load"
                            << "Reload" << true;
    QTest::newRow("letters in order") << "ocf"
                                      << "Open from Compose File" << true;
    QTest::newRow("words in any order") << "file open"
                                        << "Open from Compose File" << true;
    QTest::newRow("case") << "DARK"
                          << "Dark Theme" << true;
    QTest::newRow("underscore") << "case doc"
                                << "casestar_documents" << true;
    QTest::newRow("wrong order") << "dl"
                                 << "Reload" << false;
    QTest::newRow("one word of two") << "dark reload"
                                     << "Dark Theme" << false;
}

void TestCommandPalette::fits()
{
    QFETCH(QString, typed);
    QFETCH(QString, text);
    QFETCH(bool, fits);
    QCOMPARE(ui::paletteScore(typed, text) >= 0, fits);
}

void TestCommandPalette::bestFirst_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("best");
    QTest::addColumn<int>("rows");
    QTest::newRow("nothing typed") << ""
                                   << "Open" << 5;
    QTest::newRow("shortest") << "open"
                              << "Open" << 2;
    QTest::newRow("initials") << "ocf"
                              << "Open from Compose File" << 1;
    QTest::newRow("collection") << "docu"
                                << "casestar_documents" << 1;
    QTest::newRow("none") << "zzz"
                          << "" << 0;
}

void TestCommandPalette::bestFirst()
{
    QFETCH(QString, typed);
    QFETCH(QString, best);
    QFETCH(int, rows);
    PaletteModel model;
    model.setEntries(entries());
    model.setTyped(typed);
    QCOMPARE(model.rowCount(), rows);
    QCOMPARE(model.index(0).data().toString(), best);
}

void TestCommandPalette::keysChooseAndRun()
{
    m_palette->open(entries(), QStringLiteral("Go"));
    auto* field = m_palette->findChild<QLineEdit*>();
    QVERIFY(field->hasFocus());
    QTest::keyClicks(field, QStringLiteral("open"));
    QTest::keyClick(field, Qt::Key_Down);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(m_run, QStringList{QStringLiteral("Open from Compose File")});
    QVERIFY(!m_palette->isVisible());
    m_palette->open(entries(), QStringLiteral("Go"));
    QCOMPARE(field->text(), QString());
    QTest::keyClick(field, Qt::Key_Up); // round to the last
    QTest::keyClick(field, Qt::Key_Enter);
    QCOMPARE(m_run.last(), QStringLiteral("casestar_documents"));
    m_palette->open(entries(), QStringLiteral("Go"));
    QTest::keyClicks(field, QStringLiteral("zzz"));
    QTest::keyClick(field, Qt::Key_Return); // nothing to run
    QCOMPARE(m_run.size(), 2);
    QVERIFY(m_palette->isVisible());
}

void TestCommandPalette::escapeGivesTheFocusBack()
{
    m_palette->open(entries(), QStringLiteral("Go"));
    QVERIFY(!m_before->hasFocus());
    QTest::keyClick(m_palette->findChild<QLineEdit*>(), Qt::Key_Escape);
    QVERIFY(!m_palette->isVisible());
    QVERIFY(m_before->hasFocus());
    QVERIFY(m_run.isEmpty());
}

void TestCommandPalette::clickBesideCloses()
{
    m_palette->open(entries(), QStringLiteral("Go"));
    auto* list = m_palette->findChild<QListView*>();
    QTest::mouseClick(m_window.get(), Qt::LeftButton, {}, QPoint(5, 500));
    QVERIFY(!m_palette->isVisible());
    m_palette->open(entries(), QStringLiteral("Go"));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      list->visualRect(list->model()->index(2, 0)).center());
    QCOMPARE(m_run, QStringList{QStringLiteral("Reload")});
}

void TestCommandPalette::thousandsAreQuick()
{
    std::vector<PaletteEntry> many;
    for (int i = 0; i < 3000; ++i)
        many.push_back({QStringLiteral("collection_%1").arg(i), {}, {}, {}, [] {}});
    PaletteModel model;
    model.setEntries(many);
    QCOMPARE(model.rowCount(), PaletteModel::kMost);
    model.setTyped(QStringLiteral("2718"));
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("collection_2718"));
}

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
