#include "storage/exchange/columnar_source.h"

#include "storage/base/compressed_file.h"
#include "storage/exchange/json_fields.h"

#include <QTemporaryFile>

#include <nlohmann/json.hpp>

#include <array>
#include <iterator>

namespace storage {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::array kColumns = {"ids", "documents", "metadatas", "embeddings", "uris"};
constexpr std::size_t kLargestItem = std::size_t(256) << 20;
constexpr int kDeepest = 64;

// One column's items, a line of JSON each, on disk.
class Column
{
public:
    [[nodiscard]] bool add(const std::string& json)
    {
        ++m_items;
        return (m_file.isOpen() || m_file.open()) && m_file.write(json.data(), qint64(json.size())) == qint64(json.size()) &&
               m_file.putChar('\n');
    }
    [[nodiscard]] bool rewind() { return !m_file.isOpen() || (m_file.flush() && m_file.seek(0)); }
    [[nodiscard]] QByteArray take() { return m_file.isOpen() ? m_file.readLine() : QByteArray(); }
    [[nodiscard]] qint64 items() const { return m_items; }

private:
    QTemporaryFile m_file;
    qint64 m_items = 0;
};

// The bytes of a file as the input iterator that the parser wants; what goes wrong is kept for afterwards.
class ByteStream
{
public:
    explicit ByteStream(FileReader& reader) : m_reader(reader) {}
    [[nodiscard]] bool more()
    {
        if (m_at < m_block.size())
            return true;
        auto bytes = m_reader.read();
        if (!bytes) {
            m_error = bytes.error();
            return false;
        }
        m_block = *bytes;
        m_at = 0;
        return !m_block.empty();
    }
    [[nodiscard]] char current() const { return m_block[m_at]; }
    void advance() { ++m_at; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    FileReader& m_reader;
    std::string_view m_block;
    std::size_t m_at = 0;
    std::optional<Error> m_error;
};

struct ByteIterator
{
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;
    ByteStream* stream = nullptr;

    char operator*() const { return stream->current(); }
    ByteIterator& operator++()
    {
        stream->advance();
        return *this;
    }
    ByteIterator operator++(int)
    {
        ByteIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const ByteIterator& other) const { return atEnd() == other.atEnd(); }
    bool operator!=(const ByteIterator& other) const { return !(*this == other); }
    [[nodiscard]] bool atEnd() const { return !stream || !stream->more(); }
};

// Follows the parser: items of the known columns go to disk as they come, the header is kept, the rest is passed over.
class Splitter
{
public:
    using number_integer_t = Json::number_integer_t;
    using number_unsigned_t = Json::number_unsigned_t;
    using number_float_t = Json::number_float_t;
    using string_t = Json::string_t;
    using binary_t = Json::binary_t;

    std::array<Column, kColumns.size()> columns;
    std::string header; // JSON of "collection"
    QString problem;

    bool null() { return value(nullptr); }
    bool boolean(bool v) { return value(v); }
    bool number_integer(number_integer_t v) { return value(v); }
    bool number_unsigned(number_unsigned_t v) { return value(v); }
    bool number_float(number_float_t v, const string_t&) { return value(v); }
    bool string(string_t& v) { return value(std::move(v)); }
    bool binary(binary_t&) { return false; }
    bool start_object(std::size_t) { return open(Json::object()); }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(string_t& name)
    {
        if (m_depth == 1)
            m_member = name;
        else if (!m_stack.empty())
            m_keys.back() = name;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error)
    {
        problem = QStringLiteral("byte %1: %2").arg(position).arg(QString::fromUtf8(error.what()));
        return false;
    }

private:
    // Depth 1: members of the file's object. Depth 2 of a column: its items. Deeper: inside an item.
    [[nodiscard]] int column() const
    {
        for (std::size_t i = 0; i < kColumns.size(); ++i)
            if (m_member == kColumns[i])
                return int(i);
        return -1;
    }
    [[nodiscard]] bool wanted() const { return column() >= 0 || m_member == "collection"; }
    // Where an item begins: each element of a column, or the header object itself.
    [[nodiscard]] int itemDepth() const { return column() >= 0 ? 2 : 1; }

    bool value(Json v)
    {
        if (m_depth == 0)
            return refuse(QStringLiteral("the file holds no object"));
        if (!wanted())
            return true;
        if (m_stack.empty())
            return m_depth == itemDepth() ? emit(v) : true; // "documents": null
        append(std::move(v));
        return true;
    }

