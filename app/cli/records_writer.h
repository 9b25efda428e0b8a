// Writes records as the JSON that Chroma's get() answers: one object of columns. A column can only be printed
// once the one before it is complete, so what is read is kept aside, in memory while it is small and in an
// unnamed temporary file beyond; every record is read exactly once, so that all columns show the same moment.
#pragma once

#include "app/cli/console.h"
#include "app/cli/source.h"
#include "storage/chroma/collection_reader.h"
#include "storage/vectors/vector_store.h"

#include <span>
#include <string>
#include <vector>

namespace app {

struct WrittenRecords
{
    qint64 records = 0;
    qint64 withoutVector = 0;
    std::string firstWithoutVector; // its id
};

// Nothing is printed before all records have been read. `vectors`: needed when embeddings are included.
[[nodiscard]] storage::Result<WrittenRecords>
writeRecords(const storage::CollectionReader& reader, std::span<const storage::RowKey> rows,
             const Include& include, const storage::VectorStore* vectors, Console& console);

} // namespace app
