// A JSON object put together member by member, in the order of the calls.
#pragma once

#include "storage/base/json_text.h"

#include <optional>
#include <string>
#include <string_view>

namespace app {

class JsonObject
{
public:
    JsonObject& add(std::string_view key, std::string_view value) { return addValue(key, value); }
    JsonObject& add(std::string_view key, qint64 value) { return addValue(key, value); }
    JsonObject& add(std::string_view key, double value) { return addValue(key, value); }
    // `json` is JSON already.
    JsonObject& addRaw(std::string_view key, std::string_view json)
    {
        addKey(key);
        m_text += json;
        return *this;
    }
    JsonObject& addOrNull(std::string_view key, const std::optional<qint64>& value)
    {
        return value ? add(key, *value) : addRaw(key, "null");
    }
    JsonObject& addOrNull(std::string_view key, std::string_view value)
    {
        return value.empty() ? addRaw(key, "null") : add(key, value);
    }
    [[nodiscard]] std::string text() const { return m_text + '}'; }

private:
    template <class Value> JsonObject& addValue(std::string_view key, Value value)
    {
        addKey(key);
        storage::appendJson(m_text, value);
        return *this;
    }
    void addKey(std::string_view key)
    {
        m_text += m_text.size() > 1 ? "," : "";
        storage::appendJson(m_text, key);
        m_text += ':';
    }
    std::string m_text = "{";
};

template <class List, class Write> [[nodiscard]] std::string jsonArray(const List& list, Write toJson)
{
    std::string text = "[";
    for (const auto& item : list)
        text += (text.size() > 1 ? "," : "") + toJson(item);
    return text + ']';
}

} // namespace app
