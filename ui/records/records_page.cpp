#include "ui/records/records_page.h"

#include "model/clipboard_text.h"
#include "model/value_text.h"
#include "ui/empty_state.h"
#include "ui/menu_button.h"
#include "ui/message_strip.h"
#include "ui/records/column_chooser.h"
#include "ui/records/column_layout.h"
#include "ui/records/condition_panel.h"
#include "ui/records/match_line.h"
#include "ui/records/record_header.h"
#include "ui/records/record_table.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

using model::RecordModel;
using SortBy = storage::ColumnCache::SortBy;

namespace {

QToolButton* barButton(QAction* action, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    return button;
}

} // namespace

RecordsPage::RecordsPage(model::Session& session, model::Preferences& preferences, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_preferences(preferences)
{
    setObjectName(QStringLiteral("recordsPage"));
    m_messages = new MessageArea(this);
    m_conditions = new ConditionPanel(this);
    m_conditions->hide();
    m_table = new RecordTable(this);
    m_layout = new ColumnLayout(m_table->header(), m_preferences, this);
    m_menu = new CellMenu(this);
    buildActions();
    buildBar();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_messages);
    column->addWidget(m_conditions);
    column->addWidget(m_table, 1);
    connectTable();
    connect(m_conditions, &ConditionPanel::closeAsked, this, [this] { toggleConditions(false); });
    connect(m_match, &MatchLine::clearAsked, m_clearAction, &QAction::trigger);
    connect(&m_session, &model::Session::stateChanged, this, [this] {
        if (!m_session.directory())
            dropTabs(); // another directory: nothing of the former is left
    });
    refresh();
}

RecordsPage::~RecordsPage()
{
    leaveTab();
    m_layout->show(nullptr, {});
    delete m_conditions; // it would build its rows anew, in a window that is going away
    m_table->header().show(nullptr, nullptr);
    m_table->show(nullptr);
}

QAction* RecordsPage::addPageAction(const QString& name, const QString& text, const QString& iconName,
                                    const QKeySequence& keys)
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setObjectName(name);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setProperty("glyph", iconName);
    addAction(action);
    return action;
}

void RecordsPage::buildActions()
{
    QAction* filter = addPageAction(QStringLiteral("filterRecords"), tr("&Filter Records"),
                                    QStringLiteral("filter"), QKeySequence(QKeySequence::Find));
    connect(filter, &QAction::triggered, this,
            [this] { m_table->header().focusField(m_table->currentIndex().column()); });
    m_conditionsAction = addPageAction(QStringLiteral("conditions"), tr("Con&ditions"),
                                       QStringLiteral("json"), QKeySequence(Qt::CTRL | Qt::Key_E));
    m_conditionsAction->setCheckable(true);
    connect(m_conditionsAction, &QAction::toggled, this, &RecordsPage::toggleConditions);
    m_clearAction = addPageAction(QStringLiteral("clearRecordsFilter"), tr("C&lear Filter"),
                                  QStringLiteral("close"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E));
    connect(m_clearAction, &QAction::triggered, this, [this] {
        if (m_tab)
            m_tab->filter.clear();
    });
    m_clearHere = new QAction(tr("Clear Filter"), this); // on the accent colour no icon is needed
    connect(m_clearHere, &QAction::triggered, m_clearAction, &QAction::trigger);
    QAction* go = addPageAction(QStringLiteral("goToId"), tr("&Go to Id…"), QStringLiteral("go"),
                                QKeySequence(Qt::CTRL | Qt::Key_G));
    connect(go, &QAction::triggered, this, [this] {
        m_goTo->setFocus(Qt::ShortcutFocusReason);
        m_goTo->selectAll();
    });
    QAction* columns =
        addPageAction(QStringLiteral("columns"), tr("C&olumns…"), QStringLiteral("columns"), {});
    connect(columns, &QAction::triggered, this, &RecordsPage::openColumns);
    const auto addCopy = [this](const QString& name, const QString& text, auto run) {
        connect(addPageAction(name, text, QStringLiteral("copy"), {}), &QAction::triggered, this, run);
    };
    addCopy(QStringLiteral("copyRecordsTsv"), tr("Copy Records as &Table"),
            [this] { copySelection(CopyForm::Tsv); });
    addCopy(QStringLiteral("copyRecordsJson"), tr("Copy Records as &JSON"),
            [this] { copySelection(CopyForm::Json); });
    addCopy(QStringLiteral("copyRecordsPython"), tr("Copy Records as &Python"),
            [this] { copySelection(CopyForm::Python); });
    addCopy(QStringLiteral("copyQueryPython"), tr("Copy &Query as Python"), [this] { copyQuery(false); });
    addCopy(QStringLiteral("copyQueryCommand"), tr("Copy Query as Command &Line"),
            [this] { copyQuery(true); });
}

