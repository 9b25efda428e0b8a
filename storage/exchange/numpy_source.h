// Records from NumPy arrays: vectors with the ids of the sidecar, or of the archive's own "ids" array.
#pragma once

#include "storage/exchange/record_source.h"

namespace storage {

[[nodiscard]] Result<std::unique_ptr<RecordSource>> openNumpySource(const QString& file, ExchangeFormat format,
                                                                    std::optional<ExchangeHeader> header,
                                                                    Progress& progress);

// The head of a .npy stream: dtype, order and shape. Errors: Invalid.
struct NpyArray
{
    std::string type; // "<f4"
    std::vector<qint64> shape;
};
[[nodiscard]] Result<NpyArray> parseNpyHead(std::string_view text);

} // namespace storage
