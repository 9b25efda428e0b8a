#include "model/record_model.h"

#include "model/value_text.h"

#include <algorithm>
#include <unordered_set>

namespace model {

using storage::MetaValue;
using storage::Record;
using storage::RowKey;
using SortBy = storage::ColumnCache::SortBy;

RecordModel::RecordModel(CollectionView& view, QObject* parent)
    : QAbstractTableModel(parent),
      m_view(view),
      m_pages(view),
      m_spine(std::make_shared<storage::Spine>()),
      m_distanceTitle(tr("Distance"))
{
    connect(&m_pages, &RecordPages::failed, this, &RecordModel::failed);
    connect(&m_pages, &RecordPages::arrived, this, [this](int first, int last, bool withUri) {
        if (withUri)
            insertColumns(m_columns.missingUri());
        Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
    });
    connect(&m_pages, &RecordPages::vectorsArrived, this, [this](int first, int last) {
        const int column = columnCount() - 1;
        Q_EMIT dataChanged(index(first, column), index(last, column));
    });
    connect(&view, &CollectionView::keysChanged, this, [this] { acceptKeys(m_view.keys()); });
    connect(&view, &CollectionView::reloaded, this, &RecordModel::forgetRows);
    if (view.areKeysKnown())
        acceptKeys(view.keys());
}

// ---- which rows

void RecordModel::followView()
{
    if (m_following)
        return;
    m_following = true;
    connect(&m_view, &CollectionView::spineChanged, this, &RecordModel::acceptViewSpine);
    if (!m_view.spine()->rows.empty() || m_view.isComplete())
        acceptViewSpine();
}

void RecordModel::acceptViewSpine()
{
    if (!m_view.areKeysKnown() && m_columns.keys().empty())
        acceptKeys(m_view.firstKeys());
    setSpine(m_view.spine());
    if (!m_view.firstRecords().empty())
        m_pages.putFirst(m_view.firstRecords());
}

bool RecordModel::continuesInto(const storage::Spine& spine) const
{
    const auto& rows = m_spine->rows;
    return !rows.empty() && spine.distances.empty() && m_spine->distances.empty() &&
           spine.rows.size() >= rows.size() && std::equal(rows.begin(), rows.end(), spine.rows.begin());
}

void RecordModel::setSpine(SpinePtr spine)
{
    if (!continuesInto(*spine)) {
        replaceSpine(std::move(spine));
        return;
    }
    const int before = rowCount();
    const int after = int(spine->rows.size());
    if (after > before)
        beginInsertRows({}, before, after - 1);
    m_spine = std::move(spine);
    m_pages.setSpine(m_spine, true);
    if (after > before)
        endInsertRows();
}

void RecordModel::replaceSpine(SpinePtr spine)
{
    beginResetModel();
    const bool otherColumns = m_spine->distances.empty() != spine->distances.empty();
    m_spine = std::move(spine);
    m_pages.setSpine(m_spine, false);
    if (!m_spine->distances.empty()) {
        const auto [low, high] = std::minmax_element(m_spine->distances.begin(), m_spine->distances.end());
        m_lowest = *low;
        m_highest = *high;
    }
    if (otherColumns)
        m_columns.reset(!m_spine->distances.empty());
    endResetModel();
    if (otherColumns)
        Q_EMIT columnsChanged();
}

void RecordModel::forgetRows()
{
    std::shared_ptr<std::unordered_set<std::string>> keys;
    if (m_columns.keys().size() > kManyKeys) {
        keys = std::make_shared<std::unordered_set<std::string>>();
        for (const auto& column : m_columns.all())
            if (column.kind == ColumnKind::Metadata)
                keys->insert(column.key);
    }
    m_pages.setKeys(std::move(keys));
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int RecordModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_spine->rows.size());
}

int RecordModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_columns.size();
}

std::optional<RowKey> RecordModel::rowKey(int row) const
{
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    return m_spine->rows[std::size_t(row)];
}

int RecordModel::rowOf(RowKey key) const
{
    const auto found = std::find(m_spine->rows.begin(), m_spine->rows.end(), key);
    return found == m_spine->rows.end() ? -1 : int(found - m_spine->rows.begin());
}

// ---- which columns

