#include "storage/filter/text_search.h"
#include "support/open_collection.h"
#include "support/verify.h"

#include <QTest>

#include <set>

using namespace storage;

class TestTextSearch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void typedTextIsSplit_data();
    void typedTextIsSplit();
    void bothPathsGiveTheSameAnswer_data();
    void bothPathsGiveTheSameAnswer();
    void shortAndCjkWordsAreFound();
    void spansCoverTheTerms_data();
    void spansCoverTheTerms();
};

void TestTextSearch::typedTextIsSplit_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("terms");
    QTest::newRow("words") << QStringLiteral(" one  two\tthree ")
                           << QStringList{QStringLiteral("one"), QStringLiteral("two"),
                                          QStringLiteral("three")};
    QTest::newRow("phrase") << QStringLiteral("a \"b  c\" d")
                            << QStringList{QStringLiteral("a"), QStringLiteral("b  c"), QStringLiteral("d")};
    QTest::newRow("open phrase") << QStringLiteral("a \"b c")
                                 << QStringList{QStringLiteral("a"), QStringLiteral("b c")};
    QTest::newRow("ideographic space")
        << QStringLiteral("日本\u3000語") << QStringList{QStringLiteral("日本"), QStringLiteral("語")};
    QTest::newRow("nothing") << QStringLiteral(" \"\" ") << QStringList();
    QTest::newRow("too long") << QString(1001, u'x') << QStringList();
}

void TestTextSearch::typedTextIsSplit()
{
    QFETCH(QString, typed);
    QFETCH(QStringList, terms);
    const auto query = parseTextQuery(typed.toStdString());
    if (terms.isEmpty()) {
        VERIFY_ERROR(query, ErrorKind::Invalid);
        return;
    }
    VERIFY_OK(query);
    QStringList split;
    for (const std::string& term : query->terms)
        split << QString::fromStdString(term);
    QCOMPARE(split, terms);
}

void TestTextSearch::bothPathsGiveTheSameAnswer_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("caseSensitive");
    for (const char* typed :
         {"custody", "CUSTODY", "hearing notice", "\"the court\"", "zzzz", "tenant of", "flood damage"}) {
        QTest::addRow("%s", typed) << QString::fromUtf8(typed) << false;
        QTest::addRow("%s, case", typed) << QString::fromUtf8(typed) << true;
    }
}

void TestTextSearch::bothPathsGiveTheSameAnswer()
{
    QFETCH(QString, typed);
    QFETCH(bool, caseSensitive);
    const auto fixture = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(fixture);
    const auto opened = support::openCollection(fixture->path(), "casestar_documents");
    VERIFY_OK(opened);
    auto query = parseTextQuery(typed.toStdString());
    VERIFY_OK(query);
    query->caseSensitive = caseSensitive;
    ColumnCache cold(*opened->reader, opened->rows);
    cold.setBudget(0, 0);
    const auto indexed = searchText(*opened->reader, cold, *query);
    VERIFY_OK(indexed);
    ColumnCache warm(*opened->reader, opened->rows);
    const auto everything = parseWhereDocument(R"({"$contains":"a"})");
    VERIFY_OK(warm.matching(*opened->reader, nullptr, &*everything, Progress::none()));
    const auto scanned = searchText(*opened->reader, warm, *query);
    VERIFY_OK(scanned);
    QCOMPARE(int(scanned->path), int(DocumentPath::Scan));
    QVERIFY(indexed->positions == scanned->positions);
    QVERIFY(indexed->scores == scanned->scores);
    QVERIFY(std::is_sorted(scanned->scores.rbegin(), scanned->scores.rend()));
    // Every document found shows every term, and no other document does.
    const auto records = opened->reader->records(opened->rows);
    VERIFY_OK(records);
    const std::set<std::uint32_t> found(scanned->positions.begin(), scanned->positions.end());
    for (std::uint32_t row = 0; row < records->size(); ++row) {
        bool all = (*records)[row].document.has_value();
        for (const std::string& term : query->terms) {
            TextQuery one;
            one.terms = {term};
            one.caseSensitive = caseSensitive;
            all = all && !textSpans(*(*records)[row].document, one).empty();
        }
        QCOMPARE(found.count(row) > 0, all);
    }
}

void TestTextSearch::shortAndCjkWordsAreFound()
{
    const auto fixture = support::openFixture(QStringLiteral("filters-1.5.9"));
    VERIFY_OK(fixture);
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    ColumnCache cache(*opened->reader, opened->rows);
    const auto count = [&](const char* typed) {
        TextQuery query = parseTextQuery(typed).value();
        query.order = TextQuery::Order::Insertion;
        const auto answer = searchText(*opened->reader, cache, query);
        return answer && answer->scores.empty() &&
                       std::is_sorted(answer->positions.begin(), answer->positions.end())
                   ? int(answer->positions.size())
                   : -1;
    };
    QVERIFY(count("日") > count("日本"));
    QVERIFY(count("日本") > 0);
    QVERIFY(count("本語の") > 0);
    QVERIFY(count("b") > count("abc"));
    QCOMPARE(count("ABC"), count("abc"));
    QVERIFY(count("CAFÉ") > 0);
    QCOMPARE(count("CAFÉ"), count("café"));
    QCOMPARE(count("not there"), 0);
    TextQuery few = parseTextQuery("abc").value();
    const std::vector<std::uint32_t> none;
    QVERIFY(searchText(*opened->reader, cache, few, &none)->positions.empty());
}

void TestTextSearch::spansCoverTheTerms_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("marked");
    QTest::newRow("case") << QByteArray("The the THE") << QByteArray("the")
                          << QByteArray("[The] [the] [THE]");
    QTest::newRow("overlap") << QByteArray("abcd") << QByteArray("abc bcd") << QByteArray("[abcd]");
    QTest::newRow("beyond ASCII") << QByteArray("x ÜBER y") << QByteArray("über") << QByteArray("x [ÜBER] y");
    QTest::newRow("folding changes the length")
        << QByteArray("aẞb") << QByteArray("ß") << QByteArray("a[ẞ]b");
    QTest::newRow("CJK") << QByteArray("東京都") << QByteArray("京") << QByteArray("東[京]都");
    QTest::newRow("none") << QByteArray("abc") << QByteArray("x") << QByteArray("abc");
    QTest::newRow("broken text") << QByteArray("a\xff"
                                               "b")
                                 << QByteArray("b") << QByteArray("a\xff[b]");
}

void TestTextSearch::spansCoverTheTerms()
{
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, marked);
    const auto query = parseTextQuery(typed.toStdString());
    VERIFY_OK(query);
    const auto spans = textSpans(document.toStdString(), *query);
    QByteArray out = document;
    for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
        out.insert(qsizetype(span->offset + span->length), ']');
        out.insert(qsizetype(span->offset), '[');
    }
    QCOMPARE(out, marked);
}

QTEST_GUILESS_MAIN(TestTextSearch)
#include "tst_text_search.moc"
