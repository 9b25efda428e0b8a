// Exports as NumPy arrays (format version 1.0 of numpy.lib.format): float32, C order, little-endian; a record without a
// vector is a row of NaN.
#pragma once

#include "storage/exchange/record_sink.h"

namespace storage {

// `header.records` rows of `header.dimension` numbers are promised to it. Errors: Invalid without a dimension.
[[nodiscard]] Result<std::unique_ptr<RecordSink>> makeNumpySink(const FileOps& ops, ExchangeFormat format,
                                                                const QString& file, const ExchangeHeader& header);

// The text before the numbers, padded so that they start at a multiple of 64.
[[nodiscard]] std::string npyHead(std::string_view type, std::string_view shape);

} // namespace storage
