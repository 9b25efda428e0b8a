#include "model/condition_model.h"

#include "model/value_text.h"

#include <algorithm>
namespace model {

using storage::ErrorKind;
using storage::Result;
using storage::WhereNode;
using storage::WhereOperator;

namespace {

QVariantList operatorsFor(bool onDocument)
{
    using Op = WhereOperator;
    const std::vector<Op> document{Op::Contains, Op::NotContains, Op::Regex, Op::NotRegex};
    const std::vector<Op> metadata{Op::Eq,  Op::Ne, Op::Gt,  Op::Gte,      Op::Lt,
                                   Op::Lte, Op::In, Op::Nin, Op::Contains, Op::NotContains};
    QVariantList list;
    for (const Op op : onDocument ? document : metadata)
        list << int(op);
    return list;
}

} // namespace

QString operatorText(WhereOperator op)
{
    switch (op) {
    case WhereOperator::Eq:
        return ConditionModel::tr("is");
    case WhereOperator::Ne:
        return ConditionModel::tr("is not");
    case WhereOperator::Gt:
        return ConditionModel::tr("is greater than");
    case WhereOperator::Gte:
        return ConditionModel::tr("is at least");
    case WhereOperator::Lt:
        return ConditionModel::tr("is less than");
    case WhereOperator::Lte:
        return ConditionModel::tr("is at most");
    case WhereOperator::In:
        return ConditionModel::tr("is one of");
    case WhereOperator::Nin:
        return ConditionModel::tr("is none of");
    case WhereOperator::Contains:
        return ConditionModel::tr("contains");
    case WhereOperator::NotContains:
        return ConditionModel::tr("does not contain");
    case WhereOperator::Regex:
        return ConditionModel::tr("matches the pattern");
    case WhereOperator::NotRegex:
        return ConditionModel::tr("does not match the pattern");
    }
    return {};
}

ConditionModel::ConditionModel(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>())
{
    for (const Part part : {Part::Metadata, Part::Document}) {
        auto node = std::make_unique<Node>();
        node->kind = Kind::Part;
        node->part = part;
        node->parent = m_root.get();
        m_root->children.push_back(std::move(node));
    }
}

ConditionModel::~ConditionModel() = default;

void ConditionModel::setKeys(std::vector<storage::CollectionReader::KeyInfo> keys)
{
    m_keys = std::move(keys);
}

ConditionModel::Node& ConditionModel::partNode(Part part) const
{
    return *m_root->children[part == Part::Metadata ? 0 : 1];
}

void ConditionModel::setTree(Part part, const std::optional<WhereNode>& tree)
{
    Node& node = partNode(part);
    node.children.clear();
    if (!tree)
        return;
    node.children.push_back(Node::from(*tree, part));
    node.children.back()->parent = &node;
}

void ConditionModel::setConditions(const std::optional<WhereNode>& where,
                                   const std::optional<WhereNode>& whereDocument)
{
    beginResetModel();
    setTree(Part::Metadata, where);
    setTree(Part::Document, whereDocument);
    endResetModel();
    Q_EMIT conditionsChanged();
}

void ConditionModel::clear()
{
    setConditions(std::nullopt, std::nullopt);
}

Result<std::optional<WhereNode>> ConditionModel::tree(Part part) const
{
    const Node& node = partNode(part);
    if (node.children.empty() || node.isBlank())
        return std::optional<WhereNode>();
    if (const QString error = node.firstError(); !error.isEmpty())
        return storage::fail(ErrorKind::Invalid, error);
    return std::optional<WhereNode>(node.children.front()->where());
}

Result<std::optional<WhereNode>> ConditionModel::where() const
{
    return tree(Part::Metadata);
}

Result<std::optional<WhereNode>> ConditionModel::whereDocument() const
{
    return tree(Part::Document);
}

bool ConditionModel::isEmpty() const
{
    const auto says = [this](Part part) {
        return !partNode(part).children.empty() && !partNode(part).isBlank();
    };
    return !says(Part::Metadata) && !says(Part::Document);
}

QString ConditionModel::json(Part part) const
{
    const Node& node = partNode(part);
    if (node.children.empty() || node.isBlank())
        return {};
    const WhereNode where = node.children.front()->where();
    return text(part == Part::Metadata ? storage::whereJson(where) : storage::whereDocumentJson(where));
}

storage::Status ConditionModel::setJson(Part part, const QString& json)
{
    std::optional<WhereNode> parsed;
    if (!json.trimmed().isEmpty()) {
        auto where = part == Part::Metadata ? storage::parseWhere(json.toStdString())
                                            : storage::parseWhereDocument(json.toStdString());
        if (!where)
            return pass(where);
        parsed = std::move(*where);
    }
    beginResetModel();
    setTree(part, parsed);
    endResetModel();
    Q_EMIT conditionsChanged();
    return {};
}

// ---- editing

QModelIndex ConditionModel::insert(Node& parent, std::unique_ptr<Node> child)
{
    const int row = int(parent.children.size());
    child->parent = &parent;
    child->part = parent.part;
    beginInsertRows(indexOf(&parent), row, row);
    parent.children.push_back(std::move(child));
    endInsertRows();
    return indexOf(parent.children.back().get());
}

ConditionModel::Node& ConditionModel::groupIn(Node& part)
{
    if (part.children.front()->kind == Kind::Group)
        return *part.children.front();
    beginRemoveRows(indexOf(&part), 0, 0);
    auto lone = std::move(part.children.front());
    part.children.clear();
    endRemoveRows();
    auto group = std::make_unique<Node>();
    group->kind = Kind::Group;
    insert(part, std::move(group));
    Node& made = *part.children.front();
    insert(made, std::move(lone));
    return made;
}

QModelIndex ConditionModel::insertInto(const QModelIndex& parent, std::unique_ptr<Node> child)
{
    Node* into = node(parent);
    if (into->kind == Kind::Condition)
        into = into->parent;
    if (into->kind == Kind::Part && !into->children.empty())
        into = &groupIn(*into);
    if (into == m_root.get())
        into = &partNode(Part::Metadata);
    const QModelIndex made = insert(*into, std::move(child));
    Q_EMIT conditionsChanged();
    return made;
}

QModelIndex ConditionModel::addCondition(const QModelIndex& parent)
{
    auto child = std::make_unique<Node>();
    const Part part = node(parent)->part;
    if (part == Part::Document) {
        child->onDocument = true;
        child->op = WhereOperator::Contains;
    } else if (!m_keys.empty()) {
        child->key = m_keys.front().key;
    }
    child->part = part;
    child->type = child->typeFor(m_keys);
    child->setText(child->type == ValueType::Bool ? QStringLiteral("true") : QString());
    return insertInto(parent, std::move(child));
}

QModelIndex ConditionModel::addGroup(const QModelIndex& parent, bool any)
{
    auto child = std::make_unique<Node>();
    child->kind = Kind::Group;
    child->any = any;
    return insertInto(parent, std::move(child));
}

void ConditionModel::remove(const QModelIndex& index)
{
    Node* gone = node(index);
    if (!index.isValid() || gone->kind == Kind::Part)
        return;
    while (gone->parent->kind == Kind::Group && gone->parent->children.size() == 1)
        gone = gone->parent; // a group goes with its last condition
    Node* parent = gone->parent;
    const int row = gone->row();
    beginRemoveRows(indexOf(parent), row, row);
    parent->children.erase(parent->children.begin() + row);
    endRemoveRows();
    Q_EMIT conditionsChanged();
}

bool ConditionModel::edit(Node& each, int column, const QVariant& value) const
{
    if (each.kind != Kind::Condition)
        return false;
    switch (column) {
    case FieldColumn:
        each.setField(value.toString(), m_keys);
        return true;
    case OperatorColumn:
        if (value.toInt() < 0 || value.toInt() > int(WhereOperator::NotRegex))
            return false;
        each.setOperator(static_cast<WhereOperator>(value.toInt()));
        return true;
    case ValueColumn:
        each.setText(value.toString());
        return true;
    default:
        return false;
    }
}

bool ConditionModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    Node& each = *node(index);
    switch (role) {
    case Qt::EditRole:
        if (!edit(each, index.column(), value))
            return false;
        break;
    case ValueTypeRole:
        if (each.kind != Kind::Condition || value.toInt() < 0 || value.toInt() > int(ValueType::Bool))
            return false;
        each.type = static_cast<ValueType>(value.toInt());
        each.setText(QString(each.typed));
        break;
    case AnyRole:
        if (each.kind != Kind::Group)
            return false;
        each.any = value.toBool();
        break;
    default:
        return false;
    }
    changed(each);
    return true;
}

