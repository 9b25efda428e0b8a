// Adds, updates and deletes records the way Chroma's own clients do: as rows of the write-ahead log, which the
// segments catch up with when Chroma next opens the collection (chroma-format 2.6 and 5.5). Until then this program's
// readers lay the log over the tables, so what was written is seen at once. Within a WriteSession.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/edit/write_session.h"

#include <optional>
#include <string>
#include <vector>

namespace storage {

struct RecordChange
{
    enum class Operation { Add = 0, Update = 1, Upsert = 2, Delete = 3 }; // embeddings_queue.operation
    Operation operation = Operation::Upsert;
    std::string id;
    std::optional<std::vector<float>> vector; // needed for Add and Upsert
    std::optional<std::string> document;      // nullopt: as it was
    std::optional<std::string> uri;
    Metadata metadata;                        // keys to set; monostate removes a key
};

// Checks one change against the collection and the generation: id, dimension, finite vector, metadata keys and types.
// Errors: Invalid, naming the record.
[[nodiscard]] Status checkChange(const RecordChange& change, const Collection& collection,
                                 std::optional<qint64> dimension, const MigrationLevel& level);

// Appends the changes in order and sets the collection's dimension where it had none. Everything is checked first.
// Errors: Invalid, Cancelled, Io; the session's transaction is then to be dropped.
[[nodiscard]] Status writeRecords(WriteSession& session, const Collection& collection,
                                  const std::vector<RecordChange>& changes, Progress& progress);

} // namespace storage
