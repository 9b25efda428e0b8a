// The whole document: short, long, JSON, found in.
#include "support/gui.h"
#include "ui/document_view.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>

using ui::DocumentView;

class TestDocumentView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void showsAsItIs();
    void laysOutJson();
    void keepsTextThatOnlyLooksLikeJson();
    void longTextComesInParts();
    void findsAcrossParts();
    void notes();

private:
    [[nodiscard]] QPlainTextEdit& edit() { return *m_view->findChild<QPlainTextEdit*>(); }
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<DocumentView> m_view;
};

void TestDocumentView::init()
{
    support::failOnWarnings();
    m_theme = std::make_unique<ui::Theme>();
    m_view = std::make_unique<DocumentView>();
    m_view->resize(320, 300);
    m_view->show();
}

void TestDocumentView::showsAsItIs()
{
    const QString text = QStringLiteral("Zeile eins\n\nZeile drei mit Umlaut ä und 漢字 😀");
    m_view->setDocument(text);
    QCOMPARE(edit().toPlainText(), text);
    QVERIFY(edit().isReadOnly());
    QVERIFY(!m_view->jsonButton()->isEnabled());
    QCOMPARE(edit().lineWrapMode(), QPlainTextEdit::WidgetWidth);
    QTest::mouseClick(m_view->wrapButton(), Qt::LeftButton);
    QCOMPARE(edit().lineWrapMode(), QPlainTextEdit::NoWrap);
}

void TestDocumentView::laysOutJson()
{
    m_view->setDocument(QStringLiteral(R"({"n":9007199254740993})"));
    QVERIFY(m_view->jsonButton()->isEnabled());
    QCOMPARE(edit().toPlainText(), QStringLiteral(R"({"n":9007199254740993})"));
    QTest::mouseClick(m_view->jsonButton(), Qt::LeftButton);
    QCOMPARE(edit().toPlainText(), QStringLiteral("{\n  \"n\": 9007199254740993\n}"));
}

void TestDocumentView::keepsTextThatOnlyLooksLikeJson()
{
    m_view->setDocument(QStringLiteral("{not json"));
    QTest::mouseClick(m_view->jsonButton(), Qt::LeftButton);
    QCOMPARE(edit().toPlainText(), QStringLiteral("{not json"));
    QVERIFY(!m_view->jsonButton()->isEnabled());
}

void TestDocumentView::longTextComesInParts()
{
    const QString text = QString(10'000'000, QLatin1Char('x'));
    QElapsedTimer clock;
    clock.start();
    m_view->setDocument(text);
    QVERIFY2(clock.elapsed() < 500, "ten million characters must not be laid out at once");
    QCOMPARE(edit().toPlainText().size(), DocumentView::kPart);
    auto* parts = m_view->findChild<QWidget*>(QStringLiteral("documentParts"));
    QVERIFY(parts->isVisible());
    const auto buttons = parts->findChildren<QToolButton*>();
    QVERIFY(!buttons.front()->isEnabled());
    QTest::mouseClick(buttons.back(), Qt::LeftButton);
    QVERIFY(parts->findChild<QLabel*>()->text().contains(QStringLiteral("40,001")));
    m_view->setDocument(QStringLiteral("short"));
    QVERIFY(!parts->isVisible());
}

void TestDocumentView::findsAcrossParts()
{
    QString text = QString(DocumentView::kPart * 2, QLatin1Char('-'));
    text.replace(10, 6, QStringLiteral("Needle"));
    text.replace(DocumentView::kPart + 70, 6, QStringLiteral("nEEdle"));
    m_view->setDocument(text);
    m_view->openFind();
    auto* field = m_view->findChild<QLineEdit*>(QStringLiteral("documentFind"));
    QVERIFY(field->isVisible());
    QTest::keyClicks(field, QStringLiteral("needle"));
    QCOMPARE(edit().extraSelections().size(), 1);
    QCOMPARE(edit().extraSelections().front().cursor.selectedText(), QStringLiteral("Needle"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(edit().extraSelections().front().cursor.selectedText(), QStringLiteral("nEEdle"));
    QTest::keyClick(field, Qt::Key_Return); // round to the first
    QCOMPARE(edit().extraSelections().front().cursor.selectedText(), QStringLiteral("Needle"));
    QVERIFY(m_view->findNext(true)); // and back round
    QCOMPARE(edit().extraSelections().front().cursor.selectedText(), QStringLiteral("nEEdle"));
    QTest::keyClicks(field, QStringLiteral("s nowhere"));
    QVERIFY(edit().extraSelections().isEmpty());
}

void TestDocumentView::notes()
{
    m_view->setDocument(QStringLiteral("text"));
    m_view->setNote(QStringLiteral("This record has no document."));
    QCOMPARE(edit().toPlainText(), QString());
    QCOMPARE(edit().placeholderText(), QStringLiteral("This record has no document."));
    QVERIFY(!m_view->findButton()->isEnabled());
    m_view->setDocument(QString()); // an empty document is one all the same
    QVERIFY(m_view->findButton()->isEnabled());
    QVERIFY(!edit().placeholderText().contains(QStringLiteral("no document")));
}

QTEST_MAIN(TestDocumentView)
#include "tst_document_view.moc"
