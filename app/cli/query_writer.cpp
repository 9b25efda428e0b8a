#include "app/cli/query_writer.h"

#include "app/cli/records_json.h"
#include "app/cli/text_table.h"
#include "storage/base/json_text.h"

#include <QString>

#include <functional>
#include <optional>
#include <unordered_map>

namespace app {

using namespace storage;

namespace {

// The records of one answer, in its order; empty where a vector has no record.
Result<std::vector<std::optional<Record>>> recordsOf(const CollectionReader& reader,
                                                     const SearchAnswer& answer, Progress& progress)
{
    std::vector<RowKey> rows;
    for (const Neighbour& neighbour : answer.neighbours) {
        const auto row = reader.rowOf(neighbour.id);
        if (!row)
            return tl::unexpected<Error>(row.error());
        if (*row)
            rows.push_back(**row);
    }
    auto records = reader.records(rows, progress);
    if (!records)
        return pass(records);
    std::unordered_map<std::string, Record> byId;
    for (Record& record : *records)
        byId.emplace(record.id, std::move(record));
    std::vector<std::optional<Record>> ordered;
    for (const Neighbour& neighbour : answer.neighbours) {
        const auto found = byId.find(neighbour.id);
        ordered.push_back(found == byId.end() ? std::nullopt : std::optional(found->second));
    }
    return ordered;
}

// One column: a list of lists.
class ListColumn
{
public:
    ListColumn(const char* head, bool included) : m_included(included), m_text(head)
    {
        m_text += included ? "[" : "null";
    }
    void startQuery() { m_text += !m_included ? "" : m_queries++ == 0 ? "[" : ",["; }
    void endQuery()
    {
        m_text += m_included ? "]" : "";
        m_items = 0;
    }
    void add(const std::function<void(std::string&)>& append)
    {
        if (!m_included)
            return;
        m_text += m_items++ == 0 ? "" : ",";
        append(m_text);
    }
    [[nodiscard]] std::string text() const { return m_included ? m_text + ']' : m_text; }

private:
    bool m_included;
    int m_queries = 0;
    int m_items = 0;
    std::string m_text;
};

struct Columns
{
    explicit Columns(const Include& include)
        : distances(",\"distances\":", include.distances),
          documents(",\"documents\":", include.documents),
          metadatas(",\"metadatas\":", include.metadatas),
          embeddings(",\"embeddings\":", include.embeddings),
          uris(",\"uris\":", include.uris)
    {}
    template <class Each> void each(Each apply)
    {
        for (ListColumn* column : {&ids, &distances, &documents, &metadatas, &embeddings, &uris})
            apply(*column);
    }
    ListColumn ids{"{\"ids\":", true};
    ListColumn distances, documents, metadatas, embeddings, uris;
};

void addNeighbour(Columns& columns, const Neighbour& neighbour, const std::optional<Record>& record,
                  const VectorStore& vectors)
{
    columns.ids.add([&](std::string& out) { appendJson(out, std::string_view(neighbour.id)); });
    columns.distances.add([&](std::string& out) { appendJson(out, neighbour.distance); });
    columns.documents.add(
        [&](std::string& out) { appendJsonOrNull(out, record ? record->document : std::nullopt); });
    columns.metadatas.add([&](std::string& out) {
        if (record)
            appendRecordMetadata(out, *record);
        else
            out += "null";
    });
    columns.embeddings.add([&](std::string& out) {
        if (const auto vector = vectors.vector(neighbour.id))
            appendJson(out, std::span<const float>(*vector));
        else
            out += "null";
    });
    columns.uris.add([&](std::string& out) { appendJsonOrNull(out, record ? record->uri : std::nullopt); });
}

std::string howFound(const SearchAnswer& answer)
{
    std::string line = answer.exact ? "exact" : "index, ef " + std::to_string(answer.ef);
    line += ", " + grouped(answer.compared) + " vectors compared";
    if (!answer.reason.isEmpty())
        line += ": " + answer.reason.toStdString();
    return line + '\n';
}

} // namespace

Result<std::string> foundJson(const FoundRecords& found, const Include& include, Progress& progress)
{
    Columns columns(include);
    for (const SearchAnswer& answer : found.answers) {
        const auto records = recordsOf(found.reader, answer, progress);
        if (!records)
            return tl::unexpected<Error>(records.error());
        columns.each([](ListColumn& column) { column.startQuery(); });
        for (std::size_t i = 0; i < answer.neighbours.size(); ++i)
            addNeighbour(columns, answer.neighbours[i], (*records)[i], found.vectors);
        columns.each([](ListColumn& column) { column.endQuery(); });
    }
    std::string json;
    columns.each([&](ListColumn& column) { json += column.text(); });
    return json + "}\n";
}

Result<std::string> foundText(const FoundRecords& found, std::size_t width, Progress& progress)
{
    constexpr std::size_t kId = 40;
    constexpr std::size_t kBesides = 26; // rank, distance and the gaps
    std::string text;
    for (std::size_t query = 0; query < found.answers.size(); ++query) {
        const SearchAnswer& answer = found.answers[query];
        const auto records = recordsOf(found.reader, answer, progress);
        if (!records)
            return tl::unexpected<Error>(records.error());
        if (found.answers.size() > 1)
            text += (query == 0 ? "Query " : "\nQuery ") + std::to_string(query + 1) + '\n';
        TextTable table({{"#", true}, {"DISTANCE", true}, {"ID"}, {"DOCUMENT"}});
        for (std::size_t i = 0; i < answer.neighbours.size(); ++i) {
            const Neighbour& neighbour = answer.neighbours[i];
            const std::string id = shortened(harmless(neighbour.id), kId);
            const auto& record = (*records)[i];
            const std::string document = !record ? "(no record)"
                                                 : QString::fromStdString(record->document.value_or(""))
                                                       .left(500)
                                                       .simplified()
                                                       .toStdString();
            const std::size_t used = kBesides + screenWidth(id);
            table.add({std::to_string(i + 1), floatText(neighbour.distance), id,
                       shortened(harmless(document), width > used + 20 ? width - used : 20)});
        }
        text += table.text() + howFound(answer);
    }
    return text;
}

} // namespace app
