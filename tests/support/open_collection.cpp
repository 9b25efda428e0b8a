#include "support/open_collection.h"

namespace support {

storage::Result<OpenCollection> openCollection(const QString& path, const std::string& name)
{
    OpenCollection opened;
    auto directory = storage::PersistDir::open(path);
    if (!directory)
        return storage::pass(directory);
    opened.directory = std::make_unique<storage::PersistDir>(std::move(*directory));
    auto connection = opened.directory->connect();
    if (!connection)
        return storage::pass(connection);
    opened.connection = std::make_unique<storage::Connection>(std::move(*connection));
    auto catalog = storage::readCatalog(*opened.directory, *opened.connection);
    if (!catalog)
        return storage::pass(catalog);
    auto collection = storage::findCollection(*catalog, name);
    if (!collection)
        return storage::pass(collection);
    auto reader = storage::CollectionReader::open(*opened.directory, *opened.connection, *collection);
    if (!reader)
        return storage::pass(reader);
    opened.reader = std::make_unique<storage::CollectionReader>(std::move(*reader));
    auto rows = opened.reader->allRows();
    if (!rows)
        return storage::pass(rows);
    opened.rows = std::move(*rows);
    auto ids = opened.reader->idsOf(opened.rows);
    if (!ids)
        return storage::pass(ids);
    opened.ids = std::move(*ids);
    return opened;
}

} // namespace support
