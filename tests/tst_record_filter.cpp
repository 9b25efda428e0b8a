#include "storage/filter/document_test.h"
#include "storage/filter/predicate.h"
#include "storage/filter/record_filter.h"
#include "support/chroma_fixture.h"
#include "support/open_collection.h"
#include "support/verify.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

using namespace storage;
using support::Json;
using SortBy = ColumnCache::SortBy;

namespace {

const QString kFixture = QStringLiteral("filters-1.5.9");

std::optional<Result<WhereNode>> treeOf(const Json& asked, const char* part)
{
    if (!asked.contains(part) || asked.at(part).is_null())
        return std::nullopt;
    const std::string json = asked.at(part).dump();
    return part == std::string("where") ? parseWhere(json) : parseWhereDocument(json);
}

std::vector<std::string> idsAt(const support::OpenCollection& opened,
                               const std::vector<std::uint32_t>& positions)
{
    std::vector<std::string> ids;
    for (const std::uint32_t position : positions)
        ids.push_back(opened.ids[position]);
    return ids;
}

Result<std::vector<std::string>> idsFor(const support::OpenCollection& opened, ColumnCache& cache,
                                        const Json& asked)
{
    const auto where = treeOf(asked, "where");
    const auto whereDocument = treeOf(asked, "where_document");
    auto rows = cache.matching(*opened.reader, where ? &**where : nullptr,
                               whereDocument ? &**whereDocument : nullptr, Progress::none());
    if (!rows)
        return pass(rows);
    return idsAt(opened, *rows);
}

QString listed(const std::vector<std::string>& ids)
{
    QString text;
    for (const std::string& id : ids)
        text += QString::fromStdString(id) + QLatin1Char(' ');
    return text.left(200);
}

// Changes to a copy, as another process would make them.
void change(const QString& path, const std::vector<std::string>& statements)
{
    ConnectionOptions options;
    options.access = ConnectionOptions::Access::ReadWrite;
    auto connection = Connection::open(path + QStringLiteral("/chroma.sqlite3"), options);
    VERIFY_OK(connection);
    for (const std::string& sql : statements)
        VERIFY_OK(connection->execute(sql.c_str()));
}

std::string logRow(int operation, const std::string& id, const std::string& metadata)
{
    return "INSERT INTO embeddings_queue (operation, topic, id, vector, encoding, metadata) SELECT " +
           std::to_string(operation) +
           ", 'persistent://default/default/' || (SELECT id FROM collections WHERE name = 'mixed'), '" + id +
           "', x'0000000000000000', 'FLOAT32', '" + metadata + "'";
}

// Log rows that the metadata segment has not taken in: updates, deletes, new records.
std::vector<std::string> pendingRows()
{
    std::vector<std::string> rows;
    for (const int i : {3, 17, 40, 66, 101, 150})
        rows.push_back(logRow(1, "r" + QString::number(i).rightJustified(3, u'0').toStdString(),
                              R"({"v":4.5,"s":null,"n":[1,2],"chroma:document":"pending abc needle"})"));
    for (const char* id : {"r005", "r006", "r090"})
        rows.push_back("INSERT INTO embeddings_queue (operation, topic, id) SELECT 3, "
                       "'persistent://default/default/' || "
                       "(SELECT id FROM collections WHERE name = 'mixed'), '" +
                       std::string(id) + "'");
    rows.push_back(logRow(0, "a-new-one", R"({"v":"abc","b":true,"chroma:document":"ab","chroma:uri":"u"})"));
    rows.push_back(logRow(0, "z-new-one", R"({"v":[4,5],"f":0.5})"));
    return rows;
}

// What a filter means, record by record, without columns or SQL.
class Oracle
{
public:
    static bool matches(const WhereNode& node, const Record& record)
    {
        const auto child = [&record](const WhereNode& one) { return matches(one, record); };
        if (node.kind == WhereNode::Kind::And)
            return std::all_of(node.children.begin(), node.children.end(), child);
        if (node.kind == WhereNode::Kind::Or)
            return std::any_of(node.children.begin(), node.children.end(), child);
        const bool negative = node.op == WhereOperator::Ne || node.op == WhereOperator::Nin ||
                              node.op == WhereOperator::NotContains || node.op == WhereOperator::NotRegex;
        return (node.onDocument ? onDocument(node, record)
                                : onValue(node, find(record.metadata, node.key))) != negative;
    }

private:
    static bool onDocument(const WhereNode& leaf, const Record& record)
    {
        const auto& text = std::get<std::string>(leaf.values.front());
        if (!record.document)
            return false;
        if (leaf.op >= WhereOperator::Regex)
            return RustRegex::compile(text)->matches(*record.document);
        return std::string(record.document->c_str()).find(text) != std::string::npos;
    }

