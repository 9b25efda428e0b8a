// One record from one JSON object, by the names that the known dialects use.
#pragma once

#include "storage/exchange/record_source.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace storage {

[[nodiscard]] Result<ImportRecord> recordFromJson(std::string_view json, const FieldMapping& mapping);
// Metadata object, array of numbers: strict, with int64 and float64 kept apart.
[[nodiscard]] Result<Metadata> metadataFromJson(const nlohmann::ordered_json& json);
[[nodiscard]] Result<std::vector<float>> vectorFromJson(const nlohmann::ordered_json& json);

} // namespace storage
