#include "storage/vectors/vector_log.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace storage {

namespace {

// There is no index on topic, so a slice is a stretch of the whole log, short enough for a lock of
// milliseconds.
constexpr std::string_view kSliceEnd = "SELECT max(seq_id) FROM (SELECT seq_id FROM embeddings_queue WHERE "
                                       "seq_id > ?1 ORDER BY seq_id LIMIT 500)";

// Chroma selects rows by their date, though without a bound; a date that strftime cannot read fails that
// test.
constexpr std::string_view kRows =
    "SELECT seq_id, operation, id, vector, encoding, CAST(strftime('%s', created_at) AS INTEGER) <= "
    "9223372036 "
    "FROM embeddings_queue WHERE seq_id > ?1 AND seq_id <= ?2 AND topic = ?3 ORDER BY seq_id";

constexpr qint64 kBackfill = 4; // of Chroma's cloud, passed over locally

class RowReader
{
public:
    RowReader(VectorRows& out, const LabelMap* notIn) : m_out(out), m_notIn(notIn) {}

    void take(const Statement& row)
    {
        const qint64 seqId = row.integer(0);
        const qint64 operation = row.integer(1);
        if (operation == kBackfill || (m_notIn && m_notIn->labelOf(row.text(2))))
            return;
        if (operation < VectorRows::Add || operation > VectorRows::Delete)
            return m_out.note(VectorRows::UnknownOperation, seqId);
        if (row.integer(5) == 0)
            return m_out.note(VectorRows::UnreadableDate, seqId);
        VectorRows::Row taken{VectorRows::Operation(operation), VectorRows::kNone, row.string(2)};
        if (operation != VectorRows::Delete)
            taken.vector = takeVector(row, seqId);
        const bool needed = operation == VectorRows::Add || operation == VectorRows::Upsert;
        if (needed && taken.vector == VectorRows::kNone)
            m_out.note(VectorRows::NoVector, seqId);
        m_out.rows.push_back(std::move(taken));
    }

private:
    [[nodiscard]] std::int64_t takeVector(const Statement& row, qint64 seqId)
    {
        if (row.isNull(3))
            return VectorRows::kNone;
        const std::span<const std::byte> bytes = row.blob(3);
        if (row.text(4) != "FLOAT32") {
            m_out.note(VectorRows::WrongEncoding, seqId);
            return VectorRows::kUnusable;
        }
        if (bytes.size() != m_out.dimension * sizeof(float)) {
            m_out.note(VectorRows::WrongLength, seqId);
            return VectorRows::kUnusable;
        }
        const std::size_t at = m_out.vectors.size();
        m_out.vectors.resize(at + m_out.dimension);
        std::memcpy(m_out.vectors.data() + at, bytes.data(), bytes.size());
        return std::int64_t(at / m_out.dimension);
    }

    VectorRows& m_out;
    const LabelMap* m_notIn;
};

std::string sentenceFor(VectorRows::Problem problem, qint64 count, qint64 first)
{
    static constexpr std::array<const char*, VectorRows::kProblems> kWhat = {
        "have an operation that Chroma does not know; they stop a running Chroma 1.x",
        "have a date that cannot be read, so Chroma passes over them for ever",
        "hold a vector of another length than the collection's; those records are shown without one",
        "hold a vector in an encoding that Chroma 1.x cannot read; those records are shown without one",
        "add a record without a vector; Chroma 1.x cannot open the collection with them"};
    return std::to_string(count) + " rows of the write-ahead log (the first is " + std::to_string(first) +
           ") " + kWhat[problem] + ".";
}

constexpr std::array<const char*, VectorRows::kProblems> kCodes = {
    "wal-row-operation", "wal-row-date", "wal-row-vector-length", "wal-row-encoding", "wal-row-no-vector"};

} // namespace

void VectorRows::note(Problem problem, qint64 seqId)
{
    if (count[problem]++ == 0)
        first[problem] = seqId;
}

void VectorRows::append(VectorRows&& later)
{
    const auto shift = std::int64_t(dimension == 0 ? 0 : vectors.size() / dimension);
    for (Row& row : later.rows) {
        if (row.vector >= 0)
            row.vector += shift;
        rows.push_back(std::move(row));
    }
    vectors.insert(vectors.end(), later.vectors.begin(), later.vectors.end());
    for (std::size_t problem = 0; problem < kProblems; ++problem) {
        if (count[problem] == 0)
            first[problem] = later.first[problem];
        count[problem] += later.count[problem];
    }
}

