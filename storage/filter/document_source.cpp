#include "storage/filter/document_source.h"

#include "storage/base/utf8.h"
#include "storage/filter/row_index.h"

#include <algorithm>
#include <cstring>

namespace storage {

namespace {

constexpr std::string_view kScan =
    "SELECT id, c0 FROM embedding_fulltext_search_content WHERE id > ?1 AND id <= ?2";
constexpr std::string_view kSeek = "SELECT id, c0 FROM embedding_fulltext_search_content WHERE id = ?1";
constexpr std::string_view kProbe = "SELECT c0 FROM embedding_fulltext_search_content LIMIT 1";
constexpr std::string_view kMatch =
    "SELECT rowid FROM embedding_fulltext_search WHERE embedding_fulltext_search MATCH ?1 "
    "AND rowid > ?2 AND rowid <= ?3";
constexpr std::string_view kMatchOne =
    "SELECT rowid FROM embedding_fulltext_search WHERE embedding_fulltext_search "
    "MATCH ?1 AND rowid = ?2";
constexpr std::string_view kTrigrams = "SELECT 1 FROM sqlite_master WHERE name = 'embedding_fulltext_search' "
                                       "AND sql LIKE '%fts5%trigram%'";
constexpr std::size_t kLeastIndexed = 3; // characters of a trigram
constexpr std::size_t kSamples = 8;

void appendPhrase(std::string& query, std::string_view text)
{
    if (!query.empty())
        query += " AND ";
    query += '"';
    for (const char c : text)
        query += c == '"' ? std::string_view("\"\"") : std::string_view(&c, 1);
    query += '"';
}

// What opens the document, of a length that the index can look up; empty: too short.
std::string_view opening(std::string_view document)
{
    constexpr std::size_t kLongest = 20;
    document = document.substr(0, document.find('\0'));
    std::size_t at = 0, characters = 0;
    for (; at < document.size() && characters < kLongest; ++characters)
        at += codePointAt(document, at).length;
    return characters >= kLeastIndexed ? document.substr(0, at) : std::string_view();
}

} // namespace

void DocumentSource::report(const char* code, const char* sentence, const RowsView& view)
{
    Finding finding;
    finding.code = code;
    finding.severity = Severity::Warning;
    finding.collection = view.reader.collection().id;
    finding.sentence = sentence;
    m_findings.push_back(std::move(finding));
}

Status DocumentSource::chooseTable(const RowsView& view)
{
    if (m_table != Table::Unchosen)
        return {};
    const Connection& connection = view.reader.connection();
    m_table = Table::FullText;
    if (!connection.hasTable("embedding_fulltext_search_content")) {
        m_table = Table::Documents;
        m_index = Index::Unusable;
        // Before 0.4.6 Chroma had another table; nothing is missing there.
        if (!connection.hasTable("embedding_fulltext_content"))
            report("fts-missing",
                   "The full-text table is missing; conditions on documents are answered from the documents "
                   "themselves.",
                   view);
        return {};
    }
    auto probed = singleInteger(connection, kProbe);
    if (probed)
        return {};
    if (probed.error().kind != ErrorKind::Corrupt)
        return pass(probed);
    abandonFullText(view);
    return {};
}

void DocumentSource::abandonFullText(const RowsView& view)
{
    m_table = Table::Documents;
    m_index = Index::Unusable;
    report("fts-damaged",
           "The full-text table cannot be read; conditions on documents are answered from the documents "
           "themselves.",
           view);
}

Status DocumentSource::walkFullText(const RowsView& view, const RowSet& among, const EachText& each)
{
    const Connection& connection = view.reader.connection();
    const std::vector<std::uint32_t> wanted = among.positions();
    if (wanted.empty())
        return {};
    const SliceRange range{view.rows[wanted.front()].value - 1, view.rows[wanted.back()].value};
    const bool sparse = isSparse(wanted.size(), range.last - range.after);
    auto statement = connection.prepare(sparse ? kSeek : kScan);
    if (!statement)
        return pass(statement);
    TableSlices slices(connection, view.guard, view.progress);
    RowIndex index(view.rows);
    const auto take = [&](const Statement& row) {
        const auto position = index.find(row.integer(0));
        const bool asked = position && among.contains(*position) && row.type(1) == SqlType::Text;
        return asked ? each(*position, row.text(1)) : Status();
    };
    if (sparse)
        return slices.overItems(wanted.size(), [&](std::size_t i) {
            statement->bind(0, view.rows[wanted[i]].value);
            return forEachRow(*statement, take);
        });
    return slices.overRange(range, [&](SliceRange slice) {
        statement->bind(0, slice.after).bind(1, slice.last);
        view.progress.report(slice.last - range.after, range.last - range.after,
                             QStringLiteral("Reading documents"));
        return readTexts(*statement, slices, slice, 0, take);
    });
}

Status DocumentSource::walkPending(const RowsView& view, const RowSet& among, const EachText& each) const
{
    for (const PendingRow& row : pendingRows(view.reader, view.rows))
        if (row.record && row.record->document && among.contains(row.position))
            if (auto done = each(row.position, *row.record->document); !done)
                return done;
    return {};
}

Status DocumentSource::walkTables(const RowsView& view, const RowSet& among, const EachText& each)
{
    if (auto chosen = chooseTable(view); !chosen)
        return chosen;
    RowSet stored = among;
    RowSet replaced(m_rows);
    for (const PendingRow& row : pendingRows(view.reader, view.rows))
        replaced.insert(row.position);
    stored -= replaced;
    Status done;
    if (m_table == Table::FullText) {
        done = walkFullText(view, stored, each);
        if (!done && done.error().kind == ErrorKind::Corrupt)
            abandonFullText(view);
    }
    if (m_table == Table::Documents) {
        const std::vector<std::uint32_t> wanted = stored.positions();
        done = forEachText(view, kDocumentKey, &wanted, each);
    }
    return done ? walkPending(view, among, each) : done;
}

Status DocumentSource::walkAndKeep(const RowsView& view, const EachText& each)
{
    forgetTexts();
    m_kept.starts.assign(m_rows, 0);
    m_kept.lengths.assign(m_rows, kNone);
    RowSet withNul(m_rows);
    auto done = walkTables(view, RowSet(m_rows, true), [&](std::uint32_t position, std::string_view text) {
        if (std::memchr(text.data(), 0, text.size()))
            withNul.insert(position);
        if (!m_tooLarge) {
            m_kept.starts[position] = m_kept.text.size();
            m_kept.lengths[position] = static_cast<std::uint32_t>(text.size());
            m_kept.text.append(text);
            m_tooLarge = bytes() > m_budget;
        }
        return each(position, text);
    });
    m_kept.complete = done && !m_tooLarge;
    if (!m_kept.complete)
        forgetTexts();
    else
        m_kept.text.shrink_to_fit();
    if (done)
        m_withNul = std::move(withNul);
    return done;
}

Status DocumentSource::walkKept(const RowSet& among, const EachText& each, Progress& progress) const
{
    constexpr std::uint32_t kBetweenLooks = 4096;
    Status done;
    std::uint32_t seen = 0;
    among.forEach([&](std::uint32_t position) {
        if (!done || m_kept.lengths[position] == kNone)
            return;
        if (++seen % kBetweenLooks == 0 && progress.cancelled())
            done = cancelledError();
        else
            done =
                each(position,
                     std::string_view(m_kept.text).substr(m_kept.starts[position], m_kept.lengths[position]));
    });
    return done;
}

Status DocumentSource::forEach(const RowsView& view, const RowSet& among, const EachText& each)
{
    if (m_kept.complete)
        return walkKept(among, each, view.progress);
    const bool all = among.count() == m_rows;
    // A walk over everything is worth keeping, or at least tells where NULs are.
    if (all && (!m_tooLarge || !m_withNul))
        return walkAndKeep(view, each);
    return walkTables(view, among, each);
}

// Looks up some documents by their own first words: an index that has lost rows does not find them all.
Status DocumentSource::checkIndex(const RowsView& view)
{
    if (m_index != Index::Unchecked)
        return {};
    if (auto chosen = chooseTable(view); !chosen || m_index == Index::Unusable)
        return chosen;
    m_index = Index::Unusable;
    auto trigrams = singleInteger(view.reader.connection(), kTrigrams);
    if (!trigrams)
        return pass(trigrams);
    if (!*trigrams)
        return {};
    RowSet samples(m_rows);
    for (std::size_t i = 0; i < kSamples && m_rows > 0; ++i)
        samples.insert(i * (m_rows - 1) / (kSamples - 1));
    RowSet replaced(m_rows);
    for (const PendingRow& row : pendingRows(view.reader, view.rows))
        replaced.insert(row.position);
    samples -= replaced;
    std::vector<std::pair<std::uint32_t, std::string>> documents;
    auto read = walkFullText(view, samples, [&](std::uint32_t position, std::string_view text) {
        documents.emplace_back(position, opening(text));
        return Status();
    });
    if (!read)
        return read;
    m_index = Index::Usable;
    for (const auto& [position, text] : documents) {
        auto found = indexFinds(view, position, text);
        if (!found && found.error().kind != ErrorKind::Corrupt)
            return pass(found);
        if (found && *found)
            continue;
        m_index = Index::Unusable;
        report("fts-damaged",
               "The full-text index does not find documents that are there; conditions on documents are "
               "answered "
               "by reading every document.",
               view);
        return {};
    }
    return {};
}

Result<bool> DocumentSource::indexFinds(const RowsView& view, std::uint32_t position,
                                        std::string_view document)
{
    if (document.empty())
        return true;
    auto statement = view.reader.connection().prepare(kMatchOne);
    if (!statement)
        return pass(statement);
    std::string query;
    appendPhrase(query, document);
    statement->bind(0, std::string_view(query)).bind(1, view.rows[position].value);
    return statement->step();
}

// Stops quietly when more than `most` rows are found.
Status DocumentSource::matchIndex(const RowsView& view, const std::string& query, RowSet& found,
                                  std::size_t most)
{
    auto statement = view.reader.connection().prepare(kMatch);
    if (!statement)
        return pass(statement);
    RowIndex index(view.rows);
    TableSlices slices(view.reader.connection(), view.guard, view.progress);
    std::size_t count = 0;
    const auto stored =
        std::find_if(view.rows.rbegin(), view.rows.rend(), [](RowKey row) { return !row.isPending(); });
    if (stored == view.rows.rend())
        return {};
    // Each query opens the lists of all its trigrams, so narrow slices would cost more than they spare; this
    // many rows take some 20 ms.
    constexpr qint64 kMatchWidth = 100'000;
    const auto read = [&](SliceRange slice) -> Result<qint64> {
        if (count > most)
            return slice.last;
        statement->bind(0, std::string_view(query)).bind(1, slice.after).bind(2, slice.last);
        return readTexts(*statement, slices, slice, 0, [&](const Statement& row) {
            if (const auto position = index.find(row.integer(0))) {
                found.insert(*position);
                ++count;
            }
            return Status();
        });
    };
    return slices.overRange({view.rows.front().value - 1, stored->value}, read, kMatchWidth);
}

Result<std::optional<RowSet>> DocumentSource::candidates(const RowsView& view, const RowSet& among,
                                                         const std::vector<std::string_view>& texts)
{
    std::string query;
    for (const std::string_view text : texts)
        if (codePointCount(text) >= kLeastIndexed)
            appendPhrase(query, text);
    if (query.empty())
        return std::optional<RowSet>();
    if (auto checked = checkIndex(view); !checked)
        return pass(checked);
    if (m_index != Index::Usable)
        return std::optional<RowSet>();
    // Fetching each candidate costs more than passing over it; and a few rows are read sooner than looked up.
    const std::size_t asked = among.count();
    constexpr std::size_t kFew = 200;
    if (asked <= kFew)
        return std::optional<RowSet>();
    const std::size_t most = m_rows / 4;
    RowSet found(m_rows);
    auto matched = matchIndex(view, query, found, most);
    if (!matched) {
        if (matched.error().kind != ErrorKind::Corrupt)
            return pass(matched);
        m_index = Index::Unusable;
        report("fts-damaged",
               "The full-text index cannot be read; conditions on documents are answered by reading every "
               "document.",
               view);
        return std::optional<RowSet>();
    }
    if (found.count() > most)
        return std::optional<RowSet>();
    for (const PendingRow& row : pendingRows(view.reader, view.rows))
        found.insert(row.position);
    found &= among;
    return std::optional(std::move(found));
}

// By swapping: a string that is assigned an empty one keeps its memory.
void DocumentSource::forgetTexts()
{
    Kept nothing;
    std::swap(m_kept, nothing);
}

void DocumentSource::setBudget(qint64 bytes)
{
    m_budget = bytes;
    m_tooLarge = false;
    if (this->bytes() > m_budget)
        forgetTexts();
}

qint64 DocumentSource::bytes() const
{
    return qint64(m_kept.text.capacity() + m_kept.starts.capacity() * sizeof(std::size_t) +
                  m_kept.lengths.capacity() * sizeof(std::uint32_t));
}

} // namespace storage
