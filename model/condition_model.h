// The condition builder's tree: Chroma's where and where_document, edited as groups and conditions, lossless
// with their JSON text both ways. Two top rows, "Metadata" and "Document", each empty or holding one
// condition or group. What is not yet valid stands in the tree with a sentence (ErrorRole) and gives no
// condition.
#pragma once

#include "model/condition_node.h"
#include "storage/base/result.h"
#include "storage/chroma/collection_reader.h"
#include "storage/filter/where.h"

#include <QAbstractItemModel>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace model {

class ConditionModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { FieldColumn, OperatorColumn, ValueColumn, ColumnCount };
    using Part = ConditionNode::Part; // Metadata: where; Document: where_document
    using Kind = ConditionNode::Kind;
    using ValueType = ConditionNode::ValueType;
    enum Role {
        KindRole = Qt::UserRole + 1, // int of Kind
        PartRole,                    // int of Part
        OperatorRole,                // int of storage::WhereOperator (conditions)
        OperatorsRole,               // QVariantList of int: what may stand here
        ValueTypeRole,               // int of ValueType; editable
        ErrorRole,                   // QString; empty: valid
        AnyRole,                     // bool; groups: any of instead of all of; editable
    };

    explicit ConditionModel(QObject* parent = nullptr);
    ~ConditionModel() override;

    // For proposing keys and typing values.
    void setKeys(std::vector<storage::CollectionReader::KeyInfo> keys);

    void setConditions(const std::optional<storage::WhereNode>& where,
                       const std::optional<storage::WhereNode>& whereDocument);
    void clear();
    // nullopt: no condition. Errors: Invalid, the first sentence of the tree.
    [[nodiscard]] storage::Result<std::optional<storage::WhereNode>> where() const;
    [[nodiscard]] storage::Result<std::optional<storage::WhereNode>> whereDocument() const;
    [[nodiscard]] bool isEmpty() const; // says nothing; a condition without a value says nothing yet

    // The JSON tab; empty text: no condition. Errors: Invalid, and the tree stays as it was.
    [[nodiscard]] QString json(Part part) const;
    [[nodiscard]] storage::Status setJson(Part part, const QString& text);

    // Editing; each answers with the index of what was made.
    QModelIndex
    addCondition(const QModelIndex& parent); // a part or a group; a part with one condition gets a group
    QModelIndex addGroup(const QModelIndex& parent, bool any);
    void remove(const QModelIndex& index);

    [[nodiscard]] QModelIndex part(Part part) const;
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

Q_SIGNALS:
    void conditionsChanged(); // any edit, valid or not

private:
    using Node = ConditionNode;
    [[nodiscard]] Node* node(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const Node* node, int column = 0) const;
    [[nodiscard]] Node& partNode(Part part) const;
    void setTree(Part part, const std::optional<storage::WhereNode>& tree);
    QModelIndex insert(Node& parent, std::unique_ptr<Node> child);
    QModelIndex insertInto(const QModelIndex& parent, std::unique_ptr<Node> child);
    Node& groupIn(Node& part); // wraps a lone condition
    void changed(const Node& node);

    [[nodiscard]] bool edit(Node& node, int column, const QVariant& value) const;
    [[nodiscard]] storage::Result<std::optional<storage::WhereNode>> tree(Part part) const;
    [[nodiscard]] QVariant shownText(const Node& node, int column) const;

    std::vector<storage::CollectionReader::KeyInfo> m_keys;
    std::unique_ptr<Node> m_root;
};

[[nodiscard]] QString operatorText(storage::WhereOperator op); // "is", "is not", "is at least", "contains"

} // namespace model
