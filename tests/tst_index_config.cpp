#include "storage/chroma/index_config.h"
#include "support/verify.h"

#include <QTest>

using namespace storage;

class TestIndexConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theRightPlaceRules_data();
    void theRightPlaceRules();
    void whatCannotBeDecodedIsAnError_data();
    void whatCannotBeDecodedIsAnError();
    void everySettingIsRead();
    void theEmbeddingFunctionIsFound();
};

namespace {

const char* kLegacyConfig =
    R"({"hnsw_configuration": {"space": "l2", "ef_construction": 100, "ef_search": 100, "num_threads": 2,
        "M": 16, "resize_factor": 1.2, "batch_size": 100, "sync_threshold": 1000,
        "_type": "HNSWConfigurationInternal"}, "_type": "CollectionConfigurationInternal"})";
const char* kCosineConfig =
    R"({"vector_index":{"hnsw":{"space":"cosine","ef_construction":100,"ef_search":100,
    "max_neighbors":16,"resize_factor":1.2,"sync_threshold":1000}},"embedding_function":null})";
const char* kDefaultConfig = R"({"vector_index":{"hnsw":{"space":"l2","ef_construction":100,"ef_search":100,
    "max_neighbors":16,"resize_factor":1.2,"sync_threshold":1000}}})";
const char* kIpSchema =
    R"({"defaults":{"float_list":{"vector_index":{"enabled":false,"config":{"space":"cosine"}}}},
    "keys":{"#embedding":{"float_list":{"vector_index":{"enabled":true,"config":{"space":"ip",
        "hnsw":{"max_neighbors":5,"num_threads":2,"batch_size":50}}}}}}})";
const char* kAliasSchema = R"({"defaults":{},"key_overrides":{"#embedding":{"#float_list":{"$vector_index":
    {"enabled":true,"config":{"space":"cosine","hnsw":{"ef_search":33}}}}}}})";
const char* kDefaultsOnly =
    R"({"defaults":{"float_list":{"vector_index":{"enabled":true,"config":{"space":"ip"}}}},
    "keys":{}})";
const char* kNativeDefaults =
    R"({"defaults":{},"keys":{"#embedding":{"float_list":{"vector_index":{"enabled":true,
    "config":{"space":"l2","hnsw":{"ef_construction":100,"max_neighbors":16,"ef_search":100,"num_threads":7,
    "batch_size":100,"sync_threshold":1000,"resize_factor":1.2}}}}}}})";

Metadata legacy(const char* space)
{
    return {{"hnsw:M", qint64(8)}, {"hnsw:space", std::string(space)}, {"note", std::string("not ours")}};
}

using Source = IndexConfig::Source;

} // namespace

void TestIndexConfig::theRightPlaceRules_data()
{
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("legacySpace");
    QTest::addColumn<bool>("python");
    QTest::addColumn<int>("space");
    QTest::addColumn<int>("efSearch");
    QTest::addColumn<int>("source");
    const auto row = [](const char* name, const char* config, const char* schema, const char* space,
                        bool python, Space expected, int efSearch, Source source) {
        QTest::newRow(name) << QString::fromUtf8(config) << QString::fromUtf8(schema)
                            << QString::fromUtf8(space) << python << int(expected) << efSearch << int(source);
    };
    row("nothing said", "", "", "", false, Space::L2, 100, Source::Defaults);
    row("empty configuration", "{}", "", "", false, Space::L2, 100, Source::Defaults);
    row("configuration", kCosineConfig, "", "", false, Space::Cosine, 100, Source::Configuration);
    row("schema over configuration", kCosineConfig, kIpSchema, "", false, Space::Ip, 100, Source::Schema);
    row("blank schema", kCosineConfig, "  \n", "", false, Space::Cosine, 100, Source::Configuration);
    row("schema null", kCosineConfig, "null", "", false, Space::Cosine, 100, Source::Configuration);
    row("schema with aliases", "{}", kAliasSchema, "", false, Space::Cosine, 33, Source::Schema);
    row("schema, defaults only", "{}", kDefaultsOnly, "", false, Space::Ip, 100, Source::Schema);
    row("legacy beats defaults", "", "", "cosine", false, Space::Cosine, 100, Source::SegmentMetadata);
    row("legacy beats Python's unused text", kLegacyConfig, "", "cosine", false, Space::Cosine, 100,
        Source::SegmentMetadata);
    row("legacy beats written defaults", kDefaultConfig, "", "ip", false, Space::Ip, 100,
        Source::SegmentMetadata);
    row("legacy beats a schema of defaults", "{}", kNativeDefaults, "cosine", false, Space::Cosine, 100,
        Source::SegmentMetadata);
    row("legacy loses to a configuration", kCosineConfig, "", "ip", false, Space::Cosine, 100,
        Source::Configuration);
    row("Python: segment only", kCosineConfig, kIpSchema, "", true, Space::L2, 10, Source::Defaults);
    row("Python: legacy", "", "", "cosine", true, Space::Cosine, 10, Source::SegmentMetadata);
    row("Python 0.6: its default of search_ef", kLegacyConfig, "", "", true, Space::L2, 100,
        Source::Defaults);
    row("Python: garbage is not looked at", "{{{", "{}", "ip", true, Space::Ip, 10, Source::SegmentMetadata);
}

