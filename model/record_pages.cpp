#include "model/record_pages.h"

#include <algorithm>

namespace model {

using storage::Record;
using storage::RowKey;

namespace {

constexpr std::size_t kPagesAtOnce = 4; // what a tall window shows

} // namespace

RecordPages::RecordPages(CollectionView& view, QObject* parent)
    : QObject(parent),
      m_view(view),
      m_spine(std::make_shared<storage::Spine>())
{
    m_askTimer.setSingleShot(true);
    m_askTimer.setInterval(0);
    connect(&m_askTimer, &QTimer::timeout, this, [this] {
        askWanted();
        askVectors();
    });
}

void RecordPages::setSpine(SpinePtr spine, bool continued)
{
    const auto before = qint64(m_spine->rows.size());
    m_spine = std::move(spine);
    if (!continued) {
        forget();
    } else if (before % kPageRows != 0) {
        m_pages.remove(before / kPageRows); // it was a part of a page
        ++m_generation;                     // and so is what is under way
    }
}

void RecordPages::setKeys(std::shared_ptr<const std::unordered_set<std::string>> keys)
{
    m_keys = std::move(keys);
    forget();
}

void RecordPages::forget()
{
    ++m_generation;
    m_pages.clear();
    m_wanted.clear();
    m_wantedVectors.clear();
}

void RecordPages::putFirst(std::vector<Record> records)
{
    if (m_pages.peek(0) == nullptr)
        accept({0}, std::move(records));
}

std::vector<RowKey> RecordPages::keysOf(qint64 page) const
{
    const auto first = std::size_t(page) * kPageRows;
    const auto last = std::min(first + kPageRows, m_spine->rows.size());
    if (first >= last)
        return {};
    return {m_spine->rows.begin() + std::ptrdiff_t(first), m_spine->rows.begin() + std::ptrdiff_t(last)};
}

const RecordRow* RecordPages::row(int row)
{
    const qint64 number = row / kPageRows;
    const Page* page = m_pages.find(number);
    const auto within = std::size_t(row % kPageRows);
    if (page == nullptr || within >= page->size()) {
        want(number);
        return nullptr;
    }
    return &(*page)[within];
}

void RecordPages::want(qint64 page)
{
    if (!m_askTimer.isActive() && !m_asking)
        m_askTimer.start();
    if (!m_wanted.empty() && m_wanted.back() == page)
        return;
    std::erase(m_wanted, page);
    m_wanted.push_back(page);
    if (m_wanted.size() > kPagesAtOnce)
        m_wanted.erase(m_wanted.begin()); // scrolled past; painting asks again
}

void RecordPages::askWanted()
{
    std::erase_if(m_wanted,
                  [this](qint64 page) { return m_pages.peek(page) != nullptr || keysOf(page).empty(); });
    if (!m_asking && !m_wanted.empty())
        ask(m_wanted);
}

void RecordPages::ask(const std::vector<qint64>& pages)
{
    std::vector<RowKey> rows;
    for (const qint64 page : pages) {
        const auto keys = keysOf(page);
        rows.insert(rows.end(), keys.begin(), keys.end());
    }
    m_asking = true;
    m_view.fetch(this, std::move(rows), {kGridText, m_keys},
                 [this, pages, generation = m_generation](storage::Result<std::vector<Record>> records) {
                     m_asking = false;
                     if (generation == m_generation) {
                         std::erase_if(m_wanted, [&pages](qint64 each) {
                             return std::find(pages.begin(), pages.end(), each) != pages.end();
                         });
                         if (records)
                             accept(pages, std::move(*records));
                         else
                             Q_EMIT failed(records.error(), tr("Reading records"));
                     }
                     askWanted();
                 });
}

RecordPages::Page RecordPages::pageOf(qint64 number, std::vector<Record>& records, std::size_t& next) const
{
    Page page;
    for (const RowKey key : keysOf(number)) {
        RecordRow row;
        // Records come in the order asked; those that are gone are left out.
        if (next < records.size() && records[next].row == key)
            row.record = std::move(records[next++]);
        else
            row.gone = true;
        page.push_back(std::move(row));
    }
    return page;
}

void RecordPages::accept(const std::vector<qint64>& pages, std::vector<Record> records)
{
    std::size_t next = 0;
    for (const qint64 number : pages) {
        Page page = pageOf(number, records, next);
        if (page.empty())
            continue;
        const bool withUri = std::any_of(page.begin(), page.end(),
                                         [](const RecordRow& row) { return row.record.uri.has_value(); });
        const int first = int(number) * kPageRows;
        const int last = first + int(page.size()) - 1;
        m_pages.put(number, std::move(page));
        Q_EMIT arrived(first, last, withUri);
    }
}

void RecordPages::wantVector(int row)
{
    const qint64 page = row / kPageRows;
    if (!m_askTimer.isActive() && !m_askingVectors)
        m_askTimer.start();
    if (std::find(m_wantedVectors.begin(), m_wantedVectors.end(), page) != m_wantedVectors.end())
        return;
    m_wantedVectors.push_back(page);
    if (m_wantedVectors.size() > kPagesAtOnce)
        m_wantedVectors.erase(m_wantedVectors.begin());
}

void RecordPages::askVectors()
{
    const Page* page = nullptr;
    qint64 number = 0;
    while (!m_askingVectors && page == nullptr && !m_wantedVectors.empty()) {
        number = m_wantedVectors.back();
        m_wantedVectors.pop_back();
        page = m_pages.peek(number);
    }
    if (page == nullptr)
        return;
    std::vector<std::string> ids;
    for (const RecordRow& row : *page)
        ids.push_back(row.record.id);
    m_askingVectors = true;
    m_view.fetchPreviews(
        this, ids, [this, ids, number, generation = m_generation](storage::Result<Previews> previews) {
            m_askingVectors = false;
            // Those that cannot be read count as missing; the error says why.
            if (generation == m_generation)
                acceptVectors(number, ids, previews ? std::move(*previews) : Previews(ids.size()));
            if (!previews)
                Q_EMIT failed(previews.error(), tr("Reading vectors"));
            askVectors();
        });
}

void RecordPages::acceptVectors(qint64 number, const std::vector<std::string>& ids, Previews previews)
{
    Page* page = m_pages.find(number);
    if (page == nullptr || page->size() != ids.size() || previews.size() != ids.size())
        return;
    for (std::size_t i = 0; i < ids.size(); ++i)
        if ((*page)[i].record.id == ids[i])
            (*page)[i].vector = std::move(previews[i]);
    const int first = int(number) * kPageRows;
    Q_EMIT vectorsArrived(first, first + int(ids.size()) - 1);
}

} // namespace model
