// The view of the records grid: whole rows are selected, one cell is current, nothing is edited. Scrolls over
// a million rows without asking for more than is seen.
#pragma once

#include "model/record_model.h"

#include <QTableView>

#include <optional>
#include <vector>

namespace ui {

class EmptyState;
class RecordHeader;

class RecordTable final : public QTableView
{
    Q_OBJECT
public:
    static constexpr int kMostCopied = 100'000; // rows; more is an export's work

    explicit RecordTable(QWidget* parent = nullptr);

    void show(model::RecordModel* records); // nullptr: none
    [[nodiscard]] RecordHeader& header() const { return *m_header; }
    [[nodiscard]] EmptyState& emptyState() const { return *m_empty; }
    void setEmptyVisible(bool visible); // over the rows; head and filter row stay

    [[nodiscard]] std::vector<int> selectedRows() const; // ascending
    [[nodiscard]] qint64 selectedCount() const;
    [[nodiscard]] std::optional<storage::RowKey> currentRow() const;
    // Selects the row and brings it into view; the current column stays.
    void goToRow(int row);

    void keyboardSearch(const QString& search) override;

Q_SIGNALS:
    void currentRowChanged(int row); // -1: none
    void selectionCountChanged();
    void inspectAsked(); // Enter, Space, double click
    void copyAsked();
    void filterFocusAsked(int column); // up from the first row
    void cellMenuAsked(const QModelIndex& index, const QPoint& globalPosition);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void placeEmpty();

    model::RecordModel* m_records = nullptr;
    RecordHeader* m_header = nullptr;
    EmptyState* m_empty = nullptr;
};

} // namespace ui
