#include "model/clipboard_text.h"

#include "model/value_text.h"
#include "storage/base/json_text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace model {

using storage::Record;
using SortBy = storage::ColumnCache::SortBy;

namespace {

// A cell that a spreadsheet reads back as it was.
void appendTsvCell(std::string& out, const std::string& cell)
{
    if (cell.find_first_of("\t\n\r\"") == std::string::npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char each : cell) {
        if (each == '"')
            out += '"';
        out += each;
    }
    out += '"';
}

std::string cellText(const Record& record, const RecordColumn& column)
{
    switch (column.kind) {
    case RecordColumn::Kind::Id:
        return record.id;
    case RecordColumn::Kind::Document:
        return record.document.value_or(std::string());
    case RecordColumn::Kind::Uri:
        return record.uri.value_or(std::string());
    case RecordColumn::Kind::Metadata: {
        const auto* value = storage::find(record.metadata, column.key);
        return value == nullptr ? std::string() : valueText(*value).toStdString();
    }
    case RecordColumn::Kind::Distance:
    case RecordColumn::Kind::Embedding:
        return {};
    }
    return {};
}

bool isText(const RecordColumn& column)
{
    return column.kind != RecordColumn::Kind::Distance && column.kind != RecordColumn::Kind::Embedding;
}

template <class Append> void appendList(std::string& out, std::size_t count, Append append)
{
    out += '[';
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            out += ", ";
        append(i);
    }
    out += ']';
}

void appendOptional(std::string& out, const std::optional<std::string>& text)
{
    if (text)
        storage::appendJson(out, std::string_view(*text));
    else
        out += "null";
}

// The lines that open the directory and the collection.
QString pythonOpening(const QString& path, const storage::Collection& collection)
{
    QString client =
        QStringLiteral("client = chromadb.PersistentClient(path=%1").arg(pythonString(path.toStdString()));
    if (collection.tenant != "default_tenant")
        client += QStringLiteral(", tenant=%1").arg(pythonString(collection.tenant));
    if (collection.database != "default_database")
        client += QStringLiteral(", database=%1").arg(pythonString(collection.database));
    return QStringLiteral("import chromadb\n\n%1)\ncollection = client.get_collection(%2)\n")
        .arg(client, pythonString(collection.name));
}

void appendPython(std::string& out, const nlohmann::json& value)
{
    if (value.is_object()) {
        out += '{';
        for (auto each = value.begin(); each != value.end(); ++each) {
            if (each != value.begin())
                out += ", ";
            out += pythonString(each.key()).toStdString() + ": ";
            appendPython(out, *each);
        }
        out += '}';
    } else if (value.is_array()) {
        appendList(out, value.size(), [&](std::size_t i) { appendPython(out, value[i]); });
    } else if (value.is_string()) {
        out += pythonString(value.get_ref<const std::string&>()).toStdString();
    } else if (value.is_boolean()) {
        out += value.get<bool>() ? "True" : "False";
    } else if (value.is_null()) {
        out += "None";
    } else if (value.is_number_float()) {
        out += storage::doubleText(value.get<double>());
    } else {
        out += value.dump();
    }
}

} // namespace

QString recordsTsv(const std::vector<Record>& records, const std::vector<RecordColumn>& columns)
{
    std::string out;
    const auto line = [&](auto cell) {
        bool first = true;
        for (const auto& column : columns) {
            if (!isText(column))
                continue;
            if (!first)
                out += '\t';
            first = false;
            appendTsvCell(out, cell(column));
        }
        out += '\n';
    };
    line([](const RecordColumn& column) {
        return column.kind == RecordColumn::Kind::Metadata ? column.key : column.name().toStdString();
    });
    for (const auto& record : records)
        line([&record](const RecordColumn& column) { return cellText(record, column); });
    return text(out);
}

