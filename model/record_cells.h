// What one cell and one header of the records grid say, role by role. Pure; reads the row it is given.
#pragma once

#include "model/collection_view.h"
#include "model/record_columns.h"

#include <QVariant>

#include <optional>

namespace model {

// The roles and states of RecordModel.
struct RecordRoles
{
    enum class CellState {
        Loading, // not here yet: "…"
        Value,
        Missing, // the record has no such key, document, uri or vector: "—"
        Null,    // the key is there without a value (NaN)
        Gone,    // the record went since the rows were listed
    };
    enum Role {
        CellStateRole = Qt::UserRole + 1, // int of CellState
        TypeRole,                         // int of storage::MetaType, for metadata values
        RawTextRole,                      // QString: the whole value as text (as far as it is held)
        JsonRole,                         // QString: the value as JSON
        NumericRole,                      // bool: right-aligned, tabular figures; header too
        DistanceRole,                     // float; invalid while browsing
        DistanceShareRole,                // double 0..1 within the shown distances, for the bar
        RowKeyRole,                       // qint64
        ColumnKindRole,                   // int of RecordColumn::Kind; header too
        ColumnNameRole,                   // header: RecordColumn::name()
        TypesTextRole,                    // header: "int · string"
        CoverageRole,  // header: share of records that have the key, 0..1; invalid: unknown
        TruncatedRole, // bool: RawTextRole holds the beginning only
    };
};

// A row of the grid as it is held.
struct RecordRow
{
    bool gone = false;
    storage::Record record;
    std::optional<VectorPreview> vector; // nullopt: not read yet
};

[[nodiscard]] RecordRoles::CellState cellState(const RecordRow& row, const RecordColumn& column);
[[nodiscard]] QVariant cellData(const RecordRow& row, const RecordColumn& column, int role);
[[nodiscard]] QVariant loadingCell(int role); // of a row that is not here
[[nodiscard]] QVariant distanceCell(float distance, float lowest, float highest, int role);
// `total`: records of the collection, if known.
[[nodiscard]] QVariant headerCell(const RecordColumn& column, const QString& distanceTitle,
                                  std::optional<qint64> total, int role);

} // namespace model
