#include "storage/exchange/json_fields.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace storage {

namespace {

using Json = nlohmann::ordered_json;

tl::unexpected<Error> invalid(const QString& sentence)
{
    return fail(ErrorKind::Invalid, sentence);
}

// The field that the mapping names, else the first of the usual names that is there.
const Json* field(const Json& object, const std::string& mapped, std::initializer_list<const char*> usual)
{
    if (!mapped.empty()) {
        const auto it = object.find(mapped);
        return it == object.end() ? nullptr : &*it;
    }
    for (const char* name : usual)
        if (const auto it = object.find(name); it != object.end())
            return &*it;
    return nullptr;
}

Result<std::optional<std::string>> textField(const Json* json, const char* what)
{
    if (!json || json->is_null())
        return std::optional<std::string>();
    if (!json->is_string())
        return invalid(QStringLiteral("The %1 is no text.").arg(QLatin1String(what)));
    return std::optional(json->get<std::string>());
}

Result<std::string> idField(const Json* json)
{
    if (!json || json->is_null())
        return std::string();
    if (json->is_string())
        return json->get<std::string>();
    if (json->is_number_integer())
        return json->dump();
    return invalid(QStringLiteral("The id is no text."));
}

Result<ImportRecord> fromObject(const Json& object, const FieldMapping& mapping)
{
    if (!object.is_object())
        return invalid(QStringLiteral("A record must be an object with an id, a document, metadata and an embedding."));
    ImportRecord record;
    auto id = idField(field(object, mapping.id, {"id", "_id"}));
    if (!id)
        return pass(id);
    record.id = std::move(*id);
    auto document = textField(field(object, mapping.document, {"document", "text_chunk", "text", "content"}), "document");
    if (!document)
        return pass(document);
    record.document = std::move(*document);
    auto uri = textField(field(object, mapping.uri, {"uri"}), "uri");
    if (!uri)
        return pass(uri);
    record.uri = std::move(*uri);
    if (const Json* metadata = field(object, mapping.metadata, {"metadata", "metadatas"})) {
        auto read = metadataFromJson(*metadata);
        if (!read)
            return pass(read);
        record.metadata = std::move(*read);
    }
    const Json* vector = field(object, mapping.embedding, {"embedding", "embeddings", "vector", "values"});
    if (vector && !vector->is_null()) {
        auto read = vectorFromJson(*vector);
        if (!read)
            return pass(read);
        record.vector = std::move(*read);
    }
    return record;
}

} // namespace

Result<Metadata> metadataFromJson(const Json& json)
{
    return parseMetadataObject(json.dump());
}

Result<std::vector<float>> vectorFromJson(const Json& json)
{
    if (!json.is_array() || json.empty())
        return invalid(QStringLiteral("The embedding is no list of numbers."));
    std::vector<float> vector;
    vector.reserve(json.size());
    for (const Json& item : json) {
        if (!item.is_number())
            return invalid(QStringLiteral("The embedding holds something that is no number."));
        const auto value = float(item.get<double>());
        if (!std::isfinite(value))
            return invalid(QStringLiteral("The embedding holds a number beyond the range of float32."));
        vector.push_back(value);
    }
    return vector;
}

Result<ImportRecord> recordFromJson(std::string_view json, const FieldMapping& mapping)
{
    try {
        return fromObject(Json::parse(json), mapping);
    } catch (const std::exception& error) {
        return fail(ErrorKind::Invalid, QStringLiteral("This is no JSON object."), QString::fromUtf8(error.what()));
    }
}

Result<std::vector<float>> parseVectorJson(std::string_view json)
{
    try {
        return vectorFromJson(Json::parse(json));
    } catch (const std::exception& error) {
        return fail(ErrorKind::Invalid, QStringLiteral("The embedding cannot be read as JSON."),
                    QString::fromUtf8(error.what()));
    }
}

} // namespace storage
