// Writes the records of a collection to one file (see record_sink.h for the formats), streaming, and says success only
// when as many were written as were promised.
#pragma once

#include "storage/base/file_ops.h"
#include "storage/base/progress.h"
#include "storage/chroma/collection_reader.h"
#include "storage/exchange/record_sink.h"
#include "storage/vectors/vector_store.h"

#include <QString>

#include <span>

namespace storage {

struct ExportSummary
{
    qint64 records = 0;
    qint64 withoutVector = 0;
    qint64 bytes = 0; // of the file as it lies on disk
    QString sidecar;  // empty: the header is in the file
};

// `rows`: what to write, in this order (allRows(), a filter's matches, a selection). Errors: Changed when records
// vanished meanwhile (no file is left), Unsupported for an unknown ending, NoSpace, Io, Cancelled.
[[nodiscard]] Result<ExportSummary> exportRecords(const FileOps& ops, const CollectionReader& reader,
                                                  const VectorStore& vectors, std::span<const RowKey> rows,
                                                  const QString& file, Progress& progress);

} // namespace storage
