#include "storage/chroma/catalog.h"
#include "storage/vectors/hnsw_search.h"
#include "storage/vectors/index_quality.h"
#include "storage/vectors/query_source.h"
#include "storage/vectors/vector_search.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <hnswlib/hnswlib.h>
#include <limits>
#include <set>

using namespace storage;
using namespace support;

namespace {

struct Opened
{
    PersistDir directory;
    Connection connection;
    Catalog catalog;
};

Result<Opened> openDirectory(const QString& path)
{
    auto directory = PersistDir::open(path);
    if (!directory)
        return pass(directory);
    auto connection = directory->connect();
    if (!connection)
        return pass(connection);
    auto catalog = readCatalog(*directory, *connection);
    if (!catalog)
        return pass(catalog);
    return Opened{std::move(*directory), std::move(*connection), std::move(*catalog)};
}

std::vector<Neighbour> ask(const VectorStore& store, const std::vector<float>& query,
                           const SearchOptions& options)
{
    const auto answers = nearest(store, std::span(&query, 1), options);
    return answers ? answers->front().neighbours : std::vector<Neighbour>();
}

double reference(Space space, const std::vector<float>& a, const std::vector<float>& b)
{
    double difference = 0, product = 0, ofA = 0, ofB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
        product += double(a[i]) * b[i];
        ofA += double(a[i]) * a[i];
        ofB += double(b[i]) * b[i];
    }
    if (space == Space::L2)
        return difference;
    return space == Space::Ip ? 1 - product : 1 - product / (std::sqrt(ofA) * std::sqrt(ofB) + 1e-30);
}

// Relative to the size of the distance, where that is above 1.
bool close(double a, double b)
{
    return std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b));
}

} // namespace

class TestVectorSearch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theStoredAnswers_data();
    void theStoredAnswers();
    void aSubsetGivesItsOwnNearest();
    void requestsAreChecked_data();
    void requestsAreChecked();
    void aZeroVectorIsAtOneFromEverything();
    void moreThanThereAreGivesAll();
    void efIsAdjustable();
    void tornSegmentsAreSearchedExactly();
    void badLinksLeadNowhere();
    void changedFilesAreNoticed();
    void cancelStops();
    void examplesMakeAQuery();
    void theIndexIsJudged();
    void cutOffRecordsAreNamed();
    void hnswlibWalksTheSameWay();
};

