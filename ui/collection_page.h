// The middle of the window: the chosen collection's name and figures, and its pages as tabs. Without a
// collection it says so and what to do.
#pragma once

#include "model/session.h"

#include <QWidget>

#include <string>

class QStackedWidget;
class QTabBar;

namespace ui {

class Badge;
class ElidedLabel;
class EmptyState;

class CollectionPage final : public QWidget
{
    Q_OBJECT
public:
    explicit CollectionPage(model::Session& session, QWidget* parent = nullptr);

    // `name` is stable ("records"); takes the page.
    void addPage(const QString& name, const QString& title, QWidget* page);
    void showPage(const QString& name);
    [[nodiscard]] QString currentPage() const;
    void setCollection(const std::string& collectionId); // empty: none
    [[nodiscard]] EmptyState* emptyState() const { return m_empty; }

Q_SIGNALS:
    void pageChanged(const QString& name);

private:
    [[nodiscard]] QWidget* buildHead();
    void refresh();

    model::Session& m_session;
    std::string m_collection;
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_facts = nullptr;
    Badge* m_pending = nullptr;
    Badge* m_damage = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
};

} // namespace ui
