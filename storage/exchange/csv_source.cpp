#include "storage/exchange/csv_source.h"

#include "storage/exchange/json_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace storage {

namespace {

constexpr std::size_t kLargestCell = std::size_t(256) << 20;

struct Cell
{
    std::string text;
    bool quoted = false;
    [[nodiscard]] bool missing() const { return text.empty() && !quoted; }
};

// Splits the stream into rows; a quoted cell may hold commas, quotes (doubled) and line ends.
class CsvReader
{
public:
    explicit CsvReader(FileReader reader) : m_reader(std::move(reader)) {}

    [[nodiscard]] Result<bool> row(std::vector<Cell>& cells)
    {
        cells.assign(1, {});
        bool inQuotes = false, any = false;
        while (true) {
            auto c = take();
            if (!c)
                return pass(c);
            if (*c < 0) {
                if (inQuotes)
                    return fail(ErrorKind::Invalid, QStringLiteral("The file ends inside a quoted cell."));
                return any;
            }
            any = true;
            Cell& cell = cells.back();
            if (cell.text.size() > kLargestCell)
                return fail(ErrorKind::Invalid, QStringLiteral("A cell has more than %1 bytes.").arg(kLargestCell));
            if (inQuotes) {
                auto closed = quotedByte(cell, char(*c));
                if (!closed)
                    return pass(closed);
                inQuotes = !*closed;
            } else if (*c == '"' && cell.text.empty()) {
                inQuotes = cell.quoted = true;
            } else if (*c == ',') {
                cells.emplace_back();
            } else if (*c == '\n') {
                return true;
            } else if (*c != '\r') {
                cell.text += char(*c);
            }
        }
    }

private:
    // true: the quote that ends the cell.
    Result<bool> quotedByte(Cell& cell, char c)
    {
        if (c != '"') {
            cell.text += c;
            return false;
        }
        auto following = take();
        if (!following)
            return pass(following);
        if (*following == '"') {
            cell.text += '"';
            return false;
        }
        m_back = *following;
        return true;
    }

    Result<int> take()
    {
        if (m_back != kNone)
            return std::exchange(m_back, kNone);
        if (m_at == m_block.size()) {
            auto bytes = m_reader.read();
            if (!bytes)
                return pass(bytes);
            if (bytes->empty())
                return -1;
            m_block.assign(*bytes);
            m_at = 0;
        }
        return int(static_cast<unsigned char>(m_block[m_at++]));
    }