    static bool compare(WhereOperator op, auto a, auto b)
    {
        return op == WhereOperator::Gt    ? a > b
               : op == WhereOperator::Gte ? a >= b
               : op == WhereOperator::Lt  ? a < b
               : op == WhereOperator::Lte ? a <= b
                                          : a == b;
    }

    static bool compare(WhereOperator op, const MetaValue& value, const MetaValue& wanted)
    {
        const bool number = typeOf(wanted) == MetaType::Int || typeOf(wanted) == MetaType::Float;
        if (!number)
            return value == wanted;
        const qint64* whole = std::get_if<qint64>(&wanted);
        const double real = whole ? double(*whole) : std::get<double>(wanted);
        if (const qint64* i = std::get_if<qint64>(&value))
            return compare(op, *i, whole ? *whole : truncated(real));
        const double* f = std::get_if<double>(&value);
        return f && compare(op, *f, real);
    }

    static bool onValue(const WhereNode& leaf, const MetaValue* value)
    {
        if (!value)
            return false;
        const bool arrays = leaf.op == WhereOperator::Contains || leaf.op == WhereOperator::NotContains;
        return std::any_of(leaf.values.begin(), leaf.values.end(), [&](const MetaValue& wanted) {
            return arrays ? contains(*value, wanted) : compare(leaf.op, *value, wanted);
        });
    }

    static bool contains(const MetaValue& value, const MetaValue& wanted)
    {
        return std::visit(
            [&](const auto& list) {
                if constexpr (requires { list.begin(); } &&
                              !std::is_same_v<std::decay_t<decltype(list)>, std::string>)
                    return std::any_of(list.begin(), list.end(), [&](const auto& item) {
                        using Item = typename std::decay_t<decltype(list)>::value_type;
                        const Item* same = std::get_if<Item>(&wanted);
                        return same && static_cast<Item>(item) == *same;
                    });
                else
                    return false;
            },
            value);
    }
};

// Random filters over the values that the records have, and some they have not.
class FilterMaker
{
public:
    FilterMaker(std::vector<Record> records, quint32 seed) : m_records(std::move(records)), m_random(seed) {}

    WhereNode tree(int depth)
    {
        if (depth == 0 || below(3) == 0)
            return below(4) == 0 ? documentLeaf() : leaf();
        WhereNode node;
        node.kind = below(2) == 0 ? WhereNode::Kind::And : WhereNode::Kind::Or;
        for (std::size_t i = below(4); i > 0; --i)
            node.children.push_back(tree(depth - 1));
        return node;
    }

private:
    std::size_t below(std::size_t n) { return m_random() % n; }

    MetaValue anyScalar()
    {
        static const std::vector<double> odd = {4.5, -4.5, 3.5, 1e300, -1e300, 9007199254740992.0, 0.0};
        if (below(4) == 0)
            return odd[below(odd.size())];
        while (true) {
            const Metadata& metadata = m_records[below(m_records.size())].metadata;
            if (metadata.empty())
                continue;
            const MetaValue& value = metadata[below(metadata.size())].value;
            if (typeOf(value) > MetaType::Null && typeOf(value) <= MetaType::String)
                return value;
        }
    }

    WhereNode leaf()
    {
        static const std::vector<std::string> keys = {"v", "v", "n", "f", "s", "b", "t", "absent"};
        WhereNode node;
        node.key = keys[below(keys.size())];
        node.values.push_back(anyScalar());
        const bool number =
            typeOf(node.values[0]) == MetaType::Int || typeOf(node.values[0]) == MetaType::Float;
        do {
            node.op = WhereOperator(below(10));
        } while (!number && node.op >= WhereOperator::Gt && node.op <= WhereOperator::Lte);
        if (node.op == WhereOperator::In || node.op == WhereOperator::Nin)
            for (std::size_t tries = below(30); tries > 0; --tries)
                if (MetaValue more = anyScalar(); more.index() == node.values[0].index())
                    node.values.push_back(std::move(more));
        return node;
    }

