// Records as text to take away: tab-separated for a spreadsheet, Chroma's get() JSON, and Python that gives
// the same records. Numbers exact. Pure.
#pragma once

#include "model/collection_view.h"
#include "model/record_model.h"

#include <QString>

#include <span>
#include <string>
#include <vector>

namespace model {

// A header line and one line a record; the columns as the grid shows them. Cells with tabs, quotes or line
// breaks are quoted the way spreadsheets read them; what is missing is empty.
[[nodiscard]] QString recordsTsv(const std::vector<storage::Record>& records,
                                 const std::vector<RecordModel::ColumnInfo>& columns);
// {"ids": [...], "embeddings": ..., "documents": [...], "uris": ..., "metadatas": [...]} as get() answers;
// uris only where there are any, `vector` (of a single record) only where it is given.
[[nodiscard]] QString recordsJson(const std::vector<storage::Record>& records,
                                  const std::vector<float>* vector = nullptr);
// client.get_collection(...).get(...): by ids, or by the filter when the whole answer is meant.
[[nodiscard]] QString idsPython(const QString& path, const storage::Collection& collection,
                                const std::vector<std::string>& ids);
[[nodiscard]] QString queryPython(const QString& path, const storage::Collection& collection,
                                  const RecordQuery& query);
// The same as a chromakeep command line.
[[nodiscard]] QString queryCommand(const QString& path, const storage::Collection& collection,
                                   const RecordQuery& query);
[[nodiscard]] QString numpyVector(std::span<const float> vector); // np.array([...], dtype=np.float32)
[[nodiscard]] QString pythonString(std::string_view utf8);        // quoted and escaped
[[nodiscard]] QString pythonValue(const std::string& json);       // a JSON text as a Python literal
[[nodiscard]] QString shellWord(const QString& text);             // quoted for a POSIX shell when needed

} // namespace model
