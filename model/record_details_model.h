// One record in full for the inspector: its document, its metadata as typed rows, its uri and its vector with
// figures. Follows a row: show() asks, signals tell what has come; an answer for another row is dropped. As
// an item model it lists the metadata (key, value, type). GUI thread.
#pragma once

#include "model/collection_view.h"
#include "model/value_text.h"

#include <QAbstractTableModel>
#include <QPointer>

#include <optional>
#include <string>
#include <vector>

namespace model {

class RecordDetailsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { KeyColumn, ValueColumn, TypeColumn, ColumnCount };
    enum Role {
        TypeRole = Qt::UserRole + 1, // int of storage::MetaType
        RawTextRole,                 // the whole value as text
        JsonRole,                    // the value as JSON
        KeyRole,                     // QString of the row's key
    };
    enum class State {
        Empty, // no record chosen
        Loading,
        Ready,
        Gone,   // the record is no longer there
        Failed, // error()
    };
    enum class VectorState { None, Loading, Ready, Missing, Failed };

    explicit RecordDetailsModel(QObject* parent = nullptr);

    // The view must outlive the record shown, or clear() be called; a reload of the view asks again.
    void show(CollectionView& view, storage::RowKey row);
    void clear();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] VectorState vectorState() const { return m_vectorState; }
    [[nodiscard]] const storage::Error& error() const { return m_error; } // of Failed
    [[nodiscard]] const storage::Error& vectorError() const
    {
        return m_vectorError;
    } // of VectorState::Failed
    [[nodiscard]] CollectionView* view() const { return m_view; }
    [[nodiscard]] const storage::Record& record() const { return m_record; }
    [[nodiscard]] const std::vector<float>& vector() const { return m_vector; }
    [[nodiscard]] const VectorStats& vectorStats() const { return m_stats; }

    [[nodiscard]] QString id() const;
    [[nodiscard]] std::optional<QString> document() const; // nullopt: none
    [[nodiscard]] std::optional<QString> uri() const;
    [[nodiscard]] qint64 documentCharacters() const;

    // Texts to take away.
    [[nodiscard]] QString recordJson() const; // the shape of get(), one record, vector included when here
    [[nodiscard]] QString metadataJson() const;
    [[nodiscard]] QString vectorJson() const;
    [[nodiscard]] QString vectorNumpy() const; // np.array([...], dtype=np.float32)
    [[nodiscard]] QString pythonText() const;  // collection.get(ids=[...]) that answers the same

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] const storage::MetaEntry* entry(int row) const; // nullptr: no such row

Q_SIGNALS:
    void recordChanged(); // state(), record()
    void vectorChanged(); // vectorState(), vector(), vectorStats()

private:
    void ask();
    void askVector();
    void accept(storage::Result<std::vector<storage::Record>> records);
    void put(storage::Record record);
    void setState(State state);
    void setVector(VectorState state, std::vector<float> vector);

    QPointer<CollectionView> m_view;
    storage::RowKey m_row;
    quint64 m_ticket = 0;
    State m_state = State::Empty;
    VectorState m_vectorState = VectorState::None;
    storage::Record m_record;
    std::vector<float> m_vector;
    VectorStats m_stats;
    storage::Error m_error;
    storage::Error m_vectorError;
};

} // namespace model