    WhereNode documentLeaf()
    {
        static const std::vector<std::string> texts = {"a",    "abc",   "",  "needle",
                                                       "日本", "judge", "%", "sure"};
        static const std::vector<std::string> patterns = {"^a",       "needle$",     "\\d+",
                                                          "(?i)CAFÉ", "abc.*needle", "日.語"};
        WhereNode node;
        node.onDocument = true;
        node.op = WhereOperator(std::size_t(WhereOperator::Contains) + below(4));
        const std::vector<std::string>& pool = node.op >= WhereOperator::Regex ? patterns : texts;
        node.values.emplace_back(pool[below(pool.size())]);
        return node;
    }

    std::vector<Record> m_records;
    std::mt19937 m_random;
};

} // namespace

class TestRecordFilter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void filtersMatchWhatChromaMatches_data();
    void filtersMatchWhatChromaMatches();
    void filteredAnswersOfEveryRelease_data();
    void filteredAnswersOfEveryRelease();
    void randomFiltersMatchTheOracle_data();
    void randomFiltersMatchTheOracle();
    void brokenFullTextIsSaidAndStoodIn_data();
    void brokenFullTextIsSaidAndStoodIn();
    void sortingIsStableAndTotal_data();
    void sortingIsStableAndTotal();
    void topValuesAreCounted();
    void idsAreMatchedWithoutBeingKept();
    void changesMeanwhileAreSaid();
    void budgetsAreKept();
    void floatsAreTruncatedAsRustDoes();
    void likeEndsAtNul();
};

// 761 filters over mixed-type metadata and awkward texts, and what Chroma 1.5.9 answered; once with texts
// kept in memory, once without.
void TestRecordFilter::filtersMatchWhatChromaMatches_data()
{
    QTest::addColumn<qint64>("budget");
    QTest::newRow("warm") << qint64(64 << 20);
    QTest::newRow("cold") << qint64(0);
}

void TestRecordFilter::filtersMatchWhatChromaMatches()
{
    QFETCH(qint64, budget);
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    ColumnCache cache(*opened->reader, opened->rows);
    cache.setBudget(budget, budget);
    QStringList differences;
    int compared = 0;
    for (const Json& asked : fixture->collection("mixed").at("filters")) {
        if (!asked.contains("ids"))
            continue;
        const auto ids = idsFor(*opened, cache, asked);
        ++compared;
        const auto expected = asked.at("ids").get<std::vector<std::string>>();
        if (!ids || *ids != expected)
            differences << QString::fromStdString(asked.dump()).left(160) + QStringLiteral("\n   ours: ") +
                               (ids ? listed(*ids) : ids.error().sentence) + QStringLiteral("\n Chroma: ") +
                               listed(expected);
    }
    QVERIFY(compared > 600);
    QVERIFY(cache.findings().empty());
    QVERIFY2(differences.isEmpty(), qPrintable(differences.mid(0, 20).join(QLatin1Char('\n'))));
}

