#include "storage/exchange/record_sink.h"

#include "storage/base/json_text.h"
#include "storage/exchange/numpy_sink.h"

#include <QFileInfo>
#include <QTemporaryFile>

#include <array>

namespace storage {

namespace {

constexpr auto kReadJson = "import json, chromadb\n"
                           "d = json.load(open('FILE', encoding='utf-8'))\n"
                           "c = chromadb.PersistentClient('new').create_collection(d['collection']['name'])\n"
                           "c.add(ids=d['ids'], embeddings=d['embeddings'], documents=d['documents'], "
                           "metadatas=d['metadatas'])\n";
constexpr auto kReadJsonl = "import json, chromadb\n"
                            "rows = [json.loads(line) for line in open('FILE', encoding='utf-8')]\n"
                            "c = chromadb.PersistentClient('new').create_collection('NAME')\n"
                            "c.add(ids=[r['id'] for r in rows], embeddings=[r['embedding'] for r in rows],\n"
                            "      documents=[r['document'] for r in rows], metadatas=[r['metadata'] for r in rows])\n";
constexpr auto kReadCsv = "import csv, json\n"
                          "rows = list(csv.DictReader(open('FILE', encoding='utf-8', newline='')))\n"
                          "vectors = [json.loads(r['embedding']) for r in rows]\n";

std::string orNull(const std::optional<std::string>& text)
{
    std::string json;
    if (text)
        appendJson(json, std::string_view(*text));
    else
        json = "null";
    return json;
}

std::string orNull(const std::optional<std::vector<float>>& vector)
{
    std::string json;
    if (vector)
        appendJson(json, std::span<const float>(*vector));
    else
        json = "null";
    return json;
}

Status writeSidecar(const FileOps& ops, const QString& file, const ExchangeHeader& header, const char* readBack)
{
    auto sidecar = FileWriter::create(ops, sidecarOf(file));
    if (!sidecar)
        return pass(sidecar);
    if (auto written = sidecar->write(headerJson(header, readBack) + '\n'); !written)
        return written;
    return sidecar->finish();
}

// A column that waits on disk until the one before it is complete.
class Spool
{
public:
    explicit Spool(const QString& besides) : m_file(besides + QStringLiteral(".column.XXXXXX")) {}
    [[nodiscard]] Status add(const std::string& text)
    {
        if (!m_file.isOpen() && !m_file.open())
            return refused();
        return m_file.write(text.data(), qint64(text.size())) == qint64(text.size()) ? Status() : refused();
    }
    [[nodiscard]] Status copyTo(FileWriter& out)
    {
        if (!m_file.isOpen())
            return {};
        if (!m_file.flush() || !m_file.seek(0))
            return refused();
        QByteArray block(1 << 20, Qt::Uninitialized);
        while (true) {
            const qint64 got = m_file.read(block.data(), block.size());
            if (got < 0)
                return refused();
            if (got == 0)
                return {};
            if (auto written = out.write({block.constData(), std::size_t(got)}); !written)
                return written;
        }
    }

private:
    [[nodiscard]] tl::unexpected<Error> refused() const
    {
        return fail(m_file.error() == QFileDevice::ResourceError ? ErrorKind::NoSpace : ErrorKind::Io,
                    QStringLiteral("A temporary file beside the export cannot be written."), m_file.errorString());
    }
    QTemporaryFile m_file;
};

class JsonSink final : public RecordSink
{
public:
    JsonSink(FileWriter out, const QString& file)
        : m_out(std::move(out)), m_columns{Spool(file), Spool(file), Spool(file), Spool(file), Spool(file)}
    {
    }
    [[nodiscard]] Status add(const Record& record, const std::optional<std::vector<float>>& vector) override
    {
        std::string id, metadata;
        appendJson(id, std::string_view(record.id));
        appendJson(metadata, record.metadata);
        const std::array<std::string, 5> cells = {id, orNull(record.document), metadata, orNull(vector),
                                                  orNull(record.uri)};
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (auto added = m_columns[i].add(m_first ? cells[i] : ",\n" + cells[i]); !added)
                return added;
        m_first = false;
        return {};
    }
    [[nodiscard]] Status finish(const ExchangeHeader& header) override
    {
        constexpr std::array names = {"ids", "documents", "metadatas", "embeddings", "uris"};
        if (auto written = m_out.write("{\"collection\":" + headerJson(header, kReadJson)); !written)
            return written;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (auto written = m_out.write(std::string(",\n\"") + names[i] + "\":["); !written)
                return written;
            if (auto copied = m_columns[i].copyTo(m_out); !copied)
                return copied;
            if (auto written = m_out.write("]"); !written)
                return written;
        }
        if (auto written = m_out.write("}\n"); !written)
            return written;
        return m_out.finish();
    }

private:
    FileWriter m_out;
    std::array<Spool, 5> m_columns;
    bool m_first = true;
};

class JsonlSink final : public RecordSink
{
public:
    JsonlSink(const FileOps& ops, FileWriter out, QString file) : m_ops(ops), m_out(std::move(out)), m_file(std::move(file)) {}
    [[nodiscard]] Status add(const Record& record, const std::optional<std::vector<float>>& vector) override
    {
        std::string line = R"({"id":)";
        appendJson(line, std::string_view(record.id));
        line += R"(,"document":)" + orNull(record.document) + R"(,"metadata":)";
        appendJson(line, record.metadata);
        line += R"(,"embedding":)" + orNull(vector) + R"(,"uri":)" + orNull(record.uri) + "}\n";
        return m_out.write(line);
    }
    [[nodiscard]] Status finish(const ExchangeHeader& header) override
    {
        if (auto finished = m_out.finish(); !finished)
            return finished;
        return writeSidecar(m_ops, m_file, header, kReadJsonl);
    }

private:
    const FileOps& m_ops;
    FileWriter m_out;
    QString m_file;
};

class CsvSink final : public RecordSink
{
public:
    CsvSink(const FileOps& ops, FileWriter out, QString file, const std::vector<CollectionReader::KeyInfo>& keys)
        : m_ops(ops), m_out(std::move(out)), m_file(std::move(file))
    {
        for (const auto& key : keys)
            for (unsigned type = 0; type <= unsigned(MetaType::StringArray); ++type)
                if (key.types & (1U << type))
                    m_columns.push_back({key.key, MetaType(type)});
    }
    [[nodiscard]] Status writeHead()
    {
        std::string line = "id,document,uri";
        for (const Column& column : m_columns)
            line += ',' + quoted(column.key + ':' + typeName(column.type));
        return m_out.write(line + ",embedding\n");
    }
    [[nodiscard]] Status add(const Record& record, const std::optional<std::vector<float>>& vector) override
    {
        std::string line = quoted(record.id);
        line += ',' + (record.document ? quoted(*record.document) : std::string());
        line += ',' + (record.uri ? quoted(*record.uri) : std::string());
        for (const Column& column : m_columns) {
            const MetaValue* value = find(record.metadata, column.key);
            line += ',';
            if (value && typeOf(*value) == column.type)
                line += cell(*value);
        }
        line += ',';
        if (vector)
            line += quoted(orNull(vector));
        return m_out.write(line + '\n');
    }
    [[nodiscard]] Status finish(const ExchangeHeader& header) override
    {
        if (auto finished = m_out.finish(); !finished)
            return finished;
        return writeSidecar(m_ops, m_file, header, kReadCsv);
    }

private:
    struct Column
    {
        std::string key;
        MetaType type;
    };
    // Always in quotes, so that an empty text differs from no value.
    static std::string quoted(const std::string& text)
    {
        std::string out = "\"";
        for (const char c : text)
            out += c == '"' ? std::string("\"\"") : std::string(1, c);
        return out + '"';
    }
    static std::string cell(const MetaValue& value)
    {
        if (const auto* text = std::get_if<std::string>(&value))
            return quoted(*text);
        std::string json;
        appendJson(json, value);
        return typeOf(value) > MetaType::String ? quoted(json) : json;
    }

