#include "storage/exchange/numpy_source.h"

#include "storage/backup/archive.h"
#include "storage/base/compressed_file.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <cstring>

namespace storage {

namespace {

constexpr qint64 kMostNumbers = qint64(1) << 34;

tl::unexpected<Error> invalid(const QString& file, const QString& why)
{
    return fail(ErrorKind::Invalid, QStringLiteral("“%1” is no NumPy array that can be imported: %2.").arg(file, why));
}

// A .npy file open behind its head.
class NpyFile
{
public:
    [[nodiscard]] static Result<std::unique_ptr<NpyFile>> open(const QString& path, Progress& progress)
    {
        auto reader = FileReader::open(path, progress);
        if (!reader)
            return pass(reader);
        auto file = std::make_unique<NpyFile>(path, std::move(*reader));
        std::string start;
        if (auto read = file->take(start, 10); !read)
            return pass(read);
        if (!start.starts_with("\x93NUMPY"))
            return invalid(path, QStringLiteral("it does not begin as one"));
        std::size_t length = std::size_t(static_cast<unsigned char>(start[8])) | std::size_t(static_cast<unsigned char>(start[9])) << 8;
        if (start[6] >= 2) {
            std::string more;
            if (auto read = file->take(more, 2); !read)
                return pass(read);
            length |= std::size_t(static_cast<unsigned char>(more[0])) << 16 | std::size_t(static_cast<unsigned char>(more[1])) << 24;
        }
        std::string head;
        if (length > 65536)
            return invalid(path, QStringLiteral("its head is too long"));
        if (auto read = file->take(head, length); !read)
            return pass(read);
        auto array = parseNpyHead(head);
        if (!array)
            return invalid(path, array.error().sentence);
        file->array = std::move(*array);
        return file;
    }

    NpyFile(QString path, FileReader reader) : m_path(std::move(path)), m_reader(std::move(reader)) {}

    [[nodiscard]] Status take(std::string& out, std::size_t size)
    {
        out.clear();
        while (out.size() < size) {
            if (m_at == m_block.size()) {
                auto bytes = m_reader.read();
                if (!bytes)
                    return pass(bytes);
                if (bytes->empty())
                    return invalid(m_path, QStringLiteral("it ends early"));
                m_block = *bytes;
                m_at = 0;
            }
            const std::size_t n = std::min(size - out.size(), m_block.size() - m_at);
            out += m_block.substr(m_at, n);
            m_at += n;
        }
        return {};
    }

    NpyArray array;

private:
    QString m_path;
    FileReader m_reader;
    std::string_view m_block;
    std::size_t m_at = 0;
};

class NumpySource final : public RecordSource
{
public:
    NumpySource(std::unique_ptr<QTemporaryDir> room, std::unique_ptr<NpyFile> vectors, std::vector<std::string> ids,
                std::optional<ExchangeHeader> header)
        : m_room(std::move(room)), m_vectors(std::move(vectors)), m_ids(std::move(ids))
    {
        m_header = std::move(header);
    }

