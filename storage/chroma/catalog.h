// The table of contents of a persist directory: tenants, databases, collections with their segments and
// effective index settings. Counting is apart, since it reads a whole index. Blocks; one short read
// transaction a call.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/index_config.h"
#include "storage/chroma/persist_dir.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <string>
#include <vector>

namespace storage {

struct Database
{
    std::string id;
    std::string name;
    std::string tenant;
};

struct Catalog
{
    std::vector<std::string> tenants;
    std::vector<Database> databases;
    std::vector<Collection> collections; // by tenant, database, name
    std::vector<Finding> findings;       // per collection: undecodable configuration, missing segment ...
};

[[nodiscard]] Result<Catalog> readCatalog(const PersistDir& directory, const Connection& connection,
                                          Progress& progress = Progress::none());

// Looks a collection up by name in a tenant and database, or by its id. Errors: NotFound (says what there
// is).
[[nodiscard]] Result<Collection> findCollection(const Catalog& catalog, const std::string& nameOrId,
                                                const std::string& tenant = "default_tenant",
                                                const std::string& database = "default_database");

} // namespace storage