void TestIndexConfig::theRightPlaceRules()
{
    QFETCH(QString, config);
    QFETCH(QString, schema);
    QFETCH(QString, legacySpace);
    QFETCH(bool, python);
    const Metadata segment = legacySpace.isEmpty() ? Metadata() : legacy(qPrintable(legacySpace));
    const auto index = effectiveIndexConfig(config.toStdString(), schema.toStdString(), segment, python);
    VERIFY_OK(index);
    QTEST(int(index->space), "space");
    QTEST(int(index->efSearch), "efSearch");
    QTEST(int(index->source), "source");
}

void TestIndexConfig::whatCannotBeDecodedIsAnError_data()
{
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* name, const char* config, const char* schema, const char* key = "",
                        ErrorKind kind = ErrorKind::Corrupt) {
        QTest::newRow(name) << QString::fromUtf8(config) << QString::fromUtf8(schema)
                            << QString::fromUtf8(key) << int(kind);
    };
    row("garbage", "{{{", "");
    row("a list", "[]", "");
    row("a kind without a name", R"({"vector_index":{}})", "");
    row("unknown space", R"({"vector_index":{"hnsw":{"space":"hamming"}}})", "");
    row("negative count", R"({"vector_index":{"hnsw":{"ef_search":-1}}})", "");
    row("fractional count", R"({"vector_index":{"hnsw":{"ef_search":1.5}}})", "");
    row("count beyond int64", R"({"vector_index":{"hnsw":{"ef_search":18446744073709551615}}})", "");
    row("factor as text", R"({"vector_index":{"hnsw":{"resize_factor":"much"}}})", "");
    row("schema without parts", "{}", "{}");
    row("schema garbage", "{}", "\xff\xfe");
    row("schema with a wrong space", "{}",
        R"({"defaults":{},"keys":{"#embedding":{"float_list":{"vector_index":{"config":{"space":7}}}}}})");
    row("unknown legacy key", "", "", "hnsw:colour");
    row("legacy key of a wrong kind", "", "", "hnsw:M");
    row("SPANN", R"({"vector_index":{"spann":{}}})", "", "", ErrorKind::Unsupported);
    row("SPANN schema", "{}",
        R"({"defaults":{"float_list":{"vector_index":{"config":{"spann":{}}}}},"keys":{}})", "",
        ErrorKind::Unsupported);
}

void TestIndexConfig::whatCannotBeDecodedIsAnError()
{
    QFETCH(QString, config);
    QFETCH(QString, schema);
    QFETCH(QString, key);
    QFETCH(int, kind);
    Metadata segment;
    if (!key.isEmpty())
        segment.push_back({key.toStdString(), std::string("eight")});
    const auto index = effectiveIndexConfig(config.toStdString(), schema.toStdString(), segment, false);
    VERIFY_ERROR(index, kind);
}

void TestIndexConfig::everySettingIsRead()
{
    const auto index = effectiveIndexConfig(
        R"({"vector_index":{"hnsw":{"space":"ip","ef_construction":1,"ef_search":2,"max_neighbors":3,"num_threads":4,
            "resize_factor":1.5,"sync_threshold":5,"batch_size":6}}})",
        "", {}, false);
    VERIFY_OK(index);
    QCOMPARE(index->efConstruction, 1);
    QCOMPARE(index->efSearch, 2);
    QCOMPARE(index->maxNeighbors, 3);
    QCOMPARE(index->numThreads, 4);
    QCOMPARE(index->resizeFactor, 1.5);
    QCOMPARE(index->syncThreshold, 5);
    QCOMPARE(index->batchSize, 6);
    const Metadata segment = {{"hnsw:M", qint64(3)},
                              {"hnsw:batch_size", qint64(6)},
                              {"hnsw:construction_ef", qint64(1)},
                              {"hnsw:num_threads", qint64(4)},
                              {"hnsw:resize_factor", 1.5},
                              {"hnsw:search_ef", qint64(2)},
                              {"hnsw:space", std::string("ip")},
                              {"hnsw:sync_threshold", qint64(5)}};
    for (const bool python : {false, true}) {
        const auto old = effectiveIndexConfig("", "", segment, python);
        VERIFY_OK(old);
        QCOMPARE(old->space, Space::Ip);
        QCOMPARE(old->efConstruction, 1);
        QCOMPARE(old->efSearch, 2);
        QCOMPARE(old->maxNeighbors, 3);
        QCOMPARE(old->numThreads, 4);
        QCOMPARE(old->resizeFactor, 1.5);
        QCOMPARE(old->syncThreshold, 5);
        QCOMPARE(old->batchSize, 6);
    }
}

void TestIndexConfig::theEmbeddingFunctionIsFound()
{
    const auto inConfig = collectionSettings(
        R"({"embedding_function":{"type":"known","name":"openai","config":{"model_name":"text-embedding-3-small"}}})",
        "", {}, false);
    VERIFY_OK(inConfig);
    QCOMPARE(inConfig->function.name, std::string("openai"));
    QCOMPARE(inConfig->function.model, std::string("text-embedding-3-small"));
    const auto inSchema = collectionSettings(
        "{}",
        R"({"defaults":{},"keys":{"#embedding":{"float_list":{"vector_index":{"config":{"embedding_function":
            {"type":"known","name":"ollama","config":{"model":"nomic-embed-text"}}}}}}}})",
        {}, false);
    VERIFY_OK(inSchema);
    QCOMPARE(inSchema->function.name, std::string("ollama"));
    QCOMPARE(inSchema->function.model, std::string("nomic-embed-text"));
    const auto none = collectionSettings(R"({"embedding_function":{"type":"legacy"}})", "", {}, false);
    VERIFY_OK(none);
    QCOMPARE(none->function.name, std::string());
}

QTEST_GUILESS_MAIN(TestIndexConfig)
#include "tst_index_config.moc"
