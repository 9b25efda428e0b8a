// Records from a JSON file of columns, as collection.get() gives them and as our own export writes them:
// {"collection"?, "ids", "documents", "metadatas", "embeddings", "uris"}, members in any order. The file is read once;
// its columns wait in temporary files until their turn, so memory stays bounded whatever its size.
#pragma once

#include "storage/exchange/record_source.h"

namespace storage {

[[nodiscard]] Result<std::unique_ptr<RecordSource>> openColumnarSource(const QString& file, Progress& progress);

} // namespace storage
