// Browsing, filtering and searching text against a real Chroma server over a copy of the same directory, in
// one run: goals P5, P6, P13 and P15.
//   bench_browse DIRECTORY [COLLECTION]
// The copy stands in the temporary folder (TMPDIR) and goes away. Times are medians in milliseconds.
#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "storage/filter/record_filter.h"
#include "storage/filter/text_search.h"
#include "support/real_chroma.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <thread>

using namespace storage;
using support::Json;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point since)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

template <class T> T need(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s %s\n", qPrintable(result.error().sentence),
                     qPrintable(result.error().detail));
        std::exit(1);
    }
    return std::move(*result);
}

void need(const Status& status)
{
    if (!status) {
        std::fprintf(stderr, "%s %s\n", qPrintable(status.error().sentence),
                     qPrintable(status.error().detail));
        std::exit(1);
    }
}

template <class Work> double median(int rounds, Work work)
{
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const auto start = Clock::now();
        work();
        times.push_back(milliseconds(start));
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

void line(const char* what, double ours, double chroma = 0)
{
    if (chroma > 0)
        std::printf("%-52s %10.3f %10.2f %8.0fx\n", what, ours, chroma, chroma / ours);
    else
        std::printf("%-52s %10.3f\n", what, ours);
    std::fflush(stdout);
}

// Memory that is the program's own: resident, without the pages of mapped files.
double ownMegabytes()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    double kilobytes = 0;
    for (const QByteArray& text : status.readAll().split('\n'))
        if (text.startsWith("RssAnon:"))
            kilobytes = text.mid(8).trimmed().split(' ').first().toDouble();
    return kilobytes / 1024;
}

struct Subject
{
    PersistDir directory;
    Connection connection;
    Collection collection;
    std::unique_ptr<CollectionReader> reader;

    static std::unique_ptr<Subject> open(const QString& path, const std::string& name)
    {
        auto directory = need(PersistDir::open(path));
        auto subject = std::unique_ptr<Subject>(new Subject{directory, need(directory.connect()), {}, {}});
        const Catalog catalog = need(readCatalog(directory, subject->connection));
        subject->collection =
            name.empty() ? catalog.collections.front() : need(findCollection(catalog, name));
        subject->reader = std::make_unique<CollectionReader>(
            need(CollectionReader::open(directory, subject->connection, subject->collection)));
        return subject;
    }
};

// What to ask, found in the collection itself.
struct Questions
{
    std::vector<std::pair<const char*, Json>> filters;
    std::vector<std::pair<const char*, std::string>> texts;
    std::string sortKey;
};

Questions questionsFor(Subject& subject, ColumnCache& cache)
{
    Questions asked;
    for (const auto& key : need(subject.reader->keys())) {
        const auto top = need(cache.topValues(*subject.reader, key.key, 1, Progress::none()));
        if (top.empty())
            continue;
        const MetaValue& most = top.front().value;
        const auto* text = std::get_if<std::string>(&most);
        const auto* whole = std::get_if<qint64>(&most);
        if (text && !(key.types >> int(MetaType::StringArray) & 1U) && asked.filters.empty())
            asked.filters.emplace_back("filter by a string", Json{{key.key, *text}});
        if (whole && asked.sortKey.empty()) {
            asked.sortKey = key.key;
            asked.filters.emplace_back("filter by a range", Json{{key.key, {{"$gte", *whole}}}});
        }
        if (typeOf(most) == MetaType::Bool)
            asked.filters.emplace_back("filter by a bool", Json{{key.key, true}});
    }
    const auto middle = subject.reader->records(std::span(cache.rows()).subspan(cache.rows().size() / 2, 1));
    const std::string text = middle && !middle->empty() ? middle->front().document.value_or("") : "";
    const std::size_t blank = text.find(' ', text.size() / 2);
    asked.texts.emplace_back("documents with a rare phrase", text.substr(std::min(blank, text.size()), 30));
    asked.texts.emplace_back("documents with a word", text.substr(0, text.find(' ')));
    asked.texts.emplace_back("documents with two characters", text.substr(0, 2));
    return asked;
}

class Bench
{
public:
    Bench(QString path, std::string name) : m_path(std::move(path)), m_name(std::move(name)) {}
    void run();

private:
    void opening();
    void pages();
    void filters();
    void sorting();
    void texts();
    void writers();
    double chroma(Json asked, int rounds = 5)
    {
        if (!asked.contains("include"))
            asked["include"] = Json::array();
        return median(rounds, [&] { need(m_server.get(m_subject->collection.id, asked)); });
    }

    QString m_path;
    std::string m_name;
    support::RealChroma m_server;
    std::unique_ptr<Subject> m_subject;
    std::unique_ptr<ColumnCache> m_cache;
    Questions m_asked;
};

void Bench::run()
{
    need(m_server.start(m_path));
    m_subject = Subject::open(m_path, m_name);
    need(m_server.get(m_subject->collection.id, Json{{"limit", 1}})); // its own first touch is not counted
    std::printf("%-52s %10s %10s %9s\n", "", "ours", "Chroma", "");
    opening();
    m_cache = std::make_unique<ColumnCache>(*m_subject->reader, need(m_subject->reader->allRows()));
    std::printf("%zu records\n", m_cache->rows().size());
    pages();
    std::printf("%-52s %10.1f MB\n", "memory of our own while browsing (P13: < 150)", ownMegabytes());
    m_asked = questionsFor(*m_subject, *m_cache);
    m_cache->setBudget(0, 0);
    m_cache->setBudget(qint64(96) << 20, qint64(64) << 20);
    filters();
    sorting();
    texts();
    std::printf("%-52s %10.1f MB\n", "memory of our own after filters and sorts", ownMegabytes());
    writers();
}

