#include "storage/exchange/exchange_header.h"

#include "storage/base/json_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace storage {

namespace {

using Json = nlohmann::ordered_json;

void member(std::string& out, const char* key, std::string_view text, bool last = false)
{
    appendJson(out, std::string_view(key));
    out += ':';
    appendJson(out, text);
    out += last ? "" : ",";
}

void member(std::string& out, const char* key, std::optional<qint64> value, bool last = false)
{
    appendJson(out, std::string_view(key));
    out += ':';
    if (value)
        appendJson(out, *value);
    else
        out += "null";
    out += last ? "" : ",";
}

std::string text(const Json& json, const char* key)
{
    const auto it = json.find(key);
    return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

qint64 number(const Json& json, const char* key, qint64 otherwise)
{
    const auto it = json.find(key);
    return it != json.end() && it->is_number_integer() ? it->get<qint64>() : otherwise;
}

tl::unexpected<Error> invalid(const QString& why)
{
    return fail(ErrorKind::Invalid, QStringLiteral("The file's description of its collection cannot be read."), why);
}

template <class T> std::vector<T> listOf(const Json& json)
{
    std::vector<T> list;
    for (const Json& item : json)
        list.push_back(item.get<T>());
    return list;
}

// An array takes the type of its members; whole numbers among floats are floats, as Chroma reads them.
std::optional<MetaValue> arrayValue(const Json& json)
{
    const auto all = [&](auto test) { return !json.empty() && std::all_of(json.begin(), json.end(), test); };
    if (all([](const Json& v) { return v.is_boolean(); }))
        return listOf<bool>(json);
    if (all([](const Json& v) { return v.is_number_integer(); }))
        return listOf<qint64>(json);
    if (all([](const Json& v) { return v.is_number(); }))
        return listOf<double>(json);
    if (all([](const Json& v) { return v.is_string(); }))
        return listOf<std::string>(json);
    return std::nullopt;
}

std::optional<MetaValue> metaValue(const Json& json)
{
    if (json.is_null())
        return MetaValue();
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(std::numeric_limits<qint64>::max()))
        return double(json.get<std::uint64_t>()); // as Chroma takes integers beyond 64 bits
    if (json.is_number_integer())
        return json.get<qint64>();
    if (json.is_number())
        return json.get<double>();
    if (json.is_string())
        return json.get<std::string>();
    return json.is_array() ? arrayValue(json) : std::nullopt;
}

Result<Metadata> metadataOf(const Json& json)
{
    Metadata metadata;
    if (json.is_null())
        return metadata;
    if (!json.is_object())
        return fail(ErrorKind::Invalid, QStringLiteral("Metadata must be an object of keys and values."));
    for (const auto& [key, value] : json.items()) {
        auto read = metaValue(value);
        if (!read)
            return fail(ErrorKind::Invalid, QStringLiteral("The metadata key “%1” holds a value that Chroma does not take.")
                                                .arg(QString::fromStdString(key)));
        metadata.push_back({key, std::move(*read)});
    }
    std::sort(metadata.begin(), metadata.end(), [](const MetaEntry& a, const MetaEntry& b) { return a.key < b.key; });
    return metadata;
}

IndexConfig indexOf(const Json& json)
{
    IndexConfig index;
    const auto hnsw = json.find("hnsw");
    if (hnsw == json.end() || !hnsw->is_object())
        return index;
    index.space = spaceFromName(text(*hnsw, "space")).value_or(Space::L2);
    index.efConstruction = number(*hnsw, "ef_construction", index.efConstruction);
    index.efSearch = number(*hnsw, "ef_search", index.efSearch);
    index.maxNeighbors = number(*hnsw, "max_neighbors", index.maxNeighbors);
    index.syncThreshold = number(*hnsw, "sync_threshold", index.syncThreshold);
    index.batchSize = number(*hnsw, "batch_size", index.batchSize);
    return index;
}

} // namespace

ExchangeHeader ExchangeHeader::of(const Collection& collection)
{
    ExchangeHeader header{.name = collection.name,
                          .tenant = collection.tenant,
                          .database = collection.database,
                          .dimension = collection.dimension,
                          .index = collection.index,
                          .metadata = collection.metadata,
                          .embeddingFunction = collection.embeddingFunction,
                          .model = collection.model};
    const auto config = Json::parse(collection.configJson, nullptr, false);
    if (config.is_object() && config.contains("embedding_function") && config["embedding_function"].is_object())
        header.embeddingFunctionJson = config["embedding_function"].dump();
    return header;
}

std::string headerJson(const ExchangeHeader& h, const std::string& readBack)
{
    std::string out = "{";
    member(out, "exported_by", "Chromakeep");
    member(out, "version", qint64(1));
    member(out, "format", h.format);
    member(out, "name", h.name);
    member(out, "tenant", h.tenant);
    member(out, "database", h.database);
    member(out, "dimension", h.dimension);
    out += R"("configuration":{"hnsw":{)";
    member(out, "space", spaceName(h.index.space));
    member(out, "ef_construction", h.index.efConstruction);
    member(out, "ef_search", h.index.efSearch);
    member(out, "max_neighbors", h.index.maxNeighbors);
    member(out, "batch_size", h.index.batchSize);
    member(out, "sync_threshold", h.index.syncThreshold, true);
    out += R"(},"embedding_function":)" + (h.embeddingFunctionJson.empty() ? "null" : h.embeddingFunctionJson) + "},";
    member(out, "model", h.model);
    out += R"("metadata":)";
    appendJson(out, h.metadata);
    out += ',';
    member(out, "records", h.records);
    member(out, "vectors", h.vectors);
    member(out, "read_back", readBack, true);
    return out + "}";
}

Result<ExchangeHeader> parseHeader(std::string_view json)
{
    try {
        const Json object = Json::parse(json);
        if (!object.is_object() || number(object, "version", 0) != 1)
            return invalid(QStringLiteral("not an export's header of version 1"));
        ExchangeHeader header;
        header.format = text(object, "format");
        header.name = text(object, "name");
        header.tenant = text(object, "tenant");
        header.database = text(object, "database");
        header.model = text(object, "model");
        if (const qint64 dimension = number(object, "dimension", 0); dimension > 0)
            header.dimension = dimension;
        header.records = number(object, "records", 0);
        header.vectors = number(object, "vectors", 0);
        if (const auto config = object.find("configuration"); config != object.end() && config->is_object()) {
            header.index = indexOf(*config);
            if (const auto function = config->find("embedding_function"); function != config->end() && function->is_object())
                header.embeddingFunctionJson = function->dump();
        }
        if (const auto metadata = object.find("metadata"); metadata != object.end()) {
            auto read = metadataOf(*metadata);
            if (!read)
                return pass(read);
            header.metadata = std::move(*read);
        }
        return header;
    } catch (const std::exception& error) {
        return invalid(QString::fromUtf8(error.what()));
    }
}

Result<Metadata> parseMetadataObject(std::string_view json)
{
    try {
        return metadataOf(Json::parse(json));
    } catch (const std::exception& error) {
        return fail(ErrorKind::Invalid, QStringLiteral("Metadata cannot be read as JSON."), QString::fromUtf8(error.what()));
    }
}

} // namespace storage
