// The rows of one METADATA segment in get() order, as the tables have them: counted, all of them, or the
// first few. Long walks are cut into slices of a few milliseconds of read lock, so that a live Chroma's
// writes pass between.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <optional>
#include <string>
#include <vector>

namespace storage {

class RowOrder
{
public:
    [[nodiscard]] static Result<RowOrder> open(const Connection& connection, const std::string& segment);

    // Errors: Changed when other connections kept committing while a very long collection was read.
    [[nodiscard]] Result<qint64> count(Progress& progress);
    [[nodiscard]] Result<std::vector<RowKey>> all(Progress& progress);
    // Without reading the whole index where the rows are not far behind those of other collections.
    [[nodiscard]] Result<std::vector<RowKey>> first(qint64 n, Progress& progress);

private:
    // A walk in order of embedding_id, which the unique index on (segment_id, embedding_id) has: ?1 segment,
    // ?2 rows, ?3 the last id of the slice before.
    struct Walk
    {
        Statement first;
        Statement next;
    };
    using Last = std::optional<std::string>;
    RowOrder(const Connection* connection, std::string segment, Walk rows, Walk ends, Walk counts,
             Statement scan);
    [[nodiscard]] Statement& start(Walk& walk, const Last& last, qint64 rows);
    template <class Take> [[nodiscard]] Result<bool> slices(qint64 limit, Take take, Progress& progress);
    template <class Take, class Restart>
    [[nodiscard]] Status slicesUntilQuiet(qint64 limit, Take take, Restart restart, Progress& progress);

    const Connection* m_connection;
    std::string m_segment;
    Walk m_rows;   // id and embedding_id
    Walk m_ends;   // the embedding_id that ends a slice, if there are so many rows
    Walk m_counts; // how many rows there are
    Statement m_scan;
};

} // namespace storage
