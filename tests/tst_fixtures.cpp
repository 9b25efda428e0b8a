// Every directory that a real Chroma wrote, compared in full with what real Chroma answered about it:
// catalogue, counts, and each record with its embedding in get() order. Reading leaves every byte and time as
// it was.
#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "storage/chroma/persist_dir.h"
#include "storage/vectors/vector_store.h"
#include "support/chroma_fixture.h"
#include "support/dir_state.h"
#include "support/verify.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace storage;
using support::Json;

class TestFixtures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matchesRealChroma_data();
    void matchesRealChroma();

private:
    void compareCollection(const PersistDir& directory, const Connection& connection, const Catalog& catalog,
                           const Json& expected, bool ordered);
    void compareVector(const std::optional<std::vector<float>>& vector, const Json& packed);
    void compareRecord(const Record& record, const Json& got, std::size_t at);
};

void TestFixtures::matchesRealChroma_data()
{
    QTest::addColumn<QString>("name");
    for (const QString& name : support::ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")})
        QTest::newRow(qPrintable(name)) << name;
}

namespace {

// What the newest release answers; where it refuses a collection, what the release that wrote it answers.
struct Expected
{
    Json collection;
    bool ordered = true; // Python up to 0.4 sorts by record id
};

std::vector<Expected> expectedCollections(const support::ChromaFixture& fixture)
{
    std::vector<Expected> expected;
    std::set<std::string> known;
    const auto add = [&](const Json& answer, bool ordered) {
        for (const Json& collection : answer.value("collections", Json::array()))
            if (!collection.contains("error") && known.insert(collection.at("id").get<std::string>()).second)
                expected.push_back({collection, ordered});
    };
    add(fixture.newest(), true);
    if (!fixture.writer().is_null())
        add(fixture.writer(), fixture.writer().at("answered_by").get<std::string>() != "chromadb 0.4.24");
    return expected;
}

std::size_t placeOf(const Json& ids, const std::string& id)
{
    return std::size_t(std::find(ids.begin(), ids.end(), id) - ids.begin());
}

Metadata withoutNull(Metadata metadata)
{
    // A NaN that Chroma answers as null, or not at all: there is no value.
    metadata.erase(
        std::remove_if(metadata.begin(), metadata.end(),
                       [](const MetaEntry& entry) { return typeOf(entry.value) == MetaType::Null; }),
        metadata.end());
    return metadata;
}

} // namespace

void TestFixtures::compareCollection(const PersistDir& directory, const Connection& connection,
                                     const Catalog& catalog, const Json& expected, bool ordered)
{
    const auto collection =
        findCollection(catalog, expected.at("name").get<std::string>(),
                       expected.at("tenant").get<std::string>(), expected.at("database").get<std::string>());
    VERIFY_OK(collection);
    QCOMPARE(collection->id, expected.at("id").get<std::string>());
    QCOMPARE(collection->metadata, support::metadataOf(expected.at("metadata")));
    const auto reader = CollectionReader::open(directory, connection, *collection);
    VERIFY_OK(reader);
    const auto count = reader->count();
    VERIFY_OK(count);
    QCOMPARE(*count, expected.at("count").get<qint64>());
    const auto rows = reader->allRows();
    VERIFY_OK(rows);
    const auto records = reader->records(*rows);
    VERIFY_OK(records);
    const auto vectors = VectorStore::open(directory, connection, *collection);
    VERIFY_OK(vectors);
    const Json& got = expected.at("get");
    QCOMPARE(records->size(), got.at("ids").size());
    for (std::size_t i = 0; i < records->size(); ++i) {
        const std::size_t at = ordered ? i : placeOf(got.at("ids"), (*records)[i].id);
        QCOMPARE((*records)[i].row, (*rows)[i]);
        compareRecord((*records)[i], got, at);
        compareVector(vectors->vector((*records)[i].id), got.at("embeddings")[at]);
        if (QTest::currentTestFailed())
            return;
    }
}

// Within float rounding: cosine vectors are stored normalised, and are multiplied by their length again.
void TestFixtures::compareVector(const std::optional<std::vector<float>>& vector, const Json& packed)
{
    const std::vector<float> wanted = support::vectorOf(packed);
    QCOMPARE(vector.has_value(), !packed.is_null());
    if (!vector)
        return;
    QCOMPARE(vector->size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        QVERIFY2(std::abs((*vector)[i] - wanted[i]) <= 3e-7F * std::max(1.0F, std::abs(wanted[i])),
                 qPrintable(QStringLiteral("%1 instead of %2").arg((*vector)[i]).arg(wanted[i])));
}

void TestFixtures::compareRecord(const Record& record, const Json& got, std::size_t at)
{
    QVERIFY(at < got.at("ids").size());
    QCOMPARE(record.id, got.at("ids")[at].get<std::string>());
    const Json& document = got.at("documents")[at];
    QCOMPARE(record.document.has_value(), !document.is_null());
    if (record.document)
        QCOMPARE(*record.document, document.get<std::string>());
    const Json& uris = got.at("uris"); // null where the release had none
    if (uris.is_array())
        QCOMPARE(record.uri.value_or("(none)"), uris[at].is_null() ? "(none)" : uris[at].get<std::string>());
    const Metadata metadata = withoutNull(support::metadataOf(got.at("metadatas")[at]));
    QVERIFY2(record.metadata == metadata, got.at("metadatas")[at].dump().c_str());
}

void TestFixtures::matchesRealChroma()
{
    QFETCH(QString, name);
    const auto fixture = support::openFixture(name);
    VERIFY_OK(fixture);
    const auto before = support::DirState::of(fixture->path());
    {
        const auto directory = PersistDir::open(fixture->path());
        VERIFY_OK(directory);
        QCOMPARE(directory->route(), ReadRoute::Direct);
        const auto connection = directory->connect();
        VERIFY_OK(connection);
        const auto catalog = readCatalog(*directory, *connection);
        VERIFY_OK(catalog);
        for (const auto& [expected, ordered] : expectedCollections(*fixture)) {
            compareCollection(*directory, *connection, *catalog, expected, ordered);
            if (QTest::currentTestFailed())
                return;
        }
    }
    VERIFY_SAME_DIR(before, fixture->path());
}

QTEST_GUILESS_MAIN(TestFixtures)
#include "tst_fixtures.moc"
