// The rows of a records grid as far as they are here: a bounded cache of pages over a spine. Asking for a row
// that is not here answers nullptr and fetches its page, one request per event-loop turn and one at a time,
// so that scrolling fast asks only for what is on screen when the last answer comes. GUI thread.
#pragma once

#include "model/record_cells.h"
#include "model/row_cache.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace model {

class RecordPages final : public QObject
{
    Q_OBJECT
public:
    static constexpr int kPageRows = 100;
    static constexpr int kCachedPages = 60;

    explicit RecordPages(CollectionView& view, QObject* parent = nullptr);

    // Another list of rows; `continued`: the rows so far stay in front of it.
    void setSpine(SpinePtr spine, bool continued);
    void setKeys(std::shared_ptr<const std::unordered_set<std::string>> keys); // to keep; null: all
    void forget();
    // Records that came with the spine.
    void putFirst(std::vector<storage::Record> records);

    [[nodiscard]] const RecordRow* row(int row); // nullptr: not here, and asked for
    // The vectors of the page of this row are looked at. Only then: opening the index takes memory.
    void wantVector(int row);

Q_SIGNALS:
    void arrived(int first, int last, bool withUri);
    void vectorsArrived(int first, int last);
    void failed(const storage::Error& error, const QString& what);

private:
    using Page = std::vector<RecordRow>;
    using Previews = std::vector<VectorPreview>;

    void want(qint64 page);
    void askWanted();
    void ask(const std::vector<qint64>& pages);
    void accept(const std::vector<qint64>& pages, std::vector<storage::Record> records);
    [[nodiscard]] Page pageOf(qint64 number, std::vector<storage::Record>& records, std::size_t& next) const;
    void askVectors();
    void acceptVectors(qint64 page, const std::vector<std::string>& ids, Previews previews);
    [[nodiscard]] std::vector<storage::RowKey> keysOf(qint64 page) const;

    CollectionView& m_view;
    SpinePtr m_spine;
    quint64 m_generation = 0; // late pages of another spine are dropped
    std::shared_ptr<const std::unordered_set<std::string>> m_keys;
    RowCache<Page> m_pages{kCachedPages};
    std::vector<qint64> m_wanted; // painted last, last
    std::vector<qint64> m_wantedVectors;
    QTimer m_askTimer;
    bool m_asking = false;
    bool m_askingVectors = false;
};

} // namespace model
