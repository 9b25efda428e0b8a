// The open directory as a tree: tenant > database > collection, with what is known of each collection. A
// tenant with nothing but the default names is still shown, so that the tree's shape never surprises. Counts
// fill in as they come. Values only; reads the session's memory.
#pragma once

#include "model/session.h"

#include <QAbstractItemModel>
#include <QCollator>
#include <QSortFilterProxyModel>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace model {

class CollectionModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum class Kind { Tenant, Database, Collection };
    enum Column {
        NameColumn,
        CountColumn,
        DimensionColumn,
        SpaceColumn,
        ModelColumn,
        PendingColumn,
        BytesColumn,
        ColumnCount
    };
    enum Role {
        KindRole = Qt::UserRole + 1, // int of Kind
        CollectionIdRole,            // QByteArray; empty for tenants and databases
        SortRole,                    // number or text to sort by
        SeverityRole,                // int of storage::Severity; invalid: nothing to say (badge)
        FindingsRole,                // QStringList of sentences
        CountTextRole,               // "1,680", "…" while counting, "?" when it failed
        SubtitleRole,                // "384 · cosine · all-MiniLM-L6-v2"
    };

    explicit CollectionModel(Session& session, QObject* parent = nullptr);
    ~CollectionModel() override;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] Kind kind(const QModelIndex& index) const;
    // nullptr unless `index` is a collection; valid until the session reloads.
    [[nodiscard]] const storage::Collection* collection(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const std::string& collectionId) const;

private:
    struct Node;
    void rebuild();
    void addFindings();
    void refresh(const std::string& collectionId);
    [[nodiscard]] const Node& node(const QModelIndex& index) const;
    [[nodiscard]] QVariant collectionData(const Node& node, int column, int role) const;
    [[nodiscard]] QVariant cellText(const Node& node, int column) const;
    [[nodiscard]] QVariant sortValue(const Node& node, int column) const;
    [[nodiscard]] QString toolTip(const Node& node) const;

    Session& m_session;
    OpenDirectoryPtr m_opened; // keeps the collections that the nodes point to
    std::unique_ptr<Node> m_root;
    std::map<std::string, Node*> m_byId;
};

// Sorts by any column (names the way a person sorts: x2 before x10) and keeps the collections whose name,
// model or id contains every word; their tenants and databases stay.
class CollectionFilterModel final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit CollectionFilterModel(CollectionModel& source, QObject* parent = nullptr);
    void setText(const QString& text);
    [[nodiscard]] const QString& text() const { return m_text; }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    CollectionModel& m_source;
    QString m_text;
    QStringList m_words;
    QCollator m_collator;
};

} // namespace model