void RecordsPage::buildBar()
{
    m_bar = new QWidget(this);
    m_bar->setObjectName(QStringLiteral("recordsBar"));
    m_match = new MatchLine(m_bar);
    m_conditionsButton = barButton(m_conditionsAction, m_bar);
    m_conditionsButton->setObjectName(QStringLiteral("conditionsButton"));
    m_columnsButton = barButton(findChild<QAction*>(QStringLiteral("columns")), m_bar);
    m_columnsButton->setObjectName(QStringLiteral("columnsButton"));
    m_columnsButton->setText(tr("Columns"));
    m_goTo = new QLineEdit(m_bar);
    m_goTo->setObjectName(QStringLiteral("goToField"));
    m_goTo->setPlaceholderText(tr("Go to id"));
    m_goTo->setAccessibleName(tr("Go to id"));
    m_goTo->setClearButtonEnabled(true);
    m_goTo->setFixedWidth(150);
    connect(m_goTo, &QLineEdit::returnPressed, this, &RecordsPage::askId);
    auto* copyButton = new MenuButton(tr("Copy"), QStringLiteral("copy"), m_bar);
    copyButton->setObjectName(QStringLiteral("copyButton"));
    auto* copies = new QMenu(copyButton);
    for (QAction* action : actions())
        if (action->objectName().startsWith(QLatin1String("copy")))
            copies->addAction(action);
    copyButton->setMenu(copies);
    auto* row = new QHBoxLayout(m_bar);
    row->setContentsMargins(kPad, 6, kPad, 6);
    row->setSpacing(kHalf);
    row->addWidget(m_match, 1);
    row->addWidget(m_conditionsButton);
    row->addWidget(m_columnsButton);
    row->addWidget(copyButton);
    row->addSpacing(kHalf);
    row->addWidget(m_goTo);
}

void RecordsPage::connectTable()
{
    RecordHeader& header = m_table->header();
    connect(&header, &QHeaderView::sortIndicatorChanged, this, &RecordsPage::sortBy);
    connect(&header, &RecordHeader::menuAsked, this, [this](int logical, const QPoint& position) {
        if (m_tab)
            m_menu->openForColumn(*m_tab, logical, position);
    });
    connect(m_table, &RecordTable::cellMenuAsked, this,
            [this](const QModelIndex& index, const QPoint& position) {
                if (m_tab)
                    m_menu->openForCell(*m_tab, index, m_table->selectedCount(), position);
            });
    connect(m_table, &RecordTable::currentRowChanged, this, &RecordsPage::noteCurrent);
    connect(m_table, &RecordTable::selectionCountChanged, this, &RecordsPage::refresh);
    connect(m_table, &RecordTable::inspectAsked, this, &RecordsPage::inspectAsked);
    connect(m_table, &RecordTable::copyAsked, this, [this] { copySelection(CopyForm::Tsv); });
    connect(m_table, &RecordTable::filterFocusAsked, &header, &RecordHeader::focusField);
    connect(m_menu, &CellMenu::copyAsked, this, &RecordsPage::copySelection);
    connect(m_menu, &CellMenu::copyValueAsked, this, &RecordsPage::copyValue);
    connect(m_menu, &CellMenu::inspectAsked, this, &RecordsPage::inspectAsked);
    connect(m_menu, &CellMenu::similarAsked, this, [this] {
        if (const auto rows = chosenRows(); m_tab && !rows.empty())
            Q_EMIT similarAsked(m_tab->view.get(), rows);
    });
    connect(m_menu, &CellMenu::sortAsked, this,
            [this](int logical, Qt::SortOrder order) { m_table->header().setSortIndicator(logical, order); });
    connect(m_menu, &CellMenu::unsortAsked, this,
            [this] { m_table->header().setSortIndicator(-1, Qt::AscendingOrder); });
    connect(m_menu, &CellMenu::hideColumnAsked, this, [this](int logical) {
        if (m_layout->visibleCount() > 1)
            m_layout->setVisible(logical, false);
    });
    connect(m_menu, &CellMenu::filterFocusAsked, &header, &RecordHeader::focusField);
    connect(m_menu, &CellMenu::columnsAsked, this, &RecordsPage::openColumns);
}

