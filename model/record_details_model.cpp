#include "model/record_details_model.h"

#include "model/clipboard_text.h"
#include "storage/base/json_text.h"

namespace model {

using storage::Record;

RecordDetailsModel::RecordDetailsModel(QObject* parent) : QAbstractTableModel(parent) {}

void RecordDetailsModel::show(CollectionView& view, storage::RowKey row)
{
    if (m_view == &view && m_row == row && m_state != State::Empty && m_state != State::Failed)
        return;
    if (m_view != &view) {
        if (m_view)
            disconnect(m_view, nullptr, this, nullptr);
        m_view = &view;
        connect(&view, &CollectionView::reloaded, this, &RecordDetailsModel::ask);
        connect(&view, &CollectionView::gone, this, &RecordDetailsModel::clear);
        connect(&view, &QObject::destroyed, this, &RecordDetailsModel::clear);
    }
    m_row = row;
    ask();
}

void RecordDetailsModel::clear()
{
    ++m_ticket;
    if (m_view)
        disconnect(m_view, nullptr, this, nullptr);
    m_view.clear();
    put({});
    setState(State::Empty);
    setVector(VectorState::None, {});
}

void RecordDetailsModel::ask()
{
    const quint64 ticket = ++m_ticket;
    m_state = State::Loading; // what is shown stays until the answer is here
    m_view->fetch(this, {m_row}, {}, [this, ticket](storage::Result<std::vector<Record>> records) {
        if (ticket == m_ticket)
            accept(std::move(records));
    });
}

void RecordDetailsModel::accept(storage::Result<std::vector<Record>> records)
{
    if (!records) {
        m_error = records.error();
        put({});
        setState(State::Failed);
        setVector(VectorState::None, {});
    } else if (records->empty()) {
        put({});
        setState(State::Gone);
        setVector(VectorState::None, {});
    } else {
        put(std::move(records->front()));
        setState(State::Ready);
        askVector();
    }
}

void RecordDetailsModel::askVector()
{
    setVector(VectorState::Loading, {});
    m_view->fetchVector(this, m_record.id,
                        [this, ticket = m_ticket](storage::Result<std::optional<std::vector<float>>> vector) {
                            if (ticket != m_ticket)
                                return;
                            if (!vector) {
                                m_vectorError = vector.error();
                                setVector(VectorState::Failed, {});
                            } else if (!*vector) {
                                setVector(VectorState::Missing, {});
                            } else {
                                setVector(VectorState::Ready, std::move(**vector));
                            }
                        });
}

void RecordDetailsModel::put(Record record)
{
    beginResetModel();
    m_record = std::move(record);
    endResetModel();
}

void RecordDetailsModel::setState(State state)
{
    m_state = state;
    Q_EMIT recordChanged();
}

void RecordDetailsModel::setVector(VectorState state, std::vector<float> vector)
{
    m_vectorState = state;
    m_vector = std::move(vector);
    m_stats = model::vectorStats(m_vector);
    Q_EMIT vectorChanged();
}

QString RecordDetailsModel::id() const
{
    return text(m_record.id);
}

std::optional<QString> RecordDetailsModel::document() const
{
    return m_record.document ? std::optional(text(*m_record.document)) : std::nullopt;
}

std::optional<QString> RecordDetailsModel::uri() const
{
    return m_record.uri ? std::optional(text(*m_record.uri)) : std::nullopt;
}

qint64 RecordDetailsModel::documentCharacters() const
{
    if (!m_record.document)
        return 0;
    qint64 characters = 0; // bytes that begin one
    for (const char each : *m_record.document)
        characters += (static_cast<unsigned char>(each) & 0xC0u) != 0x80u ? 1 : 0;
    return characters;
}

QString RecordDetailsModel::recordJson() const
{
    if (m_state != State::Ready)
        return {};
    return recordsJson({m_record}, m_vectorState == VectorState::Ready ? &m_vector : nullptr);
}

QString RecordDetailsModel::metadataJson() const
{
    std::string json;
    storage::appendJson(json, m_record.metadata);
    return text(json);
}

QString RecordDetailsModel::vectorJson() const
{
    std::string json;
    storage::appendJson(json, std::span<const float>(m_vector));
    return text(json);
}

QString RecordDetailsModel::vectorNumpy() const
{
    return numpyVector(m_vector);
}

QString RecordDetailsModel::pythonText() const
{
    if (!m_view || m_state != State::Ready)
        return {};
    return idsPython(m_view->session().path(), m_view->collection(), {m_record.id});
}

int RecordDetailsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_record.metadata.size());
}

int RecordDetailsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

const storage::MetaEntry* RecordDetailsModel::entry(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr : &m_record.metadata[std::size_t(row)];
}

QVariant RecordDetailsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const storage::MetaEntry& each = *entry(index.row());
    switch (role) {
    case TypeRole:
        return int(storage::typeOf(each.value));
    case RawTextRole:
        return valueText(each.value);
    case JsonRole:
        return valueJson(each.value);
    case KeyRole:
        return text(each.key);
    case Qt::ToolTipRole:
        return index.column() == KeyColumn ? text(each.key) : valueText(each.value).left(2000);
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case KeyColumn:
        return lineText(each.key);
    case ValueColumn:
        return valueLine(each.value, 1000);
    case TypeColumn:
        return typeText(storage::typeOf(each.value));
    default:
        return {};
    }
}

QVariant RecordDetailsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case KeyColumn:
        return tr("Key");
    case ValueColumn:
        return tr("Value");
    case TypeColumn:
        return tr("Type");
    default:
        return {};
    }
}

} // namespace model
