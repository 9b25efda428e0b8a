// Records from CSV (RFC 4180): the columns of our own exports (id, document, uri, KEY:TYPE, embedding) or any others by
// mapping; columns without a type are read as numbers, booleans or text.
#pragma once

#include "storage/base/compressed_file.h"
#include "storage/exchange/record_source.h"

namespace storage {

[[nodiscard]] Result<std::unique_ptr<RecordSource>> openCsvSource(FileReader reader, const FieldMapping& mapping,
                                                                  std::optional<ExchangeHeader> header);

} // namespace storage
