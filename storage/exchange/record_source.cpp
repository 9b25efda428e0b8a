#include "storage/exchange/record_source.h"

#include "storage/base/compressed_file.h"
#include "storage/exchange/columnar_source.h"
#include "storage/exchange/csv_source.h"
#include "storage/exchange/json_fields.h"
#include "storage/exchange/numpy_source.h"

#include <nlohmann/json.hpp>

namespace storage {

namespace {

// One record is at most a document of some ten megabytes, its metadata and one vector as text.
constexpr std::size_t kLongestLine = std::size_t(256) << 20;

class JsonlSource final : public RecordSource
{
public:
    JsonlSource(FileReader reader, FieldMapping mapping, std::optional<ExchangeHeader> header)
        : m_reader(std::move(reader)), m_mapping(std::move(mapping))
    {
        m_header = std::move(header);
    }

    [[nodiscard]] Result<bool> next(ImportRecord& record) override
    {
        while (true) {
            auto there = m_reader.readLine(m_line, kLongestLine);
            if (!there || !*there)
                return there;
            ++m_number;
            if (m_line.find_first_not_of(" \t") != std::string::npos)
                break;
        }
        auto read = recordFromJson(m_line, m_mapping);
        if (!read)
            return fail(ErrorKind::Invalid, QStringLiteral("Line %1: %2").arg(m_number).arg(read.error().sentence),
                        read.error().detail);
        record = std::move(*read);
        record.number = m_number;
        return true;
    }

private:
    FileReader m_reader;
    FieldMapping m_mapping;
    std::string m_line;
    qint64 m_number = 0;
};

Result<std::optional<ExchangeHeader>> readSidecar(const QString& file)
{
    const FileOps ops;
    if (!ops.exists(sidecarOf(file)))
        return std::optional<ExchangeHeader>();
    constexpr qint64 kLargest = qint64(1) << 30; // a NumPy sidecar lists every id
    auto bytes = ops.readAll(sidecarOf(file), kLargest);
    if (!bytes)
        return pass(bytes);
    auto header = parseHeader(std::string_view(bytes->constData(), std::size_t(bytes->size())));
    if (!header)
        return pass(header);
    return std::optional(std::move(*header));
}

} // namespace

Result<std::unique_ptr<RecordSource>> openSourceFile(const QString& file, const FieldMapping& mapping, Progress& progress)
{
    const auto format = exchangeFormatOf(file);
    if (!format)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("“%1” ends in none of .json, .jsonl, .csv, .npy and .npz (with .gz or .zst behind it for a "
                                   "compressed text).")
                        .arg(file));
    if (*format == ExchangeFormat::Json)
        return openColumnarSource(file, progress);
    auto header = readSidecar(file);
    if (!header)
        return pass(header);
    if (*format == ExchangeFormat::Npy || *format == ExchangeFormat::Npz)
        return openNumpySource(file, *format, std::move(*header), progress);
    auto reader = FileReader::open(file, progress);
    if (!reader)
        return pass(reader);
    if (*format == ExchangeFormat::Jsonl)
        return std::make_unique<JsonlSource>(std::move(*reader), mapping, std::move(*header));
    return openCsvSource(std::move(*reader), mapping, std::move(*header));
}

} // namespace storage
