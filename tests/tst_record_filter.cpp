#include "storage/chroma/catalog.h"
#include "storage/filter/record_filter.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QTest>

using namespace storage;
using support::Json;

namespace {

// A collection of a fixture, open.
struct Opened
{
    support::ChromaFixture fixture;
    PersistDir directory;
    std::unique_ptr<Connection> connection;
    std::unique_ptr<CollectionReader> reader;
    std::unique_ptr<ColumnCache> cache;
    std::vector<std::string> ids; // by position
};

Result<Opened> openCollection(const QString& fixtureName, const std::string& name)
{
    auto fixture = support::openFixture(fixtureName);
    if (!fixture)
        return pass(fixture);
    auto directory = PersistDir::open(fixture->path());
    if (!directory)
        return pass(directory);
    auto connection = directory->connect();
    if (!connection)
        return pass(connection);
    Opened opened{std::move(*fixture),
                  std::move(*directory),
                  std::make_unique<Connection>(std::move(*connection)),
                  {},
                  {},
                  {}};
    auto catalog = readCatalog(opened.directory, *opened.connection);
    if (!catalog)
        return pass(catalog);
    auto collection = findCollection(*catalog, name);
    if (!collection)
        return pass(collection);
    auto reader = CollectionReader::open(opened.directory, *opened.connection, *collection);
    if (!reader)
        return pass(reader);
    opened.reader = std::make_unique<CollectionReader>(std::move(*reader));
    auto rows = opened.reader->allRows();
    if (!rows)
        return pass(rows);
    auto ids = opened.reader->idsOf(*rows);
    if (!ids)
        return pass(ids);
    opened.ids = std::move(*ids);
    opened.cache = std::make_unique<ColumnCache>(*opened.reader, std::move(*rows));
    return opened;
}

std::optional<Result<WhereNode>> treeOf(const Json& asked, const char* part)
{
    if (!asked.contains(part) || asked.at(part).is_null())
        return std::nullopt;
    const std::string json = asked.at(part).dump();
    return part == std::string("where") ? parseWhere(json) : parseWhereDocument(json);
}

// The ids that a filter of the answers leaves, as get() would list them.
Result<std::vector<std::string>> idsFor(Opened& opened, const Json& asked)
{
    const auto where = treeOf(asked, "where");
    const auto whereDocument = treeOf(asked, "where_document");
    for (const auto* tree : {&where, &whereDocument})
        if (*tree && !**tree)
            return tl::unexpected((*tree)->error());
    auto rows = opened.cache->matching(*opened.reader, where ? &**where : nullptr,
                                       whereDocument ? &**whereDocument : nullptr, Progress::none());
    if (!rows)
        return pass(rows);
    std::vector<std::string> ids;
    for (const std::uint32_t row : *rows)
        ids.push_back(opened.ids[row]);
    return ids;
}

QString listed(const std::vector<std::string>& ids)
{
    QString text;
    for (const std::string& id : ids)
        text += QString::fromStdString(id) + QLatin1Char(' ');
    return text.left(200);
}

} // namespace

class TestRecordFilter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void filtersMatchWhatChromaMatches();
};

// 761 filters over mixed-type metadata and awkward texts, and what Chroma 1.5.9 answered.
void TestRecordFilter::filtersMatchWhatChromaMatches()
{
    auto opened = openCollection(QStringLiteral("filters-1.5.9"), "mixed");
    VERIFY_OK(opened);
    QStringList differences;
    int compared = 0;
    for (const Json& asked : opened->fixture.collection("mixed").at("filters")) {
        if (!asked.contains("ids"))
            continue;
        const auto ids = idsFor(*opened, asked);
        ++compared;
        const auto expected = asked.at("ids").get<std::vector<std::string>>();
        if (!ids || *ids != expected)
            differences << QString::fromStdString(asked.dump()).left(160) + QStringLiteral("\n   ours: ") +
                               (ids ? listed(*ids) : ids.error().sentence) + QStringLiteral("\n Chroma: ") +
                               listed(expected);
    }
    QVERIFY(compared > 600);
    QVERIFY2(differences.isEmpty(), qPrintable(differences.mid(0, 20).join(QLatin1Char('\n'))));
}

QTEST_GUILESS_MAIN(TestRecordFilter)
#include "tst_record_filter.moc"
