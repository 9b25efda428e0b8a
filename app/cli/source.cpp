#include "app/cli/source.h"

#include "app/cli/near_names.h"

namespace app {

using namespace storage;

Result<Source> Source::open(const QString& path, Progress& progress)
{
    auto directory = PersistDir::open(path, progress);
    if (!directory)
        return pass(directory);
    auto connection = directory->connect();
    if (!connection)
        return pass(connection);
    connection->watch(&progress);
    auto catalog = readCatalog(*directory, *connection, progress);
    if (!catalog)
        return pass(catalog);
    return Source{std::move(*directory), std::move(*connection), std::move(*catalog)};
}

std::vector<OptionSpec> collectionOptions()
{
    return {
        {.name = "tenant",
         .value = "TENANT",
         .help = "The tenant that the collection's name is looked up in; default_tenant unless given."},
        {.name = "database",
         .value = "DATABASE",
         .help = "The database that the collection's name is looked up in; default_database unless given."}};
}

Result<Collection> chosenCollection(const Source& source, const Arguments& arguments)
{
    const std::string tenant = arguments.utf8("tenant", "default_tenant");
    const std::string database = arguments.utf8("database", "default_database");
    const QString wanted = arguments.positional(1);
    auto found = findCollection(source.catalog, wanted.toStdString(), tenant, database);
    if (found || found.error().kind != ErrorKind::NotFound)
        return found;
    QStringList here;
    QStringList elsewhere;
    for (const Collection& collection : source.catalog.collections) {
        const bool isHere = collection.tenant == tenant && collection.database == database;
        const QString name = QString::fromStdString(collection.name);
        if (isHere)
            here << name;
        else if (name == wanted)
            elsewhere << QStringLiteral("--tenant %1 --database %2")
                             .arg(QString::fromStdString(collection.tenant),
                                  QString::fromStdString(collection.database));
    }
    Error error = found.error();
    if (!elsewhere.isEmpty())
        error.detail = QStringLiteral("A collection of that name is in another database: %1.")
                           .arg(elsewhere.join(QStringLiteral(", or ")));
    else if (const QStringList meant = nearest(wanted, here); !meant.isEmpty())
        error.detail = QStringLiteral("Did you mean %1?").arg(meant.join(QStringLiteral(" or ")));
    return tl::unexpected<Error>(error);
}

std::vector<OptionSpec> conditionOptions()
{
    return {
        {.name = "where",
         .value = "JSON",
         .help = "Only records whose metadata match, in Chroma's language: '{\"year\": {\"$gte\": 2020}}'."},
        {.name = "where-document",
         .value = "JSON",
         .help = "Only records whose document matches: '{\"$contains\": \"appeal\"}'."}};
}

Result<Conditions> chosenConditions(const Arguments& arguments)
{
    Conditions conditions;
    if (arguments.has("where")) {
        auto where = parseWhere(arguments.utf8("where"));
        if (!where)
            return pass(where);
        conditions.where = std::move(*where);
    }
    if (arguments.has("where-document")) {
        auto whereDocument = parseWhereDocument(arguments.utf8("where-document"));
        if (!whereDocument)
            return pass(whereDocument);
        conditions.whereDocument = std::move(*whereDocument);
    }
    return conditions;
}

Result<Include> chosenInclude(const Arguments& arguments, const char* allowed, const char* otherwise)
{
    const QStringList names = QString::fromUtf8(allowed).split(QLatin1Char(','));
    QStringList given;
    for (const QString& part :
         arguments.has("include") ? arguments.all("include") : QStringList{QString::fromUtf8(otherwise)})
        given << part.split(QLatin1Char(','), Qt::SkipEmptyParts);
    Include include;
    for (const QString& part : given) {
        const QString name = part.trimmed();
        if (!names.contains(name))
            return fail(
                ErrorKind::Invalid,
                QStringLiteral("--include knows %1, not “%2”.").arg(names.join(QStringLiteral(", ")), name));
        include.documents |= name == QStringLiteral("documents");
        include.metadatas |= name == QStringLiteral("metadatas");
        include.embeddings |= name == QStringLiteral("embeddings");
        include.uris |= name == QStringLiteral("uris");
        include.distances |= name == QStringLiteral("distances");
    }
    return include;
}

} // namespace app
