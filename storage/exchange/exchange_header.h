// What an export says of the collection beside its records, so that an import needs no questions: name, place, space,
// settings, metadata with their types, counts. No times and no paths: the same collection exports to the same bytes.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <optional>
#include <string>
#include <string_view>

namespace storage {

struct ExchangeHeader
{
    std::string name, tenant, database;
    std::optional<qint64> dimension;
    IndexConfig index;
    Metadata metadata;
    std::string embeddingFunction, model;
    std::string embeddingFunctionJson; // verbatim from the configuration, so that Chroma finds it again
    qint64 records = 0;
    qint64 vectors = 0;
    std::string format; // "json", "jsonl", "csv", "npy", "npz"

    [[nodiscard]] static ExchangeHeader of(const Collection& collection);
};

// `readBack`: lines of Python that read the file, for whoever finds it without this program.
[[nodiscard]] std::string headerJson(const ExchangeHeader& header, const std::string& readBack);
[[nodiscard]] Result<ExchangeHeader> parseHeader(std::string_view json); // Errors: Invalid
[[nodiscard]] Result<Metadata> parseMetadataObject(std::string_view json); // {..} or null; Errors: Invalid

} // namespace storage
