// The Records page: one collection in one continuous table with its filter row, conditions, columns and
// copies. Each collection keeps its filter, order and place while others are looked at.
#pragma once

#include "model/preferences.h"
#include "model/session.h"
#include "ui/records/cell_menu.h"
#include "ui/records/record_tab.h"

#include <QWidget>

#include <memory>
#include <string>
#include <vector>

class QAction;
class QLineEdit;
class QToolButton;

namespace ui {

class ColumnLayout;
class ConditionPanel;
class MatchLine;
class MessageArea;
class RecordTable;

class RecordsPage final : public QWidget
{
    Q_OBJECT
public:
    static constexpr std::size_t kKeptTabs = 6;

    RecordsPage(model::Session& session, model::Preferences& preferences, QWidget* parent = nullptr);
    ~RecordsPage() override;

    void setCollection(const std::string& collectionId); // empty: none
    [[nodiscard]] model::CollectionView* view() const;   // nullptr: none
    [[nodiscard]] std::optional<storage::RowKey> currentRecord() const;
    [[nodiscard]] RecordTable& table() const { return *m_table; }
    // Filter, Go to Id, Conditions, Columns, Copy ...: for menus and the command palette.
    [[nodiscard]] QList<QAction*> pageActions() const { return actions(); }
    void goToId(const std::string& id);

Q_SIGNALS:
    void recordChosen(model::CollectionView* view, storage::RowKey row);
    void recordLeft(); // no record is chosen any more
    void inspectAsked();
    void similarAsked(model::CollectionView* view, const std::vector<storage::RowKey>& rows);
    void copied(const QString& what); // "12 records", for a status line

private:
    void buildBar();
    void buildActions();
    QAction* addPageAction(const QString& name, const QString& text, const QString& iconName,
                           const QKeySequence& keys);
    void connectTable();
    void connectTab(RecordTab& tab);
    void showTab(RecordTab* tab);
    void leaveTab();
    void dropTabs();
    void forgetColdTabs();
    [[nodiscard]] RecordTab* tabOf(const std::string& collectionId);

    void refresh();
    void refreshEmpty();
    void showSort();
    void sortBy(int logical, Qt::SortOrder order);
    void restorePlace();
    void noteCurrent(int row);
    void showError(const storage::Error& error, const QString& what);
    void filterApplied();
    void toggleConditions(bool open);
    void openColumns();
    void askId();
    void acceptId(const QString& typed, const storage::Result<std::optional<storage::RowKey>>& found);
    void copySelection(CopyForm form);
    void copyValue(const QModelIndex& index);
    void copyQuery(bool asCommand);
    void copyText(const QString& text, const QString& what);
    [[nodiscard]] std::vector<storage::RowKey> chosenRows() const;
    [[nodiscard]] QString textOf(CopyForm form, const std::vector<storage::Record>& records) const;

    model::Session& m_session;
    model::Preferences& m_preferences;
    std::vector<std::unique_ptr<RecordTab>> m_tabs;
    RecordTab* m_tab = nullptr;
    quint64 m_uses = 0;
    bool m_placing = false;

    QWidget* m_bar = nullptr;
    QToolButton* m_conditionsButton = nullptr;
    QToolButton* m_columnsButton = nullptr;
    QLineEdit* m_goTo = nullptr;
    MatchLine* m_match = nullptr;
    MessageArea* m_messages = nullptr;
    ConditionPanel* m_conditions = nullptr;
    RecordTable* m_table = nullptr;
    ColumnLayout* m_layout = nullptr;
    CellMenu* m_menu = nullptr;
    QAction* m_clearAction = nullptr;
    QAction* m_clearHere = nullptr; // in the empty state
    QAction* m_conditionsAction = nullptr;
};

} // namespace ui
