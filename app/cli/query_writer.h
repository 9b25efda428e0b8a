// Writes what a search found: as the JSON that Chroma's query() answers, or as a table for a person.
#pragma once

#include "app/cli/console.h"
#include "app/cli/source.h"
#include "storage/chroma/collection_reader.h"
#include "storage/vectors/vector_search.h"
#include "storage/vectors/vector_store.h"

#include <string>
#include <vector>

namespace app {

struct FoundRecords
{
    const storage::CollectionReader& reader;
    const storage::VectorStore& vectors;
    const std::vector<storage::SearchAnswer>& answers; // one a query
};

// {"ids":[[..]],"distances":[[..]],"documents":..,"metadatas":..,"embeddings":..,"uris":..}: a list a query,
// null for what is not included. A vector without a record has null fields, as in Chroma. Errors: Changed,
// Busy, Io.
[[nodiscard]] storage::Result<std::string> foundJson(const FoundRecords& found, const Include& include,
                                                     storage::Progress& progress);

// Rank, distance, id and the document's beginning, at most `width` columns.
[[nodiscard]] storage::Result<std::string> foundText(const FoundRecords& found, std::size_t width,
                                                     storage::Progress& progress);

} // namespace app
