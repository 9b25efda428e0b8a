// Metadata values as Chroma spreads them over typed columns (string, int, float, bool), read as Chroma reads
// them: the first that has a value counts; none (a NaN, which SQLite keeps as NULL) is as if the key were not
// there.
#pragma once

#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <optional>
#include <string>

namespace storage {

struct ValueColumns
{
    int text = -1; // positions in the statement's result; -1: this release has no such column
    int integer = -1;
    int real = -1;
    int boolean = -1;
};

[[nodiscard]] std::optional<MetaValue> scalarValue(const Statement& row, const ValueColumns& columns);

// The kind of that value, without reading it.
[[nodiscard]] std::optional<MetaType> scalarType(const Statement& row, const ValueColumns& columns);

// One row of embedding_metadata_array onto the value of its key: an element of another kind starts a new
// array, and so does one that meets a scalar.
void appendElement(MetaValue& value, const Statement& row, const ValueColumns& columns);

// A place in the write-ahead log as Python (8 bytes, big-endian) or Rust (an integer) wrote it; both stand in
// one column after an upgrade. nullopt: neither.
[[nodiscard]] std::optional<qint64> sequenceId(const Statement& row, int column);

// Chroma's own keys, stored among the user's.
inline constexpr const char* kDocumentKey = "chroma:document";
inline constexpr const char* kUriKey = "chroma:uri";
[[nodiscard]] inline bool isReservedKey(std::string_view key)
{
    return key.substr(0, 7) == "chroma:";
}

// Puts a value under its key, in order; replaces one that is there.
void setValue(Metadata& metadata, std::string key, MetaValue value);
void removeValue(Metadata& metadata, std::string_view key);

} // namespace storage
