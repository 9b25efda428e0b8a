// A collection of a fixture, opened the way the program does, with its rows and their ids.
#pragma once

#include "storage/chroma/catalog.h"
#include "storage/chroma/collection_reader.h"
#include "support/chroma_fixture.h"

#include <memory>
#include <string>
#include <vector>

namespace support {

struct OpenCollection
{
    std::unique_ptr<storage::PersistDir> directory;
    std::unique_ptr<storage::Connection> connection;
    std::unique_ptr<storage::CollectionReader> reader;
    std::vector<storage::RowKey> rows;
    std::vector<std::string> ids; // by row
};

[[nodiscard]] storage::Result<OpenCollection> openCollection(const QString& path, const std::string& name);

} // namespace support
