// Single records out of the metadata tables, by row or by id, through statements that are prepared once.
// Bound to a connection and its thread. Each call leaves no statement open; take a ReadTransaction around
// several calls that must see one state.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <optional>
#include <string>

namespace storage {

class RecordRows
{
public:
    // `segment`: id of the METADATA segment.
    [[nodiscard]] static Result<RecordRows> open(const Connection& connection, const std::string& segment);

    [[nodiscard]] Result<std::optional<RowKey>> rowOf(const std::string& id);
    [[nodiscard]] Result<std::optional<std::string>> idOf(RowKey row);
    [[nodiscard]] Result<std::optional<Record>> record(RowKey row); // nullopt: no such row in this segment

private:
    RecordRows(Statement rowOf, Statement idOf, Statement scalars, std::optional<Statement> arrays,
               std::string segment);
    [[nodiscard]] Status readScalars(Record& record);
    [[nodiscard]] Status readArrays(Record& record);

    Statement m_rowOf;
    Statement m_idOf;
    Statement m_scalars;
    std::optional<Statement> m_arrays; // since 1.5.0
    std::string m_segment;
};

} // namespace storage
