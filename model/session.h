// One open persist directory: its state, its lanes and the asynchronous doors that everything above goes
// through. Lives on the GUI thread and never blocks it; several sessions may live side by side. Reads only:
// connections are read-only and hold no transaction between calls.
#pragma once

#include "model/lane.h"
#include "model/open_directory.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace model {

class CollectionView;

enum class SessionState {
    Closed,
    Opening,
    Ready,
    Maintaining, // connections closed on purpose, e.g. while a restore swaps the directory
    Failed,      // error() says why
};

// What is learnt about a collection after the catalogue: counts come when they are ready.
struct CollectionFacts
{
    std::optional<qint64> count;         // records, as Chroma's count()
    std::optional<qint64> pending;       // write-ahead-log rows not yet in the segments
    std::optional<storage::Error> error; // why it could not be counted
};

class Session final : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    // Each answers with stateChanged: Opening, then Ready or Failed.
    void open(const QString& path); // the directory or its chroma.sqlite3
    void reload();                  // reads the catalogue anew; open views follow
    void close();
    // Drains the lanes and closes every connection, then calls `whenClosed` (state Maintaining). Follow with
    // open(), reload() or close().
    void beginMaintenance(std::function<void()> whenClosed);

    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] const storage::Error& error() const { return m_error; } // of Failed
    [[nodiscard]] const QString& path() const { return m_path; }          // as asked, then clean
    [[nodiscard]] bool isChangedOnDisk() const { return m_changedOnDisk; }
    [[nodiscard]] bool isVanished() const { return m_vanished; } // the directory is no longer there

    // Of the last successful opening; null before. What it points to stays as it was for as long as it is
    // held.
    [[nodiscard]] const OpenDirectoryPtr& directory() const { return m_opened; }
    [[nodiscard]] const storage::Catalog& catalog() const;                            // empty unless opened
    [[nodiscard]] const storage::Collection* collection(const std::string& id) const; // nullptr: not there
    [[nodiscard]] CollectionFacts facts(const std::string& collectionId) const;
    [[nodiscard]] std::optional<qint64> bytesOnDisk() const { return m_bytes; }
    // Of the directory, of the catalogue and of what was met since.
    [[nodiscard]] std::vector<storage::Finding> findings() const;

    // These collections are on screen: count them before the others.
    void countFirst(const std::vector<std::string>& collectionIds);
    // A tab on a collection; the caller owns it. nullptr when there is no such collection.
    [[nodiscard]] std::unique_ptr<CollectionView> browse(const std::string& collectionId);

    // For the rooms of model/ that run jobs of their own.
    [[nodiscard]] Lane& workLane() { return m_work; }      // Queue: backup, restore, edit, export
    [[nodiscard]] Lane& vectorLane() { return m_vectors; } // Latest: vectors and similarity search

    // How often the directory is looked at for changes; tests shorten it.
    void setPollInterval(int milliseconds);
    void pollNow();

Q_SIGNALS:
    void stateChanged(model::SessionState state);
    void opened();                                      // Ready with a new directory()
    void factsChanged(const std::string& collectionId); // a count has come
    void bytesOnDiskChanged(qint64 bytes);
    void findingsChanged();
    void changedOnDiskChanged(bool changed); // offer reload()
    void failed(const storage::Error& error, const QString& what);

private:
    friend class CollectionView;
    struct Opening
    {
        OpenDirectoryPtr directory;
    };
    struct Counted
    {
        std::vector<std::pair<std::string, CollectionFacts>> facts;
        std::vector<std::string> left; // no time for these
    };

    void setState(SessionState state);
    void start(const QString& path);
    void accept(const Opening& opening);
    void refuse(const storage::Error& error);
    void measure();
    void countNext();
    void acceptCounts(Counted counted);
    void noteCount(const std::string& collectionId, qint64 count); // somebody read every row anyway
    void acceptPoll(const storage::Fingerprint& now, bool there, qint64 costMs);
    void setChangedOnDisk(bool changed);
    void addFindings(const std::vector<storage::Finding>& findings);
    void stopJobs();
    [[nodiscard]] static storage::Result<Opening> readDirectory(const QString& path, quint64 epoch,
                                                                storage::Progress& progress);
    [[nodiscard]] static Counted count(LaneReader& reader, const OpenDirectoryPtr& opened,
                                       std::vector<std::string> ids, storage::Progress& progress);

    SessionState m_state = SessionState::Closed;
    storage::Error m_error;
    QString m_path;
    OpenDirectoryPtr m_opened;
    quint64 m_epoch = 0;
    std::map<std::string, CollectionFacts> m_facts;
    std::map<std::string, std::size_t> m_byId; // into the catalogue's collections
    std::deque<std::string> m_toCount;
    std::optional<qint64> m_bytes;
    std::vector<storage::Finding> m_metFindings;
    bool m_counting = false;
    bool m_changedOnDisk = false;
    bool m_vanished = false;
    bool m_polling = false;
    QTimer m_poll;
    int m_pollIntervalMs = 2000;

    // What each lane keeps; touched on that lane's thread only. Declared before the lanes, which outlive no
    // job.
    std::shared_ptr<LaneReader> m_browseReader = std::make_shared<LaneReader>();
    std::shared_ptr<LaneReader> m_pageReader = std::make_shared<LaneReader>();
    std::shared_ptr<LaneReader> m_surveyReader = std::make_shared<LaneReader>();
    std::shared_ptr<LaneReader> m_vectorReader = std::make_shared<LaneReader>();
    Lane m_browse{Lane::Policy::Latest};  // opening, spines, filters, sorts: a slot a view
    Lane m_pages{Lane::Policy::Queue};    // short: rows of a page, one record
    Lane m_survey{Lane::Policy::Queue};   // counts, keys, the look for changes
    Lane m_vectors{Lane::Policy::Latest}; // vectors, similarity
    Lane m_work{Lane::Policy::Queue};     // long jobs, strictly one at a time
};

} // namespace model