// ---- one tab a collection

RecordTab* RecordsPage::tabOf(const std::string& collectionId)
{
    const auto held = std::find_if(m_tabs.begin(), m_tabs.end(), [&](const auto& tab) {
        return tab->view->collection().id == collectionId;
    });
    if (held != m_tabs.end())
        return held->get();
    auto view = m_session.browse(collectionId);
    if (!view)
        return nullptr;
    auto tab = std::make_unique<RecordTab>(std::move(view), m_preferences);
    connectTab(*tab);
    tab->filter.restore(tab->saved.last());
    if (tab->filter.isActive())
        tab->filter.apply();
    if (!tab->filter.isActive() || tab->filter.hasErrors())
        tab->view->start();
    m_tabs.push_back(std::move(tab));
    return m_tabs.back().get();
}

void RecordsPage::connectTab(RecordTab& tab)
{
    using model::CollectionView;
    const auto current = [this, &tab] { return m_tab == &tab; };
    const auto refreshIfShown = [this, current] {
        if (current())
            refresh();
    };
    connect(tab.view.get(), &CollectionView::spineChanged, this, [this, &tab, current] {
        tab.error.reset();
        if (current()) {
            m_messages->dismiss(QStringLiteral("error"));
            refresh();
        }
    });
    connect(tab.view.get(), &CollectionView::totalChanged, this, refreshIfShown);
    connect(tab.view.get(), &CollectionView::busyChanged, this, refreshIfShown);
    connect(tab.view.get(), &CollectionView::gone, this, refreshIfShown);
    const auto fail = [this, &tab, current](const storage::Error& error, const QString& what) {
        tab.error = error;
        if (current())
            showError(error, what);
    };
    connect(tab.view.get(), &CollectionView::failed, this, fail);
    connect(&tab.records, &RecordModel::failed, this, fail);
    connect(&tab.records, &RecordModel::modelReset, this, [this, current] {
        if (current())
            restorePlace();
    });
    connect(&tab.records, &RecordModel::columnsChanged, this, [this, current] {
        if (current())
            showSort();
    });
    connect(&tab.filter, &model::FilterModel::errorsChanged, this, [this, current] {
        if (current())
            filterApplied();
    });
}

void RecordsPage::setCollection(const std::string& collectionId)
{
    if (m_tab && m_tab->view->collection().id == collectionId)
        return;
    leaveTab();
    showTab(collectionId.empty() ? nullptr : tabOf(collectionId));
    forgetColdTabs();
}

void RecordsPage::leaveTab()
{
    if (!m_tab)
        return;
    m_tab->current = m_table->currentRow();
    m_tab->column = std::max(0, m_table->currentIndex().column());
    m_tab->down = m_table->verticalScrollBar()->value();
    m_tab->across = m_table->horizontalScrollBar()->value();
}

