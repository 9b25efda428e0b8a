// One reading of a persist directory: what was found when it was opened or reloaded. Immutable and shared by
// the lanes; a reload makes a new one with a new epoch.
//
// LaneReader is what one lane keeps of it: its own connection, readers and warm columns, made and used on
// that lane's thread only, made anew when the epoch changes.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "storage/chroma/persist_dir.h"
#include "storage/filter/record_filter.h"
#include "storage/vectors/vector_store.h"

#include <map>
#include <memory>
#include <string>

namespace model {

struct OpenDirectory
{
    [[nodiscard]] const storage::Collection* collection(const std::string& id) const; // nullptr: not there

    quint64 epoch = 0;
    storage::PersistDir directory;
    storage::Catalog catalog;
    storage::Fingerprint fingerprint;
};
using OpenDirectoryPtr = std::shared_ptr<const OpenDirectory>;

class LaneReader
{
public:
    // The handles stay valid until the next call with another epoch, or forget().
    [[nodiscard]] storage::Result<const storage::Connection*> connection(const OpenDirectoryPtr& opened,
                                                                         storage::Progress& progress);
    [[nodiscard]] storage::Result<const storage::CollectionReader*>
    reader(const OpenDirectoryPtr& opened, const std::string& collectionId, storage::Progress& progress);
    // Made from reader.allRows() at first use; the columns of the last few collections stay warm.
    [[nodiscard]] storage::Result<storage::ColumnCache*>
    columns(const OpenDirectoryPtr& opened, const std::string& collectionId, storage::Progress& progress);
    // Mapped files and the log's tail; a value that may be read from any thread.
    [[nodiscard]] storage::Result<std::shared_ptr<const storage::VectorStore>>
    vectors(const OpenDirectoryPtr& opened, const std::string& collectionId, storage::Progress& progress);
    void unwatch(); // the job is over: its Progress is about to die
    // Another lane had to read the collection anew, for the nth time: a reader from before does not know its
    // pending rows.
    void expect(const std::string& collectionId, quint64 reading);
    void forgetCollection(const std::string& collectionId); // it changed: read it anew next time
    void forget();                                          // closes everything

private:
    void follow(const OpenDirectoryPtr& opened);
    void forgetColdColumns(const std::string& keep);

    struct Columns
    {
        storage::ColumnCache cache;
        quint64 lastUse = 0;
    };
    quint64 m_epoch = 0;
    quint64 m_uses = 0;
    std::unique_ptr<storage::Connection> m_connection;
    std::map<std::string, storage::CollectionReader> m_readers;
    std::map<std::string, Columns> m_columns;
    std::map<std::string, quint64> m_readings;
    std::string m_vectorsOf;
    std::shared_ptr<const storage::VectorStore> m_vectors; // of the collection asked last
};

// Ends a job's hold on the connection, however the job ends.
class LaneJob
{
public:
    explicit LaneJob(LaneReader& reader) : m_reader(reader) {}
    ~LaneJob() { m_reader.unwatch(); }
    LaneJob(const LaneJob&) = delete;
    LaneJob& operator=(const LaneJob&) = delete;

private:
    LaneReader& m_reader;
};

} // namespace model
