#include "storage/chroma/index_config.h"

#include <initializer_list>
#include <nlohmann/json.hpp>

namespace storage {

namespace {

using Json = nlohmann::json;

tl::unexpected<Error> corrupt(const QString& what)
{
    return fail(ErrorKind::Corrupt, QStringLiteral("The index settings cannot be decoded: %1.").arg(what));
}

bool isBlank(const std::string& text)
{
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// The member under the first of its names that is there; nullptr: missing or null.
const Json* member(const Json& object, std::initializer_list<const char*> names)
{
    if (!object.is_object())
        return nullptr;
    for (const char* name : names)
        if (const auto it = object.find(name); it != object.end() && !it->is_null())
            return &*it;
    return nullptr;
}

Status readCount(const Json& object, const char* name, qint64& into)
{
    const Json* value = member(object, {name});
    if (!value)
        return {};
    if (!value->is_number_unsigned() || value->get<quint64>() > quint64(std::numeric_limits<qint64>::max()))
        return corrupt(QStringLiteral("\"%1\" is no whole number").arg(QLatin1String(name)));
    into = value->get<qint64>();
    return {};
}

Status readSpace(const Json& object, Space& into)
{
    const Json* value = member(object, {"space"});
    if (!value)
        return {};
    const auto space = value->is_string() ? spaceFromName(value->get<std::string>()) : std::nullopt;
    if (!space)
        return corrupt(QStringLiteral("\"space\" is none of l2, cosine and ip"));
    into = *space;
    return {};
}

// The object "hnsw", as configuration and schema spell it.
Status readHnsw(const Json& hnsw, IndexConfig& index)
{
    if (!hnsw.is_object())
        return corrupt(QStringLiteral("\"hnsw\" is no object"));
    const std::pair<const char*, qint64*> counts[] = {
        {"ef_construction", &index.efConstruction}, {"ef_search", &index.efSearch},
        {"max_neighbors", &index.maxNeighbors},     {"num_threads", &index.numThreads},
        {"batch_size", &index.batchSize},           {"sync_threshold", &index.syncThreshold}};
    for (const auto& [name, into] : counts)
        if (auto read = readCount(hnsw, name, *into); !read)
            return read;
    if (const Json* factor = member(hnsw, {"resize_factor"})) {
        if (!factor->is_number())
            return corrupt(QStringLiteral("\"resize_factor\" is no number"));
        index.resizeFactor = factor->get<double>();
    }
    return readSpace(hnsw, index.space);
}

EmbeddingFunction readFunction(const Json& holder)
{
    EmbeddingFunction function;
    const Json* value = member(holder, {"embedding_function"});
    if (!value)
        return function;
    if (const Json* name = member(*value, {"name"}); name && name->is_string())
        function.name = name->get<std::string>();
    if (const Json* config = member(*value, {"config"}))
        if (const Json* model = member(*config, {"model_name", "model"}); model && model->is_string())
            function.model = model->get<std::string>();
    return function;
}

const Json* vectorConfig(const Json& valueTypes)
{
    const Json* floats = member(valueTypes, {"float_list", "#float_list"});
    const Json* index = floats ? member(*floats, {"vector_index", "$vector_index"}) : nullptr;
    return index ? member(*index, {"config"}) : nullptr;
}

Status fromSchema(const Json& schema, CollectionSettings& settings)
{
    const Json* defaults = member(schema, {"defaults"});
    const Json* keys = member(schema, {"keys", "key_overrides"});
    if (!defaults || !defaults->is_object() || !keys || !keys->is_object())
        return corrupt(QStringLiteral("schema_str has no \"defaults\" or no \"keys\""));
    const Json* embedding = member(*keys, {"#embedding"});
    const Json* config = embedding ? vectorConfig(*embedding) : nullptr;
    if (!config || member(*config, {"spann"}))
        config = vectorConfig(*defaults);
    settings.index.source = IndexConfig::Source::Schema;
    if (!config)
        return {}; // Chroma fills what a schema leaves out with its defaults
    if (member(*config, {"spann"}))
        return fail(
            ErrorKind::Unsupported,
            QStringLiteral("The collection is configured for a SPANN index, which a local Chroma has not."));
    settings.function = readFunction(*config);
    if (const Json* hnsw = member(*config, {"hnsw"}))
        if (auto read = readHnsw(*hnsw, settings.index); !read)
            return read;
    return readSpace(*config, settings.index.space);
}

Status fromConfiguration(const Json& configuration, CollectionSettings& settings)
{
    if (!configuration.is_object())
        return corrupt(QStringLiteral("config_json_str is no JSON object"));
    settings.function = readFunction(configuration);
    const Json* index = member(configuration, {"vector_index"});
    if (!index)
        return {};
    if (member(*index, {"spann"}))
        return fail(
            ErrorKind::Unsupported,
            QStringLiteral("The collection is configured for a SPANN index, which a local Chroma has not."));
    const Json* hnsw = member(*index, {"hnsw"});
    if (!hnsw)
        return corrupt(QStringLiteral("\"vector_index\" names no kind of index"));
    settings.index.source = IndexConfig::Source::Configuration;
    return readHnsw(*hnsw, settings.index);
}

Status readLegacyCount(const MetaEntry& entry, qint64& into)
{
    const qint64* value = std::get_if<qint64>(&entry.value);
    if (!value || *value < 0)
        return corrupt(QStringLiteral("\"%1\" of the segment is no whole number")
                           .arg(QString::fromStdString(entry.key)));
    into = *value;
    return {};
}

Status readLegacyEntry(const MetaEntry& entry, IndexConfig& index)
{
    if (entry.key == "hnsw:space") {
        const auto* name = std::get_if<std::string>(&entry.value);
        const auto space = name ? spaceFromName(*name) : std::nullopt;
        if (!space)
            return corrupt(QStringLiteral("\"hnsw:space\" of the segment is none of l2, cosine and ip"));
        index.space = *space;
        return {};
    }
    if (entry.key == "hnsw:resize_factor") {
        if (const auto* real = std::get_if<double>(&entry.value))
            index.resizeFactor = *real;
        else if (const auto* whole = std::get_if<qint64>(&entry.value))
            index.resizeFactor = double(*whole);
        else
            return corrupt(QStringLiteral("\"hnsw:resize_factor\" of the segment is no number"));
        return {};
    }
    const std::pair<const char*, qint64*> counts[] = {{"hnsw:construction_ef", &index.efConstruction},
                                                      {"hnsw:search_ef", &index.efSearch},
                                                      {"hnsw:M", &index.maxNeighbors},
                                                      {"hnsw:num_threads", &index.numThreads},
                                                      {"hnsw:batch_size", &index.batchSize},
                                                      {"hnsw:sync_threshold", &index.syncThreshold}};
    for (const auto& [name, into] : counts)
        if (entry.key == name)
            return readLegacyCount(entry, *into);
    return corrupt(
        QStringLiteral("the segment has the unknown key \"%1\"").arg(QString::fromStdString(entry.key)));
}

// The `hnsw:*` keys that Python copied to the segment, over the defaults in `index`.
Status readLegacy(const Metadata& segmentMetadata, IndexConfig& index)
{
    for (const MetaEntry& entry : segmentMetadata) {
        if (entry.key.rfind("hnsw:", 0) != 0)
            continue;
        if (auto read = readLegacyEntry(entry, index); !read)
            return read;
        index.source = IndexConfig::Source::SegmentMetadata;
    }
    return {};
}

// Chroma compares the thread count too, which is that of the machine: on the machine that wrote the schema it
// never differs, so it is left out here.
bool sameSettings(const IndexConfig& a, const IndexConfig& b)
{
    return a.space == b.space && a.efConstruction == b.efConstruction && a.efSearch == b.efSearch &&
           a.maxNeighbors == b.maxNeighbors && a.batchSize == b.batchSize &&
           a.syncThreshold == b.syncThreshold && a.resizeFactor == b.resizeFactor;
}

// Python looks at the segment only. Its default of search_ef was 10 before 0.6; the configuration that it
// wrote beside (and did not use) tells which.
Result<CollectionSettings> pythonSettings(const std::string& configJson, const Metadata& segmentMetadata)
{
    constexpr qint64 kSearchEfBefore06 = 10;
    CollectionSettings settings;
    settings.index.efSearch = kSearchEfBefore06;
    const Json configuration = Json::parse(configJson, nullptr, false);
    if (const Json* written = member(configuration, {"hnsw_configuration"}))
        if (const Json* ef = member(*written, {"ef_search"}); ef && ef->is_number_unsigned())
            settings.index.efSearch = ef->get<qint64>();
    if (auto read = readLegacy(segmentMetadata, settings.index); !read)
        return pass(read);
    return settings;
}

} // namespace

Result<CollectionSettings> collectionSettings(const std::string& configJson, const std::string& schemaJson,
                                              const Metadata& segmentMetadata, bool lastUsedByPython)
{
    if (lastUsedByPython)
        return pythonSettings(configJson, segmentMetadata);
    CollectionSettings settings;
    if (!configJson.empty()) {
        const Json configuration = Json::parse(configJson, nullptr, false);
        if (auto read = fromConfiguration(configuration, settings); !read)
            return pass(read);
    }
    if (!isBlank(schemaJson) && schemaJson != "null") {
        const EmbeddingFunction function = settings.function;
        settings = {};
        const Json schema = Json::parse(schemaJson, nullptr, false);
        if (auto read = fromSchema(schema, settings); !read)
            return pass(read);
        if (settings.function.name.empty())
            settings.function = function;
    }
    IndexConfig legacy;
    if (auto read = readLegacy(segmentMetadata, legacy); !read)
        return pass(read);
    if (sameSettings(settings.index, IndexConfig()) && !sameSettings(settings.index, legacy))
        settings.index = legacy;
    return settings;
}

Result<IndexConfig> effectiveIndexConfig(const std::string& configJson, const std::string& schemaJson,
                                         const Metadata& segmentMetadata, bool lastUsedByPython)
{
    auto settings = collectionSettings(configJson, schemaJson, segmentMetadata, lastUsedByPython);
    if (!settings)
        return pass(settings);
    return settings->index;
}

} // namespace storage
