#include "storage/edit/write_session.h"

#include "storage/chroma/in_use.h"

namespace storage {

namespace {

Status refuseUnlessKnown(const PersistDir& directory)
{
    const Generation& generation = directory.generation();
    if (generation.newerThanKnown)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("“%1” was written by a Chroma newer than this program knows; it is opened for reading "
                                   "only. Nothing was changed.")
                        .arg(directory.path()));
    if (!generation.knownHashes)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("The migrations table of “%1” was altered; Chroma itself may refuse the directory, so "
                                   "nothing is written to it.")
                        .arg(directory.path()));
    if (directory.route() != ReadRoute::Direct)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("“%1” has a journal or a write-ahead file of an interrupted write. Open it once with "
                                   "Chroma, or restore a backup, before changing it. Nothing was changed.")
                        .arg(directory.path()));
    return {};
}

} // namespace

WriteSession::WriteSession(const PersistDir& directory, std::unique_ptr<Connection> connection,
                           WriteTransaction transaction)
    : m_directory(directory), m_connection(std::move(connection)), m_transaction(std::move(transaction))
{
}

Result<WriteSession> WriteSession::begin(const PersistDir& directory)
{
    if (auto known = refuseUnlessKnown(directory); !known)
        return pass(known);
    auto use = inUse(directory.path());
    if (!use)
        return pass(use);
    if (use->byWriter())
        return fail(ErrorKind::Busy,
                    QStringLiteral("%1 Stop it before changing the directory; nothing was changed.").arg(use->sentence()));
    auto opened = Connection::open(directory.databasePath(), {.access = ConnectionOptions::Access::ReadWrite});
    if (!opened)
        return pass(opened);
    auto connection = std::make_unique<Connection>(std::move(*opened));
    auto transaction = WriteTransaction::begin(*connection);
    if (!transaction)
        return pass(transaction);
    return WriteSession(directory, std::move(connection), std::move(*transaction));
}

Status WriteSession::commit()
{
    return m_transaction.commit();
}

Status runSql(const Connection& connection, const char* sql, const std::function<void(Statement&)>& bind)
{
    auto statement = connection.prepare(sql);
    if (!statement)
        return pass(statement);
    if (bind)
        bind(*statement);
    return statement->run();
}

} // namespace storage
