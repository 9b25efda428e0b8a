#include "storage/chroma/wal_metadata.h"

#include "storage/chroma/value_columns.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace storage {

namespace {

using Json = nlohmann::json;

// What stands for an infinity between the two parses. Objects are no metadata values, so it cannot be
// mistaken.
constexpr const char* kInfinity = "#infinity";

// Python's json writes NaN, Infinity and -Infinity bare. SQLite keeps a NaN as NULL, which Chroma then
// answers as if the key were not there: null says the same.
std::string withoutBareNumbers(std::string_view json)
{
    std::string out;
    bool quoted = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (quoted) {
            out += c;
            if (c == '\\' && at + 1 < json.size())
                out += json[++at];
            else if (c == '"')
                quoted = false;
            continue;
        }
        const auto is = [&](std::string_view word) { return json.compare(at, word.size(), word) == 0; };
        if (is("NaN")) {
            out += "null";
            at += 2;
        } else if (is("-Infinity")) {
            out += "{\"#infinity\":-1}";
            at += 8;
        } else if (is("Infinity")) {
            out += "{\"#infinity\":1}";
            at += 7;
        } else {
            quoted = c == '"';
            out += c;
        }
    }
    return out;
}

bool isWhole(const Json& value)
{
    return value.is_number_integer() && (!value.is_number_unsigned() ||
                                         value.get<quint64>() <= quint64(std::numeric_limits<qint64>::max()));
}

class ValueReader
{
public:
    // `rewritten`: the text went through withoutBareNumbers().
    explicit ValueReader(bool rewritten) : m_rewritten(rewritten) {}

    // A whole number beyond int64 becomes a float, as in Chroma.
    [[nodiscard]] std::optional<MetaValue> scalar(const Json& value) const
    {
        if (value.is_boolean())
            return MetaValue(value.get<bool>());
        if (isWhole(value))
            return MetaValue(value.get<qint64>());
        if (const auto number = real(value))
            return MetaValue(*number);
        if (value.is_string())
            return MetaValue(value.get<std::string>());
        return std::nullopt;
    }

    // The first kind that fits every element: bool, int, float, string.
    [[nodiscard]] std::optional<MetaValue> list(const Json& array) const
    {
        const auto all = [&](auto fits) { return std::all_of(array.begin(), array.end(), fits); };
        if (all([](const Json& v) { return v.is_boolean(); }))
            return MetaValue(array.get<std::vector<bool>>());
        if (all([](const Json& v) { return isWhole(v); }))
            return MetaValue(array.get<std::vector<qint64>>());
        if (all([](const Json& v) { return v.is_string(); }))
            return MetaValue(array.get<std::vector<std::string>>());
        std::vector<double> numbers;
        for (const Json& item : array) {
            const auto number = real(item);
            if (!number)
                return std::nullopt;
            numbers.push_back(*number);
        }
        return MetaValue(std::move(numbers));
    }

private:
    [[nodiscard]] std::optional<double> real(const Json& value) const
    {
        if (value.is_number())
            return value.get<double>() + 0.0; // SQLite keeps -0.0 as 0.0
        if (!m_rewritten || !value.is_object() || value.size() != 1 || !value.contains(kInfinity))
            return std::nullopt;
        return value[kInfinity] < 0 ? -std::numeric_limits<double>::infinity()
                                    : std::numeric_limits<double>::infinity();
    }

    bool m_rewritten;
};

void takeText(const Json& value, std::optional<std::optional<std::string>>& into, bool& bad)
{
    if (value.is_string())
        into = std::optional(value.get<std::string>());
    else
        into = std::optional<std::string>();
    bad = bad || !value.is_string();
}

void takeValue(const std::string& key, const Json& value, const ValueReader& reader, MetadataUpdate& update)
{
    // An empty list leaves no row behind, so the key is gone.
    if (value.is_null() || (value.is_array() && value.empty())) {
        update.values.emplace_back(key, std::nullopt);
        return;
    }
    auto parsed = value.is_array() ? reader.list(value) : reader.scalar(value);
    if (parsed)
        update.values.emplace_back(key, std::move(*parsed));
    else
        update.badValues = true;
}

} // namespace

MetadataUpdate parseWalMetadata(std::string_view json)
{
    MetadataUpdate update;
    Json parsed = Json::parse(json, nullptr, false);
    if (parsed.is_discarded()) {
        parsed = Json::parse(withoutBareNumbers(json), nullptr, false);
        update.bareNumbers = parsed.is_object();
    }
    update.unreadable = !parsed.is_object();
    if (update.unreadable)
        return update;
    const ValueReader reader(update.bareNumbers);
    bool ignored = false;
    for (const auto& [key, value] : parsed.items()) {
        if (key == kDocumentKey)
            takeText(value, update.document, update.badDocument);
        else if (key == kUriKey)
            takeText(value, update.uri, ignored);
        else if (!isReservedKey(key))
            takeValue(key, value, reader, update);
    }
    return update;
}

void apply(const MetadataUpdate& update, Record& record)
{
    if (update.document)
        record.document = *update.document;
    if (update.uri)
        record.uri = *update.uri;
    for (const auto& [key, value] : update.values) {
        if (value)
            setValue(record.metadata, key, *value);
        else
            removeValue(record.metadata, key);
    }
}

} // namespace storage