    [[nodiscard]] Result<bool> next(ImportRecord& record) override
    {
        if (m_number == m_vectors->array.shape[0])
            return false;
        const auto width = std::size_t(m_vectors->array.shape[1]);
        const bool wide = m_vectors->array.type == "<f8";
        if (auto read = m_vectors->take(m_bytes, width * (wide ? sizeof(double) : sizeof(float))); !read)
            return pass(read);
        record = {};
        if (!m_ids.empty())
            record.id = m_ids[std::size_t(m_number)];
        record.number = ++m_number;
        std::vector<float> vector(width);
        for (std::size_t i = 0; i < width; ++i) {
            double value = 0;
            if (wide)
                std::memcpy(&value, m_bytes.data() + i * sizeof(double), sizeof value);
            else
                std::memcpy(&vector[i], m_bytes.data() + i * sizeof(float), sizeof(float));
            if (wide)
                vector[i] = float(value);
        }
        // Our own export writes a record without a vector as a row of NaN.
        if (!std::isnan(vector.front()))
            record.vector = std::move(vector);
        return true;
    }

private:
    std::unique_ptr<QTemporaryDir> m_room; // holds what an .npz was unpacked to
    std::unique_ptr<NpyFile> m_vectors;
    std::vector<std::string> m_ids;
    std::string m_bytes;
    qint64 m_number = 0;
};

Result<std::vector<std::string>> idsFromArray(const QString& path, Progress& progress)
{
    auto file = NpyFile::open(path, progress);
    if (!file)
        return pass(file);
    const NpyArray& array = (*file)->array;
    if (!array.type.starts_with("<U") || array.shape.size() != 1)
        return invalid(path, QStringLiteral("the ids are no list of texts"));
    const auto width = std::size_t(std::atoll(array.type.c_str() + 2));
    std::vector<std::string> ids;
    std::string bytes;
    for (qint64 i = 0; i < array.shape[0]; ++i) {
        if (auto read = (*file)->take(bytes, width * sizeof(char32_t)); !read)
            return pass(read);
        std::vector<char32_t> points(width);
        std::memcpy(points.data(), bytes.data(), bytes.size());
        const auto length = qsizetype(std::find(points.begin(), points.end(), U'\0') - points.begin());
        ids.push_back(QString::fromUcs4(points.data(), length).toStdString());
    }
    return ids;
}

Result<std::vector<std::string>> idsFromSidecar(const QString& file)
{
    const FileOps ops;
    std::vector<std::string> ids;
    if (!ops.exists(sidecarOf(file)))
        return ids;
    auto bytes = ops.readAll(sidecarOf(file), qint64(1) << 30);
    if (!bytes)
        return pass(bytes);
    const auto json = nlohmann::json::parse(bytes->constBegin(), bytes->constEnd(), nullptr, false);
    if (const auto it = json.is_object() ? json.find("ids") : json.end(); it != json.end() && it->is_array())
        for (const auto& id : *it)
            if (id.is_string())
                ids.push_back(id.get<std::string>());
    return ids;
}

} // namespace

Result<NpyArray> parseNpyHead(std::string_view text)
{
    const QString head = QString::fromLatin1(text.data(), qsizetype(text.size()));
    static const QRegularExpression type(QStringLiteral("'descr':\\s*'([^']*)'"));
    static const QRegularExpression shape(QStringLiteral("'shape':\\s*\\(([^)]*)\\)"));
    const auto typeMatch = type.match(head);
    const auto shapeMatch = shape.match(head);
    if (!typeMatch.hasMatch() || !shapeMatch.hasMatch() || head.contains(QStringLiteral("'fortran_order': True")))
        return fail(ErrorKind::Invalid, QStringLiteral("its head names no type and shape in C order"));
    NpyArray array{typeMatch.captured(1).toStdString(), {}};
    qint64 numbers = 1;
    for (const QString& part : shapeMatch.captured(1).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        bool ok = false;
        const qint64 size = part.trimmed().toLongLong(&ok);
        if (part.trimmed().isEmpty())
            continue;
        if (!ok || size < 0 || (size > 0 && numbers > kMostNumbers / size))
            return fail(ErrorKind::Invalid, QStringLiteral("its shape is out of range"));
        numbers *= std::max<qint64>(1, size);
        array.shape.push_back(size);
    }
    return array;
}

Result<std::unique_ptr<RecordSource>> openNumpySource(const QString& file, ExchangeFormat format,
                                                      std::optional<ExchangeHeader> header, Progress& progress)
{
    static_assert(std::endian::native == std::endian::little, "arrays are read as they lie in memory");
    std::unique_ptr<QTemporaryDir> room;
    QString vectorsPath = file;
    auto ids = idsFromSidecar(file);
    if (!ids)
        return pass(ids);
    if (format == ExchangeFormat::Npz) {
        room = std::make_unique<QTemporaryDir>();
        const QString folder = room->filePath(QStringLiteral("arrays"));
        if (auto unpacked = unpackZip(FileOps(), file, folder, progress); !unpacked)
            return pass(unpacked);
        vectorsPath = folder + QStringLiteral("/embeddings.npy");
        if (QFile::exists(folder + QStringLiteral("/ids.npy")))
            if (ids = idsFromArray(folder + QStringLiteral("/ids.npy"), progress); !ids)
                return pass(ids);
    }
    auto vectors = NpyFile::open(vectorsPath, progress);
    if (!vectors)
        return pass(vectors);
    const NpyArray& array = (*vectors)->array;
    if (array.shape.size() != 2 || array.shape[1] == 0 || (array.type != "<f4" && array.type != "<f8"))
        return invalid(file, QStringLiteral("it must be a matrix of float32 or float64, one row a record"));
    if (!ids->empty() && qint64(ids->size()) != array.shape[0])
        return invalid(file, QStringLiteral("it has %1 rows for %2 ids").arg(array.shape[0]).arg(ids->size()));
    return std::make_unique<NumpySource>(std::move(room), std::move(*vectors), std::move(*ids), std::move(header));
}

} // namespace storage