void ConditionModel::changed(const Node& each)
{
    Q_EMIT dataChanged(indexOf(&each), indexOf(&each, ColumnCount - 1));
    Q_EMIT conditionsChanged();
}

// ---- the tree as an item model

ConditionModel::Node* ConditionModel::node(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex ConditionModel::indexOf(const Node* each, int column) const
{
    return each == m_root.get() ? QModelIndex() : createIndex(each->row(), column, each);
}

QModelIndex ConditionModel::part(Part part) const
{
    return indexOf(&partNode(part));
}

QModelIndex ConditionModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, node(parent)->children[std::size_t(row)].get());
}

QModelIndex ConditionModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(node(child)->parent) : QModelIndex();
}

int ConditionModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : int(node(parent)->children.size());
}

int ConditionModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

Qt::ItemFlags ConditionModel::flags(const QModelIndex& index) const
{
    const auto flags = QAbstractItemModel::flags(index);
    return index.isValid() && node(index)->kind == Kind::Condition ? flags | Qt::ItemIsEditable : flags;
}

QVariant ConditionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case FieldColumn:
        return tr("Field");
    case OperatorColumn:
        return tr("Condition");
    case ValueColumn:
        return tr("Value");
    default:
        return {};
    }
}

QVariant ConditionModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& each = *node(index);
    const bool condition = each.kind == Kind::Condition;
    switch (role) {
    case KindRole:
        return int(each.kind);
    case PartRole:
        return int(each.part);
    case AnyRole:
        return each.kind == Kind::Group ? QVariant(each.any) : QVariant();
    case OperatorRole:
        return condition ? QVariant(int(each.op)) : QVariant();
    case OperatorsRole:
        return condition ? operatorsFor(each.onDocument) : QVariant();
    case ValueTypeRole:
        return condition ? QVariant(int(each.type)) : QVariant();
    case ErrorRole:
    case Qt::ToolTipRole:
        return each.ownError();
    case Qt::EditRole:
        if (condition && index.column() == OperatorColumn)
            return int(each.op);
        return shownText(each, index.column());
    case Qt::DisplayRole:
        return shownText(each, index.column());
    default:
        return {};
    }
}

QVariant ConditionModel::shownText(const Node& each, int column) const
{
    if (each.kind == Kind::Part)
        return column == FieldColumn ? QVariant(each.part == Part::Metadata ? tr("Metadata") : tr("Document"))
                                     : QVariant();
    if (each.kind == Kind::Group)
        return column == FieldColumn ? QVariant(each.any ? tr("Any of") : tr("All of")) : QVariant();
    switch (column) {
    case FieldColumn:
        if (!each.onDocument)
            return text(each.key);
        return each.part == Part::Document ? tr("Document") : QString::fromLatin1(Node::kDocumentField);
    case OperatorColumn:
        return operatorText(each.op);
    case ValueColumn:
        return each.typed;
    default:
        return {};
    }
}

} // namespace model
