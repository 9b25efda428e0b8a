// The menus of the records grid: what can be done with a cell and its record, and with a column.
#pragma once

#include "ui/records/record_tab.h"

#include <QModelIndex>
#include <QObject>

class QMenu;

namespace ui {

enum class CopyForm { Tsv, Json, Python, Ids };

class CellMenu final : public QObject
{
    Q_OBJECT
public:
    explicit CellMenu(QWidget* parent);

    // The menus delete themselves when closed.
    QMenu* openForCell(RecordTab& tab, const QModelIndex& index, qint64 selected, const QPoint& position);
    QMenu* openForColumn(RecordTab& tab, int logical, const QPoint& position);

Q_SIGNALS:
    void copyValueAsked(const QModelIndex& index);
    void copyAsked(ui::CopyForm form);
    void similarAsked();
    void inspectAsked();
    void sortAsked(int logical, Qt::SortOrder order);
    void unsortAsked();
    void hideColumnAsked(int logical);
    void filterFocusAsked(int logical);
    void columnsAsked();

private:
    void addFilters(QMenu& menu, RecordTab& tab, const QModelIndex& index);
    void addCopies(QMenu& menu, const QModelIndex& index, qint64 selected);
    void addTopValues(QMenu& menu, RecordTab& tab, int logical);
    static void filterBy(RecordTab& tab, const QString& column, const QString& typed);

    QWidget* m_parent = nullptr;
};

// The text that the filter row takes to find this cell's value, or to keep it out; nullopt: there is none.
[[nodiscard]] std::optional<QString> filterTextOf(const RecordTab& tab, const QModelIndex& index,
                                                  bool exclude);

} // namespace ui
