#include "ui/records/record_table.h"

#include "ui/empty_state.h"
#include "ui/records/record_delegate.h"
#include "ui/records/record_header.h"
#include "ui/theme/metrics.h"

#include <QContextMenuEvent>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace ui {

RecordTable::RecordTable(QWidget* parent) : QTableView(parent)
{
    setObjectName(QStringLiteral("recordTable"));
    setAccessibleName(tr("Records"));
    m_header = new RecordHeader(this);
    setHorizontalHeader(m_header);
    setItemDelegate(new RecordDelegate(this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    verticalHeader()->setMinimumSectionSize(kRowHeight);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    m_empty = new EmptyState(viewport());
    m_empty->setObjectName(QStringLiteral("recordsEmpty"));
    m_empty->setAutoFillBackground(true);
    m_empty->setBackgroundRole(QPalette::Base);
    m_empty->hide();
    connect(horizontalScrollBar(), &QScrollBar::valueChanged, m_header, &RecordHeader::placeFields);
    connect(this, &QTableView::doubleClicked, this, &RecordTable::inspectAsked);
    connect(m_header, &RecordHeader::leftDownwards, this, [this] {
        setFocus(Qt::OtherFocusReason);
        if (!currentIndex().isValid() && model() && model()->rowCount() > 0)
            goToRow(std::max(0, rowAt(0)));
    });
    connect(m_header, &RecordHeader::fieldFocused, this, [this](int logical) {
        const int left = m_header->sectionViewportPosition(logical);
        const int right = left + m_header->sectionSize(logical);
        QScrollBar* bar = horizontalScrollBar();
        if (left < 0)
            bar->setValue(bar->value() + left);
        else if (right > viewport()->width())
            bar->setValue(bar->value() + std::min(left, right - viewport()->width()));
    });
}

void RecordTable::show(model::RecordModel* records)
{
    m_records = records;
    QItemSelectionModel* former = selectionModel();
    setModel(records);
    delete former;
}

void RecordTable::setEmptyVisible(bool visible)
{
    m_empty->setVisible(visible);
    placeEmpty();
}

void RecordTable::placeEmpty()
{
    m_empty->setGeometry(viewport()->rect());
    m_empty->raise();
}

void RecordTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    placeEmpty();
    m_header->placeFields();
}

qint64 RecordTable::selectedCount() const
{
    qint64 count = 0;
    if (selectionModel())
        for (const auto& range : selectionModel()->selection())
            count += range.height();
    return count;
}

std::vector<int> RecordTable::selectedRows() const
{
    // Ranges, not indexes: everything may be selected.
    std::vector<int> rows;
    if (!selectionModel())
        return rows;
    for (const auto& range : selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

std::optional<storage::RowKey> RecordTable::currentRow() const
{
    if (!m_records || !currentIndex().isValid())
        return std::nullopt;
    return m_records->rowKey(currentIndex().row());
}

void RecordTable::goToRow(int row)
{
    if (!m_records || row < 0 || row >= m_records->rowCount())
        return;
    const int column = currentIndex().isValid() ? currentIndex().column() : m_header->logicalIndex(0);
    const int sideways = horizontalScrollBar()->value();
    const QModelIndex index = m_records->index(row, std::max(0, column));
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index, PositionAtCenter);
    horizontalScrollBar()->setValue(sideways);
}

// Typing letters would look through every row.
void RecordTable::keyboardSearch(const QString&) {}

void RecordTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyAsked();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (currentIndex().isValid())
            Q_EMIT inspectAsked();
        return;
    case Qt::Key_Up:
        if (currentIndex().row() <= 0 && event->modifiers() == Qt::NoModifier) {
            Q_EMIT filterFocusAsked(currentIndex().column());
            return;
        }
        break;
    default:
        break;
    }
    QTableView::keyPressEvent(event);
}

void RecordTable::contextMenuEvent(QContextMenuEvent* event)
{
    QModelIndex index = indexAt(viewport()->mapFrom(this, event->pos()));
    QPoint position = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        index = currentIndex();
        position = viewport()->mapToGlobal(visualRect(index).center());
    }
    if (index.isValid())
        Q_EMIT cellMenuAsked(index, position);
}

void RecordTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (current.row() != previous.row() || current.isValid() != previous.isValid())
        Q_EMIT currentRowChanged(current.isValid() ? current.row() : -1);
}

void RecordTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    Q_EMIT selectionCountChanged();
}

} // namespace ui
