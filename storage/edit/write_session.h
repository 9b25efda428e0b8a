// One write to a persist directory: nobody else has it open for writing, it is of a generation that we know, and all
// of it happens in one SQLite transaction that is rolled back unless commit() says otherwise.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/persist_dir.h"
#include "storage/chroma/sqlite.h"

#include <functional>
#include <memory>

namespace storage {

class WriteSession
{
public:
    // Errors: Busy (another process has it open, named), Unsupported (newer than known, altered migrations, a
    // directory that had to be recovered to be read), Io (not writable).
    [[nodiscard]] static Result<WriteSession> begin(const PersistDir& directory);

    [[nodiscard]] const Connection& connection() const { return *m_connection; }
    [[nodiscard]] const PersistDir& directory() const { return m_directory; }
    [[nodiscard]] const MigrationLevel& level() const { return m_directory.generation().level; }
    // Written by Chroma 1.x or since migrated by it: integer sequence ids, configuration in config_json_str.
    [[nodiscard]] bool isRustLevel() const { return level().metadb >= 5; }

    // Makes all of it durable. A session that is destroyed without it has changed nothing.
    [[nodiscard]] Status commit();

private:
    WriteSession(const PersistDir& directory, std::unique_ptr<Connection> connection, WriteTransaction transaction);
    PersistDir m_directory;
    std::unique_ptr<Connection> m_connection; // stays where it is: the transaction points at it
    WriteTransaction m_transaction;
};

// Runs one statement with no result rows.
[[nodiscard]] Status runSql(const Connection& connection, const char* sql,
                            const std::function<void(Statement&)>& bind = {});

} // namespace storage
