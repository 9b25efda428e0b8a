// The records grid: a spine (which rows, in which order) and a bounded cache of pages over it. data() reads
// memory only: a row that is not here shows "…" and is asked for, one request per event-loop turn. Browsing,
// filtering, sorting and similarity search only bring another spine.
#pragma once

#include "model/collection_view.h"
#include "model/row_cache.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace model {

class RecordModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum class ColumnKind { Id, Document, Distance, Metadata, Uri, Embedding };
    struct ColumnInfo
    {
        ColumnKind kind = ColumnKind::Metadata;
        std::string key;    // Metadata only
        unsigned types = 0; // Metadata: bit per storage::MetaType seen
        qint64 records = 0; // Metadata: records that have the key; 0: not counted yet
        // Stable name for remembered layouts: "id", "document", "meta:KEY" ...
        [[nodiscard]] QString name() const;
        bool operator==(const ColumnInfo&) const = default;
    };
    enum class CellState {
        Loading, // not here yet: "…"
        Value,
        Missing, // the record has no such key, document, uri or vector: "—"
        Null,    // the key is there without a value (NaN)
        Gone,    // the record went since the rows were listed
    };
    enum Role {
        CellStateRole = Qt::UserRole + 1, // int of CellState
        TypeRole,                         // int of storage::MetaType, for metadata values
        RawTextRole,                      // QString: the whole value as text (as far as it is held)
        JsonRole,                         // QString: the value as JSON
        NumericRole,                      // bool: right-aligned, tabular figures
        DistanceRole,                     // float; invalid while browsing
        DistanceShareRole,                // double 0..1 within the shown distances, for the bar
        RowKeyRole,                       // qint64
        ColumnKindRole,                   // int of ColumnKind; header too
        ColumnNameRole,                   // header: ColumnInfo::name()
        TypesTextRole,                    // header: "int · string"
        CoverageRole,  // header: share of records that have the key, 0..1; invalid: unknown
        TruncatedRole, // bool: RawTextRole holds the beginning only
    };
    static constexpr int kPageRows = 100;
    static constexpr int kCachedPages = 60;
    static constexpr qsizetype kCellLimit = 4096; // bytes of a document or string kept for the grid
    static constexpr int kFirstColumns = 64;      // metadata columns shown unasked, most frequent first

    explicit RecordModel(CollectionView& view, QObject* parent = nullptr);

    // Shows another list of records; browsing follows the view by itself (followView).
    void setSpine(SpinePtr spine);
    void followView();
    [[nodiscard]] const SpinePtr& spine() const { return m_spine; }
    [[nodiscard]] CollectionView& view() const { return m_view; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    // Over the whole set, through the view; the rows follow when they are ready.
    void sort(int column, Qt::SortOrder order) override;

    [[nodiscard]] const std::vector<ColumnInfo>& columns() const { return m_columns; }
    [[nodiscard]] int columnOf(const QString& name) const; // -1: not shown
    // Every key of the collection, most frequent first, shown or not: for the column chooser.
    [[nodiscard]] const std::vector<storage::CollectionReader::KeyInfo>& allKeys() const { return m_allKeys; }
    [[nodiscard]] int hiddenKeyCount() const; // keys without a column, because there are too many
    void showKey(const std::string& key);     // gives a capped key its column
    void dropKey(const std::string& key);     // takes it back

    [[nodiscard]] std::optional<storage::RowKey> rowKey(int row) const;
    [[nodiscard]] int rowOf(storage::RowKey key) const; // -1: not among the shown
    // The record as far as the grid holds it (long text cut); nullptr: not here. Valid until the event loop.
    [[nodiscard]] const storage::Record* cached(int row) const;
    [[nodiscard]] const storage::MetaValue* value(const QModelIndex& index) const; // nullptr: not a value
    // Whole records of these rows, for copying and exporting.
    void fetchWhole(QObject* context, const std::vector<int>& rows, RecordsDone done);
    // How distances of this spine are called: set by whoever searches.
    void setDistanceTitle(const QString& title);

Q_SIGNALS:
    void columnsChanged(); // another set of columns, or their types and coverage
    void rowsArrived(int first, int last);
    void failed(const storage::Error& error, const QString& what);

private:
    struct Row
    {
        bool gone = false;
        bool cut = false;
        storage::Record record;
        std::optional<VectorPreview> vector; // nullopt: not read yet
    };
    using Page = std::vector<Row>;

    void acceptSpine();
    void extendSpine(SpinePtr spine);
    void acceptKeys();
    void noteKeys(const std::vector<storage::Record>& records);
    void setColumns(std::vector<ColumnInfo> columns);
    void insertColumn(int position, ColumnInfo column);
    void want(qint64 page) const;
    void askWanted();
    void ask(std::vector<qint64> pages);
    void acceptRecords(const std::vector<qint64>& pages, std::vector<storage::Record> records);
    void askPreviews(const std::vector<qint64>& pages);
    void acceptPreviews(const std::vector<qint64>& pages, const std::vector<std::string>& ids,
                        std::vector<VectorPreview> previews);
    void forgetRows();
    [[nodiscard]] const Row* rowAt(int row) const;
    [[nodiscard]] std::vector<storage::RowKey> keysOf(qint64 page) const;
    [[nodiscard]] QVariant cell(const Row& row, int rowNumber, const ColumnInfo& column, int role) const;
    [[nodiscard]] QVariant metadataCell(const Row& row, const ColumnInfo& column, int role) const;
    [[nodiscard]] QVariant distanceCell(int row, int role) const;
    [[nodiscard]] CellState cellState(const Row& row, const ColumnInfo& column) const;
    [[nodiscard]] QVariant columnTitle(const ColumnInfo& column, int role) const;

    CollectionView& m_view;
    SpinePtr m_spine;
    quint64 m_generation = 0; // late pages of another spine are dropped
    std::vector<ColumnInfo> m_columns;
    std::vector<storage::CollectionReader::KeyInfo> m_allKeys;
    std::set<std::string> m_keysAsked; // by showKey, beyond the cap
    mutable RowCache<Page> m_pages{kCachedPages};
    mutable std::vector<qint64> m_wanted; // painted last, last
    mutable QTimer m_askTimer;
    bool m_asking = false;
    bool m_following = false;
    bool m_uriSeen = false;
    float m_lowest = 0;
    float m_highest = 0;
    QString m_distanceTitle;
    mutable std::unordered_map<qint64, int> m_rowByKey; // made when rowOf is first asked
};

} // namespace model
