// Where imported records come from: our own exports (record_sink.h), dumps of Chroma's collection.get(), JSONL of
// chromadb-data-pipes ("text_chunk") and of Hugging Face datasets ("text", "embeddings"), CSV and NumPy arrays. Read as
// streams of bounded memory; a broken place is told with its line or record number.
#pragma once

#include "storage/base/file_ops.h"
#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/exchange/exchange_header.h"
#include "storage/exchange/record_sink.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace storage {

struct ImportRecord
{
    std::string id; // empty: the file has none
    std::optional<std::string> document;
    std::optional<std::string> uri;
    Metadata metadata;
    std::optional<std::vector<float>> vector;
    qint64 number = 0; // in the file, from 1
};

// Which field of a JSONL line or CSV column is what; empty: the usual names are tried in turn.
struct FieldMapping
{
    std::string id, document, embedding, metadata, uri;
};

class RecordSource
{
public:
    virtual ~RecordSource() = default;
    // false: there are no more. Errors: Invalid (with the record's number), Corrupt, Cancelled.
    [[nodiscard]] virtual Result<bool> next(ImportRecord& record) = 0;
    // What the export said of its collection; nullopt: the file says nothing.
    [[nodiscard]] const std::optional<ExchangeHeader>& header() const { return m_header; }

protected:
    std::optional<ExchangeHeader> m_header;
};

[[nodiscard]] Result<std::unique_ptr<RecordSource>> openSourceFile(const QString& file, const FieldMapping& mapping,
                                                                   Progress& progress);

// A pasted or stored embedding: JSON numbers. Errors: Invalid.
[[nodiscard]] Result<std::vector<float>> parseVectorJson(std::string_view json);

} // namespace storage
