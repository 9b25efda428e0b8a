// chromakeep recall: how much of the true answer Chroma's index finds, over sampled records.
#include "app/cli/commands.h"
#include "app/cli/json_object.h"
#include "app/cli/recall_measure.h"
#include "app/cli/source.h"
#include "app/cli/text_table.h"

#include <limits>

namespace app {

using namespace storage;

namespace {

const char* const kNotes =
    "Asks for the neighbours of sampled records twice, through the index and exactly, and prints which\n"
    "part of the true N nearest the index found (recall), how long both took, and the records that fared\n"
    "worst. The same records are sampled every time.\n";

std::string worstJson(const RecallMeasure::Query& query)
{
    const auto quoted = [](const std::string& id) {
        std::string json;
        appendJson(json, std::string_view(id));
        return json;
    };
    return JsonObject()
        .add("id", query.id)
        .add("recall", query.recall)
        .addRaw("missed", jsonArray(query.missed, quoted))
        .text();
}

std::string measureJson(const RecallMeasure& measure, qint64 results)
{
    return JsonObject()
               .add("samples", static_cast<qint64>(measure.queries.size()))
               .add("n", results)
               .addOrNull("ef", measure.ef > 0 ? std::optional(measure.ef) : std::nullopt)
               .add("recall", measure.recall)
               .add("index_ms", measure.indexMs)
               .add("exact_ms", measure.exactMs)
               .addOrNull("reason", measure.reason.toStdString())
               .addRaw("worst", jsonArray(measure.worst(10), worstJson))
               .text() +
           '\n';
}

std::string percent(double part)
{
    return QString::number(100.0 * part, 'f', 2).toStdString() + " %";
}

std::string measureText(const RecallMeasure& measure, qint64 results)
{
    std::string text = "Recall of the " + grouped(results) + " nearest, over " +
                       grouped(static_cast<qint64>(measure.queries.size())) +
                       " records: " + percent(measure.recall) + '\n';
    text += measure.ef > 0 ? "Index: ef " + std::to_string(measure.ef) + ", "
                           : "The index was not used (" + measure.reason.toStdString() + "), ";
    text += QString::number(measure.indexMs, 'f', 3).toStdString() +
            " ms a query; exact: " + QString::number(measure.exactMs, 'f', 3).toStdString() + " ms a query\n";
    const auto worst = measure.worst(10);
    if (worst.empty())
        return text;
    TextTable table({{"RECALL", true}, {"MISSED", true}, {"ID"}});
    for (const auto& query : worst)
        table.add(
            {percent(query.recall), grouped(static_cast<qint64>(query.missed.size())), harmless(query.id)});
    return text + '\n' + table.text();
}

Status printRecall(const Source& source, const Collection& collection, const RecallOptions& options,
                   bool json, Console& console)
{
    auto reader = CollectionReader::open(source.directory, source.connection, collection, console.progress);
    if (!reader)
        return pass(reader);
    auto store = VectorStore::open(source.directory, source.connection, collection, console.progress);
    if (!store)
        return pass(store);
    auto measure = measureRecall(*reader, *store, options, console.progress);
    if (!measure)
        return pass(measure);
    return console.out.write(json ? measureJson(*measure, options.results)
                                  : measureText(*measure, options.results));
}

Status runRecall(const Arguments& arguments, Console& console)
{
    constexpr qint64 kMost = std::numeric_limits<qint32>::max() - 1;
    const auto samples = arguments.number("samples", 100, 1, kMost);
    const auto results = arguments.number("results", 10, 1, kMost);
    const auto ef = arguments.number("ef", 0, 1, kMost);
    for (const auto* number : {&samples, &results, &ef})
        if (!*number)
            return tl::unexpected<Error>(number->error());
    auto source = Source::open(arguments.positional(0), console.progress);
    if (!source)
        return pass(source);
    auto collection = chosenCollection(*source, arguments);
    if (!collection)
        return pass(collection);
    RecallOptions options{*samples, *results, {}};
    if (arguments.has("ef"))
        options.ef = *ef;
    return againWhileChanging(
        [&](bool) { return printRecall(*source, *collection, options, arguments.has("json"), console); });
}

} // namespace

Command recallCommand()
{
    std::vector<OptionSpec> options = collectionOptions();
    options.push_back({.name = "samples", .value = "N", .help = "Sample N records; 100 unless given."});
    options.push_back({.name = "results",
                       .value = "N",
                       .help = "Compare the N nearest neighbours; 10 unless given.",
                       .letter = 'n'});
    options.push_back({.name = "ef",
                       .value = "N",
                       .help = "How widely the index searches; the collection's own setting unless given."});
    options.push_back({.name = "json", .help = "Print JSON instead of text."});
    return {{.name = "recall",
             .summary = "Measure how much of the true answer Chroma's index finds",
             .positionals = {{"DIR", "the persist directory, or its chroma.sqlite3"},
                             {"COLLECTION", "the collection's name or id"}},
             .options = std::move(options),
             .notes = kNotes},
            runRecall};
}

} // namespace app
