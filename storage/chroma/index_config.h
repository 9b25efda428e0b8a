// The index settings of a collection: where Chroma keeps them in each release, and which of the places is in
// force (chroma-core/chroma, rust/types/src/collection_schema.rs). Pure functions over text and values.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <string>

namespace storage {

// What the configuration says besides the index: which function makes the embeddings.
struct EmbeddingFunction
{
    std::string name;  // "default", "openai" ...; empty: none said
    std::string model; // model_name or model of its configuration
};

struct CollectionSettings
{
    IndexConfig index;
    EmbeddingFunction function;
};

// `configJson`, `schemaJson`: columns config_json_str and schema_str, empty for NULL. `lastUsedByPython`: no
// Chroma 1.x ever opened the directory, so the segment's metadata alone decides. Errors: Corrupt when a place
// that decides cannot be decoded; Unsupported for an index that a local Chroma has not (SPANN).
[[nodiscard]] Result<CollectionSettings> collectionSettings(const std::string& configJson,
                                                            const std::string& schemaJson,
                                                            const Metadata& segmentMetadata,
                                                            bool lastUsedByPython);

// The index settings in force for a collection: schema_str, config_json_str, defaults,
// then the legacy segment metadata. Errors: as collectionSettings().
[[nodiscard]] Result<IndexConfig> effectiveIndexConfig(const std::string& configJson,
                                                       const std::string& schemaJson,
                                                       const Metadata& segmentMetadata,
                                                       bool lastUsedByPython);

} // namespace storage
