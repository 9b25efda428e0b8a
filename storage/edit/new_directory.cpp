#include "storage/edit/new_directory.h"

#include "storage/chroma/sqlite.h"
#include "storage/edit/migrations.h"
#include "storage/edit/write_session.h"

#include <QDir>
#include <QFileInfo>

namespace storage {

namespace {

Status recordMigration(const Connection& connection, const Migration& migration)
{
    return runSql(connection, "INSERT INTO migrations(dir,version,filename,sql,hash) VALUES(?,?,?,?,?)",
                  [&](Statement& row) {
                      row.bind(0, std::string_view(migration.folder)).bind(1, qint64(migration.version));
                      row.bind(2, std::string_view(migration.fileName)).bind(3, std::string_view(migration.sql));
                      row.bind(4, std::string_view(migration.md5));
                  });
}

Status fillDatabase(const QString& path)
{
    auto connection = Connection::open(path, {.access = ConnectionOptions::Access::Create});
    if (!connection)
        return pass(connection);
    auto transaction = WriteTransaction::begin(*connection);
    if (!transaction)
        return pass(transaction);
    if (auto made = connection->execute("CREATE TABLE migrations (dir TEXT NOT NULL, version INTEGER NOT NULL, filename TEXT "
                                        "NOT NULL, sql TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (dir, version))");
        !made)
        return made;
    for (const Migration& migration : migrations()) {
        if (auto applied = connection->execute(migration.sql); !applied)
            return applied;
        if (auto recorded = recordMigration(*connection, migration); !recorded)
            return recorded;
    }
    // Chroma writes this row at its first start: an empty log may be purged from the beginning.
    if (auto purge = connection->execute(
            R"(INSERT INTO embeddings_queue_config(id,config_json_str) VALUES(1,'{"automatically_purge":true,"_type":"EmbeddingsQueueConfigurationInternal"}'))");
        !purge)
        return purge;
    return transaction->commit();
}

} // namespace

Status makeNewDirectory(const FileOps& ops, const QString& path)
{
    const QString target = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    const QString parent = QFileInfo(target).absolutePath();
    const QString stage = target + QStringLiteral(".partial");
    if (ops.exists(target)) {
        auto names = ops.list(target);
        if (!names)
            return pass(names);
        if (!names->empty())
            return fail(ErrorKind::Invalid,
                        QStringLiteral("“%1” is not empty; a new directory needs a place of its own.").arg(target));
    }
    if (auto made = ops.makePath(parent); !made)
        return made;
    if (ops.exists(stage))
        if (auto cleared = ops.removeTree(stage); !cleared)
            return cleared;
    if (auto made = ops.makeFolder(stage); !made)
        return made;
    auto filled = fillDatabase(stage + QStringLiteral("/chroma.sqlite3"));
    if (filled && ops.exists(target))
        filled = ops.removeTree(target); // an empty folder, as seen above
    if (filled)
        filled = ops.syncFolder(stage);
    if (filled)
        filled = ops.rename(stage, target);
    if (!filled) {
        (void)ops.removeTree(stage);
        return filled;
    }
    return ops.syncFolder(parent);
}

} // namespace storage
