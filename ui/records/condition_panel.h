// The condition builder: Chroma's where and where_document as groups and lines, and the same as JSON. Either
// side is edited; both stay the same. Named and recent filters are kept per collection.
#pragma once

#include "model/filter_model.h"
#include "model/saved_filters.h"

#include <QFrame>
#include <QTimer>

#include <memory>

class QLabel;
class QLineEdit;
class QMenu;
class QPlainTextEdit;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace ui {

class ConditionRow;

class ConditionPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit ConditionPanel(QWidget* parent = nullptr);

    // Another collection; both must outlive the panel or be replaced. nullptr: none.
    void show(model::FilterModel* filter, model::SavedFilters* saved);
    void focusFirst();

Q_SIGNALS:
    void closeAsked();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct JsonSide
    {
        model::ConditionModel::Part part;
        QPlainTextEdit* edit = nullptr;
        QLabel* error = nullptr;
    };

    [[nodiscard]] QWidget* buildHead();
    [[nodiscard]] QWidget* buildBuilder();
    [[nodiscard]] QWidget* buildJson();
    [[nodiscard]] JsonSide buildJsonSide(model::ConditionModel::Part part, const QString& title,
                                         QVBoxLayout& into);
    void rebuildSoon();
    void rebuild();
    void addPart(model::ConditionModel::Part part, const QString& title);
    void addNode(const QModelIndex& index, QVBoxLayout& into);
    void addGroup(const QModelIndex& index, QVBoxLayout& into);
    void addButtons(const QModelIndex& index, QVBoxLayout& into);
    void refreshRows();
    void showJson();
    void readJson(JsonSide& side);
    void fillSavedMenu();
    void saveAs(const QString& name);
    [[nodiscard]] model::ConditionModel& conditions() const { return m_filter->conditions(); }

    model::FilterModel* m_filter = nullptr;
    model::SavedFilters* m_saved = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr;
    QWidget* m_tree = nullptr; // made anew when the tree's shape changes
    QVBoxLayout* m_treeRoom = nullptr;
    QMenu* m_savedMenu = nullptr;
    QLineEdit* m_name = nullptr;
    std::vector<JsonSide> m_json;
    std::vector<ConditionRow*> m_rows;
    QPersistentModelIndex m_focusNext;
    QTimer m_rebuildSoon;
    QTimer m_applySoon;
    bool m_readingJson = false;
};

} // namespace ui
