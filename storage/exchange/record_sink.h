// Where exported records go: one writer a format, each streaming with bounded memory.
//
// JSON   {"collection":{..},"ids":[..],"documents":[..],"metadatas":[..],"embeddings":[..],"uris":[..]}: the columns of
//        Chroma's collection.get(), which collection.add() takes back.
// JSONL  {"id","document","metadata","embedding","uri"} a line, Chroma's names in the singular.
// CSV    id,document,uri,KEY:TYPE...,embedding (RFC 4180): an empty cell is a missing value, "" an empty text; lists and
//        embeddings are JSON. A key of several types has a column for each.
// npy    the vectors, float32, one row a record; the ids stand in the sidecar.
// npz    "ids" and "embeddings" as two arrays of one NumPy archive.
// All but JSON have a sidecar FILE.meta.json that holds the header.
#pragma once

#include "storage/base/compressed_file.h"
#include "storage/base/result.h"
#include "storage/chroma/collection_reader.h"
#include "storage/chroma/records.h"
#include "storage/exchange/exchange_header.h"

#include <memory>
#include <optional>
#include <vector>

namespace storage {

enum class ExchangeFormat { Json, Jsonl, Csv, Npy, Npz };
[[nodiscard]] std::optional<ExchangeFormat> exchangeFormatOf(const QString& fileName); // compression ending aside
[[nodiscard]] const char* exchangeFormatName(ExchangeFormat format);
[[nodiscard]] QString sidecarOf(const QString& fileName);

class RecordSink
{
public:
    virtual ~RecordSink() = default;
    [[nodiscard]] virtual Status add(const Record& record, const std::optional<std::vector<float>>& vector) = 0;
    // Writes what comes last and gives the file its name. `header` carries the final counts.
    [[nodiscard]] virtual Status finish(const ExchangeHeader& header) = 0;
};

// `keys`: what the records hold, for the columns of a CSV.
[[nodiscard]] Result<std::unique_ptr<RecordSink>> makeSink(const FileOps& ops, ExchangeFormat format, const QString& file,
                                                           const ExchangeHeader& header,
                                                           const std::vector<CollectionReader::KeyInfo>& keys);

} // namespace storage