QString recordsJson(const std::vector<Record>& records, const std::vector<float>* vector)
{
    const std::size_t count = records.size();
    const bool withUris =
        std::any_of(records.begin(), records.end(), [](const Record& each) { return each.uri.has_value(); });
    std::string out = "{\n  \"ids\": ";
    appendList(out, count, [&](std::size_t i) { storage::appendJson(out, std::string_view(records[i].id)); });
    if (vector != nullptr) {
        out += ",\n  \"embeddings\": [";
        storage::appendJson(out, std::span<const float>(*vector));
        out += ']';
    }
    out += ",\n  \"documents\": ";
    appendList(out, count, [&](std::size_t i) { appendOptional(out, records[i].document); });
    if (withUris) {
        out += ",\n  \"uris\": ";
        appendList(out, count, [&](std::size_t i) { appendOptional(out, records[i].uri); });
    }
    out += ",\n  \"metadatas\": ";
    appendList(out, count, [&](std::size_t i) { storage::appendJson(out, records[i].metadata); });
    return text(out + "\n}\n");
}

QString idsPython(const QString& path, const storage::Collection& collection,
                  const std::vector<std::string>& ids)
{
    std::string list;
    appendList(list, ids.size(), [&](std::size_t i) { list += pythonString(ids[i]).toStdString(); });
    return pythonOpening(path, collection) +
           QStringLiteral("records = collection.get(ids=%1)\n").arg(text(list));
}

QString queryPython(const QString& path, const storage::Collection& collection, const RecordQuery& query)
{
    QStringList arguments;
    if (query.where)
        arguments << QStringLiteral("where=") + pythonValue(storage::whereJson(*query.where));
    if (query.whereDocument)
        arguments << QStringLiteral("where_document=") +
                         pythonValue(storage::whereDocumentJson(*query.whereDocument));
    QString call = pythonOpening(path, collection) +
                   QStringLiteral("records = collection.get(%1)\n").arg(arguments.join(QStringLiteral(", ")));
    if (query.id)
        call += QStringLiteral("# get() cannot select by a part of an id: keep those whose id matches %1\n")
                    .arg(pythonString(query.id->text));
    if (query.sortBy != SortBy::Insertion || query.descending)
        call += QStringLiteral("# get() answers in the order of insertion; the order shown was another\n");
    return call;
}

QString queryCommand(const QString& path, const storage::Collection& collection, const RecordQuery& query)
{
    QStringList words{QStringLiteral("chromakeep"), QStringLiteral("records"), shellWord(path),
                      shellWord(text(collection.name))};
    if (collection.tenant != "default_tenant")
        words << QStringLiteral("--tenant") << shellWord(text(collection.tenant));
    if (collection.database != "default_database")
        words << QStringLiteral("--database") << shellWord(text(collection.database));
    if (query.where)
        words << QStringLiteral("--where") << shellWord(text(storage::whereJson(*query.where)));
    if (query.whereDocument)
        words << QStringLiteral("--where-document")
              << shellWord(text(storage::whereDocumentJson(*query.whereDocument)));
    return words.join(QLatin1Char(' '));
}

QString numpyVector(std::span<const float> vector)
{
    std::string out = "np.array(";
    appendList(out, vector.size(), [&](std::size_t i) {
        const float each = vector[i];
        if (std::isfinite(each))
            out += storage::floatText(each);
        else
            out += std::isnan(each) ? "np.nan" : each < 0 ? "-np.inf" : "np.inf";
    });
    return text(out + ", dtype=np.float32)");
}

QString pythonString(std::string_view utf8)
{
    // A JSON string is a Python string; "/" and DEL need nothing.
    std::string out;
    storage::appendJson(out, utf8);
    return text(out);
}

QString pythonValue(const std::string& json)
{
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    if (parsed.is_discarded())
        return text(json);
    std::string out;
    appendPython(out, parsed);
    return text(out);
}

QString shellWord(const QString& word)
{
    static const QLatin1String kPlain("_-./:=@%+,");
    const bool plain = !word.isEmpty() && std::all_of(word.begin(), word.end(), [](QChar each) {
        return (each.unicode() < 128 && each.isLetterOrNumber()) || kPlain.contains(each);
    });
    if (plain)
        return word;
    QString quoted = word;
    quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QLatin1Char('\'') + quoted + QLatin1Char('\'');
}

} // namespace model
