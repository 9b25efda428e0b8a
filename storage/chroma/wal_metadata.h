// The metadata text of a write-ahead-log row, read as Chroma reads it: null deletes a key, numbers keep their
// kind, arrays are of one kind. Foreign bytes: anything may stand there, and what cannot be read is named.
#pragma once

#include "storage/chroma/records.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace storage {

struct MetadataUpdate
{
    // nullopt deletes the key. Includes the user's keys only.
    std::vector<std::pair<std::string, std::optional<MetaValue>>> values;
    // Outer: mentioned at all; inner nullopt: taken away.
    std::optional<std::optional<std::string>> document;
    std::optional<std::optional<std::string>> uri;

    bool unreadable = false;  // no JSON object: nothing of the row's metadata is known
    bool bareNumbers = false; // NaN or Infinity, as Python writes and Chroma 1.x refuses
    bool badValues = false;   // an object or a mixed list under a key; left out
    bool badDocument = false; // a document that is no string
};

[[nodiscard]] MetadataUpdate parseWalMetadata(std::string_view json);

// Merges key by key.
void apply(const MetadataUpdate& update, Record& record);

} // namespace storage