void Bench::opening()
{
    line("open to the first 100 rows",
         median(5,
                [this] {
                    const auto subject = Subject::open(m_path, m_name);
                    const auto first = need(subject->reader->firstRows(100));
                    (void)need(subject->reader->records(first));
                }),
         chroma({{"limit", 100}, {"include", {"documents", "metadatas"}}}));
    line("all row numbers", median(3, [this] { (void)need(m_subject->reader->allRows()); }));
}

void Bench::pages()
{
    const auto& rows = m_cache->rows();
    for (const auto& [what, depth] :
         {std::pair{"page of 100 at 0 % (P5: 0.5 ms, 30x)", 0.0}, std::pair{"page of 100 at 50 %", 0.5},
          std::pair{"page of 100 at 99 % (P5: 0.5 ms, 100x)", 0.99}}) {
        const auto offset = static_cast<std::size_t>(depth * double(rows.size()));
        const auto page = std::span(rows).subspan(offset, std::min<std::size_t>(100, rows.size() - offset));
        line(what, median(21, [&] { (void)need(m_subject->reader->records(page)); }),
             chroma({{"limit", 100}, {"offset", offset}, {"include", {"documents", "metadatas"}}}));
    }
}

void Bench::filters()
{
    for (const auto& [what, where] : m_asked.filters) {
        const WhereNode tree = need(parseWhere(where.dump()));
        const auto match = [&] {
            (void)need(m_cache->matching(*m_subject->reader, &tree, nullptr, Progress::none()));
        };
        line((std::string(what) + ", cold").c_str(), median(1, match));
        line((std::string(what) + ", warm (P6: 20 ms; Chroma: first 100)").c_str(), median(21, match),
             chroma({{"where", where}, {"limit", 100}}));
    }
}

void Bench::sorting()
{
    const auto sort = [this](ColumnCache::Order order) {
        std::vector<std::uint32_t> positions(m_cache->rows().size());
        std::iota(positions.begin(), positions.end(), 0U);
        need(m_cache->sort(*m_subject->reader, positions, order, Progress::none()));
    };
    for (const auto& [what, order] :
         {std::pair{"sort by a number",
                    ColumnCache::Order{ColumnCache::SortBy::MetadataKey, m_asked.sortKey, true}},
          std::pair{"sort by id", ColumnCache::Order{ColumnCache::SortBy::Id, {}, true}},
          std::pair{"sort by document", ColumnCache::Order{ColumnCache::SortBy::Document, {}, true}}}) {
        line((std::string(what) + ", cold").c_str(), median(1, [&] { sort(order); }));
        line((std::string(what) + ", warm (P6: 20 ms)").c_str(), median(11, [&] { sort(order); }));
    }
}

void Bench::texts()
{
    for (const auto& [what, text] : m_asked.texts) {
        const Json condition{{"$contains", text}};
        const WhereNode tree = need(parseWhereDocument(condition.dump()));
        const auto match = [&] {
            (void)need(m_cache->matching(*m_subject->reader, nullptr, &tree, Progress::none()));
        };
        line((std::string(what) + ", first").c_str(), median(1, match));
        const bool index = m_cache->documentPath() == DocumentPath::Index;
        line((std::string(what) + (index ? ", again, by index" : ", again, by reading")).c_str(),
             median(5, match), chroma({{"where_document", condition}, {"limit", 100}}));
    }
}

// How long one add() takes while another thread reads without a pause, against an idle directory.
void Bench::writers()
{
    const std::string id = need(m_server.createCollection("bench_browse_writes"));
    int next = 0;
    const auto add = [&] {
        need(m_server.add(
            id,
            Json{{"ids", {std::to_string(++next)}}, {"embeddings", {{0.5, 0.5}}}, {"documents", {"text"}}}));
    };
    const auto slowest = [&](int rounds) {
        double worst = 0;
        for (int i = 0; i < rounds; ++i)
            worst = std::max(worst, median(1, add));
        return worst;
    };
    add();
    const double idle = slowest(40);
    std::atomic<bool> stop = false;
    std::thread reading([&] {
        const auto subject = Subject::open(m_path, m_name);
        while (!stop) {
            ColumnCache cache(*subject->reader, need(subject->reader->allRows()));
            cache.tolerateChanges(true);
            for (const auto& [what, where] : m_asked.filters) {
                const WhereNode tree = need(parseWhere(where.dump()));
                (void)need(cache.matching(*subject->reader, &tree, nullptr, Progress::none()));
            }
            for (const auto& [what, text] : m_asked.texts) {
                const WhereNode tree = need(parseWhereDocument(Json{{"$contains", text}}.dump()));
                (void)need(cache.matching(*subject->reader, nullptr, &tree, Progress::none()));
            }
        }
    });
    const double busy = slowest(120);
    stop = true;
    reading.join();
    std::printf(
        "slowest add(): idle %.1f ms, while we read without a pause %.1f ms (P15: at most 100 more)\n", idle,
        busy);
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "bench_browse DIRECTORY [COLLECTION]\n");
        return 2;
    }
    const QTemporaryDir room;
    const QString copy = room.filePath(QStringLiteral("copy"));
    std::error_code error;
    std::filesystem::copy(argv[1], copy.toStdString(), std::filesystem::copy_options::recursive, error);
    if (error) {
        std::fprintf(stderr, "%s cannot be copied: %s\n", argv[1], error.message().c_str());
        return 1;
    }
    Bench(copy, argc > 2 ? argv[2] : "").run();
    return 0;
}
