// The values that Chromakeep passes around: records, metadata, collections. Plain data, free to copy
// between threads. User data is UTF-8 in std::string, exactly as Chroma stored it.
#pragma once

#include <QtGlobal>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace storage {

// Chroma's internal record number (embeddings.id): the order of get(). Records that are only in the
// write-ahead log have no number yet; theirs count up from kFirstPending, in log order.
struct RowKey
{
    static constexpr qint64 kFirstPending = qint64(1) << 62;
    qint64 value = 0;
    [[nodiscard]] bool isPending() const { return value >= kFirstPending; }
    auto operator<=>(const RowKey&) const = default;
};

// One metadata value. monostate: the key is there without a value (NaN, which SQLite keeps as NULL).
// Arrays exist from Chroma 1.5 on and are homogeneous.
using MetaValue = std::variant<std::monostate, bool, qint64, double, std::string, std::vector<bool>,
                               std::vector<qint64>, std::vector<double>, std::vector<std::string>>;

enum class MetaType : std::uint8_t {
    Null,
    Bool,
    Int,
    Float,
    String,
    BoolArray,
    IntArray,
    FloatArray,
    StringArray
};
[[nodiscard]] inline MetaType typeOf(const MetaValue& value)
{
    return static_cast<MetaType>(value.index());
}
[[nodiscard]] const char* typeName(MetaType type); // "null", "bool", "int", "float", "string", "bool[]" ...

struct MetaEntry
{
    std::string key;
    MetaValue value;
    bool operator==(const MetaEntry&) const = default;
};
using Metadata = std::vector<MetaEntry>; // sorted by key; Chroma's own "chroma:*" keys are not in it
[[nodiscard]] const MetaValue* find(const Metadata& metadata, const std::string& key);

struct Record
{
    RowKey row;
    std::string id;
    std::optional<std::string> document;
    std::optional<std::string> uri;
    Metadata metadata; // empty: Chroma answers null
    bool operator==(const Record&) const = default;
};

// The order of a table: browsing, sorting, filtering and similarity search only make another spine.
struct Spine
{
    std::vector<RowKey> rows;
    std::vector<float> distances; // empty while browsing, else one per row
};

enum class Space : std::uint8_t { L2, Cosine, Ip };
[[nodiscard]] const char* spaceName(Space space); // "l2", "cosine", "ip"
[[nodiscard]] std::optional<Space> spaceFromName(const std::string& name);

// The index settings in force, and the place that they come from (chroma-format: where the truth is).
struct IndexConfig
{
    enum class Source : std::uint8_t { Defaults, SegmentMetadata, Configuration, Schema };
    Space space = Space::L2;
    qint64 efConstruction = 100;
    qint64 efSearch = 100;
    qint64 maxNeighbors = 16; // M
    qint64 numThreads = 0;    // 0: the machine's
    qint64 batchSize = 100;
    qint64 syncThreshold = 1000;
    double resizeFactor = 1.2;
    Source source = Source::Defaults;
};
[[nodiscard]] const char* sourceName(IndexConfig::Source source);

struct Segment
{
    std::string id;
    std::string type;               // urn:chroma:segment/...
    std::string scope;              // VECTOR or METADATA
    std::optional<qint64> maxSeqId; // from table max_seq_id
    qint64 bytes = 0;               // on disk; 0 for the metadata segment, which lives in the database
    bool folderExists = false;      // VECTOR only
};

struct Collection
{
    std::string id;
    std::string name;
    std::string tenant;
    std::string database;
    std::string databaseId;
    std::string topic; // of its write-ahead-log rows
    std::optional<qint64> dimension;
    IndexConfig index;
    Metadata metadata;
    std::string configJson;        // collections.config_json_str, verbatim; empty: NULL or no such column
    std::string schemaJson;        // collections.schema_str, verbatim
    std::string embeddingFunction; // name in the configuration; empty: none said
    std::string model;             // "model" of the metadata, else model_name of the embedding function
    std::vector<Segment> segments;

    [[nodiscard]] const Segment* segment(const char* scope) const; // "VECTOR", "METADATA"; nullptr: missing
};

enum class Severity : std::uint8_t { Info, Warning, Error };

// Something worth telling about a directory, found while reading it.
struct Finding
{
    std::string code; // stable, kebab-case: "missing-pickle"
    Severity severity = Severity::Info;
    std::string collection; // its id; empty: the directory as a whole
    std::string sentence;   // UTF-8, for a person
};

} // namespace storage
