#include "storage/exchange/exporter.h"

#include <QFileInfo>

#include <algorithm>

namespace storage {

namespace {

constexpr std::size_t kPage = 500;

Status writePages(const CollectionReader& reader, const VectorStore& vectors, std::span<const RowKey> rows,
                  RecordSink& sink, ExchangeHeader& header, Progress& progress)
{
    for (std::size_t at = 0; at < rows.size(); at += kPage) {
        auto page = reader.records(rows.subspan(at, std::min(kPage, rows.size() - at)), progress);
        if (!page)
            return pass(page);
        for (const Record& record : *page) {
            const auto vector = vectors.vector(record.id);
            if (auto added = sink.add(record, vector); !added)
                return added;
            header.vectors += vector ? 1 : 0;
            header.records += 1;
        }
        progress.report(header.records, qint64(rows.size()), QStringLiteral("Exporting records"));
        if (progress.cancelled())
            return cancelledError();
    }
    return {};
}

} // namespace

Result<ExportSummary> exportRecords(const FileOps& ops, const CollectionReader& reader, const VectorStore& vectors,
                                    std::span<const RowKey> rows, const QString& file, Progress& progress)
{
    const auto format = exchangeFormatOf(file);
    if (!format)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("“%1” ends in none of .json, .jsonl, .csv, .npy and .npz (with .gz or .zst behind it for a "
                                   "compressed text).")
                        .arg(file));
    std::vector<CollectionReader::KeyInfo> keys;
    if (*format == ExchangeFormat::Csv) {
        auto all = reader.keys(progress);
        if (!all)
            return pass(all);
        keys = std::move(*all);
    }
    ExchangeHeader header = ExchangeHeader::of(reader.collection());
    header.format = exchangeFormatName(*format);
    if (!header.dimension && vectors.dimension() > 0)
        header.dimension = qint64(vectors.dimension());
    header.records = qint64(rows.size());
    auto sink = makeSink(ops, *format, file, header, keys);
    if (!sink)
        return pass(sink);
    header.records = 0;
    if (auto written = writePages(reader, vectors, rows, **sink, header, progress); !written)
        return pass(written);
    if (header.records != qint64(rows.size()))
        return fail(ErrorKind::Changed,
                    QStringLiteral("%1 records were to be exported, but only %2 were still there; no file was written. Export "
                                   "again.")
                        .arg(rows.size())
                        .arg(header.records));
    if (auto finished = (*sink)->finish(header); !finished)
        return pass(finished);
    return ExportSummary{.records = header.records,
                         .withoutVector = header.records - header.vectors,
                         .bytes = QFileInfo(file).size(),
                         .sidecar = *format == ExchangeFormat::Json ? QString() : sidecarOf(file)};
}

} // namespace storage
