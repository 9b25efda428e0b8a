// Changes to collections, databases and tenants, row for row what Chroma's own calls change (chroma-format 5): within
// a WriteSession, so several changes can be one transaction. Nothing is migrated.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/records.h"
#include "storage/edit/write_session.h"

#include <string>

namespace storage {

struct CollectionSpec
{
    std::string name;
    std::string tenant = "default_tenant";
    std::string database = "default_database";
    Space space = Space::L2;
    qint64 efConstruction = 100;
    qint64 efSearch = 100;
    qint64 maxNeighbors = 16;
    qint64 syncThreshold = 1000;
    qint64 batchSize = 100;
    Metadata metadata;
    std::string embeddingFunctionJson; // of the configuration, verbatim; empty: none
};

// Whether Chroma would take the name: characters, length (63 before 1.0, 512 after), not an IP address.
// Errors: Invalid with the rule that it breaks.
[[nodiscard]] Status checkCollectionName(const std::string& name, const MigrationLevel& level);
// Keys and values that this generation can hold. Errors: Invalid.
[[nodiscard]] Status checkCollectionMetadata(const Metadata& metadata, const MigrationLevel& level);

// Returns the new collection's id. Errors: Invalid (name, metadata, taken name), NotFound (database).
[[nodiscard]] Result<std::string> createCollection(WriteSession& session, const CollectionSpec& spec);
[[nodiscard]] Status renameCollection(WriteSession& session, const Collection& collection, const std::string& name);
// Replaces the whole set, as Chroma's modify() does. Errors: Changed when the stored set is not collection.metadata
// any more; Invalid when an "hnsw:*" key that a Python-era index was built with would change.
[[nodiscard]] Status setCollectionMetadata(WriteSession& session, const Collection& collection, const Metadata& metadata);
// Every row of it and its log entries; the segment folder goes with removeSegmentFolder() after the commit.
[[nodiscard]] Status deleteCollection(WriteSession& session, const Collection& collection);

[[nodiscard]] Status createTenant(WriteSession& session, const std::string& name);
[[nodiscard]] Status createDatabase(WriteSession& session, const std::string& tenant, const std::string& name);
// Errors: Invalid while it holds collections, or for the default one.
[[nodiscard]] Status deleteDatabase(WriteSession& session, const Database& database);

// Chroma takes the next log number from the newest row: were it lower than a segment's own mark, new records would be
// dropped for ever. Adds the one tombstone row that prevents it, where needed (chroma-format 5.7).
[[nodiscard]] Status guardLogNumbers(WriteSession& session);

[[nodiscard]] std::string newUuid(); // version 4, lower case

} // namespace storage
