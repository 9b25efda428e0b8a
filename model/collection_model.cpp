#include "model/collection_model.h"

#include "model/value_text.h"

#include <QLocale>

#include <algorithm>

namespace model {

struct CollectionModel::Node
{
    Kind kind = Kind::Tenant;
    QString name;
    const storage::Collection* collection = nullptr;
    qint64 bytes = 0;
    QStringList findings;
    int severity = -1; // storage::Severity, -1: nothing to say
    Node* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;

    Node& add(Kind childKind, QString childName)
    {
        auto child = std::make_unique<Node>();
        child->kind = childKind;
        child->name = std::move(childName);
        child->parent = this;
        child->row = int(children.size());
        children.push_back(std::move(child));
        return *children.back();
    }
};

CollectionModel::CollectionModel(Session& session, QObject* parent)
    : QAbstractItemModel(parent),
      m_session(session),
      m_root(std::make_unique<Node>())
{
    connect(&session, &Session::opened, this, &CollectionModel::rebuild);
    connect(&session, &Session::stateChanged, this, [this](SessionState state) {
        if (!m_session.directory() && (state == SessionState::Closed || state == SessionState::Opening))
            rebuild();
    });
    connect(&session, &Session::factsChanged, this, &CollectionModel::refresh);
    connect(&session, &Session::findingsChanged, this, [this] {
        addFindings();
        for (const auto& [id, each] : m_byId)
            if (!each->findings.isEmpty())
                refresh(id);
    });
    rebuild();
}

CollectionModel::~CollectionModel() = default;

void CollectionModel::rebuild()
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    m_byId.clear();
    m_opened = m_session.directory();
    std::map<std::string, Node*> tenants;
    std::map<std::pair<std::string, std::string>, Node*> databases;
    const auto tenantNode = [&](const std::string& tenant) -> Node& {
        Node*& node = tenants[tenant];
        if (node == nullptr)
            node = &m_root->add(Kind::Tenant, text(tenant));
        return *node;
    };
    const auto databaseNode = [&](const std::string& tenant, const std::string& database) -> Node& {
        Node*& node = databases[{tenant, database}];
        if (node == nullptr)
            node = &tenantNode(tenant).add(Kind::Database, text(database));
        return *node;
    };
    if (m_opened) {
        for (const auto& tenant : m_opened->catalog.tenants)
            tenantNode(tenant);
        for (const auto& database : m_opened->catalog.databases)
            databaseNode(database.tenant, database.name);
        for (const auto& each : m_opened->catalog.collections) {
            Node& node = databaseNode(each.tenant, each.database).add(Kind::Collection, text(each.name));
            node.collection = &each;
            for (const auto& segment : each.segments)
                node.bytes += segment.bytes;
            m_byId[each.id] = &node;
        }
        addFindings();
    }
    endResetModel();
}

void CollectionModel::addFindings()
{
    for (const auto& [id, node] : m_byId) {
        node->findings.clear();
        node->severity = -1;
    }
    for (const auto& finding : m_session.findings()) {
        const auto found = m_byId.find(finding.collection);
        if (found == m_byId.end())
            continue;
        found->second->findings << text(finding.sentence);
        found->second->severity = std::max(found->second->severity, int(finding.severity));
    }
}

void CollectionModel::refresh(const std::string& collectionId)
{
    const auto found = m_byId.find(collectionId);
    if (found == m_byId.end())
        return;
    const Node* node = found->second;
    Q_EMIT dataChanged(createIndex(node->row, 0, node), createIndex(node->row, ColumnCount - 1, node));
}

const CollectionModel::Node& CollectionModel::node(const QModelIndex& index) const
{
    return index.isValid() ? *static_cast<const Node*>(index.internalPointer()) : *m_root;
}

QModelIndex CollectionModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, node(parent).children[std::size_t(row)].get());
}

QModelIndex CollectionModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    const Node* parent = node(child).parent;
    return parent == m_root.get() ? QModelIndex() : createIndex(parent->row, 0, parent);
}

int CollectionModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : int(node(parent).children.size());
}

int CollectionModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant CollectionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == CountColumn || section == DimensionColumn ||
                                          section == PendingColumn || section == BytesColumn))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Collection");
    case CountColumn:
        return tr("Records");
    case DimensionColumn:
        return tr("Dimension");
    case SpaceColumn:
        return tr("Space");
    case ModelColumn:
        return tr("Model");
    case PendingColumn:
        return tr("Pending");
    case BytesColumn:
        return tr("Index size");
    default:
        return {};
    }
}

CollectionModel::Kind CollectionModel::kind(const QModelIndex& index) const
{
    return node(index).kind;
}

const storage::Collection* CollectionModel::collection(const QModelIndex& index) const
{
    return index.isValid() ? node(index).collection : nullptr;
}

QModelIndex CollectionModel::indexOf(const std::string& collectionId) const
{
    const auto found = m_byId.find(collectionId);
    return found == m_byId.end() ? QModelIndex() : createIndex(found->second->row, 0, found->second);
}

