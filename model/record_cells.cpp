#include "model/record_cells.h"

#include "model/value_text.h"
#include "storage/base/json_text.h"

#include <QCoreApplication>

#include <cmath>

namespace model {

using storage::MetaType;
using storage::MetaValue;
using CellState = RecordRoles::CellState;
using Kind = RecordColumn::Kind;

namespace {

constexpr qsizetype kToolTipLimit = 1200;

QString tr(const char* source)
{
    return QCoreApplication::translate("RecordCells", source);
}

bool isCut(const std::string& utf8)
{
    return utf8.size() > std::size_t(kGridText) && utf8.ends_with(kCutMark);
}

QVariant textCell(const std::string& utf8, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return lineText(utf8);
    case RecordRoles::RawTextRole:
        return text(utf8);
    case RecordRoles::JsonRole: {
        std::string json;
        storage::appendJson(json, std::string_view(utf8));
        return text(json);
    }
    case Qt::ToolTipRole:
        return text(std::string_view(utf8).substr(0, kToolTipLimit * 4)).left(kToolTipLimit);
    case RecordRoles::TruncatedRole:
        return isCut(utf8);
    default:
        return {};
    }
}

QVariant metadataCell(const MetaValue& value, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return valueLine(value);
    case RecordRoles::RawTextRole:
        return valueText(value);
    case RecordRoles::JsonRole:
        return valueJson(value);
    case RecordRoles::TypeRole:
        return int(storage::typeOf(value));
    case Qt::ToolTipRole:
        return typeText(storage::typeOf(value)) + QLatin1Char('\n') + valueLine(value, kToolTipLimit);
    case RecordRoles::TruncatedRole: {
        const auto* string = std::get_if<std::string>(&value);
        return string != nullptr && isCut(*string);
    }
    default:
        return {};
    }
}

QVariant valueCell(const RecordRow& row, const RecordColumn& column, int role)
{
    switch (column.kind) {
    case Kind::Id:
        return textCell(row.record.id, role);
    case Kind::Document:
        return textCell(*row.record.document, role);
    case Kind::Uri:
        return textCell(*row.record.uri, role);
    case Kind::Metadata:
        return metadataCell(*storage::find(row.record.metadata, column.key), role);
    case Kind::Embedding:
        if (role == Qt::DisplayRole || role == RecordRoles::RawTextRole)
            return vectorPreview(row.vector->head, row.vector->dimension);
        return {};
    case Kind::Distance:
        return {};
    }
    return {};
}

QVariant nullCell(int role)
{
    switch (role) {
    case Qt::DisplayRole:
    case RecordRoles::RawTextRole:
    case RecordRoles::JsonRole:
        return QString::fromLatin1(kNullText);
    case RecordRoles::TypeRole:
        return int(MetaType::Null);
    case Qt::ToolTipRole:
        return tr("The key is there without a value: Chroma stores NaN so.");
    default:
        return {};
    }
}

QVariant missingCell(int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return QStringLiteral("\u2014");
    case Qt::AccessibleTextRole:
        return tr("missing");
    default:
        return {};
    }
}

QVariant goneCell(const RecordColumn& column, int role)
{
    if (role == Qt::ToolTipRole)
        return tr("This record is no longer in the collection. Reload to see what is.");
    return role == Qt::DisplayRole && column.kind == Kind::Id ? QVariant(tr("(deleted meanwhile)"))
                                                              : QVariant();
}

QString headerTitle(const RecordColumn& column, const QString& distanceTitle)
{
    switch (column.kind) {
    case Kind::Id:
        return tr("Id");
    case Kind::Document:
        return tr("Document");
    case Kind::Distance:
        return distanceTitle;
    case Kind::Uri:
        return tr("URI");
    case Kind::Embedding:
        return tr("Embedding");
    case Kind::Metadata:
        return lineText(column.key, 60);
    }
    return {};
}

QString headerToolTip(const RecordColumn& column, std::optional<qint64> total)
{
    if (column.kind != Kind::Metadata)
        return {};
    QStringList lines{lineText(column.key, 500), typesText(column.types)};
    if (column.records > 0 && total)
        lines << tr("in %1 of %2 records").arg(countText(column.records), countText(*total));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

CellState cellState(const RecordRow& row, const RecordColumn& column)
{
    if (row.gone)
        return CellState::Gone;
    const auto known = [](bool there) { return there ? CellState::Value : CellState::Missing; };
    switch (column.kind) {
    case Kind::Id:
    case Kind::Distance:
        return CellState::Value;
    case Kind::Document:
        return known(row.record.document.has_value());
    case Kind::Uri:
        return known(row.record.uri.has_value());
    case Kind::Embedding:
        return row.vector ? known(row.vector->dimension > 0) : CellState::Loading;
    case Kind::Metadata: {
        const MetaValue* value = storage::find(row.record.metadata, column.key);
        if (value != nullptr && storage::typeOf(*value) == MetaType::Null)
            return CellState::Null;
        return known(value != nullptr);
    }
    }
    return CellState::Missing;
}

QVariant cellData(const RecordRow& row, const RecordColumn& column, int role)
{
    const CellState state = cellState(row, column);
    if (role == RecordRoles::CellStateRole)
        return int(state);
    switch (state) {
    case CellState::Loading:
        return loadingCell(role);
    case CellState::Value:
        return valueCell(row, column, role);
    case CellState::Missing:
        return missingCell(role);
    case CellState::Null:
        return nullCell(role);
    case CellState::Gone:
        return goneCell(column, role);
    }
    return {};
}

QVariant loadingCell(int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return QStringLiteral("\u2026");
    case Qt::AccessibleTextRole:
        return tr("loading");
    case RecordRoles::CellStateRole:
        return int(CellState::Loading);
    default:
        return {};
    }
}

QVariant distanceCell(float distance, float lowest, float highest, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return QString::number(double(distance), 'f', 4);
    case Qt::ToolTipRole:
    case RecordRoles::RawTextRole:
    case RecordRoles::JsonRole:
        return text(storage::floatText(distance));
    case RecordRoles::CellStateRole:
        return int(CellState::Value);
    case RecordRoles::DistanceRole:
        return distance;
    case RecordRoles::DistanceShareRole: {
        const double range = double(highest) - double(lowest);
        return range > 0 && std::isfinite(range) ? (double(distance) - double(lowest)) / range : 0.0;
    }
    default:
        return {};
    }
}

QVariant headerCell(const RecordColumn& column, const QString& distanceTitle, std::optional<qint64> total,
                    int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return headerTitle(column, distanceTitle);
    case Qt::TextAlignmentRole:
        return QVariant((column.isNumeric() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return headerToolTip(column, total);
    case RecordRoles::ColumnKindRole:
        return int(column.kind);
    case RecordRoles::ColumnNameRole:
        return column.name();
    case RecordRoles::TypesTextRole:
        return typesText(column.types);
    case RecordRoles::NumericRole:
        return column.isNumeric();
    case RecordRoles::CoverageRole:
        if (column.kind != Kind::Metadata || column.records == 0 || total.value_or(0) == 0)
            return {};
        return double(column.records) / double(*total);
    default:
        return {};
    }
}

} // namespace model
