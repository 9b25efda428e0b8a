#include "ui/fact_table.h"

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

namespace ui {

namespace {

constexpr int kMostHeight = 640; // longer tables scroll by themselves

}

FactTable::FactTable(const QStringList& headers, int stretch, QWidget* parent)
    : QTableWidget(0, static_cast<int>(headers.size()), parent),
      m_stretch(stretch)
{
    setHorizontalHeaderLabels(headers);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(kRowHeight); // first: it bounds the next
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int column = 0; column < columnCount(); ++column)
        horizontalHeader()->setSectionResizeMode(column, column == stretch ? QHeaderView::Stretch
                                                                           : QHeaderView::ResizeToContents);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* copy = new QAction(icon(QStringLiteral("copy")), tr("Copy"), this);
    connect(copy, &QAction::triggered, this, &FactTable::copySelection);
    addAction(copy);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FactTable::setRows(const std::vector<FactRow>& rows)
{
    m_rows = rows;
    fill();
    updateGeometry();
}

void FactTable::fill()
{
    const Colors& c = colorsOf(palette());
    setRowCount(static_cast<int>(m_rows.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const FactRow& cells = m_rows[static_cast<std::size_t>(row)];
        for (int column = 0; column < static_cast<int>(cells.size()); ++column) {
            const FactCell& cell = cells[static_cast<std::size_t>(column)];
            auto* item = new QTableWidgetItem(cell.text);
            item->setToolTip(cell.tip.isEmpty() ? cell.text : cell.tip);
            if (cell.number)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (cell.fixed)
                item->setFont(fixedFont(font()));
            if (!cell.sign.isEmpty())
                item->setIcon(icon(cell.sign, cell.tone));
            if (cell.tone != Tone::Neutral)
                item->setForeground(c.tone(cell.tone).ink);
            else if (cell.quiet)
                item->setForeground(c.secondary);
            setItem(row, column, item);
        }
    }
}

void FactTable::copySelection()
{
    QStringList lines;
    for (int row = 0; row < rowCount(); ++row) {
        if (!selectionModel()->isRowSelected(row, {}))
            continue;
        QStringList cells;
        for (const FactCell& cell : m_rows[static_cast<std::size_t>(row)])
            cells << cell.text;
        lines << cells.join(QLatin1Char('\t'));
    }
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void FactTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copySelection();
    else
        QTableWidget::keyPressEvent(event);
}

void FactTable::changeEvent(QEvent* event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_rows.empty())
        fill();
}

QSize FactTable::sizeHint() const
{
    const int header = horizontalHeader()->isHidden() ? 0 : horizontalHeader()->sizeHint().height();
    return {320, std::min(header + verticalHeader()->length() + 2 * frameWidth(), kMostHeight)};
}

} // namespace ui
