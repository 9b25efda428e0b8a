#include "ui/records/cell_menu.h"

#include "model/filter_text.h"
#include "model/value_text.h"
#include "ui/theme/icons.h"

#include <QMenu>
#include <QPointer>

namespace ui {

using model::RecordModel;
using Kind = RecordModel::ColumnKind;
using CellState = RecordModel::CellState;

namespace {

constexpr qsizetype kLongestPiece = 120; // of a document that is worth looking for
constexpr std::size_t kTopValues = 12;

} // namespace

std::optional<QString> filterTextOf(const RecordTab& tab, const QModelIndex& index, bool exclude)
{
    if (CellState(index.data(RecordModel::CellStateRole).toInt()) != CellState::Value ||
        index.data(RecordModel::TruncatedRole).toBool())
        return std::nullopt;
    const auto& column = tab.records.columns()[std::size_t(index.column())];
    const QString whole = index.data(RecordModel::RawTextRole).toString();
    switch (column.kind) {
    case Kind::Id:
        return exclude ? std::nullopt : std::optional(model::idFilterText(whole));
    case Kind::Document:
        return whole.size() <= kLongestPiece && !whole.isEmpty()
                   ? std::optional(model::documentFilterText(whole, exclude))
                   : std::nullopt;
    case Kind::Metadata: {
        const auto* value = tab.records.value(index);
        return value ? model::filterTextFor(*value, column.types, exclude) : std::nullopt;
    }
    case Kind::Distance:
    case Kind::Uri:
    case Kind::Embedding:
        return std::nullopt;
    }
    return std::nullopt;
}

CellMenu::CellMenu(QWidget* parent) : QObject(parent), m_parent(parent) {}

void CellMenu::filterBy(RecordTab& tab, const QString& column, const QString& typed)
{
    tab.filter.setText(column, typed);
    Q_EMIT tab.filter.textsChanged();
    tab.filter.apply();
}

void CellMenu::addFilters(QMenu& menu, RecordTab& tab, const QModelIndex& index)
{
    const QString column = tab.records.columns()[std::size_t(index.column())].name();
    const auto add = [&](const QString& text, const QString& name, bool exclude, const QString& iconName) {
        const auto typed = filterTextOf(tab, index, exclude);
        QAction* action = menu.addAction(icon(iconName), text);
        action->setObjectName(name);
        action->setEnabled(typed.has_value());
        if (typed)
            connect(action, &QAction::triggered, this,
                    [&tab, column, typed = *typed] { filterBy(tab, column, typed); });
    };
    add(tr("&Filter by This Value"), QStringLiteral("filterByValue"), false, QStringLiteral("filter"));
    add(tr("E&xclude This Value"), QStringLiteral("excludeValue"), true, QStringLiteral("minus"));
}

void CellMenu::addCopies(QMenu& menu, const QModelIndex& index, qint64 selected)
{
    QAction* value = menu.addAction(icon(QStringLiteral("copy")), tr("&Copy Value"));
    value->setObjectName(QStringLiteral("copyValue"));
    value->setEnabled(CellState(index.data(RecordModel::CellStateRole).toInt()) == CellState::Value);
    connect(value, &QAction::triggered, this,
            [this, at = QPersistentModelIndex(index)] { Q_EMIT copyValueAsked(at); });
    QMenu* copies = menu.addMenu(selected > 1 ? tr("Copy %1 &Records as").arg(model::countText(selected))
                                              : tr("Copy &Record as"));
    const auto add = [&](const QString& text, CopyForm form, const QString& name) {
        QAction* action = copies->addAction(text);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, [this, form] { Q_EMIT copyAsked(form); });
        return action;
    };
    add(tr("&Table (TSV)"), CopyForm::Tsv, QStringLiteral("copyTsv"))->setShortcut(QKeySequence::Copy);
    add(tr("&JSON"), CopyForm::Json, QStringLiteral("copyJson"));
    add(tr("&Python"), CopyForm::Python, QStringLiteral("copyPython"));
    add(tr("&Ids"), CopyForm::Ids, QStringLiteral("copyIds"));
}

