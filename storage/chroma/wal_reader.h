// Replays the write-ahead log over the metadata tables: what get() would show of the rows that the METADATA
// segment has not taken in yet. Read in short transactions; the whole answer belongs to one state.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace storage {

// What the write-ahead log adds to the tables: records after replay, by id.
struct PendingRecords
{
    std::unordered_map<std::string, std::optional<Record>> byId; // nullopt: deleted
    std::vector<Record> added;                                   // not in the tables, in log order
    std::unordered_map<qint64, std::optional<Record>> byRow;     // table rows replaced or deleted
    qint64 operations = 0;                                       // log rows replayed
    qint64 appliedSeqId = 0;       // the tables' state that it lies over: max_seq_id of the METADATA segment
    std::vector<Finding> findings; // rows that could not be read: "wal-row-..."
    [[nodiscard]] bool empty() const { return operations == 0; }
};

// Errors: Changed when a live Chroma kept taking in rows while they were read.
[[nodiscard]] Result<PendingRecords> readPending(const Connection& connection, const Collection& collection,
                                                 Progress& progress = Progress::none());

// max_seq_id of a segment; 0: no row. Errors: Corrupt, Busy, Io.
[[nodiscard]] Result<qint64> appliedSeqId(const Connection& connection, const std::string& segment);

// Rows of a collection's topic after `seqId`.
[[nodiscard]] Result<qint64> countLogRows(const Connection& connection, const std::string& topic,
                                          qint64 seqId, Progress& progress = Progress::none());

} // namespace storage
