#include "storage/base/utf8.h"
#include "storage/regex/pattern_automaton.h"
#include "storage/regex/rust_regex.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QSet>
#include <QTest>

#include <random>

using namespace storage;

// What Chroma 1.5.9 answered is in tests/data/regex-1.5.9.json.zst.
class TestRustRegex : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void patternsMeanWhatTheyMeanToChroma();
    void classesHoldTheSameCharacters();
    void bothEnginesAgree();
    void largePatternsAreBounded_data();
    void largePatternsAreBounded();
    void requiredTextIsInEveryMatch_data();
    void requiredTextIsInEveryMatch();
    void noTextTakesLong();

private:
    support::Json m_answers;
};

namespace {

QString shown(const std::string& text)
{
    return QString::fromStdString(text).left(60);
}

std::vector<std::string> characters(const std::string& text)
{
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = codePointAt(text, at).length;
        all.push_back(text.substr(at, length));
        at += length;
    }
    return all;
}

} // namespace

void TestRustRegex::initTestCase()
{
    auto answers = support::readAnswers(QStringLiteral("regex-1.5.9"));
    VERIFY_OK(answers);
    m_answers = *std::move(answers);
}

void TestRustRegex::patternsMeanWhatTheyMeanToChroma()
{
    const auto documents = m_answers.at("documents").get<std::vector<std::string>>();
    QStringList differences;
    for (const support::Json& asked : m_answers.at("patterns")) {
        const auto pattern = asked.at("pattern").get<std::string>();
        const auto regex = RustRegex::compile(pattern);
        if (regex.has_value() == asked.contains("error")) {
            differences << QStringLiteral("%1: Chroma says %2, we say %3")
                               .arg(shown(pattern), shown(asked.value("error", std::string("yes"))),
                                    regex ? QStringLiteral("yes") : regex.error().sentence);
            continue;
        }
        if (!regex) {
            VERIFY_ERROR(regex, ErrorKind::Invalid);
            continue;
        }
        const auto matches = asked.at("matches").get<std::vector<std::size_t>>();
        for (std::size_t i = 0; i < documents.size(); ++i)
            if (regex->matches(documents[i]) != std::binary_search(matches.begin(), matches.end(), i))
                differences << QStringLiteral("%1 on \"%2\"").arg(shown(pattern), shown(documents[i]));
    }
    QVERIFY(m_answers.at("patterns").size() > 500);
    QVERIFY2(differences.isEmpty(), qPrintable(differences.join(QLatin1Char('\n'))));
}

void TestRustRegex::classesHoldTheSameCharacters()
{
    const auto all = characters(m_answers.at("characters").get<std::string>());
    QVERIFY(all.size() > 9000);
    QStringList differences;
    for (const support::Json& asked : m_answers.at("classes")) {
        const auto pattern = asked.at("pattern").get<std::string>();
        const auto regex = RustRegex::compile(pattern);
        VERIFY_OK(regex);
        QSet<QByteArray> expected;
        for (const std::string& c : characters(asked.at("matches").get<std::string>()))
            expected.insert(QByteArray::fromStdString(c));
        for (const std::string& c : all)
            if (regex->matches(c) != expected.contains(QByteArray::fromStdString(c)))
                differences << QStringLiteral("%1 on U+%2")
                                   .arg(shown(pattern))
                                   .arg(quint32(codePointAt(c, 0).value), 4, 16, QLatin1Char('0'));
    }
    QVERIFY2(differences.isEmpty(), qPrintable(differences.mid(0, 50).join(QLatin1Char('\n'))));
}