QVariant CollectionModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& each = node(index);
    switch (role) {
    case KindRole:
        return int(each.kind);
    case SortRole:
        return sortValue(each, index.column());
    case Qt::DisplayRole:
        if (index.column() == NameColumn)
            return each.name;
        break;
    case Qt::AccessibleTextRole:
        if (index.column() == NameColumn && each.kind == Kind::Tenant)
            return tr("Tenant %1").arg(each.name);
        if (index.column() == NameColumn && each.kind == Kind::Database)
            return tr("Database %1").arg(each.name);
        break;
    default:
        break;
    }
    return each.collection == nullptr ? QVariant() : collectionData(each, index.column(), role);
}

QVariant CollectionModel::collectionData(const Node& each, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return cellText(each, column);
    case CollectionIdRole:
        return QByteArray::fromStdString(each.collection->id);
    case SeverityRole:
        return each.severity < 0 ? QVariant() : QVariant(each.severity);
    case FindingsRole:
        return each.findings;
    case CountTextRole:
        return cellText(each, CountColumn);
    case SubtitleRole: {
        QStringList parts;
        for (const int part : {DimensionColumn, SpaceColumn, ModelColumn})
            if (const QString shown = cellText(each, part).toString(); !shown.isEmpty())
                parts << shown;
        return parts.join(QStringLiteral(" \u00B7 "));
    }
    case Qt::ToolTipRole:
        return toolTip(each);
    case Qt::AccessibleTextRole:
        return column == NameColumn
                   ? tr("%1, %2 records").arg(each.name, cellText(each, CountColumn).toString())
                   : cellText(each, column);
    case Qt::TextAlignmentRole:
        return headerData(column, Qt::Horizontal, role);
    default:
        return {};
    }
}

QVariant CollectionModel::cellText(const Node& each, int column) const
{
    const storage::Collection& collection = *each.collection;
    const CollectionFacts facts = m_session.facts(collection.id);
    switch (column) {
    case NameColumn:
        return each.name;
    case CountColumn:
        if (facts.count)
            return countText(*facts.count);
        return facts.error ? QStringLiteral("?") : QStringLiteral("\u2026");
    case DimensionColumn:
        return collection.dimension ? QString::number(*collection.dimension) : QString();
    case SpaceColumn:
        return QString::fromLatin1(storage::spaceName(collection.index.space));
    case ModelColumn:
        return text(collection.model);
    case PendingColumn:
        return facts.pending && *facts.pending > 0 ? countText(*facts.pending) : QString();
    case BytesColumn:
        return each.bytes > 0 ? bytesText(each.bytes) : QString();
    default:
        return {};
    }
}

QVariant CollectionModel::sortValue(const Node& each, int column) const
{
    if (column == NameColumn || each.collection == nullptr)
        return each.name;
    const CollectionFacts facts = m_session.facts(each.collection->id);
    switch (column) {
    case CountColumn:
        return facts.count.value_or(-1);
    case DimensionColumn:
        return each.collection->dimension.value_or(-1);
    case PendingColumn:
        return facts.pending.value_or(-1);
    case BytesColumn:
        return each.bytes;
    default:
        return cellText(each, column);
    }
}

QString CollectionModel::toolTip(const Node& each) const
{
    const storage::Collection& collection = *each.collection;
    const CollectionFacts facts = m_session.facts(collection.id);
    QStringList lines;
    lines << each.name;
    if (facts.count)
        lines << tr("%n record(s)", nullptr, int(std::min<qint64>(*facts.count, INT_MAX)));
    if (facts.error)
        lines << facts.error->sentence;
    if (collection.dimension)
        lines << tr("%1 dimensions, space %2")
                     .arg(*collection.dimension)
                     .arg(QString::fromLatin1(storage::spaceName(collection.index.space)));
    if (!collection.model.empty())
        lines << tr("Embedding model %1").arg(text(collection.model));
    if (facts.pending.value_or(0) > 0)
        lines << tr("%n operation(s) wait in the write-ahead log", nullptr,
                    int(std::min<qint64>(*facts.pending, INT_MAX)));
    lines << tr("Id %1").arg(text(collection.id));
    lines << each.findings;
    return lines.join(QLatin1Char('\n'));
}

CollectionFilterModel::CollectionFilterModel(CollectionModel& source, QObject* parent)
    : QSortFilterProxyModel(parent),
      m_source(source)
{
    m_collator.setNumericMode(true);
    m_collator.setCaseSensitivity(Qt::CaseInsensitive);
    setRecursiveFilteringEnabled(true);
    setSourceModel(&source);
}

void CollectionFilterModel::setText(const QString& wanted)
{
    if (wanted == m_text)
        return;
    m_text = wanted;
    m_words = wanted.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool CollectionFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_words.isEmpty())
        return true;
    const QModelIndex index = m_source.index(row, 0, parent);
    const storage::Collection* collection = m_source.collection(index);
    if (collection == nullptr)
        return false; // shown when one of its collections is
    const QString name = index.data().toString();
    const QString more = model::text(collection->model) + QLatin1Char(' ') + model::text(collection->id);
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
        return name.contains(word, Qt::CaseInsensitive) || more.contains(word, Qt::CaseInsensitive);
    });
}

bool CollectionFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant one = left.data(CollectionModel::SortRole);
    const QVariant other = right.data(CollectionModel::SortRole);
    if (one.userType() == QMetaType::LongLong && other.userType() == QMetaType::LongLong)
        return one.toLongLong() < other.toLongLong();
    return m_collator.compare(one.toString(), other.toString()) < 0;
}

} // namespace model
