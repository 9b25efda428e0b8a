#include "model/open_directory.h"

#include <algorithm>

namespace model {

using storage::ErrorKind;
using storage::Progress;
using storage::Result;

const storage::Collection* OpenDirectory::collection(const std::string& id) const
{
    const auto found = std::find_if(catalog.collections.begin(), catalog.collections.end(),
                                    [&id](const storage::Collection& each) { return each.id == id; });
    return found == catalog.collections.end() ? nullptr : &*found;
}

void LaneReader::follow(const OpenDirectoryPtr& opened)
{
    if (opened->epoch == m_epoch)
        return;
    forget();
    m_epoch = opened->epoch;
}

void LaneReader::forget()
{
    m_vectors.reset();
    m_vectorsOf.clear();
    m_columns.clear();
    m_readers.clear();
    m_connection.reset();
}

void LaneReader::expect(const std::string& collectionId, quint64 reading)
{
    quint64& known = m_readings[collectionId];
    if (known < reading)
        forgetCollection(collectionId);
    known = std::max(known, reading);
}

void LaneReader::forgetCollection(const std::string& collectionId)
{
    m_columns.erase(collectionId);
    m_readers.erase(collectionId);
    if (m_vectorsOf == collectionId) {
        m_vectors.reset();
        m_vectorsOf.clear();
    }
}

void LaneReader::unwatch()
{
    if (m_connection)
        m_connection->watch(nullptr);
}

Result<const storage::Connection*> LaneReader::connection(const OpenDirectoryPtr& opened, Progress& progress)
{
    if (!opened)
        return storage::fail(ErrorKind::NotFound, QStringLiteral("No directory is open."));
    follow(opened);
    if (!m_connection) {
        auto made = opened->directory.connect();
        if (!made)
            return pass(made);
        m_connection = std::make_unique<storage::Connection>(std::move(*made));
    }
    m_connection->watch(&progress);
    return m_connection.get();
}

Result<const storage::CollectionReader*>
LaneReader::reader(const OpenDirectoryPtr& opened, const std::string& collectionId, Progress& progress)
{
    const auto open = connection(opened, progress);
    if (!open)
        return tl::unexpected(open.error());
    const auto held = m_readers.find(collectionId);
    if (held != m_readers.end())
        return &held->second;
    const storage::Collection* collection = opened->collection(collectionId);
    if (collection == nullptr)
        return storage::fail(ErrorKind::NotFound,
                             QStringLiteral("The collection is no longer in this directory."));
    auto made = storage::CollectionReader::open(opened->directory, **open, *collection, progress);
    if (!made)
        return pass(made);
    constexpr std::size_t kReaders = 64; // a survey of 3,000 collections must not keep them all
    if (m_readers.size() >= kReaders)
        m_readers.clear();
    return &m_readers.emplace(collectionId, std::move(*made)).first->second;
}

Result<storage::ColumnCache*> LaneReader::columns(const OpenDirectoryPtr& opened,
                                                  const std::string& collectionId, Progress& progress)
{
    const auto from = reader(opened, collectionId, progress);
    if (!from)
        return tl::unexpected(from.error());
    auto held = m_columns.find(collectionId);
    if (held == m_columns.end()) {
        auto rows = (*from)->allRows(progress);
        if (!rows)
            return pass(rows);
        held =
            m_columns.emplace(collectionId, Columns{storage::ColumnCache(**from, std::move(*rows)), 0}).first;
    }
    held->second.lastUse = ++m_uses;
    forgetColdColumns(collectionId);
    return &held->second.cache;
}

void LaneReader::forgetColdColumns(const std::string& keep)
{
    constexpr qint64 kBytes = qint64(256) << 20;
    const auto bytes = [this] {
        qint64 sum = 0;
        for (const auto& [id, columns] : m_columns)
            sum += columns.cache.bytes();
        return sum;
    };
    while (m_columns.size() > 1 && bytes() > kBytes) {
        auto coldest = m_columns.end();
        for (auto each = m_columns.begin(); each != m_columns.end(); ++each)
            if (each->first != keep &&
                (coldest == m_columns.end() || each->second.lastUse < coldest->second.lastUse))
                coldest = each;
        m_columns.erase(coldest);
    }
}

Result<std::shared_ptr<const storage::VectorStore>>
LaneReader::vectors(const OpenDirectoryPtr& opened, const std::string& collectionId, Progress& progress)
{
    const auto open = connection(opened, progress);
    if (!open)
        return tl::unexpected(open.error());
    if (m_vectors && m_vectorsOf == collectionId)
        return m_vectors;
    const storage::Collection* collection = opened->collection(collectionId);
    if (collection == nullptr)
        return storage::fail(ErrorKind::NotFound,
                             QStringLiteral("The collection is no longer in this directory."));
    auto made = storage::VectorStore::open(opened->directory, **open, *collection, progress);
    if (!made)
        return pass(made);
    m_vectors = std::make_shared<const storage::VectorStore>(std::move(*made));
    m_vectorsOf = collectionId;
    return m_vectors;
}

} // namespace model