void TestRecordFilter::filteredAnswersOfEveryRelease_data()
{
    QTest::addColumn<QString>("fixtureName");
    for (const QString& name : support::ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")})
        QTest::newRow(qPrintable(name)) << name;
}

// The nearest records among those that a filter leaves, as Chroma 1.5.9 listed them: all of them pass our
// filter, and as many as it asked for.
void TestRecordFilter::filteredAnswersOfEveryRelease()
{
    QFETCH(QString, fixtureName);
    const auto fixture = support::openFixture(fixtureName);
    VERIFY_OK(fixture);
    for (const Json& collection : fixture->newest().at("collections")) {
        const bool usual =
            collection.at("tenant") == "default_tenant" && collection.at("database") == "default_database";
        if (!usual || collection.contains("error") || collection.contains("embeddings_error"))
            continue;
        const auto opened = support::openCollection(fixture->path(), collection.at("name"));
        VERIFY_OK(opened);
        ColumnCache cache(*opened->reader, opened->rows);
        std::vector<Json> questions;
        for (const char* part : {"queries", "filters"})
            if (collection.contains(part))
                questions.insert(questions.end(), collection.at(part).begin(), collection.at(part).end());
        for (const Json& asked : questions) {
            if (asked.contains("error") || (!asked.contains("where") && !asked.contains("where_document")))
                continue;
            // Opening a directory before 0.4.6 made Chroma fill its full-text table with wrong rows; we read
            // the directory as it stands.
            if (asked.contains("where_document") &&
                !opened->connection->hasTable("embedding_fulltext_search"))
                continue;
            const auto ids = idsFor(*opened, cache, asked);
            VERIFY_OK(ids);
            const bool query = asked.contains("exact_ids");
            const auto expected = asked.at(query ? "exact_ids" : "ids").get<std::set<std::string>>();
            const std::set<std::string> ours(ids->begin(), ids->end());
            QVERIFY2(std::includes(ours.begin(), ours.end(), expected.begin(), expected.end()),
                     asked.dump().substr(0, 400).c_str());
            const std::size_t wanted = query ? asked.at("n_results").get<std::size_t>() : ours.size();
            QCOMPARE(expected.size(), std::min(wanted, ours.size()));
        }
    }
}

void TestRecordFilter::randomFiltersMatchTheOracle_data()
{
    QTest::addColumn<bool>("pending");
    QTest::newRow("tables") << false;
    QTest::newRow("log laid over") << true;
}

void TestRecordFilter::randomFiltersMatchTheOracle()
{
    QFETCH(bool, pending);
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    if (pending)
        change(fixture->path(), pendingRows());
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    QCOMPARE(opened->rows.size(), std::size_t(pending ? 179 : 180));
    const auto records = opened->reader->records(opened->rows);
    VERIFY_OK(records);
    ColumnCache cache(*opened->reader, opened->rows);
    FilterMaker maker(*records, pending ? 5 : 6);
    for (int i = 0; i < 1500; ++i) {
        const WhereNode tree = maker.tree(i % 4);
        if (i % 300 == 0)
            cache.setBudget(i % 600 == 0 ? 0 : 64 << 20, i % 600 == 0 ? 0 : 64 << 20);
        const auto rows = cache.matching(*opened->reader, &tree, nullptr, Progress::none());
        VERIFY_OK(rows);
        std::vector<std::uint32_t> expected;
        for (std::uint32_t row = 0; row < records->size(); ++row)
            if (Oracle::matches(tree, (*records)[row]))
                expected.push_back(row);
        QVERIFY2(*rows == expected, whereJson(tree).c_str());
    }
}

void TestRecordFilter::brokenFullTextIsSaidAndStoodIn_data()
{
    QTest::addColumn<QByteArray>("damage");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("missing") << QByteArray("DROP TABLE embedding_fulltext_search")
                             << QByteArray("fts-missing");
    QTest::newRow("another table") << QByteArray("DROP TABLE embedding_fulltext_search;"
                                                 "CREATE TABLE embedding_fulltext_search_content (id, c9)")
                                   << QByteArray("fts-damaged");
    QTest::newRow("empty index")
        << QByteArray("DROP TABLE embedding_fulltext_search;"
                      "CREATE TABLE embedding_fulltext_search_content (id INTEGER PRIMARY KEY, c0);"
                      "INSERT INTO embedding_fulltext_search_content SELECT id, string_value "
                      "FROM embedding_metadata WHERE key = 'chroma:document';"
                      "CREATE VIRTUAL TABLE embedding_fulltext_search USING "
                      "fts5(string_value, content='elsewhere', tokenize='trigram')")
        << QByteArray("fts-damaged");
}

void TestRecordFilter::brokenFullTextIsSaidAndStoodIn()
{
    QFETCH(QByteArray, damage);
    QFETCH(QByteArray, code);
    const auto fixture = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(fixture);
    const Json asked = Json::parse(R"({"where_document":{"$contains":"hearing"}})");
    std::vector<std::string> healthy;
    {
        const auto opened = support::openCollection(fixture->path(), "casestar_documents");
        VERIFY_OK(opened);
        ColumnCache cache(*opened->reader, opened->rows);
        cache.setBudget(0, 0);
        healthy = idsFor(*opened, cache, asked).value();
        QVERIFY(!healthy.empty());
    }
    change(fixture->path(), {damage.toStdString()});
    const auto opened = support::openCollection(fixture->path(), "casestar_documents");
    VERIFY_OK(opened);
    ColumnCache cache(*opened->reader, opened->rows);
    const auto ids = idsFor(*opened, cache, asked);
    VERIFY_OK(ids);
    QCOMPARE(*ids, healthy);
    QCOMPARE(int(cache.documentPath()), int(DocumentPath::Scan));
    QCOMPARE(cache.findings().size(), std::size_t(1));
    QCOMPARE(QByteArray::fromStdString(cache.findings().front().code), code);
}

void TestRecordFilter::sortingIsStableAndTotal_data()
{
    QTest::addColumn<int>("by");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("id") << int(SortBy::Id) << QByteArray();
    QTest::newRow("document") << int(SortBy::Document) << QByteArray();
    QTest::newRow("uri") << int(SortBy::Uri) << QByteArray();
    for (const char* key : {"v", "n", "f", "s", "b", "t", "absent"})
        QTest::newRow(key) << int(SortBy::MetadataKey) << QByteArray(key);
}

void TestRecordFilter::sortingIsStableAndTotal()
{
    QFETCH(int, by);
    QFETCH(QByteArray, key);
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    change(fixture->path(), pendingRows());
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    const auto records = opened->reader->records(opened->rows);
    VERIFY_OK(records);
    const auto valueOf = [&](std::uint32_t row) {
        const Record& record = (*records)[row];
        MetaValue value;
        if (by == int(SortBy::Id))
            value = record.id;
        else if (by == int(SortBy::Document) && record.document)
            value = *record.document;
        else if (by == int(SortBy::Uri) && record.uri)
            value = *record.uri;
        else if (const MetaValue* found = find(record.metadata, key.toStdString());
                 found && by == int(SortBy::MetadataKey))
            value = *found;
        return value;
    };
    // Numbers through long double, which holds both int64 and double exactly here.
    const auto number = [](const MetaValue& v) {
        return typeOf(v) == MetaType::Int ? static_cast<long double>(std::get<qint64>(v))
                                          : static_cast<long double>(std::get<double>(v));
    };
    const auto group = [](const MetaValue& v) {
        return typeOf(v) == MetaType::Bool                                  ? 0
               : typeOf(v) == MetaType::Int || typeOf(v) == MetaType::Float ? 1
               : typeOf(v) == MetaType::String                              ? 2
                                                                            : 3;
    };
    const auto before = [&](const MetaValue& a, const MetaValue& b) {
        if (group(a) != group(b) || group(a) == 3)
            return group(a) < group(b);
        return group(a) == 1 ? number(a) < number(b) : a < b;
    };
    ColumnCache cache(*opened->reader, opened->rows);
    for (const bool descending : {false, true}) {
        std::vector<std::uint32_t> sorted(opened->rows.size());
        std::iota(sorted.begin(), sorted.end(), 0U);
        VERIFY_OK(cache.sort(*opened->reader, sorted, {SortBy(by), key.toStdString(), descending},
                             Progress::none()));
        QCOMPARE(std::set<std::uint32_t>(sorted.begin(), sorted.end()).size(), opened->rows.size());
        for (std::size_t i = 1; i < sorted.size(); ++i) {
            const MetaValue a = valueOf(sorted[i - 1]);
            const MetaValue b = valueOf(sorted[i]);
            if (a.index() == 0 || b.index() == 0) {
                QVERIFY(b.index() == 0 && (a.index() != 0 || sorted[i - 1] < sorted[i]));
                continue;
            }
            QVERIFY(descending ? !before(a, b) : !before(b, a));
            if (group(a) != 3 && !before(a, b) && !before(b, a))
                QVERIFY(sorted[i - 1] < sorted[i]);
        }
    }
}

void TestRecordFilter::topValuesAreCounted()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    const auto records = opened->reader->records(opened->rows);
    VERIFY_OK(records);
    ColumnCache cache(*opened->reader, opened->rows);
    const auto top = cache.topValues(*opened->reader, "b", 10, Progress::none());
    VERIFY_OK(top);
    QCOMPARE(top->size(), std::size_t(2));
    for (const auto& one : *top)
        QCOMPARE(one.count, std::count_if(records->begin(), records->end(), [&](const Record& record) {
                     const MetaValue* value = find(record.metadata, "b");
                     return value && *value == one.value;
                 }));
    const auto mixed = cache.topValues(*opened->reader, "v", 5, Progress::none());
    VERIFY_OK(mixed);
    QCOMPARE(mixed->size(), std::size_t(5));
    QVERIFY(std::is_sorted(mixed->begin(), mixed->end(),
                           [](const auto& a, const auto& b) { return a.count > b.count; }));
    QVERIFY(cache.topValues(*opened->reader, "absent", 5, Progress::none())->empty());
}

