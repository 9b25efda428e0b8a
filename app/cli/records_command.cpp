// chromakeep records: what Chroma's get() answers, without Chroma.
#include "app/cli/commands.h"
#include "app/cli/record_selection.h"
#include "app/cli/records_writer.h"
#include "app/cli/source.h"

#include <limits>

namespace app {

using namespace storage;

namespace {

const char* const kNotes =
    "Prints the JSON that Chroma's get() answers: one object with the keys ids, documents, metadatas,\n"
    "embeddings and uris, in insertion order. A column that is not included is null. --ids, --where and\n"
    "--where-document may be combined; --offset and --limit count what is left.\n"
    "\n"
    "  chromakeep records ./chroma_db casestar_documents --limit 5\n"
    "  chromakeep records ./chroma_db casestar_documents --where '{\"year\": {\"$gte\": 2020}}' \\\n"
    "      --where-document '{\"$contains\": \"appeal\"}' --include documents,embeddings\n";

Result<Selection> chosenSelection(const Arguments& arguments)
{
    constexpr qint64 kMost = std::numeric_limits<qint64>::max();
    auto conditions = chosenConditions(arguments);
    if (!conditions)
        return pass(conditions);
    const auto offset = arguments.number("offset", 0, 0, kMost);
    const auto limit = arguments.number("limit", kMost, 0, kMost);
    for (const auto* number : {&offset, &limit})
        if (!*number)
            return tl::unexpected<Error>(number->error());
    Selection selection;
    for (const QString& id : arguments.all("ids"))
        selection.ids.push_back(id.toStdString());
    selection.conditions = std::move(*conditions);
    selection.offset = *offset;
    if (arguments.has("limit"))
        selection.limit = *limit;
    return selection;
}

void warnAboutVectors(const WrittenRecords& written, const VectorStore& vectors, Console& console)
{
    if (written.withoutVector == 0)
        return;
    warn(console,
         QStringLiteral("%1 of %2 records have no vector that could be read; the first is “%3”. Their "
                        "embeddings are null.")
             .arg(QString::number(written.withoutVector), QString::number(written.records),
                  QString::fromStdString(written.firstWithoutVector)));
    for (const Finding& finding : vectors.findings())
        warn(console, QString::fromStdString(finding.sentence));
}

Result<std::optional<VectorStore>> openVectors(const Source& source, const Collection& collection,
                                               Console& console)
{
    auto store = VectorStore::open(source.directory, source.connection, collection, console.progress);
    if (!store)
        return pass(store);
    return std::optional<VectorStore>(std::move(*store));
}

void warnAboutSelection(const SelectedRows& selected, Console& console)
{
    for (const Finding& finding : selected.findings)
        warn(console, QString::fromStdString(finding.sentence));
    if (selected.mixed)
        warn(console, QStringLiteral("The directory was being written to all the time; records that changed "
                                     "meanwhile may have been compared before or after their change."));
}

// One reading of the collection. Fails with Changed before anything is printed.
Status printRecords(const Source& source, const Collection& collection, const Selection& selection,
                    const Include& include, bool tolerateChanges, Console& console)
{
    auto reader = CollectionReader::open(source.directory, source.connection, collection, console.progress);
    if (!reader)
        return pass(reader);
    auto selected = selectRows(*reader, selection, tolerateChanges, console.progress);
    if (!selected)
        return pass(selected);
    auto vectors = include.embeddings ? openVectors(source, collection, console)
                                      : Result<std::optional<VectorStore>>(std::nullopt);
    if (!vectors)
        return pass(vectors);
    const VectorStore* store = *vectors ? &**vectors : nullptr;
    auto written = writeRecords(*reader, selected->rows, include, store, console);
    if (!written)
        return pass(written);
    selected->findings.insert(selected->findings.end(), reader->findings().begin(), reader->findings().end());
    warnAboutSelection(*selected, console);
    if (store != nullptr)
        warnAboutVectors(*written, *store, console);
    return {};
}

Status runRecords(const Arguments& arguments, Console& console)
{
    const auto selection = chosenSelection(arguments);
    const auto include =
        chosenInclude(arguments, "documents,metadatas,embeddings,uris", "documents,metadatas");
    if (!selection)
        return tl::unexpected<Error>(selection.error());
    if (!include)
        return tl::unexpected<Error>(include.error());
    auto source = Source::open(arguments.positional(0), console.progress);
    if (!source)
        return pass(source);
    auto collection = chosenCollection(*source, arguments);
    if (!collection)
        return pass(collection);
    return againWhileChanging([&](bool lastTry) {
        return printRecords(*source, *collection, *selection, *include, lastTry, console);
    });
}

} // namespace

Command recordsCommand()
{
    std::vector<OptionSpec> options = collectionOptions();
    options.push_back({.name = "ids",
                       .value = "ID",
                       .help = "Only the record with this id; give it again for more records.",
                       .repeats = true});
    for (const OptionSpec& option : conditionOptions())
        options.push_back(option);
    options.push_back({.name = "limit", .value = "N", .help = "At most N records."});
    options.push_back({.name = "offset", .value = "N", .help = "Leave out the first N records."});
    options.push_back({.name = "include",
                       .value = "FIELDS",
                       .help =
                           "What to print besides the ids: any of documents, metadatas, embeddings, uris, "
                           "with commas between them; documents,metadatas unless given, '' for ids alone.",
                       .repeats = true,
                       .choices = "documents,metadatas,embeddings,uris"});
    return {{.name = "records",
             .summary = "Print the records of a collection as the JSON that Chroma's get() answers",
             .positionals = {{"DIR", "the persist directory, or its chroma.sqlite3"},
                             {"COLLECTION", "the collection's name or id"}},
             .options = std::move(options),
             .notes = kNotes},
            runRecords};
}

} // namespace app
