#include "model/record_collector.h"

#include <algorithm>
#include <iterator>

namespace model {

RecordCollector::RecordCollector(CollectionView& view, QObject* parent) : QObject(parent), m_view(view) {}

void RecordCollector::collect(std::vector<storage::RowKey> rows, RecordsDone done)
{
    cancel();
    m_rows = std::move(rows);
    m_done = std::move(done);
    next();
}

void RecordCollector::cancel()
{
    ++m_ticket;
    m_at = 0;
    m_rows.clear();
    m_records.clear();
    m_done = nullptr;
}

void RecordCollector::next()
{
    const std::size_t end = std::min(m_at + kSlice, m_rows.size());
    std::vector<storage::RowKey> slice(m_rows.begin() + std::ptrdiff_t(m_at),
                                       m_rows.begin() + std::ptrdiff_t(end));
    m_view.fetch(this, std::move(slice), {},
                 [this, end, ticket = m_ticket](storage::Result<std::vector<storage::Record>> records) {
                     if (ticket != m_ticket)
                         return;
                     if (!records) {
                         finish(std::move(records));
                         return;
                     }
                     m_records.insert(m_records.end(), std::make_move_iterator(records->begin()),
                                      std::make_move_iterator(records->end()));
                     m_at = end;
                     Q_EMIT progressed(qint64(end), qint64(m_rows.size()));
                     if (ticket != m_ticket)
                         return;
                     if (end < m_rows.size())
                         next();
                     else
                         finish(std::move(m_records));
                 });
}

void RecordCollector::finish(storage::Result<std::vector<storage::Record>> result)
{
    const RecordsDone done = std::move(m_done);
    cancel();
    done(std::move(result));
}

} // namespace model