    const FileOps& m_ops;
    FileWriter m_out;
    QString m_file;
    std::vector<Column> m_columns;
};

} // namespace

std::optional<ExchangeFormat> exchangeFormatOf(const QString& fileName)
{
    const QString name = withoutCompression(fileName).toLower();
    if (name.endsWith(QLatin1String(".json")))
        return ExchangeFormat::Json;
    if (name.endsWith(QLatin1String(".jsonl")) || name.endsWith(QLatin1String(".ndjson")))
        return ExchangeFormat::Jsonl;
    if (name.endsWith(QLatin1String(".csv")))
        return ExchangeFormat::Csv;
    if (name.endsWith(QLatin1String(".npy")))
        return ExchangeFormat::Npy;
    if (name.endsWith(QLatin1String(".npz")))
        return ExchangeFormat::Npz;
    return std::nullopt;
}

const char* exchangeFormatName(ExchangeFormat format)
{
    constexpr std::array names = {"json", "jsonl", "csv", "npy", "npz"};
    return names[std::size_t(format)];
}

QString sidecarOf(const QString& fileName)
{
    return fileName + QStringLiteral(".meta.json");
}

Result<std::unique_ptr<RecordSink>> makeSink(const FileOps& ops, ExchangeFormat format, const QString& file,
                                             const ExchangeHeader& header,
                                             const std::vector<CollectionReader::KeyInfo>& keys)
{
    if (format == ExchangeFormat::Npy || format == ExchangeFormat::Npz)
        return makeNumpySink(ops, format, file, header);
    auto out = FileWriter::create(ops, file);
    if (!out)
        return pass(out);
    if (format == ExchangeFormat::Json)
        return std::make_unique<JsonSink>(std::move(*out), file);
    if (format == ExchangeFormat::Jsonl)
        return std::make_unique<JsonlSink>(ops, std::move(*out), file);
    auto sink = std::make_unique<CsvSink>(ops, std::move(*out), file, keys);
    if (auto head = sink->writeHead(); !head)
        return pass(head);
    return sink;
}

} // namespace storage
