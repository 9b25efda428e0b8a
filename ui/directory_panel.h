// The open directory at the left: what it is and in which state, and its tree of tenants, databases and
// collections with a field that narrows it. Signals what was chosen; opens nothing itself.
#pragma once

#include "model/collection_model.h"
#include "model/holder_watch.h"
#include "model/session.h"

#include <QWidget>

#include <string>

class QLabel;
class QLineEdit;
class QTreeView;

namespace ui {

class Badge;
class ElidedLabel;

class DirectoryPanel final : public QWidget
{
    Q_OBJECT
public:
    DirectoryPanel(model::Session& session, model::CollectionModel& collections,
                   const model::HolderWatch& holders, QWidget* parent = nullptr);

    void select(const std::string& collectionId);
    [[nodiscard]] std::string selected() const; // empty: none
    void selectNext(int step);                  // among the collections shown
    void focusFilter();
    void focusTree();

Q_SIGNALS:
    void collectionChosen(const std::string& collectionId); // empty: none
    void copyAsked(const QString& text);

private:
    void buildHeader();
    void buildTree();
    void refresh();
    void refreshState();
    void refreshBadges();
    void countVisible();
    void showMenu(const QPoint& position);
    void takeCurrent(const QModelIndex& current);

    model::Session& m_session;
    model::CollectionModel& m_collections;
    const model::HolderWatch& m_holders;
    model::CollectionFilterModel m_filtered;
    QWidget* m_header = nullptr;
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_path = nullptr;
    ElidedLabel* m_facts = nullptr;
    ElidedLabel* m_generation = nullptr;
    Badge* m_access = nullptr;
    Badge* m_use = nullptr;
    Badge* m_state = nullptr;
    QLineEdit* m_filter = nullptr;
    QTreeView* m_tree = nullptr;
    QLabel* m_none = nullptr;
    std::string m_chosen;
};

} // namespace ui
