// The rows of one METADATA segment in get() order, as the tables have them: counted, all of them, or the
// first few. Long walks are cut into slices of a few milliseconds of read lock, so that a live Chroma's
// writes pass between.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

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
    struct Slice
    {
        Statement first; // ?1 segment, ?2 limit
        Statement next;  // ?3 the last id of the slice before
    };
    RowOrder(const Connection* connection, std::string segment, Slice counts, Slice rows, Statement scan);
    template <class Take>
    [[nodiscard]] Result<bool> walk(Slice& slice, qint64 limit, Take take, Progress& progress);
    template <class Take, class Restart>
    [[nodiscard]] Status walkUntilQuiet(Slice& slice, qint64 limit, Take take, Restart restart,
                                        Progress& progress);

    const Connection* m_connection;
    std::string m_segment;
    Slice m_counts;
    Slice m_rows;
    Statement m_scan;
};

} // namespace storage
