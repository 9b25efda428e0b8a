// Reads the records of one collection as Chroma's get() would answer them: the metadata tables, with the
// write-ahead-log rows that the tables have not seen yet laid over them. Bound to a connection (same thread,
// must outlive the reader). Every call is one or more short read transactions; nothing is held between calls.
// The log is replayed once, in open(): when a live Chroma has taken rows of it into the tables since, calls
// answer Changed, and the collection is to be opened again.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/persist_dir.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"
#include "storage/chroma/wal_reader.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace storage {

class CollectionReader
{
public:
    [[nodiscard]] static Result<CollectionReader> open(const PersistDir& directory,
                                                       const Connection& connection,
                                                       const Collection& collection,
                                                       Progress& progress = Progress::none());

    // Records of the collection, as count() answers.
    [[nodiscard]] Result<qint64> count(Progress& progress = Progress::none()) const;
    // Log rows whose vectors or metadata the segments do not hold yet.
    [[nodiscard]] Result<qint64> pendingOperations() const;

    // The first rows in get() order, found without reading the whole index: first rows on screen at any size.
    [[nodiscard]] Result<std::vector<RowKey>> firstRows(qint64 n) const;
    // Every row in get() order. Long collections are read in slices, so that a writer waits for milliseconds
    // only.
    [[nodiscard]] Result<std::vector<RowKey>> allRows(Progress& progress = Progress::none()) const;

    // Whole records, in the order asked; a row that is gone is left out.
    [[nodiscard]] Result<std::vector<Record>> records(std::span<const RowKey> rows,
                                                      Progress& progress = Progress::none()) const;
    [[nodiscard]] Result<std::optional<RowKey>> rowOf(const std::string& id) const;
    // One id a row asked; empty for a row that is gone.
    [[nodiscard]] Result<std::vector<std::string>> idsOf(std::span<const RowKey> rows,
                                                         Progress& progress = Progress::none()) const;
    // Distinct metadata keys with the types seen, over the whole collection, by key.
    struct KeyInfo
    {
        std::string key;
        qint64 records = 0;
        unsigned types = 0; // bit per MetaType
    };
    [[nodiscard]] Result<std::vector<KeyInfo>> keys(Progress& progress = Progress::none()) const;

    [[nodiscard]] const Collection& collection() const { return m_collection; }
    [[nodiscard]] const Connection& connection() const { return *m_connection; }
    [[nodiscard]] const PendingRecords& pending() const { return *m_pending; }

    // Log rows that could not be read, and what else was odd while opening.
    [[nodiscard]] const std::vector<Finding>& findings() const { return pending().findings; }

private:
    struct State;
    CollectionReader() = default;
    [[nodiscard]] Status checkFresh() const;
    [[nodiscard]] Result<std::vector<RowKey>> merge(std::vector<RowKey> rows) const;
    [[nodiscard]] std::optional<const Record*> pendingVersion(RowKey row) const;
    template <class Each>
    [[nodiscard]] Status forRows(std::span<const RowKey> rows, Progress& progress, Each each) const;

    const Connection* m_connection = nullptr;
    Collection m_collection;
    QString m_vectorFolder;                          // of the VECTOR segment; may not exist
    std::shared_ptr<const PendingRecords> m_pending; // never null
    std::shared_ptr<State> m_state;                  // prepared statements; null: no METADATA segment
};

} // namespace storage