    static constexpr int kNone = -2;
    FileReader m_reader;
    std::string m_block;
    std::size_t m_at = 0;
    int m_back = kNone;
};

std::optional<qint64> wholeNumber(const std::string& text)
{
    qint64 value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<double> realNumber(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

struct Column
{
    enum class Role { Id, Document, Uri, Embedding, Metadata, Ignored };
    Role role = Role::Metadata;
    std::string key;
    std::optional<MetaType> type; // nullopt: guessed
};

std::optional<MetaType> typeFromName(std::string_view name)
{
    for (unsigned type = 0; type <= unsigned(MetaType::StringArray); ++type)
        if (name == typeName(MetaType(type)))
            return MetaType(type);
    return std::nullopt;
}

Column columnOf(const std::string& head, const FieldMapping& mapping)
{
    const auto is = [&](const std::string& mapped, std::string_view usual) {
        return mapped.empty() ? head == usual : head == mapped;
    };
    if (is(mapping.id, "id"))
        return {Column::Role::Id, {}, {}};
    if (is(mapping.document, "document"))
        return {Column::Role::Document, {}, {}};
    if (is(mapping.uri, "uri"))
        return {Column::Role::Uri, {}, {}};
    if (is(mapping.embedding, "embedding"))
        return {Column::Role::Embedding, {}, {}};
    const std::size_t colon = head.rfind(':');
    if (colon != std::string::npos)
        if (const auto type = typeFromName(std::string_view(head).substr(colon + 1)))
            return {Column::Role::Metadata, head.substr(0, colon), type};
    return {head.empty() ? Column::Role::Ignored : Column::Role::Metadata, head, {}};
}

MetaValue guessed(const Cell& cell)
{
    if (cell.quoted)
        return cell.text;
    if (cell.text == "true" || cell.text == "false")
        return cell.text == "true";
    if (const auto integer = wholeNumber(cell.text))
        return *integer;
    if (const auto real = realNumber(cell.text))
        return *real;
    return cell.text;
}

Result<MetaValue> typed(const Cell& cell, MetaType type)
{
    if (type == MetaType::String)
        return MetaValue(cell.text);
    if (type == MetaType::Null)
        return MetaValue();
    if (type == MetaType::Bool && (cell.text == "true" || cell.text == "false"))
        return MetaValue(cell.text == "true");
    if (type == MetaType::Int)
        if (const auto integer = wholeNumber(cell.text))
            return MetaValue(*integer);
    if (type == MetaType::Float)
        if (const auto real = realNumber(cell.text))
            return MetaValue(*real);
    if (type > MetaType::String) {
        auto object = parseMetadataObject("{\"v\":" + cell.text + "}");
        if (object && object->size() == 1 && typeOf(object->front().value) == type)
            return std::move(object->front().value);
    }
    return fail(ErrorKind::Invalid, QStringLiteral("“%1” is no %2.").arg(QString::fromStdString(cell.text).left(80),
                                                                        QLatin1String(typeName(type))));
}

class CsvSource final : public RecordSource
{
public:
    CsvSource(CsvReader reader, std::vector<Column> columns, std::optional<ExchangeHeader> header)
        : m_reader(std::move(reader)), m_columns(std::move(columns))
    {
        m_header = std::move(header);
    }

    [[nodiscard]] Result<bool> next(ImportRecord& record) override
    {
        auto there = m_reader.row(m_cells);
        if (!there || !*there)
            return there;
        ++m_number;
        if (m_cells.size() == 1 && m_cells.front().missing())
            return next(record);
        record = {};
        record.number = m_number;
        if (m_cells.size() != m_columns.size())
            return broken(QStringLiteral("it has %1 cells, the head has %2.").arg(m_cells.size()).arg(m_columns.size()));
        for (std::size_t i = 0; i < m_cells.size(); ++i)
            if (!m_cells[i].missing())
                if (auto taken = take(record, m_columns[i], m_cells[i]); !taken)
                    return broken(taken.error().sentence);
        std::sort(record.metadata.begin(), record.metadata.end(),
                  [](const MetaEntry& a, const MetaEntry& b) { return a.key < b.key; });
        return true;
    }

private:
    [[nodiscard]] tl::unexpected<Error> broken(const QString& why) const
    {
        return fail(ErrorKind::Invalid, QStringLiteral("Row %1: %2").arg(m_number).arg(why));
    }

    static Status take(ImportRecord& record, const Column& column, const Cell& cell)
    {
        switch (column.role) {
        case Column::Role::Id: record.id = cell.text; return {};
        case Column::Role::Document: record.document = cell.text; return {};
        case Column::Role::Uri: record.uri = cell.text; return {};
        case Column::Role::Ignored: return {};
        case Column::Role::Embedding: {
            auto vector = parseVectorJson(cell.text);
            if (!vector)
                return pass(vector);
            record.vector = std::move(*vector);
            return {};
        }
        case Column::Role::Metadata: break;
        }
        auto value = column.type ? typed(cell, *column.type) : Result<MetaValue>(guessed(cell));
        if (!value)
            return pass(value);
        record.metadata.push_back({column.key, std::move(*value)});
        return {};
    }

    CsvReader m_reader;
    std::vector<Column> m_columns;
    std::vector<Cell> m_cells;
    qint64 m_number = 0;
};

} // namespace

Result<std::unique_ptr<RecordSource>> openCsvSource(FileReader file, const FieldMapping& mapping,
                                                    std::optional<ExchangeHeader> header)
{
    CsvReader reader(std::move(file));
    std::vector<Cell> head;
    auto there = reader.row(head);
    if (!there)
        return pass(there);
    if (!*there)
        return fail(ErrorKind::Invalid, QStringLiteral("The CSV file is empty; its first row names the columns."));
    constexpr std::string_view kMark = "\xEF\xBB\xBF"; // the byte order mark that spreadsheets write
    if (head.front().text.starts_with(kMark))
        head.front().text.erase(0, kMark.size());
    std::vector<Column> columns;
    for (const Cell& cell : head)
        columns.push_back(columnOf(cell.text, mapping));
    return std::make_unique<CsvSource>(std::move(reader), std::move(columns), std::move(header));
}

} // namespace storage
