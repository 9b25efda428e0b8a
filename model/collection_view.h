// One tab on one collection: which records it shows in which order (the spine), and the asynchronous doors to
// their contents. A newer query replaces the older one; late answers are dropped. First rows come first, then
// the whole spine, then the keys. Lives on the GUI thread; made by Session::browse and must not outlive it.
#pragma once

#include "model/record_query.h"
#include "model/session.h"
#include "storage/vectors/vector_store.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

namespace model {

// Stands at the end of a text that fetch() cut.
inline constexpr char kCutMark[] = "\xE2\x80\xA6"; // …

using SpinePtr = std::shared_ptr<const storage::Spine>;
// What a grid needs of a record; the inspector and exports take everything.
struct Trim
{
    qsizetype textLimit = 0; // bytes of a document or string; longer ones end with kCutMark. 0: whole
    std::shared_ptr<const std::unordered_set<std::string>> keys; // these metadata keys only; null: all
};
inline constexpr qsizetype kGridText = 4096;

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
    // The records that came with the first rows, trimmed for a grid, and the keys seen in them, most frequent
    // first (at most kFirstKeys): a grid can be shown before anything else is known.
    [[nodiscard]] const std::vector<storage::Record>& firstRecords() const { return m_firstRecords; }
    [[nodiscard]] const std::vector<storage::CollectionReader::KeyInfo>& firstKeys() const
    {
        return m_firstKeys;
    }
    static constexpr std::size_t kFirstKeys = 256;
    // How the last conditions on documents were answered.
    [[nodiscard]] storage::DocumentPath documentPath() const { return m_documentPath; }

    // Metadata keys of the whole collection, by key; empty and false until they are read.
    [[nodiscard]] const std::vector<storage::CollectionReader::KeyInfo>& keys() const { return m_keys; }
    [[nodiscard]] bool areKeysKnown() const { return m_keysKnown; }

    // The doors. `done` is called later, on the GUI thread, while `context` lives.
    // Records in the order asked, those that are gone left out.
    void fetch(QObject* context, std::vector<storage::RowKey> rows, Trim trim, RecordsDone done);
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

    [[nodiscard]] static storage::Result<Rows> answer(LaneReader& reader, const OpenDirectoryPtr& opened,
                                                      const std::string& id, const RecordQuery& query,
                                                      bool tolerateChanges, storage::Progress& progress);
    [[nodiscard]] static storage::Result<Rows> steadyAnswer(LaneReader& reader,
                                                            const OpenDirectoryPtr& opened,
                                                            const std::string& id, const RecordQuery& query,
                                                            storage::Progress& progress);
    void runQuery();
    void readFirstRows();
    void readSpine();
    void readKeys();
    template <class Value, class Read>
    void readPages(QObject* context, Read read, std::function<void(storage::Result<Value>)> done);
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
    quint64 m_reading = 0; // counts the times that the rows had to be read anew under a writer
    RecordQuery m_query;
    RecordQuery m_shown;
    SpinePtr m_spine = std::make_shared<storage::Spine>();
    std::vector<storage::Record> m_firstRecords;
    std::vector<storage::CollectionReader::KeyInfo> m_firstKeys;
    storage::DocumentPath m_documentPath = storage::DocumentPath::None;
    std::vector<storage::CollectionReader::KeyInfo> m_keys;
    std::optional<qint64> m_total;
    bool m_started = false;
    bool m_complete = false;
    bool m_keysKnown = false;
    bool m_busy = false;
    bool m_gone = false;
};

} // namespace model
