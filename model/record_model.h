// The records grid: a spine (which rows, in which order) and a bounded cache of pages over it. data() reads
// memory only: a row that is not here shows "…" and is asked for, one request per event-loop turn. Browsing,
// filtering, sorting and similarity search only bring another spine.
#pragma once

#include "model/collection_view.h"
#include "model/record_cells.h"
#include "model/record_columns.h"
#include "model/record_pages.h"

#include <QAbstractTableModel>

#include <optional>
#include <string>
#include <vector>

namespace model {

class RecordModel final : public QAbstractTableModel, public RecordRoles
{
    Q_OBJECT
public:
    using ColumnInfo = RecordColumn;
    using ColumnKind = RecordColumn::Kind;
    static constexpr std::size_t kManyKeys = 512; // from here on a cached row keeps the shown keys only
    static constexpr int kFirstColumns = RecordColumns::kFirstColumns; // metadata columns shown unasked

    explicit RecordModel(CollectionView& view, QObject* parent = nullptr);

    // Shows another list of records; browsing follows the view by itself (followView).
    void setSpine(SpinePtr spine);
    void followView();
    [[nodiscard]] const SpinePtr& spine() const { return m_spine; }
    [[nodiscard]] CollectionView& view() const { return m_view; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    // Over the whole set, through the view; the rows follow when they are ready.
    void sort(int column, Qt::SortOrder order) override;

    [[nodiscard]] const std::vector<ColumnInfo>& columns() const { return m_columns.all(); }
    [[nodiscard]] int columnOf(const QString& name) const { return m_columns.indexOf(name); } // -1: not shown
    // Every key of the collection, most frequent first, shown or not: for the column chooser.
    [[nodiscard]] const std::vector<storage::CollectionReader::KeyInfo>& allKeys() const
    {
        return m_columns.keys();
    }
    // Keys without a column, because there are too many.
    [[nodiscard]] int hiddenKeyCount() const { return m_columns.hiddenKeys(); }
    void showKey(const std::string& key); // gives a capped key its column
    void dropKey(const std::string& key); // takes it back

    [[nodiscard]] std::optional<storage::RowKey> rowKey(int row) const;
    [[nodiscard]] int rowOf(storage::RowKey key) const; // -1: not among the shown
    // The record as far as the grid holds it (long text cut, perhaps not every key); nullptr: not here. Valid
    // until the event loop.
    [[nodiscard]] const storage::Record* cached(int row) const;
    [[nodiscard]] const storage::MetaValue* value(const QModelIndex& index) const; // nullptr: not a value
    // How the distances of this spine are called: set by whoever searches.
    void setDistanceTitle(const QString& title);

Q_SIGNALS:
    void columnsChanged();                            // another set of columns, or their types and coverage
    void sortWanted(int column, Qt::SortOrder order); // the header of a list that follows no view
    void failed(const storage::Error& error, const QString& what);

private:
    [[nodiscard]] bool continuesInto(const storage::Spine& spine) const;
    void replaceSpine(SpinePtr spine);
    void acceptViewSpine();
    void acceptKeys(const std::vector<storage::CollectionReader::KeyInfo>& keys);
    void insertColumns(RecordColumns::Insertion insertion);
    [[nodiscard]] bool hasManyKeys() const { return m_columns.keys().size() > kManyKeys; }

    void forgetRows();

    CollectionView& m_view;
    mutable RecordPages m_pages; // being asked makes it fetch
    SpinePtr m_spine;
    RecordColumns m_columns;
    bool m_following = false;
    float m_lowest = 0;
    float m_highest = 0;
    QString m_distanceTitle;
};

} // namespace model