// The automaton alone must give what RE2 and the automaton give together.
void TestRustRegex::bothEnginesAgree()
{
    const auto documents = m_answers.at("documents").get<std::vector<std::string>>();
    int compared = 0;
    for (const support::Json& asked : m_answers.at("patterns")) {
        const auto pattern = asked.at("pattern").get<std::string>();
        const auto regex = RustRegex::compile(pattern);
        if (!regex)
            continue;
        const auto tree = parsePattern(pattern);
        VERIFY_OK(tree);
        const auto automaton = PatternAutomaton::compile(*tree);
        VERIFY_OK(automaton);
        for (const std::string& document : documents) {
            QVERIFY2(automaton->matches(document) == regex->matches(document),
                     qPrintable(shown(pattern) + QStringLiteral(" on ") + shown(document)));
            ++compared;
        }
    }
    QVERIFY(compared > 30000);
}

void TestRustRegex::largePatternsAreBounded_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("two thousand") << QByteArray("a{2000}") << true;
    QTest::newRow("nested beyond RE2") << QByteArray("(?:a{100}){20}") << true;
    QTest::newRow("a million") << QByteArray("a{1000}{1000}") << false;
    QTest::newRow("words") << QByteArray("\\w{100}") << true;
    QTest::newRow("four billion of nothing") << QByteArray("(?:){4000000000}") << true;
    QTest::newRow("four billion") << QByteArray("a{4000000000}") << false;
    QTest::newRow("deep") << QByteArray("(").repeated(100) + "a" + QByteArray(")").repeated(100) << true;
    QTest::newRow("too deep") << QByteArray("(").repeated(10000) + "a" + QByteArray(")").repeated(10000)
                              << false;
    QTest::newRow("deep class") << QByteArray("[").repeated(10000) << false;
    QTest::newRow("stars") << "a" + QByteArray("*").repeated(10000) << false;
    QTest::newRow("long") << QByteArray("a").repeated(100000) << false;
    QTest::newRow("many classes") << QByteArray("[^a]").repeated(2000) << true;
    QTest::newRow("broken text") << QByteArray("a\xff") << false;
}

void TestRustRegex::largePatternsAreBounded()
{
    QFETCH(QByteArray, pattern);
    QFETCH(bool, accepted);
    const auto regex = RustRegex::compile(pattern.toStdString());
    if (accepted) {
        VERIFY_OK(regex);
        QVERIFY(!regex->matches("b") || pattern.startsWith("(?:)"));
        return;
    }
    VERIFY_ERROR(regex, ErrorKind::Invalid);
}

void TestRustRegex::requiredTextIsInEveryMatch_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("required");
    QTest::newRow("literal") << QByteArray("needle") << QByteArray("needle");
    QTest::newRow("longest") << QByteArray("ab.cdef\\d") << QByteArray("cdef");
    QTest::newRow("through assertions") << QByteArray("\\bthe\\b end$") << QByteArray("the end");
    QTest::newRow("optional") << QByteArray("(?:abc)?de") << QByteArray("de");
    QTest::newRow("repeated") << QByteArray("(?:abc)+d") << QByteArray("abc");
    QTest::newRow("one letter repeated") << QByteArray("ab+c") << QByteArray("a");
    QTest::newRow("alternatives") << QByteArray("abc|abd") << QByteArray("");
    QTest::newRow("any case") << QByteArray("(?i)abc") << QByteArray("");
    QTest::newRow("CJK") << QByteArray("日本.語") << QByteArray("日本");
}

void TestRustRegex::requiredTextIsInEveryMatch()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, required);
    const auto regex = RustRegex::compile(pattern.toStdString());
    VERIFY_OK(regex);
    QCOMPARE(QByteArray::fromStdString(regex->requiredText()), required);
}

void TestRustRegex::noTextTakesLong()
{
    const std::string text(200000, 'a');
    for (const char* pattern : {"(a*)*b", "(a|a)*b", "(?:a?){50}a{50}b", "\\b(?:a+)+ö\\b"}) {
        const auto regex = RustRegex::compile(pattern);
        VERIFY_OK(regex);
        QVERIFY(!regex->matches(text));
        QVERIFY(!regex->matches(text + "é "));
    }
}

QTEST_GUILESS_MAIN(TestRustRegex)
#include "tst_rust_regex.moc"
