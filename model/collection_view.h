// One tab on one collection: which records it shows in which order (the spine), and the asynchronous doors to
// their contents. A newer query replaces the older one; late answers are dropped. First rows come first, then
// the whole spine, then the keys. Lives on the GUI thread; made by Session::browse and must not outlive it.
#pragma once

#include "model/session.h"
#include "storage/filter/where.h"
#include "storage/vectors/vector_store.h"

#include <QObject>
#include <QRegularExpression>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace model {

// Ids that match a text: Chroma's where knows no ids, get(ids=...) only knows whole ones.
struct IdCondition
{
    enum class Kind { Contains, Equals, Regex };
    Kind kind = Kind::Contains;
    std::string text;
    bool operator==(const IdCondition&) const = default;
};

// Which records, in which order.
struct RecordQuery
{
    std::optional<storage::WhereNode> where;
    std::optional<storage::WhereNode> whereDocument;
    std::optional<IdCondition> id;
    storage::ColumnCache::SortBy sortBy = storage::ColumnCache::SortBy::Insertion;
    std::string sortKey; // of SortBy::MetadataKey
    bool descending = false;

    [[nodiscard]] bool isFiltered() const { return where || whereDocument || id; }
    bool operator==(const RecordQuery&) const = default;
};

// Stands at the end of a text that fetch() cut.
inline constexpr char kCutMark[] = "\xE2\x80\xA6"; // …

using SpinePtr = std::shared_ptr<const storage::Spine>;
using RecordsDone = std::function<void(storage::Result<std::vector<storage::Record>>)>;
// What a grid shows of a vector: its first components.
struct VectorPreview
{
    std::vector<float> head;
    std::size_t dimension = 0;
};

class CollectionView final : public QObject
{
    Q_OBJECT
public:
    ~CollectionView() override;

    [[nodiscard]] const storage::Collection& collection() const { return m_collection; }
    [[nodiscard]] Session& session() const { return m_session; }

    void start();                                                           // first rows, then everything
    void setQuery(const RecordQuery& query);                                // over the whole collection
    [[nodiscard]] const RecordQuery& query() const { return m_query; }      // as asked last
    [[nodiscard]] const RecordQuery& shownQuery() const { return m_shown; } // what spine() answers

    // The rows to show; a prefix of them until isComplete().
    [[nodiscard]] const SpinePtr& spine() const { return m_spine; }
    [[nodiscard]] bool isComplete() const { return m_complete; }
    [[nodiscard]] bool isBusy() const { return m_busy; }
    [[nodiscard]] bool isGone() const { return m_gone; }  // the collection went with a reload
    [[nodiscard]] std::optional<qint64> total() const;    // records of the collection
    [[nodiscard]] std::optional<qint64> matching() const; // records of the query; nullopt: not known yet
    // The records that came with the first rows; saves the grid a turn.
    [[nodiscard]] const std::vector<storage::Record>& firstRecords() const { return m_firstRecords; }

    // Metadata keys of the whole collection, by key; empty and false until they are read.
    [[nodiscard]] const std::vector<storage::CollectionReader::KeyInfo>& keys() const { return m_keys; }
    [[nodiscard]] bool areKeysKnown() const { return m_keysKnown; }

    // The doors. `done` is called later, on the GUI thread, while `context` lives.
    // Records in the order asked, those that are gone left out; `textLimit` > 0 cuts long documents and
    // strings (for a grid; see kCutMark).
    void fetch(QObject* context, std::vector<storage::RowKey> rows, qsizetype textLimit, RecordsDone done);
    void fetchPreviews(QObject* context, std::vector<std::string> ids,
                       std::function<void(storage::Result<std::vector<VectorPreview>>)> done);
    // The vector as Chroma's get() answers it; nullopt: the record has none.
    void fetchVector(QObject* context, const std::string& id,
                     std::function<void(storage::Result<std::optional<std::vector<float>>>)> done);
    void
    fetchVectors(QObject* context, std::vector<std::string> ids,
                 std::function<void(storage::Result<std::vector<std::optional<std::vector<float>>>>)> done);
    // The row of an id; nullopt: no such record.
    void findId(QObject* context, const std::string& id,
                std::function<void(storage::Result<std::optional<storage::RowKey>>)> done);
    void
    fetchTopValues(QObject* context, const std::string& key, std::size_t limit,
                   std::function<void(storage::Result<std::vector<storage::ColumnCache::ValueCount>>)> done);
    // The matching ids in spine order, for export and CLI text; long ones can be cancelled with the view.
    void fetchIds(QObject* context, std::vector<storage::RowKey> rows,
                  std::function<void(storage::Result<std::vector<std::string>>)> done);

Q_SIGNALS:
    void spineChanged(); // spine(), isComplete() and matching()
    void keysChanged();  // keys()
    void totalChanged(); // total()
    void busyChanged(bool busy);
    void reloaded(); // another reading of the directory: cached records are stale
    void gone();     // isGone(): the collection is no longer there
    void failed(const storage::Error& error, const QString& what); // the rows shown stay

private:
    friend class Session;
    struct Rows;
    CollectionView(Session& session, storage::Collection collection);

    void runQuery();
    void readFirstRows();
    void readSpine();
    void readKeys();
    template <class Value, class Read>
    void readVectors(QObject* context, Read read, std::function<void(storage::Result<Value>)> done);
    void accept(Rows rows, const RecordQuery& query, bool complete);
    void follow(); // a reload
    void setBusy(bool busy);
    void report(const storage::Error& error, const QString& what);

    Session& m_session;
    storage::Collection m_collection;
    Lane::Slot m_slot;
    Lane::Ticket m_keysTicket = 0;
    RecordQuery m_query;
    RecordQuery m_shown;
    SpinePtr m_spine = std::make_shared<storage::Spine>();
    std::vector<storage::Record> m_firstRecords;
    std::vector<storage::CollectionReader::KeyInfo> m_keys;
    std::optional<qint64> m_total;
    bool m_started = false;
    bool m_complete = false;
    bool m_keysKnown = false;
    bool m_busy = false;
    bool m_gone = false;
};

} // namespace model