void RecordsPage::showTab(RecordTab* tab)
{
    m_tab = nullptr; // nothing of the change is taken for the user's
    m_messages->clear();
    m_layout->show(nullptr, {});
    m_table->header().show(nullptr, nullptr);
    m_conditions->show(nullptr, nullptr);
    m_table->show(tab ? &tab->records : nullptr);
    m_tab = tab;
    if (m_tab) {
        m_tab->lastUse = ++m_uses;
        m_table->header().show(&m_tab->records, &m_tab->filter);
        m_layout->show(&m_tab->records, m_tab->view->collection().id);
        m_conditions->show(&m_tab->filter, &m_tab->saved);
        showSort();
        restorePlace();
        m_table->horizontalScrollBar()->setValue(m_tab->across);
        m_table->verticalScrollBar()->setValue(m_tab->down);
        if (m_tab->error)
            showError(*m_tab->error, {});
    }
    refresh();
    if (!m_table->currentIndex().isValid())
        Q_EMIT recordLeft();
}

void RecordsPage::dropTabs()
{
    m_tab = nullptr;
    showTab(nullptr);
    m_tabs.clear();
}

void RecordsPage::forgetColdTabs()
{
    while (m_tabs.size() > kKeptTabs) {
        const auto coldest =
            std::min_element(m_tabs.begin(), m_tabs.end(), [](const auto& one, const auto& other) {
                return one->lastUse < other->lastUse;
            });
        if (coldest->get() == m_tab)
            return;
        m_tabs.erase(coldest);
    }
}

model::CollectionView* RecordsPage::view() const
{
    return m_tab ? m_tab->view.get() : nullptr;
}

std::optional<storage::RowKey> RecordsPage::currentRecord() const
{
    return m_table->currentRow();
}

// ---- what is shown

void RecordsPage::refresh()
{
    m_match->show(view(), m_tab ? &m_tab->filter : nullptr, m_table->selectedCount());
    m_clearAction->setEnabled(m_tab && m_tab->filter.isActive());
    const QStringList summary = m_tab ? m_tab->filter.summary() : QStringList();
    m_match->setToolTip(summary.join(QLatin1Char('\n')));
    refreshEmpty();
}

void RecordsPage::refreshEmpty()
{
    EmptyState& empty = m_table->emptyState();
    if (!m_tab || m_tab->records.rowCount() > 0) {
        m_table->setEmptyVisible(false);
        return;
    }
    empty.setActions({});
    if (m_tab->view->isGone()) {
        empty.set(QStringLiteral("folder-missing"), tr("This collection is gone"),
                  tr("It is no longer in the directory."), Tone::Warning);
    } else if (m_tab->view->isBusy()) {
        m_table->setEmptyVisible(false);
        return;
    } else if (m_tab->error) {
        empty.set(QStringLiteral("error"), tr("The records cannot be read"), m_tab->error->sentence,
                  Tone::Danger);
    } else if (m_tab->view->shownQuery().isFiltered()) {
        empty.set(QStringLiteral("filter"), tr("No record matches"),
                  tr("The filter was asked of all %1 records.")
                      .arg(model::countText(m_tab->view->total().value_or(0))));
        empty.setActions({m_clearHere});
    } else {
        empty.set(QStringLiteral("record"), tr("No records yet"), tr("This collection is empty."));
    }
    m_table->setEmptyVisible(true);
}

void RecordsPage::showError(const storage::Error& error, const QString& what)
{
    Message message = messageOf(error, what);
    if (error.kind == storage::ErrorKind::Busy || error.kind == storage::ErrorKind::Changed)
        message.actions.push_back({tr("Reload"), [this] { m_session.reload(); }});
    m_messages->show(std::move(message));
    refresh();
}

void RecordsPage::filterApplied()
{
    if (!m_tab->filter.hasErrors()) {
        m_tab->saved.setLast(m_tab->filter.save());
        m_tab->saved.noteUsed(m_tab->filter.save());
    }
    refresh();
}