void TestRecordFilter::idsAreMatchedWithoutBeingKept()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    change(fixture->path(), pendingRows());
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    ColumnCache cache(*opened->reader, opened->rows);
    const auto rows = cache.withId(
        *opened->reader, [](std::string_view id) { return id.ends_with("one") || id < "r003"; },
        Progress::none());
    VERIFY_OK(rows);
    const std::vector<std::string> expected{"r000", "r001", "r002", "a-new-one", "z-new-one"};
    QCOMPARE(idsAt(*opened, *rows), expected);
}

void TestRecordFilter::changesMeanwhileAreSaid()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    ColumnCache cache(*opened->reader, opened->rows);
    const auto where = parseWhere(R"({"v":4})");
    const auto other = parseWhere(R"({"s":"a"})");
    VERIFY_OK(cache.matching(*opened->reader, &*where, nullptr, Progress::none()));
    change(fixture->path(), {"UPDATE embedding_metadata SET string_value = 'x' WHERE key = 's'"});
    VERIFY_OK(cache.matching(*opened->reader, &*where, nullptr,
                             Progress::none())); // known, and still of one moment
    VERIFY_ERROR(cache.matching(*opened->reader, &*other, nullptr, Progress::none()), ErrorKind::Changed);
    QVERIFY(!cache.mixed());
    cache.tolerateChanges(true);
    const auto rows = cache.matching(*opened->reader, &*other, nullptr, Progress::none());
    VERIFY_OK(rows);
    QVERIFY(rows->empty());
    QVERIFY(cache.mixed());
}