Result<VectorRows> readVectorRows(const Connection& connection, const std::string& topic, LogRange range,
                                  std::size_t dimension, Progress& progress, const LabelMap* notIn)
{
    VectorRows rows;
    rows.dimension = dimension;
    if (dimension == 0 || !connection.hasTable("embeddings_queue"))
        return rows;
    auto ends = connection.prepare(kSliceEnd);
    if (!ends)
        return pass(ends);
    auto query = connection.prepare(kRows);
    if (!query)
        return pass(query);
    RowReader reader(rows, notIn);
    for (qint64 after = range.after; after < range.until;) {
        if (progress.cancelled())
            return cancelledError();
        ends->reset();
        auto end = ends->bind(0, after).step();
        if (!end)
            return pass(end);
        if (ends->isNull(0))
            break;
        const qint64 until = std::min(ends->integer(0), range.until);
        ends->reset();
        query->reset();
        query->bind(0, after).bind(1, until).bind(2, topic);
        for (auto row = query->step();; row = query->step()) {
            if (!row)
                return pass(row);
            if (!*row)
                break;
            reader.take(*query);
        }
        query->reset();
        after = until;
    }
    return rows;
}

// What the rows make of one id.
struct VectorLog::State
{
    const std::string* id = nullptr;
    bool known = false; // Chroma's index has the id
    std::int64_t vector = VectorRows::kNone;
    std::optional<std::uint64_t> label; // of the segment; its vector counts while `original`
    bool original = false;
};

VectorLog::VectorLog(VectorRows rows, const LabelMap& labels)
    : m_dimension(rows.dimension),
      m_operations(qint64(rows.rows.size()))
{
    std::vector<State> states; // in the order of their first row
    std::unordered_map<std::string_view, std::size_t> stateOf;
    for (const VectorRows::Row& row : rows.rows) {
        const auto [at, fresh] = stateOf.try_emplace(row.id, states.size());
        if (fresh) {
            const auto label = labels.labelOf(row.id);
            states.push_back({&row.id, label.has_value(), VectorRows::kNone, label, label.has_value()});
        }
        State& state = states[at->second];
        if (row.operation == VectorRows::Delete) {
            state.known = state.original = false;
            state.vector = VectorRows::kNone;
            continue;
        }
        const bool applies =
            row.operation == VectorRows::Upsert || state.known == (row.operation == VectorRows::Update);
        if (!applies)
            continue;
        state.known = true;
        if (row.vector == VectorRows::kNone)
            continue;
        state.original = false;
        state.vector = row.vector;
    }
    keep(states, rows);
    report(rows);
}

void VectorLog::keep(const std::vector<State>& states, const VectorRows& rows)
{
    for (const State& state : states) {
        if (state.label && !state.original)
            m_hidden.push_back(*state.label);
        if (!state.known || state.vector < 0)
            continue;
        const float* vector = rows.vectors.data() + std::size_t(state.vector) * m_dimension;
        m_vectors.insert(m_vectors.end(), vector, vector + m_dimension);
        m_ids.push_back(*state.id);
    }
    std::sort(m_hidden.begin(), m_hidden.end());
    m_slots.reserve(m_ids.size());
    for (std::size_t slot = 0; slot < m_ids.size(); ++slot)
        m_slots.emplace(m_ids[slot], slot);
}

void VectorLog::report(const VectorRows& rows)
{
    for (std::size_t problem = 0; problem < VectorRows::kProblems; ++problem)
        if (rows.count[problem] > 0)
            m_findings.push_back(
                {kCodes[problem],
                 Severity::Error,
                 {},
                 sentenceFor(VectorRows::Problem(problem), rows.count[problem], rows.first[problem])});
}

std::optional<std::size_t> VectorLog::slotOf(std::string_view id) const
{
    const auto at = m_slots.find(id);
    return at == m_slots.end() ? std::nullopt : std::optional(at->second);
}

bool VectorLog::hides(std::uint64_t label) const
{
    return std::binary_search(m_hidden.begin(), m_hidden.end(), label);
}

} // namespace storage
