#include "storage/filter/text_order.h"

#include "storage/filter/row_index.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace storage {

namespace {

constexpr std::string_view kFirstIds =
    "SELECT id, embedding_id FROM embeddings WHERE segment_id = ?1 ORDER BY embedding_id LIMIT ?2";
constexpr std::string_view kNextIds = "SELECT id, embedding_id FROM embeddings WHERE segment_id = ?1 "
                                      "AND embedding_id > ?3 ORDER BY embedding_id LIMIT ?2";
constexpr qint64 kIdsInSlice = 20'000;

// The ids of the tables in order, those of the log's new records merged in.
class IdWalk
{
public:
    using Each = std::function<void(std::uint32_t, std::string_view)>;
    IdWalk(const RowsView& view, const Each& each) : m_view(view), m_each(each), m_index(view.rows) {}
    [[nodiscard]] Status run();

private:
    struct Added
    {
        std::string_view id;
        std::uint32_t position = 0;
    };
    void collectAdded();
    void passAddedBefore(std::string_view id);
    [[nodiscard]] Result<bool> slice(Statement& statement, const std::string& segment);

    const RowsView& m_view;
    const Each& m_each;
    RowIndex m_index;
    std::vector<Added> m_added;
    std::size_t m_nextAdded = 0;
    std::string m_last;
};

void IdWalk::collectAdded()
{
    RowIndex index(m_view.rows);
    for (const Record& record : m_view.reader.pending().added)
        if (const auto position = index.find(record.row.value))
            m_added.push_back({record.id, *position});
    std::sort(m_added.begin(), m_added.end(), [](const Added& a, const Added& b) { return a.id < b.id; });
}

void IdWalk::passAddedBefore(std::string_view id)
{
    for (; m_nextAdded < m_added.size() && m_added[m_nextAdded].id < id; ++m_nextAdded)
        m_each(m_added[m_nextAdded].position, m_added[m_nextAdded].id);
}

// True: that was the last one.
Result<bool> IdWalk::slice(Statement& statement, const std::string& segment)
{
    statement.bind(0, std::string_view(segment)).bind(1, kIdsInSlice);
    qint64 rows = 0;
    auto read = forEachRow(statement, [&](const Statement& row) {
        const std::string_view id = row.text(1);
        if (const auto position = m_index.find(row.integer(0))) {
            passAddedBefore(id);
            m_each(*position, id);
        }
        if (++rows == kIdsInSlice)
            m_last = id;
        return Status();
    });
    if (!read)
        return pass(read);
    return rows < kIdsInSlice;
}

Status IdWalk::run()
{
    collectAdded();
    const Segment* segment = m_view.reader.collection().segment("METADATA");
    const Connection& connection = m_view.reader.connection();
    if (segment) {
        auto first = connection.prepare(kFirstIds);
        if (!first)
            return pass(first);
        auto next = connection.prepare(kNextIds);
        if (!next)
            return pass(next);
        bool started = false;
        TableSlices slices(connection, m_view.guard, m_view.progress);
        auto done = slices.untilDone([&]() -> Result<bool> {
            if (!std::exchange(started, true))
                return slice(*first, segment->id);
            next->bind(2, std::string_view(m_last));
            return slice(*next, segment->id);
        });
        if (!done)
            return done;
    }
    for (; m_nextAdded < m_added.size(); ++m_nextAdded)
        m_each(m_added[m_nextAdded].position, m_added[m_nextAdded].id);
    return {};
}

// Sorts by the first bytes; then, round by round, whatever is still equal by the bytes behind them.
class DocumentRanker
{
public:
    DocumentRanker(const RowsView& view, std::size_t memory) : m_view(view), m_memory(memory) {}
    [[nodiscard]] Result<Ranks> run();

private:
    static constexpr std::size_t kHead = 16;
    struct Entry
    {
        std::array<unsigned char, kHead> head{};
        std::uint32_t position = 0;
        bool more = false; // the document goes on behind the head
        std::uint8_t length = 0;
        bool sameAsBefore = false;
    };
    struct Group // of m_entries; equal so far, and longer
    {
        std::size_t first = 0;
        std::size_t last = 0;
    };

    [[nodiscard]] Status readHeads();
    [[nodiscard]] Status nextRound();
    [[nodiscard]] Status readChunks(std::size_t length);
    [[nodiscard]] std::string& chunkOf(std::uint32_t position);
    void splitHeads();
    void split(const Group& group, std::size_t length);
    [[nodiscard]] Status forEachDocument(const std::vector<std::uint32_t>* only, const EachText& each);