void TestRecordFilter::budgetsAreKept()
{
    const auto fixture = support::openFixture(kFixture);
    VERIFY_OK(fixture);
    const auto opened = support::openCollection(fixture->path(), "mixed");
    VERIFY_OK(opened);
    ColumnCache cache(*opened->reader, opened->rows);
    const auto where = parseWhere(R"({"$and":[{"v":{"$ne":4}},{"n":{"$ne":4}},{"s":{"$ne":"a"}}]})");
    const auto text = parseWhereDocument(R"({"$contains":"a"})");
    const qint64 empty = cache.bytes();
    VERIFY_OK(cache.matching(*opened->reader, nullptr, &*text, Progress::none()));
    const auto rows = cache.matching(*opened->reader, &*where, &*text, Progress::none());
    VERIFY_OK(rows);
    const qint64 full = cache.bytes();
    QVERIFY(full > empty + 3 * 180 * 9);
    cache.setBudget(0, 0);
    QCOMPARE(cache.bytes(), empty);
    QCOMPARE(cache.matching(*opened->reader, &*where, &*text, Progress::none()).value(), *rows);
    QVERIFY(cache.bytes() < full);
}

void TestRecordFilter::floatsAreTruncatedAsRustDoes()
{
    QCOMPARE(truncated(4.9), qint64(4));
    QCOMPARE(truncated(-4.9), qint64(-4));
    QCOMPARE(truncated(1e300), std::numeric_limits<qint64>::max());
    QCOMPARE(truncated(-1e300), std::numeric_limits<qint64>::min());
    QCOMPARE(truncated(9223372036854775808.0), std::numeric_limits<qint64>::max());
    QCOMPARE(truncated(-9223372036854775808.0), std::numeric_limits<qint64>::min());
    QCOMPARE(truncated(std::nan("")), qint64(0));
}

void TestRecordFilter::likeEndsAtNul()
{
    const std::string document("ab\0cd", 5);
    QVERIFY(LikeTest("ab").matches(document));
    QVERIFY(!LikeTest("cd").matches(document));
    QVERIFY(LikeTest("").matches(""));
    QVERIFY(LikeTest(std::string_view("b\0zzz", 5)).matches(document)); // "%b": ends there
    QVERIFY(!LikeTest(std::string_view("a\0zzz", 5)).matches(document));
    QVERIFY(LikeTest(std::string_view("\0", 1)).matches(document));
}

QTEST_GUILESS_MAIN(TestRecordFilter)
#include "tst_record_filter.moc"
