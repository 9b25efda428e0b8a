// The JSON of a record's fields as Chroma answers them.
#pragma once

#include "storage/base/json_text.h"

#include <optional>
#include <string>

namespace app {

inline void appendJsonOrNull(std::string& out, const std::optional<std::string>& text)
{
    if (text)
        storage::appendJson(out, std::string_view(*text));
    else
        out += "null";
}

// A record with a uri and nothing else has an empty object in Chroma, one with nothing at all has null.
inline void appendRecordMetadata(std::string& out, const storage::Record& record)
{
    if (record.metadata.empty() && record.uri)
        out += "{}";
    else
        storage::appendJson(out, record.metadata);
}

} // namespace app