void RecordModel::insertColumns(RecordColumns::Insertion insertion)
{
    if (insertion.columns.empty())
        return;
    beginInsertColumns({}, insertion.position, insertion.position + int(insertion.columns.size()) - 1);
    m_columns.insert(std::move(insertion));
    endInsertColumns();
}

void RecordModel::acceptKeys(const std::vector<storage::CollectionReader::KeyInfo>& keys)
{
    if (m_columns.take(keys, m_view.areKeysKnown())) {
        insertColumns(m_columns.missingKeys());
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    } else { // a key went with a reload
        beginResetModel();
        m_columns.reset(!m_spine->distances.empty());
        endResetModel();
    }
    if (hasManyKeys())
        forgetRows(); // the cached rows hold the first keys only
    Q_EMIT columnsChanged();
}

void RecordModel::showKey(const std::string& key)
{
    m_columns.askFor(key);
    auto insertion = m_columns.missingKeys();
    if (insertion.columns.empty())
        return;
    insertColumns(std::move(insertion));
    if (hasManyKeys())
        forgetRows();
    Q_EMIT columnsChanged();
}

void RecordModel::dropKey(const std::string& key)
{
    m_columns.drop(key);
    const int column = m_columns.columnOfKey(key);
    if (column < 0)
        return;
    beginRemoveColumns({}, column, column);
    m_columns.remove(column);
    endRemoveColumns();
    Q_EMIT columnsChanged();
}

void RecordModel::setDistanceTitle(const QString& title)
{
    m_distanceTitle = title;
    if (columnCount() > 0)
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

void RecordModel::sort(int column, Qt::SortOrder order)
{
    if (!m_following) {
        Q_EMIT sortWanted(column, order);
        return;
    }
    RecordQuery query = m_view.query();
    query.sortBy = SortBy::Insertion;
    query.sortKey.clear();
    query.descending = order == Qt::DescendingOrder;
    if (column < 0 || column >= columnCount()) {
        query.descending = false;
    } else {
        const ColumnInfo& by = m_columns.at(column);
        switch (by.kind) {
        case ColumnKind::Id:
            query.sortBy = SortBy::Id;
            break;
        case ColumnKind::Document:
            query.sortBy = SortBy::Document;
            break;
        case ColumnKind::Uri:
            query.sortBy = SortBy::Uri;
            break;
        case ColumnKind::Metadata:
            query.sortBy = SortBy::MetadataKey;
            query.sortKey = by.key;
            break;
        case ColumnKind::Distance:
        case ColumnKind::Embedding:
            return;
        }
    }
    m_view.setQuery(query);
}

// ---- cells

const Record* RecordModel::cached(int row) const
{
    if (row < 0 || row >= rowCount())
        return nullptr;
    const RecordRow* held = m_pages.row(row);
    return held == nullptr || held->gone ? nullptr : &held->record;
}

const MetaValue* RecordModel::value(const QModelIndex& index) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return nullptr;
    const ColumnInfo& column = m_columns.at(index.column());
    const Record* record = column.kind == ColumnKind::Metadata ? cached(index.row()) : nullptr;
    return record == nullptr ? nullptr : storage::find(record->metadata, column.key);
}

QVariant RecordModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RecordColumn& column = m_columns.at(index.column());
    const auto at = std::size_t(index.row());
    switch (role) { // what needs no record
    case RowKeyRole:
        return m_spine->rows[at].value;
    case ColumnKindRole:
    case NumericRole:
    case Qt::TextAlignmentRole:
        return headerCell(column, m_distanceTitle, std::nullopt, role);
    default:
        break;
    }
    if (column.kind == ColumnKind::Distance)
        return distanceCell(m_spine->distances[at], m_lowest, m_highest, role);
    const RecordRow* row = m_pages.row(index.row());
    if (row == nullptr)
        return loadingCell(role);
    if (column.kind == ColumnKind::Embedding && !row->vector && !row->gone)
        m_pages.wantVector(index.row());
    return cellData(*row, column, role);
}

QVariant RecordModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (section < 0 || section >= columnCount())
        return {};
    return headerCell(m_columns.at(section), m_distanceTitle, m_view.total(), role);
}

} // namespace model
