// The popup that chooses which columns are shown: every metadata key with its types and how many records have
// it, found by typing, ticked or not. Keys beyond the first columns get theirs here.
#pragma once

#include "model/record_model.h"
#include "ui/records/column_layout.h"

#include <QAbstractListModel>
#include <QFrame>

class QLineEdit;
class QListView;
class QSortFilterProxyModel;

namespace ui {

// The columns and keys as a checkable list.
class ColumnListModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    ColumnListModel(model::RecordModel& records, ColumnLayout& layout, const QHeaderView& header,
                    QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

private:
    [[nodiscard]] int logicalOf(int row) const; // -1: a key without a column
    [[nodiscard]] QString caption(int row) const;

    model::RecordModel& m_records;
    ColumnLayout& m_layout;
    const QHeaderView& m_header;
    QStringList m_names; // RecordColumn::name()
};

class ColumnChooser final : public QFrame
{
    Q_OBJECT
public:
    ColumnChooser(model::RecordModel& records, ColumnLayout& layout, const QHeaderView& header,
                  QWidget* parent);
    void openBelow(const QWidget& button);

private:
    ColumnListModel* m_columns = nullptr;
    QSortFilterProxyModel* m_filter = nullptr;
    QLineEdit* m_search = nullptr;
    QListView* m_list = nullptr;
};

} // namespace ui
