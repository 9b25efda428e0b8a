// Whole records of many rows, fetched slice by slice so that the pages on screen are not held up meanwhile.
// A newer request replaces the older one. GUI thread.
#pragma once

#include "model/collection_view.h"

#include <QObject>

#include <vector>

namespace model {

class RecordCollector final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::size_t kSlice = 500;

    explicit RecordCollector(CollectionView& view, QObject* parent = nullptr);

    // Records in the order asked; those that are gone are left out.
    void collect(std::vector<storage::RowKey> rows, RecordsDone done);
    void cancel(); // `done` is not called any more
    [[nodiscard]] bool isBusy() const { return m_done != nullptr; }

Q_SIGNALS:
    void progressed(qint64 done, qint64 total);

private:
    void next();
    void finish(storage::Result<std::vector<storage::Record>> result);

    CollectionView& m_view;
    std::vector<storage::RowKey> m_rows;
    std::size_t m_at = 0;
    std::vector<storage::Record> m_records;
    RecordsDone m_done;
    quint64 m_ticket = 0;
};

} // namespace model
