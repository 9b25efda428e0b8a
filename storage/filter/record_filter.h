// Which records match a `where` and a `where_document`, over the whole collection, exactly as Chroma 1.5
// answers (missing keys, mixed types, $ne / $nin, truncation of floats against ints, short and CJK
// substrings). Also sorts the whole set by a column. Metadata columns are read once per key and kept in
// memory, so that the next filter or sort costs microseconds per thousand records.
//
// A column is read in slices, each a read transaction of a few milliseconds. When another process commits
// meanwhile, the call fails with Changed: make a new reader and a new cache (or accept the mixture, see
// tolerateChanges).
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/collection_reader.h"
#include "storage/filter/where.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

// How conditions on documents were answered.
enum class DocumentPath : std::uint8_t {
    None,  // there were none
    Index, // Chroma's full-text index named the candidates, their text was compared
    Scan,  // every document's text was compared (short or CJK strings, patterns, no usable index)
};

// The warm columns of one collection at one moment. Belongs to one thread at a time.
class ColumnCache
{
public:
    // `rows`: allRows() of the reader; pending records are included.
    ColumnCache(const CollectionReader& reader, std::vector<RowKey> rows);
    ~ColumnCache();
    ColumnCache(ColumnCache&&) noexcept;
    ColumnCache& operator=(ColumnCache&&) noexcept;

    [[nodiscard]] const std::vector<RowKey>& rows() const;
    [[nodiscard]] qint64 bytes() const; // memory held

    // Columns and documents beyond these many bytes are dropped, least recently used first.
    void setBudget(qint64 columnBytes, qint64 documentBytes);
    // For a directory that never rests: a commit of another process while a column is read no longer fails
    // the call; mixed() says that columns may stand at different moments. Rows stay as given.
    void tolerateChanges(bool tolerate);
    [[nodiscard]] bool mixed() const;

    // Of the last matching().
    [[nodiscard]] DocumentPath documentPath() const;
    // What is wrong with what answers document conditions: full-text table missing or unreadable, so that
    // the documents themselves answered ("fts-missing", "fts-damaged").
    [[nodiscard]] const std::vector<Finding>& findings() const;

    // Positions in rows() that match both conditions (nullptr: no condition), ascending.
    [[nodiscard]] Result<std::vector<std::uint32_t>> matching(const CollectionReader& reader,
                                                              const WhereNode* where,
                                                              const WhereNode* whereDocument,
                                                              Progress& progress);

    // Positions whose id is accepted, ascending: Chroma's where knows no ids. Ids are read, not kept.
    [[nodiscard]] Result<std::vector<std::uint32_t>>
    withId(const CollectionReader& reader, const std::function<bool(std::string_view id)>& accept,
           Progress& progress);

    // Walks the documents of `among` (positions, ascending; nullptr: all), in no promised order, some perhaps
    // twice. Where the full-text index can, it leaves out documents that lack one of `containing`, in any
    // case of letters. Answers how they were found.
    [[nodiscard]] Result<DocumentPath>
    visitDocuments(const CollectionReader& reader, const std::vector<std::uint32_t>* among,
                   const std::vector<std::string_view>& containing,
                   const std::function<void(std::uint32_t position, std::string_view document)>& each,
                   Progress& progress);

    enum class SortBy { Insertion, Id, Document, Uri, MetadataKey };
    struct Order
    {
        SortBy by = SortBy::Insertion;
        std::string key; // MetadataKey
        bool descending = false;
    };
    // Sorts positions stably (equal values keep their order in both directions). Types order: bool (false
    // first), numbers (ints and floats by value, exactly), strings (by code point), arrays (by elements, then
    // length); descending turns this round. Records without the key, and with a null in it, come last in both
    // directions.
    [[nodiscard]] Status sort(const CollectionReader& reader, std::vector<std::uint32_t>& positions,
                              const Order& order, Progress& progress);

    // Distinct values of a key with counts, most frequent first, then by value; at most `limit`. An array
    // counts once for each of its distinct elements.
    struct ValueCount
    {
        MetaValue value;
        qint64 count = 0;
    };
    [[nodiscard]] Result<std::vector<ValueCount>>
    topValues(const CollectionReader& reader, const std::string& key, std::size_t limit, Progress& progress);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace storage