void TestVectorSearch::theStoredAnswers_data()
{
    QTest::addColumn<QString>("name");
    for (const QString& name : ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")})
        QTest::newRow(qPrintable(name)) << name;
}

// Real Chroma's answers: every distance that it gives is ours for the same record, the exact answer is the
// exact one up to ties, and the index finds at least as many of the nearest as Chroma found.
void TestVectorSearch::theStoredAnswers()
{
    QFETCH(QString, name);
    const auto fixture = openFixture(name);
    VERIFY_OK(fixture);
    auto opened = openDirectory(fixture->path());
    VERIFY_OK(opened);
    for (const Collection& collection : opened->catalog.collections) {
        const Json& answer = fixture->collection(collection.name, collection.tenant, collection.database);
        if (answer.is_null() || !answer.contains("queries") || answer.contains("embeddings_error"))
            continue;
        const auto store = VectorStore::open(opened->directory, opened->connection, collection);
        VERIFY_OK(store);
        int chromaFound = 0, indexFound = 0;
        for (const Json& asked : answer.at("queries")) {
            if (asked.contains("error") || asked.contains("where") || asked.contains("where_document"))
                continue;
            const auto query = asked.at("embedding").get<std::vector<float>>();
            const auto ids = asked.at("ids").get<std::vector<std::string>>();
            const auto truth = asked.at("exact_ids").get<std::vector<std::string>>();
            SearchOptions options{.results = asked.at("n_results").get<std::size_t>(), .exact = true};
            const std::vector<Neighbour> exact = ask(*store, query, options);
            options.exact = false;
            options.ef =
                std::max<qint64>(collection.index.efSearch, 100); // that of 1.5.9, also for older indexes
            const std::vector<Neighbour> index = ask(*store, query, options);
            QCOMPARE(exact.size(), std::min(options.results, store->size()));
            QCOMPARE(index.size(), exact.size());
            for (std::size_t i = 0; i < exact.size() && i < truth.size(); ++i) {
                const auto vector = store->vector(truth[i]);
                QVERIFY(vector);
                const double expected = reference(collection.index.space, query, *vector);
                QVERIFY2(
                    exact[i].id == truth[i] || close(exact[i].distance, expected),
                    qPrintable(QStringLiteral("%1: %2 instead of %3 at %4")
                                   .arg(QString::fromStdString(collection.name),
                                        QString::fromStdString(exact[i].id), QString::fromStdString(truth[i]))
                                   .arg(i)));
            }
            for (std::size_t i = 0; i < ids.size(); ++i) {
                const auto all = ask(*store, query, {.results = store->size(), .exact = true});
                const auto mine =
                    std::find_if(all.begin(), all.end(), [&](const Neighbour& n) { return n.id == ids[i]; });
                QVERIFY2(mine != all.end(), ids[i].c_str());
                QVERIFY2(close(mine->distance, asked.at("distances")[i].get<double>()),
                         qPrintable(
                             QStringLiteral("%1 %2: %3 instead of %4")
                                 .arg(QString::fromStdString(collection.name), QString::fromStdString(ids[i]))
                                 .arg(double(mine->distance))
                                 .arg(asked.at("distances")[i].get<double>())));
            }
            const float farthest = exact.empty() ? 0 : exact.back().distance;
            for (const Json& distance : asked.at("distances"))
                chromaFound +=
                    distance.get<double>() <= farthest + 1e-6 * std::max(1.0F, std::abs(farthest)) ? 1 : 0;
            for (const Neighbour& neighbour : index)
                indexFound += neighbour.distance <= farthest ? 1 : 0;
        }
        QVERIFY2(indexFound >= chromaFound, qPrintable(QStringLiteral("%1: %2 found, Chroma %3")
                                                           .arg(QString::fromStdString(collection.name))
                                                           .arg(indexFound)
                                                           .arg(chromaFound)));
    }
}

namespace {

// The collection "big" of the newest fixture, opened for the tests below.
struct Big
{
    ChromaFixture fixture;
    Opened opened;
    Collection collection;
    std::vector<std::string> ids;
    [[nodiscard]] QString file(const char* name) const
    {
        return opened.directory.segmentFolder(collection.segment("VECTOR")->id) + QLatin1Char('/') +
               QLatin1String(name);
    }
};

Result<Big> openBig()
{
    auto fixture = openFixture(QStringLiteral("rich-1.5.9"));
    if (!fixture)
        return pass(fixture);
    auto opened = openDirectory(fixture->path());
    if (!opened)
        return pass(opened);
    auto collection = findCollection(opened->catalog, "big");
    if (!collection)
        return pass(collection);
    auto ids = fixture->collection("big").at("get").at("ids").get<std::vector<std::string>>();
    return Big{std::move(*fixture), std::move(*opened), std::move(*collection), std::move(ids)};
}

} // namespace

void TestVectorSearch::aSubsetGivesItsOwnNearest()
{
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const std::vector<float> query = *store->vector(big->ids[17]);
    const std::vector<Neighbour> all = ask(*store, query, {.results = store->size(), .exact = true});
    QCOMPARE(all.size(), big->ids.size());
    for (const std::size_t every : {1, 2, 7, 100, 1000}) {
        std::vector<std::string> chosen;
        for (std::size_t i = 0; i < big->ids.size(); i += every)
            chosen.push_back(big->ids[i]);
        chosen.push_back("no such record");
        const VectorSubset subset = VectorSubset::ofIds(*store, chosen);
        QCOMPARE(subset.size(), chosen.size() - 1);
        const std::set<std::string> wanted(chosen.begin(), chosen.end());
        std::vector<std::string> expected, actual;
        for (const Neighbour& neighbour : all)
            if (wanted.count(neighbour.id) != 0 && expected.size() < 10)
                expected.push_back(neighbour.id);
        for (const Neighbour& neighbour : ask(*store, query, {.results = 10, .subset = &subset}))
            actual.push_back(neighbour.id);
        QCOMPARE(actual, expected);
    }
    const VectorSubset none = VectorSubset::ofIds(*store, {});
    QVERIFY(ask(*store, query, {.results = 10, .subset = &none}).empty());
}

void TestVectorSearch::requestsAreChecked_data()
{
    QTest::addColumn<std::vector<float>>("query");
    QTest::addColumn<quint64>("results");
    QTest::addColumn<qint64>("ef");
    QTest::addColumn<QString>("says");
    const std::vector<float> good(16, 0.5F);
    const float infinity = std::numeric_limits<float>::infinity();
    std::vector<float> nan = good, infinite = good;
    nan[7] = std::nanf("");
    infinite[0] = -infinity;
    QTest::newRow("no results") << good << quint64(0) << qint64(10) << QStringLiteral("at least 1");
    QTest::newRow("empty") << std::vector<float>() << quint64(5) << qint64(10) << QStringLiteral("empty");
    QTest::newRow("short") << std::vector<float>(15, 1.0F) << quint64(5) << qint64(10)
                           << QStringLiteral("15");
    QTest::newRow("long") << std::vector<float>(17, 1.0F) << quint64(5) << qint64(10) << QStringLiteral("16");
    QTest::newRow("NaN") << nan << quint64(5) << qint64(10) << QStringLiteral("NaN");
    QTest::newRow("infinite") << infinite << quint64(5) << qint64(10) << QStringLiteral("infinity");
    QTest::newRow("ef 0") << good << quint64(5) << qint64(0) << QStringLiteral("ef");
    QTest::newRow("ef huge") << good << quint64(5) << qint64(1) * 2'000'000 << QStringLiteral("ef");
}

void TestVectorSearch::requestsAreChecked()
{
    QFETCH(std::vector<float>, query);
    QFETCH(quint64, results);
    QFETCH(qint64, ef);
    QFETCH(QString, says);
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const auto answer = nearest(*store, std::span(&query, 1), {.results = std::size_t(results), .ef = ef});
    VERIFY_ERROR(answer, ErrorKind::Invalid);
    QVERIFY2(answer.error().sentence.contains(says), qPrintable(answer.error().sentence));
}

void TestVectorSearch::aZeroVectorIsAtOneFromEverything()
{
    auto big = openBig();
    VERIFY_OK(big);
    QCOMPARE(big->collection.index.space, Space::Cosine);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    for (const bool exact : {true, false}) {
        const auto found = ask(*store, std::vector<float>(16, 0.0F), {.results = 5, .exact = exact});
        QCOMPARE(found.size(), std::size_t(5));
        for (const Neighbour& neighbour : found)
            QCOMPARE(neighbour.distance, 1.0F);
    }
}

void TestVectorSearch::moreThanThereAreGivesAll()
{
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const auto found = ask(*store, *store->vector(big->ids[3]), {.results = 1'000'000});
    QCOMPARE(found.size(), big->ids.size());
    QVERIFY(std::is_sorted(found.begin(), found.end(),
                           [](const Neighbour& a, const Neighbour& b) { return a.distance < b.distance; }));
    std::set<std::string> distinct;
    for (const Neighbour& neighbour : found)
        distinct.insert(neighbour.id);
    QCOMPARE(distinct.size(), big->ids.size());
    QCOMPARE(found.front().id, big->ids[3]);
}

void TestVectorSearch::efIsAdjustable()
{
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const std::vector<std::vector<float>> queries = {*store->vector(big->ids[3]),
                                                     *store->vector(big->ids[500])};
    const auto narrow = nearest(*store, queries, {.results = 5, .ef = 5});
    const auto wide = nearest(*store, queries, {.results = 5, .ef = 200});
    const auto own = nearest(*store, queries, {.results = 5});
    VERIFY_OK(narrow);
    VERIFY_OK(wide);
    VERIFY_OK(own);
    QCOMPARE(narrow->size(), std::size_t(2));
    QVERIFY(!narrow->front().exact && narrow->front().reason.isEmpty());
    QCOMPARE(narrow->front().ef, qint64(5));
    QCOMPARE(own->front().ef, big->collection.index.efSearch);
    QVERIFY(narrow->front().compared < wide->front().compared);
    const auto wider = nearest(*store, queries, {.results = 5, .ef = 1000});
    VERIFY_OK(wider);
    QVERIFY(wider->front().exact && wider->front().reason.contains(QLatin1String("less work")));
    const auto walked = nearest(*store, queries, {.results = 5, .walkAlways = true, .ef = 1000});
    VERIFY_OK(walked);
    QVERIFY(!walked->front().exact);
    const auto all = nearest(*store, queries, {.results = 5, .exact = true});
    VERIFY_OK(all);
    QVERIFY(all->front().exact);
    QCOMPARE(all->front().ef, qint64(0));
    QCOMPARE(all->front().compared, qint64(store->size()));
    for (std::size_t i = 0; i < 5; ++i)
        QCOMPARE(wide->back().neighbours[i].id, all->back().neighbours[i].id);
}

void TestVectorSearch::tornSegmentsAreSearchedExactly()
{
    auto big = openBig();
    VERIFY_OK(big);
    QVERIFY(QFile::resize(big->file("link_lists.bin"), 100));
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    QVERIFY(!store->findings().empty());
    const std::vector<float> query = *store->vector(big->ids[3]);
    const auto answer = nearest(*store, std::span(&query, 1), {.results = 5});
    VERIFY_OK(answer);
    QVERIFY(answer->front().exact);
    QVERIFY(answer->front().reason.contains(QLatin1String("damaged")));
    QCOMPARE(answer->front().neighbours.size(), std::size_t(5));
    QCOMPARE(answer->front().neighbours.front().id, big->ids[3]);
}

// Links that name elements far outside, in every list: found records shrink, nothing else happens.
void TestVectorSearch::badLinksLeadNowhere()
{
    auto big = openBig();
    VERIFY_OK(big);
    QFile level0(big->file("data_level0.bin"));
    QVERIFY(level0.open(QIODevice::ReadWrite));
    QByteArray bytes = level0.readAll();
    constexpr int kM0 = 32, kElement = 4 + 4 * kM0 + 4 * 16 + 8;
    for (qsizetype at = 0; at + kElement <= bytes.size(); at += kElement) {
        if ((at / kElement) % 3 == 0) {
            bytes[at] = '\xff'; // more links than there is room for
            bytes[at + 1] = '\xff';
        }
        for (int link = 0; link < kM0; link += 2)
            std::fill_n(bytes.begin() + at + 4 + 4 * link, 4, '\xee');
    }
    level0.seek(0);
    QCOMPARE(level0.write(bytes), bytes.size());
    level0.close();
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    for (const std::size_t i : {1, 10, 100, 1000}) {
        const auto vector = store->vector(big->ids[i]);
        QVERIFY(vector);
        QCOMPARE(ask(*store, *vector, {.results = 10}).size(), std::size_t(10));
    }
}

void TestVectorSearch::changedFilesAreNoticed()
{
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const std::vector<float> query = *store->vector(big->ids[3]);
    VERIFY_OK(nearest(*store, std::span(&query, 1), {.results = 5}));
    QVERIFY(QFile::resize(big->file("data_level0.bin"), 0));
    for (const bool exact : {true, false})
        VERIFY_ERROR(nearest(*store, std::span(&query, 1), {.results = 5, .exact = exact}),
                     ErrorKind::Changed);
}

void TestVectorSearch::cancelStops()
{
    class Stop : public Progress
    {
    public:
        [[nodiscard]] bool cancelled() const override { return true; }
    } stop;
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const std::vector<float> query = *store->vector(big->ids[3]);
    for (const bool exact : {true, false})
        VERIFY_ERROR(nearest(*store, std::span(&query, 1), {.results = 5, .exact = exact}, stop),
                     ErrorKind::Cancelled);
}

void TestVectorSearch::examplesMakeAQuery()
{
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const auto one = queryVector(*store, {.like = {big->ids[5]}});
    VERIFY_OK(one);
    QCOMPARE(*one, *store->vector(big->ids[5]));
    const auto mean = queryVector(*store, {.like = {big->ids[5], big->ids[6]}});
    VERIFY_OK(mean);
    const std::vector<float> a = *store->vector(big->ids[5]), b = *store->vector(big->ids[6]);
    const auto norm = [](const std::vector<float>& v) {
        double sum = 0;
        for (const float value : v)
            sum += double(value) * value;
        return std::sqrt(sum);
    };
    for (std::size_t i = 0; i < a.size(); ++i)
        QVERIFY(close((*mean)[i], (a[i] / norm(a) + b[i] / norm(b)) / 2));
    const auto away = queryVector(*store, {.like = {big->ids[5]}, .unlike = {big->ids[6]}});
    VERIFY_OK(away);
    for (std::size_t i = 0; i < a.size(); ++i)
        QVERIFY(close((*away)[i], a[i] / norm(a) - b[i] / norm(b)));
    const auto given = queryVector(*store, {.like = {big->ids[5]}, .vectors = {b}});
    VERIFY_OK(given);
    QCOMPARE(*given, *mean);
    VERIFY_ERROR(queryVector(*store, {}), ErrorKind::Invalid);
    VERIFY_ERROR(queryVector(*store, {.like = {"no such record"}}), ErrorKind::NotFound);
    VERIFY_ERROR(queryVector(*store, {.like = {big->ids[5]}, .unlike = {big->ids[5]}}), ErrorKind::Invalid);
    VERIFY_ERROR(queryVector(*store, {.vectors = {{1, 2, 3}}}), ErrorKind::Invalid);
}

void TestVectorSearch::theIndexIsJudged()
{
    auto big = openBig();
    VERIFY_OK(big);
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const auto report = indexQuality(*store, {.samples = 50});
    VERIFY_OK(report);
    QCOMPARE(report->samples, std::size_t(50));
    QCOMPARE(report->recalls.size(), std::size_t(3));
    for (const QualityReport::Recall& recall : report->recalls)
        QVERIFY2(recall.recall > 0.9 && recall.recall <= 1.0, qPrintable(QString::number(recall.recall)));
    QVERIFY(report->unreachable.empty());
    QVERIFY(report->indexP50Ns > 0 && report->exactP95Ns >= report->exactP50Ns);
    const auto narrow = indexQuality(*store, {.samples = 50, .depths = {1}, .ef = 1});
    VERIFY_OK(narrow);
    QCOMPARE(narrow->ef, qint64(1));
    const auto never = findCollection(big->opened.catalog, "never");
    VERIFY_OK(never);
    const auto empty = VectorStore::open(big->opened.directory, big->opened.connection, *never);
    VERIFY_OK(empty);
    VERIFY_ERROR(indexQuality(*empty, {}), ErrorKind::Unsupported);
}

// Without any link on the ground only the elements of the upper levels can be come to.
void TestVectorSearch::cutOffRecordsAreNamed()
{
    auto big = openBig();
    VERIFY_OK(big);
    QFile level0(big->file("data_level0.bin"));
    QVERIFY(level0.open(QIODevice::ReadWrite));
    QByteArray bytes = level0.readAll();
    constexpr int kM0 = 32, kElement = 4 + 4 * kM0 + 4 * 16 + 8;
    for (qsizetype at = 0; at + kElement <= bytes.size(); at += kElement)
        bytes[at] = bytes[at + 1] = '\0';
    level0.seek(0);
    QCOMPARE(level0.write(bytes), bytes.size());
    level0.close();
    const auto store = VectorStore::open(big->opened.directory, big->opened.connection, big->collection);
    VERIFY_OK(store);
    const auto report = indexQuality(*store, {.samples = 5});
    VERIFY_OK(report);
    QVERIFY(report->unreachable.size() > store->inIndex() / 2);
    QVERIFY(report->unreachable.size() < store->inIndex());
    QVERIFY(report->recalls[1].recall < 0.5);
}

// hnswlib's own file is Chroma's header without its version, the elements, the upper links.
void TestVectorSearch::hnswlibWalksTheSameWay()
{
    int compared = 0;
    for (const char* name : {"casestar_demo", "rich-1.5.9", "up-0.6.3-1.5.9", "py-0.4.24"}) {
        const auto fixture = openFixture(QLatin1String(name));
        VERIFY_OK(fixture);
        auto opened = openDirectory(fixture->path());
        VERIFY_OK(opened);
        for (const Collection& collection : opened->catalog.collections) {
            const auto store = VectorStore::open(opened->directory, opened->connection, collection);
            VERIFY_OK(store);
            const VectorStore::State& state = store->state();
            if (!state.files.whole() || state.files.elements() < 100 || !state.log.hidden().empty())
                continue;
            const QString folder = opened->directory.segmentFolder(collection.segment("VECTOR")->id);
            const auto bytes = [&](const char* file) {
                QFile in(folder + QLatin1Char('/') + QLatin1String(file));
                return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
            };
            const QString joined = fixture->path() + QStringLiteral("/joined");
            QFile out(joined);
            QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
            out.write(bytes("header.bin").mid(4));
            out.write(bytes("data_level0.bin")
                          .left(qsizetype(state.files.elements() * state.files.header().elementSize)));
            out.write(bytes("link_lists.bin"));
            out.close();
            const std::size_t dimension = state.dimension;
            hnswlib::L2Space l2(dimension);
            hnswlib::InnerProductSpace product(dimension);
            hnswlib::SpaceInterface<float>* space = &l2;
            if (collection.index.space != Space::L2)
                space = &product;
            hnswlib::HierarchicalNSW<float> peer(space, joined.toStdString());
            peer.num_deleted_ =
                1; // some releases leave it unset; it only says that flags are to be looked at
            constexpr std::size_t kEf = 60, kK = 10;
            peer.setEf(kEf);
            for (std::uint32_t element = 0; element < state.files.elements(); element += 7) {
                const float* vector = state.files.vector(element);
                const QueryDistance query(std::span(vector, dimension), collection.index.space);
                auto theirs = peer.searchKnn(query.data(), kK);
                const WalkResult ours = walkGraph(state, query, kEf);
                QVERIFY(ours.nearest.size() >= kK);
                for (std::size_t i = theirs.size(); i-- > 0; theirs.pop())
                    QVERIFY2(close(ours.nearest[i].distance, theirs.top().first), collection.name.c_str());
                ++compared;
            }
        }
    }
    QVERIFY2(compared > 30, qPrintable(QString::number(compared)));
}

QTEST_GUILESS_MAIN(TestVectorSearch)
#include "tst_vector_search.moc"
