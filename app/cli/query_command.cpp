// chromakeep query: what Chroma's query() answers, through the index or exactly.
#include "app/cli/commands.h"
#include "app/cli/query_writer.h"
#include "app/cli/record_selection.h"
#include "app/cli/source.h"
#include "storage/vectors/vector_text.h"

#include <QFile>

#include <cstdio>
#include <limits>

namespace app {

using namespace storage;

namespace {

using Vectors = std::vector<std::vector<float>>;

const char* const kNotes =
    "One of --embedding, --embedding-file and --id says what to search for; several vectors are several\n"
    "queries, answered in their order. Prints the JSON that Chroma's query() answers (lists of lists), or a\n"
    "table on a terminal unless --json is given.\n"
    "\n"
    "  chromakeep query ./chroma_db casestar_documents --id doc-000001-c00 -n 5\n"
    "  chromakeep query ./chroma_db casestar_documents --embedding-file query.npy --exact \\\n"
    "      --where '{\"year\": {\"$gte\": 2020}}' --include documents,distances\n";

struct Question
{
    Conditions conditions;
    Include include;
    SearchOptions options;
    bool json = false;
};

Result<Question> chosenQuestion(const Arguments& arguments, const Console& console)
{
    constexpr qint64 kMost = std::numeric_limits<qint32>::max();
    auto conditions = chosenConditions(arguments);
    if (!conditions)
        return pass(conditions);
    auto include = chosenInclude(arguments, "documents,metadatas,embeddings,distances,uris",
                                 "documents,metadatas,distances");
    if (!include)
        return pass(include);
    const auto results = arguments.number("results", 10, 1, kMost);
    const auto ef = arguments.number("ef", 1, 1, kMost);
    for (const auto* number : {&results, &ef})
        if (!*number)
            return tl::unexpected<Error>(number->error());
    Question question{std::move(*conditions), *include, {}, arguments.has("json") || !console.outIsTerminal};
    question.options.results = static_cast<std::size_t>(*results);
    question.options.exact = arguments.has("exact");
    if (arguments.has("ef"))
        question.options.ef = *ef;
    return question;
}

Status oneKindOfQuery(const Arguments& arguments)
{
    int kinds = 0;
    for (const char* option : {"embedding", "embedding-file", "id"})
        kinds += arguments.has(option) ? 1 : 0;
    if (kinds == 1)
        return {};
    return fail(ErrorKind::Invalid, QStringLiteral("Say what to search for with one of --embedding, "
                                                   "--embedding-file and --id."));
}

Result<QByteArray> fileBytes(const QString& name)
{
    constexpr qint64 kMost = qint64(1) << 30;
    QFile file(name);
    const bool opened =
        name == QStringLiteral("-") ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened)
        return fail(QFile::exists(name) ? ErrorKind::Io : ErrorKind::NotFound,
                    QStringLiteral("The file %1 cannot be read.").arg(name), file.errorString());
    QByteArray bytes = file.read(kMost + 1);
    if (bytes.size() > kMost)
        return fail(ErrorKind::Invalid, QStringLiteral("The file %1 is larger than 1 GB.").arg(name));
    return bytes;
}

Status addVectors(Vectors& all, std::string_view bytes)
{
    auto vectors = parseVectors(bytes);
    if (!vectors)
        return tl::unexpected<Error>(vectors.error());
    for (auto& vector : *vectors)
        all.push_back(std::move(vector));
    return {};
}

Status addStored(Vectors& all, const QString& id, const VectorStore& store)
{
    auto vector = store.vector(id.toStdString());
    if (!vector)
        return fail(ErrorKind::NotFound,
                    QStringLiteral("The collection has no vector of a record “%1” to search with.").arg(id));
    all.push_back(std::move(*vector));
    return {};
}

Result<Vectors> chosenVectors(const Arguments& arguments, const Collection& collection,
                              const VectorStore& store)
{
    Vectors vectors;
    for (const QString& text : arguments.all("embedding"))
        if (auto added = addVectors(vectors, text.toStdString()); !added)
            return tl::unexpected<Error>(added.error());
    for (const QString& name : arguments.all("embedding-file")) {
        auto bytes = fileBytes(name);
        if (!bytes)
            return pass(bytes);
        const std::string_view view(bytes->constData(), static_cast<std::size_t>(bytes->size()));
        if (auto added = addVectors(vectors, view); !added)
            return tl::unexpected<Error>(added.error());
    }
    for (const QString& id : arguments.all("id"))
        if (auto added = addStored(vectors, id, store); !added)
            return tl::unexpected<Error>(added.error());
    for (const auto& vector : vectors)
        if (auto good = checkQueryVector(vector, store.dimension(), collection.index.space); !good)
            return tl::unexpected<Error>(good.error());
    return vectors;
}

Result<std::optional<VectorSubset>> chosenSubset(const CollectionReader& reader, const VectorStore& store,
                                                 const Conditions& conditions, bool tolerateChanges,
                                                 Console& console)
{
    if (!conditions.any())
        return std::optional<VectorSubset>();
    auto selected = selectRows(reader, Selection{{}, conditions, 0, {}}, tolerateChanges, console.progress);
    if (!selected)
        return pass(selected);
    auto ids = reader.idsOf(selected->rows, console.progress);
    if (!ids)
        return pass(ids);
    return std::optional(VectorSubset::ofIds(store, *ids));
}

std::size_t screenColumns()
{
    bool known = false;
    const int columns = qEnvironmentVariableIntValue("COLUMNS", &known);
    return known && columns > 40 ? static_cast<std::size_t>(columns) : 100;
}

// One reading of the collection. Fails with Changed before anything is printed.
Status printFound(const Source& source, const Collection& collection, const Arguments& arguments,
                  const Question& question, bool tolerateChanges, Console& console)
{
    auto reader = CollectionReader::open(source.directory, source.connection, collection, console.progress);
    if (!reader)
        return pass(reader);
    auto store = VectorStore::open(source.directory, source.connection, collection, console.progress);
    if (!store)
        return pass(store);
    auto vectors = chosenVectors(arguments, collection, *store);
    if (!vectors)
        return pass(vectors);
    auto subset = chosenSubset(*reader, *store, question.conditions, tolerateChanges, console);
    if (!subset)
        return pass(subset);
    SearchOptions options = question.options;
    options.subset = *subset ? &**subset : nullptr;
    auto answers = storage::nearest(*store, *vectors, options, console.progress);
    if (!answers)
        return pass(answers);
    const FoundRecords found{*reader, *store, *answers};
    auto text = question.json ? foundJson(found, question.include, console.progress)
                              : foundText(found, screenColumns(), console.progress);
    if (!text)
        return pass(text);
    for (const Finding& finding : store->findings())
        if (finding.severity != Severity::Info)
            warn(console, QString::fromStdString(finding.sentence));
    return console.out.write(*text);
}

Status runQuery(const Arguments& arguments, Console& console)
{
    if (auto one = oneKindOfQuery(arguments); !one)
        return one;
    auto question = chosenQuestion(arguments, console);
    if (!question)
        return pass(question);
    auto source = Source::open(arguments.positional(0), console.progress);
    if (!source)
        return pass(source);
    auto collection = chosenCollection(*source, arguments);
    if (!collection)
        return pass(collection);
    return againWhileChanging([&](bool lastTry) {
        return printFound(*source, *collection, arguments, *question, lastTry, console);
    });
}

std::vector<OptionSpec> queryOptions()
{
    std::vector<OptionSpec> options = collectionOptions();
    options.push_back(
        {.name = "embedding",
         .value = "JSON",
         .help = "Search for this vector: a JSON list, or a list of lists for several queries; numbers "
                 "with commas or blanks, and base64 of float32, are taken too.",
         .repeats = true});
    options.push_back({.name = "embedding-file",
                       .value = "FILE",
                       .help = "The same from a file, or a NumPy .npy file; - is standard input.",
                       .repeats = true});
    options.push_back(
        {.name = "id",
         .value = "ID",
         .help = "Search for what is near the vector of this record; give it again for more queries.",
         .repeats = true});
    options.push_back(
        {.name = "results", .value = "N", .help = "N results a query; 10 unless given.", .letter = 'n'});
    for (const OptionSpec& option : conditionOptions())
        options.push_back(option);
    options.push_back({.name = "exact", .help = "Compare every vector instead of asking the index."});
    options.push_back({.name = "ef",
                       .value = "N",
                       .help = "How widely the index searches; the collection's own setting unless given."});
    options.push_back(
        {.name = "include",
         .value = "FIELDS",
         .help = "What to print besides the ids: any of documents, metadatas, embeddings, distances, "
                 "uris; documents,metadatas,distances unless given.",
         .repeats = true,
         .choices = "documents,metadatas,embeddings,distances,uris"});
    options.push_back({.name = "json", .help = "Print JSON on a terminal too."});
    return options;
}

} // namespace

Command queryCommand()
{
    return {{.name = "query",
             .summary = "Print the records nearest to a vector as the JSON that Chroma's query() answers",
             .positionals = {{"DIR", "the persist directory, or its chroma.sqlite3"},
                             {"COLLECTION", "the collection's name or id"}},
             .options = queryOptions(),
             .notes = kNotes},
            runQuery};
}

} // namespace app
