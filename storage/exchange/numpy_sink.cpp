#include "storage/exchange/numpy_sink.h"

#include "storage/backup/archive.h"
#include "storage/base/json_text.h"

#include <algorithm>
#include <limits>

namespace storage {

namespace {

constexpr auto kReadNpy = "import json, numpy\n"
                          "vectors = numpy.load('FILE')\n"
                          "ids = json.load(open('FILE.meta.json', encoding='utf-8'))['ids']\n";
constexpr auto kReadNpz = "import numpy\n"
                          "f = numpy.load('FILE')\n"
                          "ids, vectors = f['ids'], f['embeddings']\n";

// The ids as NumPy's fixed-width text (UCS-4), as wide as the longest.
std::string idsArray(const std::vector<QString>& ids)
{
    qsizetype widest = 1;
    std::vector<QList<uint>> points;
    for (const QString& id : ids) {
        points.push_back(id.toUcs4());
        widest = std::max(widest, points.back().size());
    }
    std::string out = npyHead("<U" + std::to_string(widest), "(" + std::to_string(ids.size()) + ",)");
    for (QList<uint>& text : points) {
        text.resize(widest, 0);
        out.append(reinterpret_cast<const char*>(text.constData()), std::size_t(widest) * sizeof(uint));
    }
    return out;
}

class NumpySink final : public RecordSink
{
public:
    NumpySink(const FileOps& ops, FileWriter vectors, QString file, QString vectorsFile, std::size_t dimension)
        : m_ops(ops), m_vectors(std::move(vectors)), m_file(std::move(file)), m_vectorsFile(std::move(vectorsFile)),
          m_dimension(dimension)
    {
    }
    ~NumpySink() override
    {
        if (isArchive() && m_ops.exists(m_vectorsFile))
            (void)m_ops.removeFile(m_vectorsFile);
    }
    [[nodiscard]] Status writeHead(qint64 records)
    {
        return m_vectors.write(npyHead("<f4", "(" + std::to_string(records) + ", " + std::to_string(m_dimension) + ")"));
    }
    [[nodiscard]] Status add(const Record& record, const std::optional<std::vector<float>>& vector) override
    {
        m_ids.push_back(QString::fromStdString(record.id));
        std::vector<float> row = vector.value_or(std::vector<float>(m_dimension, std::numeric_limits<float>::quiet_NaN()));
        row.resize(m_dimension, std::numeric_limits<float>::quiet_NaN());
        return m_vectors.write({reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float)});
    }
    [[nodiscard]] Status finish(const ExchangeHeader& header) override
    {
        if (auto finished = m_vectors.finish(); !finished)
            return finished;
        if (isArchive())
            if (auto packed = pack(); !packed)
                return packed;
        return writeIdSidecar(header);
    }

private:
    [[nodiscard]] bool isArchive() const { return m_vectorsFile != m_file; }

    [[nodiscard]] Status pack()
    {
        const QString ids = m_file + QStringLiteral(".ids.npy");
        if (m_ops.exists(ids))
            if (auto removed = m_ops.removeFile(ids); !removed)
                return removed;
        const std::string array = idsArray(m_ids);
        if (auto written = m_ops.writeNew(ids, QByteArray::fromRawData(array.data(), qsizetype(array.size()))); !written)
            return written;
        auto packed = packZip(m_ops, {{QStringLiteral("ids.npy"), ids}, {QStringLiteral("embeddings.npy"), m_vectorsFile}},
                              m_file, Progress::none());
        (void)m_ops.removeFile(ids);
        return packed;
    }

    [[nodiscard]] Status writeIdSidecar(const ExchangeHeader& header)
    {
        auto sidecar = FileWriter::create(m_ops, sidecarOf(m_file));
        if (!sidecar)
            return pass(sidecar);
        std::string json = headerJson(header, isArchive() ? kReadNpz : kReadNpy);
        json.pop_back();
        json += ",\"ids\":[";
        for (const QString& id : m_ids) {
            if (&id != &m_ids.front())
                json += ',';
            appendJson(json, std::string_view(id.toStdString()));
        }
        if (auto written = sidecar->write(json + "]}\n"); !written)
            return written;
        return sidecar->finish();
    }

    const FileOps& m_ops;
    FileWriter m_vectors;
    QString m_file, m_vectorsFile;
    std::size_t m_dimension;
    std::vector<QString> m_ids;
};

} // namespace

std::string npyHead(std::string_view type, std::string_view shape)
{
    constexpr std::size_t kPrefix = 10, kAlign = 64;
    std::string text = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': " + std::string(shape) + ", }";
    text.append(kAlign - 1 - (kPrefix + text.size()) % kAlign, ' ');
    text += '\n';
    std::string head("\x93NUMPY\x01\x00", 8);
    head += char(text.size() & 0xff);
    head += char(text.size() >> 8);
    return head + text;
}

Result<std::unique_ptr<RecordSink>> makeNumpySink(const FileOps& ops, ExchangeFormat format, const QString& file,
                                                  const ExchangeHeader& header)
{
    if (!header.dimension)
        return fail(ErrorKind::Invalid,
                    QStringLiteral("The collection has no vectors yet, so there is nothing to write as an array."));
    const QString vectorsFile = format == ExchangeFormat::Npz ? file + QStringLiteral(".embeddings.npy") : file;
    auto vectors = FileWriter::create(ops, vectorsFile);
    if (!vectors)
        return pass(vectors);
    auto sink =
        std::make_unique<NumpySink>(ops, std::move(*vectors), file, vectorsFile, std::size_t(*header.dimension));
    if (auto head = sink->writeHead(header.records); !head)
        return pass(head);
    return sink;
}

} // namespace storage
