// Full-text search over the documents of one collection, ranked: what a person types, not Chroma's
// `where_document`. Words and "quoted phrases" are substrings that must all occur. Chroma's trigram index
// names the candidates where it can (three characters and more), else every document is read: short words
// and CJK are found either way, and the answer is the same either way. A document ends at its first NUL here,
// as it does for Chroma's $contains. Blocks; short read transactions.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/collection_reader.h"
#include "storage/filter/record_filter.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

struct TextQuery
{
    enum class Order : std::uint8_t { Relevance, Insertion };
    std::vector<std::string> terms; // all of them must occur
    bool caseSensitive = false;
    Order order = Order::Relevance;
};

// Splits what was typed: words by white space, "quoted phrases" whole. Errors: Invalid (nothing to look for,
// a term of more than 1,000 characters, more than 64 terms).
[[nodiscard]] Result<TextQuery> parseTextQuery(std::string_view typed);

struct TextAnswer
{
    std::vector<std::uint32_t> positions; // in the cache's rows(), best first
    std::vector<float> scores;            // BM25 among the documents found; empty by insertion
    DocumentPath path = DocumentPath::None;
    std::vector<Finding> findings;
};

// `among`: positions to search in, ascending (the rows that a filter left); nullptr: all.
[[nodiscard]] Result<TextAnswer> searchText(const CollectionReader& reader, ColumnCache& cache,
                                            const TextQuery& query,
                                            const std::vector<std::uint32_t>* among = nullptr,
                                            Progress& progress = Progress::none());

// Where the terms stand in a document, for highlighting: byte offsets, ascending, overlaps joined.
struct TextSpan
{
    std::size_t offset = 0;
    std::size_t length = 0;
    bool operator==(const TextSpan&) const = default;
};
[[nodiscard]] std::vector<TextSpan> textSpans(std::string_view document, const TextQuery& query,
                                              std::size_t limit = 10000);

} // namespace storage