    const RowsView& m_view;
    std::size_t m_memory;
    std::vector<Entry> m_entries;
    std::vector<Group> m_groups;
    std::vector<Group> m_next;
    std::size_t m_offset = kHead;
    std::vector<std::uint32_t> m_tied; // ascending
    std::vector<std::string> m_chunks; // of m_tied
};

Status DocumentRanker::forEachDocument(const std::vector<std::uint32_t>* only, const EachText& each)
{
    const std::vector<PendingRow> pending = pendingRows(m_view.reader, m_view.rows);
    RowSet replaced(m_view.rows.size());
    for (const PendingRow& row : pending)
        replaced.insert(row.position);
    auto stored = forEachText(m_view, kDocumentKey, only, [&](std::uint32_t position, std::string_view text) {
        return replaced.contains(position) ? Status() : each(position, text);
    });
    if (!stored)
        return stored;
    for (const PendingRow& row : pending) {
        const bool asked = !only || std::binary_search(only->begin(), only->end(), row.position);
        if (asked && row.record && row.record->document)
            if (auto done = each(row.position, *row.record->document); !done)
                return done;
    }
    return {};
}

Status DocumentRanker::readHeads()
{
    return forEachDocument(nullptr, [this](std::uint32_t position, std::string_view text) {
        Entry entry;
        entry.position = position;
        entry.length = static_cast<std::uint8_t>(std::min(text.size(), kHead));
        entry.more = text.size() > kHead;
        std::memcpy(entry.head.data(), text.data(), entry.length);
        m_entries.push_back(entry);
        return Status();
    });
}

void DocumentRanker::splitHeads()
{
    const auto key = [](const Entry& entry) { return std::tie(entry.head, entry.length, entry.more); };
    std::sort(m_entries.begin(), m_entries.end(),
              [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
    for (std::size_t first = 0; first < m_entries.size();) {
        std::size_t last = first + 1;
        for (; last < m_entries.size() && key(m_entries[last]) == key(m_entries[first]); ++last)
            m_entries[last].sameAsBefore = true;
        if (last - first > 1 && m_entries[first].more)
            m_groups.push_back({first, last});
        first = last;
    }
}

std::string& DocumentRanker::chunkOf(std::uint32_t position)
{
    const auto it = std::lower_bound(m_tied.begin(), m_tied.end(), position);
    return m_chunks[static_cast<std::size_t>(it - m_tied.begin())];
}

Status DocumentRanker::readChunks(std::size_t length)
{
    m_chunks.assign(m_tied.size(), {});
    return forEachDocument(&m_tied, [&](std::uint32_t position, std::string_view text) {
        if (text.size() > m_offset)
            chunkOf(position) = text.substr(m_offset, length);
        return Status();
    });
}

void DocumentRanker::split(const Group& group, std::size_t length)
{
    const auto begin = m_entries.begin() + std::ptrdiff_t(group.first);
    std::sort(begin, m_entries.begin() + std::ptrdiff_t(group.last),
              [this](const Entry& a, const Entry& b) { return chunkOf(a.position) < chunkOf(b.position); });
    for (std::size_t first = group.first; first < group.last;) {
        const std::string& chunk = chunkOf(m_entries[first].position);
        m_entries[first].sameAsBefore = false;
        std::size_t last = first + 1;
        for (; last < group.last && chunkOf(m_entries[last].position) == chunk; ++last)
            m_entries[last].sameAsBefore = true;
        if (last - first > 1 && chunk.size() == length)
            m_next.push_back({first, last});
        first = last;
    }
}

Status DocumentRanker::nextRound()
{
    constexpr std::size_t kLeast = 32;
    constexpr std::size_t kMost = 1 << 20;
    m_tied.clear();
    for (const Group& group : m_groups)
        for (std::size_t i = group.first; i < group.last; ++i)
            m_tied.push_back(m_entries[i].position);
    std::sort(m_tied.begin(), m_tied.end());
    const std::size_t length = std::clamp(m_memory / m_tied.size(), kLeast, kMost);
    if (auto read = readChunks(length); !read)
        return read;
    m_next.clear();
    for (const Group& group : m_groups)
        split(group, length);
    m_groups.swap(m_next);
    m_offset += length;
    return {};
}

Result<Ranks> DocumentRanker::run()
{
    if (auto read = readHeads(); !read)
        return pass(read);
    splitHeads();
    while (!m_groups.empty())
        if (auto done = nextRound(); !done)
            return pass(done);
    std::vector<std::uint32_t> ranks(m_view.rows.size(), Ranks::kNoRank);
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (i > 0 && !m_entries[i].sameAsBefore)
            ++rank;
        ranks[m_entries[i].position] = rank;
    }
    return Ranks(std::move(ranks));
}

} // namespace

Status forEachIdInOrder(const RowsView& view,
                        const std::function<void(std::uint32_t, std::string_view)>& each)
{
    return IdWalk(view, each).run();
}

Result<Ranks> idRanks(const RowsView& view)
{
    std::vector<std::uint32_t> ranks(view.rows.size(), Ranks::kNoRank);
    std::uint32_t next = 0;
    auto walked =
        forEachIdInOrder(view, [&](std::uint32_t position, std::string_view) { ranks[position] = next++; });
    if (!walked)
        return pass(walked);
    return Ranks(std::move(ranks));
}

Result<Ranks> documentRanks(const RowsView& view, std::size_t memory)
{
    return DocumentRanker(view, memory).run();
}

} // namespace storage