void RecordsPage::showSort()
{
    if (!m_tab)
        return;
    const auto& query = m_tab->view->query();
    QString name;
    switch (query.sortBy) {
    case SortBy::Insertion:
        break;
    case SortBy::Id:
        name = QStringLiteral("id");
        break;
    case SortBy::Document:
        name = QStringLiteral("document");
        break;
    case SortBy::Uri:
        name = QStringLiteral("uri");
        break;
    case SortBy::MetadataKey:
        name = QStringLiteral("meta:") + model::text(query.sortKey);
        break;
    }
    const QSignalBlocker quiet(m_table->header());
    m_table->header().setSortIndicator(name.isEmpty() ? -1 : m_tab->records.columnOf(name),
                                       query.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    m_table->header().viewport()->update();
}

void RecordsPage::sortBy(int logical, Qt::SortOrder order)
{
    if (!m_tab)
        return;
    m_tab->records.sort(logical, order);
    showSort(); // a column without an order does not keep the sign
}

void RecordsPage::noteCurrent(int row)
{
    if (!m_tab || m_placing)
        return;
    const auto key = m_tab->records.rowKey(row);
    m_tab->current = key;
    if (key)
        Q_EMIT recordChosen(m_tab->view.get(), *key);
}

// After a reset: the record that was current, if it is still among the rows.
void RecordsPage::restorePlace()
{
    const auto wanted = m_tab->current;
    const int row = wanted ? m_tab->records.rowOf(*wanted) : -1;
    if (row < 0)
        return;
    m_placing = true;
    const QModelIndex index =
        m_tab->records.index(row, std::clamp(m_tab->column, 0, m_tab->records.columnCount() - 1));
    m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect |
                                                          QItemSelectionModel::Rows);
    m_table->scrollTo(index, QAbstractItemView::EnsureVisible);
    m_placing = false;
    Q_EMIT recordChosen(m_tab->view.get(), *wanted);
}

void RecordsPage::toggleConditions(bool open)
{
    m_conditionsAction->setChecked(open);
    if (open == m_conditions->isVisibleTo(this))
        return;
    m_conditions->setVisible(open);
    if (open)
        m_conditions->focusFirst();
    else
        m_table->setFocus();
}

void RecordsPage::openColumns()
{
    if (!m_tab)
        return;
    auto* chooser = new ColumnChooser(m_tab->records, *m_layout, m_table->header(), this);
    chooser->openBelow(*m_columnsButton);
}

// ---- go to an id

void RecordsPage::askId()
{
    goToId(m_goTo->text().trimmed().toStdString());
}

void RecordsPage::goToId(const std::string& id)
{
    if (!m_tab || id.empty())
        return;
    m_tab->view->findId(this, id, [this, tab = m_tab, id](const auto& found) {
        if (m_tab == tab)
            acceptId(model::text(id), found);
    });
}

void RecordsPage::acceptId(const QString& typed, const storage::Result<std::optional<storage::RowKey>>& found)
{
    m_messages->dismiss(QStringLiteral("goTo"));
    if (!found) {
        showError(found.error(), tr("Looking for an id"));
        return;
    }
    const int row = *found ? m_tab->records.rowOf(**found) : -1;
    if (row >= 0) {
        m_table->goToRow(row);
        m_table->setFocus();
        return;
    }
    Message message;
    message.kind = QStringLiteral("goTo");
    message.tone = Tone::Info;
    if (*found) {
        message.sentence = tr("The record “%1” is there, but the filter hides it.").arg(typed);
        message.actions.push_back({tr("Clear Filter"), [this, row = **found] {
                                       m_tab->current = row;
                                       m_tab->filter.clear();
                                       m_messages->dismiss(QStringLiteral("goTo"));
                                   }});
    } else {
        message.sentence = tr("No record of this collection has the id “%1”.").arg(typed);
    }
    m_messages->show(std::move(message));
}