    bool open(Json container)
    {
        if (m_depth > kDeepest)
            return refuse(QStringLiteral("it is nested too deeply"));
        if (m_depth == 0 && !container.is_object())
            return refuse(QStringLiteral("the file holds no object"));
        if (m_depth >= 1 && wanted() && (!m_stack.empty() || m_depth == itemDepth())) {
            m_stack.push_back(std::move(container));
            m_keys.emplace_back();
        }
        ++m_depth;
        return true;
    }

    bool close()
    {
        --m_depth;
        if (m_stack.empty())
            return true;
        Json done = std::move(m_stack.back());
        m_stack.pop_back();
        m_keys.pop_back();
        if (m_stack.empty())
            return emit(done);
        append(std::move(done));
        return true;
    }

    void append(Json v)
    {
        if (m_stack.back().is_array())
            m_stack.back().push_back(std::move(v));
        else
            m_stack.back()[m_keys.back()] = std::move(v);
    }

    bool emit(const Json& item)
    {
        const int index = column();
        const std::string json = item.dump(-1, ' ', false, Json::error_handler_t::replace);
        if (json.size() > kLargestItem)
            return refuse(QStringLiteral("a value has more than %1 bytes").arg(kLargestItem));
        if (index < 0)
            header = json;
        else if (!columns[std::size_t(index)].add(json))
            return refuse(QStringLiteral("temporary files cannot be written"));
        return true;
    }

    bool refuse(const QString& why)
    {
        problem = why;
        return false;
    }

    int m_depth = 0;
    std::string m_member;
    std::vector<Json> m_stack;
    std::vector<std::string> m_keys;
};

class ColumnarSource final : public RecordSource
{
public:
    explicit ColumnarSource(std::unique_ptr<Splitter> columns, std::optional<ExchangeHeader> header)
        : m_columns(std::move(columns))
    {
        m_header = std::move(header);
    }

    [[nodiscard]] Result<bool> next(ImportRecord& record) override
    {
        if (m_number == m_columns->columns[0].items())
            return false;
        ++m_number;
        std::string object = "{";
        constexpr std::array names = {"id", "document", "metadata", "embedding", "uri"};
        for (std::size_t i = 0; i < names.size(); ++i)
            if (const QByteArray item = m_columns->columns[i].take(); !item.isEmpty())
                object += (object.size() > 1 ? ",\"" : "\"") + std::string(names[i]) + "\":" + item.toStdString();
        auto read = recordFromJson(object + "}", {});
        if (!read)
            return fail(ErrorKind::Invalid, QStringLiteral("Record %1: %2").arg(m_number).arg(read.error().sentence),
                        read.error().detail);
        record = std::move(*read);
        record.number = m_number;
        return true;
    }

private:
    std::unique_ptr<Splitter> m_columns;
    qint64 m_number = 0;
};

Status checkColumns(const QString& file, Splitter& columns)
{
    const qint64 ids = columns.columns[0].items();
    if (ids == 0)
        return fail(ErrorKind::Invalid, QStringLiteral("“%1” has no “ids”: it is no dump of collection.get().").arg(file));
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        if (const qint64 items = columns.columns[i].items(); items != 0 && items != ids)
            return fail(ErrorKind::Invalid, QStringLiteral("“%1” has %2 ids but %3 %4.")
                                                .arg(file)
                                                .arg(ids)
                                                .arg(items)
                                                .arg(QLatin1String(kColumns[i])));
        if (!columns.columns[i].rewind())
            return fail(ErrorKind::Io, QStringLiteral("Temporary files cannot be read back."));
    }
    return {};
}

} // namespace

Result<std::unique_ptr<RecordSource>> openColumnarSource(const QString& file, Progress& progress)
{
    auto reader = FileReader::open(file, progress);
    if (!reader)
        return pass(reader);
    ByteStream stream(*reader);
    auto columns = std::make_unique<Splitter>();
    const bool parsed = Json::sax_parse(ByteIterator{&stream}, ByteIterator{}, columns.get());
    if (stream.error())
        return tl::unexpected<Error>(*stream.error());
    if (!parsed)
        return fail(ErrorKind::Invalid, QStringLiteral("“%1” cannot be read as JSON columns.").arg(file), columns->problem);
    if (auto checked = checkColumns(file, *columns); !checked)
        return pass(checked);
    std::optional<ExchangeHeader> header;
    if (!columns->header.empty()) {
        auto read = parseHeader(columns->header);
        if (read)
            header = std::move(*read);
    }
    return std::make_unique<ColumnarSource>(std::move(columns), std::move(header));
}

} // namespace storage