QMenu* CellMenu::openForCell(RecordTab& tab, const QModelIndex& index, qint64 selected,
                             const QPoint& position)
{
    auto* menu = new QMenu(m_parent);
    menu->setObjectName(QStringLiteral("cellMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addFilters(*menu, tab, index);
    menu->addSeparator();
    addCopies(*menu, index, selected);
    menu->addSeparator();
    QAction* similar = menu->addAction(icon(QStringLiteral("vector")), tr("Find &Similar Records"));
    similar->setObjectName(QStringLiteral("findSimilar"));
    connect(similar, &QAction::triggered, this, &CellMenu::similarAsked);
    QAction* inspect = menu->addAction(icon(QStringLiteral("sidebar-right")), tr("Show in &Inspector"));
    inspect->setObjectName(QStringLiteral("showInInspector"));
    inspect->setShortcut(QKeySequence(Qt::Key_Return));
    connect(inspect, &QAction::triggered, this, &CellMenu::inspectAsked);
    menu->popup(position);
    return menu;
}

QMenu* CellMenu::openForColumn(RecordTab& tab, int logical, const QPoint& position)
{
    auto* menu = new QMenu(m_parent);
    menu->setObjectName(QStringLiteral("columnMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto& column = tab.records.columns()[std::size_t(logical)];
    const bool sortable = column.kind != Kind::Embedding && column.kind != Kind::Distance;
    const auto add = [&](const QString& iconName, const QString& text, const QString& name, auto run) {
        QAction* action = menu->addAction(icon(iconName), text);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, run);
        return action;
    };
    add(QStringLiteral("chevron-up"), tr("Sort &Ascending"), QStringLiteral("sortAscending"),
        [this, logical] { Q_EMIT sortAsked(logical, Qt::AscendingOrder); })
        ->setEnabled(sortable);
    add(QStringLiteral("chevron-down"), tr("Sort &Descending"), QStringLiteral("sortDescending"),
        [this, logical] { Q_EMIT sortAsked(logical, Qt::DescendingOrder); })
        ->setEnabled(sortable);
    add(QString(), tr("&Order of Insertion"), QStringLiteral("unsort"), [this] {
        Q_EMIT unsortAsked();
    })->setEnabled(tab.view->query().isSorted());
    menu->addSeparator();
    add(QStringLiteral("filter"), tr("&Filter…"), QStringLiteral("filterColumn"), [this, logical] {
        Q_EMIT filterFocusAsked(logical);
    })->setEnabled(model::FilterModel::canFilter(column.name()));
    add(QStringLiteral("minus"), tr("&Hide Column"), QStringLiteral("hideColumn"),
        [this, logical] { Q_EMIT hideColumnAsked(logical); });
    add(QStringLiteral("columns"), tr("&Columns…"), QStringLiteral("chooseColumns"),
        [this] { Q_EMIT columnsAsked(); });
    if (column.kind == Kind::Metadata)
        addTopValues(*menu, tab, logical);
    menu->popup(position);
    return menu;
}

void CellMenu::addTopValues(QMenu& menu, RecordTab& tab, int logical)
{
    const auto column = tab.records.columns()[std::size_t(logical)];
    menu.addSection(tr("Most frequent values"));
    QAction* waiting = menu.addAction(tr("Counting…"));
    waiting->setEnabled(false);
    tab.view->fetchTopValues(
        &menu, column.key, kTopValues,
        [this, &menu, &tab, waiting,
         column](storage::Result<std::vector<storage::ColumnCache::ValueCount>> values) {
            if (!values) {
                waiting->setText(values.error().sentence);
                return;
            }
            menu.removeAction(waiting);
            for (const auto& each : *values) {
                const auto typed = model::filterTextFor(each.value, column.types, false);
                QString shown = model::valueLine(each.value, 40);
                shown = shown.isEmpty() ? tr("(empty text)")
                                        : shown.replace(QLatin1Char('&'), QLatin1String("&&"));
                QAction* action = menu.addAction(shown + QLatin1Char('\t') + model::countText(each.count));
                action->setObjectName(QStringLiteral("topValue"));
                action->setEnabled(typed.has_value());
                if (typed)
                    connect(action, &QAction::triggered, this,
                            [&tab, name = column.name(), typed = *typed] { filterBy(tab, name, typed); });
            }
        });
}

} // namespace ui