// ---- copies

std::vector<storage::RowKey> RecordsPage::chosenRows() const
{
    std::vector<storage::RowKey> keys;
    if (!m_tab)
        return keys;
    for (const int row : m_table->selectedRows())
        if (const auto key = m_tab->records.rowKey(row))
            keys.push_back(*key);
    return keys;
}

void RecordsPage::copySelection(CopyForm form)
{
    if (!m_tab || m_table->selectedCount() == 0)
        return;
    if (m_table->selectedCount() > RecordTable::kMostCopied) {
        Message message;
        message.kind = QStringLiteral("copy");
        message.tone = Tone::Info;
        message.sentence = tr("At most %1 records go to the clipboard. Nothing was copied.")
                               .arg(model::countText(RecordTable::kMostCopied));
        m_messages->show(std::move(message));
        return;
    }
    m_tab->collector.collect(
        chosenRows(), [this, tab = m_tab, form](storage::Result<std::vector<storage::Record>> records) {
            if (m_tab != tab)
                return;
            if (!records) {
                showError(records.error(), tr("Copying records"));
                return;
            }
            const auto count = qint64(records->size());
            copyText(textOf(form, *records),
                     count == 1 ? tr("1 record") : tr("%1 records").arg(model::countText(count)));
        });
}

QString RecordsPage::textOf(CopyForm form, const std::vector<storage::Record>& records) const
{
    std::vector<std::string> ids;
    for (const auto& record : records)
        ids.push_back(record.id);
    switch (form) {
    case CopyForm::Json:
        return model::recordsJson(records);
    case CopyForm::Python:
        return model::idsPython(m_session.path(), m_tab->view->collection(), ids);
    case CopyForm::Ids: {
        QStringList lines;
        for (const auto& id : ids)
            lines << model::text(id);
        return lines.join(QLatin1Char('\n'));
    }
    case CopyForm::Tsv:
        break;
    }
    std::vector<model::RecordColumn> columns; // as they stand
    const RecordHeader& header = m_table->header();
    for (int visual = 0; visual < header.count(); ++visual) {
        const int logical = header.logicalIndex(visual);
        if (!header.isSectionHidden(logical))
            columns.push_back(m_tab->records.columns()[std::size_t(logical)]);
    }
    return model::recordsTsv(records, columns);
}

void RecordsPage::copyValue(const QModelIndex& index)
{
    if (!m_tab || !index.isValid())
        return;
    const auto key = m_tab->records.rowKey(index.row());
    const auto column = m_tab->records.columns()[std::size_t(index.column())];
    if (!index.data(RecordModel::TruncatedRole).toBool() || !key) {
        copyText(index.data(RecordModel::RawTextRole).toString(), tr("the value"));
        return;
    }
    m_tab->view->fetch(this, {*key}, {},
                       [this, column](storage::Result<std::vector<storage::Record>> records) {
                           if (!records || records->empty())
                               return;
                           const auto& record = records->front();
                           const auto* value = storage::find(record.metadata, column.key);
                           const QString whole = column.kind == RecordModel::ColumnKind::Document
                                                     ? model::text(record.document.value_or(std::string()))
                                                     : (value ? model::valueText(*value) : QString());
                           copyText(whole, tr("the value"));
                       });
}

void RecordsPage::copyQuery(bool asCommand)
{
    if (!m_tab)
        return;
    const auto& query = m_tab->view->shownQuery();
    const auto& collection = m_tab->view->collection();
    copyText(asCommand ? model::queryCommand(m_session.path(), collection, query)
                       : model::queryPython(m_session.path(), collection, query),
             asCommand ? tr("the command line") : tr("the Python code"));
}

void RecordsPage::copyText(const QString& text, const QString& what)
{
    QGuiApplication::clipboard()->setText(text);
    m_match->note(tr("Copied %1").arg(what));
    Q_EMIT copied(what);
}

} // namespace ui
