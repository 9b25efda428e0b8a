// The vectors that the write-ahead log holds beyond an HNSW segment, replayed as Chroma replays them: an ADD
// of a known id and an UPDATE of an unknown one do nothing, an UPDATE without vector leaves the vector. In
// two steps, because of the order that a live Chroma writes in: first the rows (before the segment's files
// are opened), then the replay over the ids that the files know.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"
#include "storage/vectors/label_map.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace storage {

// Rows of the log as they stand there.
struct VectorRows
{
    enum Operation : std::uint8_t { Add = 0, Update = 1, Upsert = 2, Delete = 3 };
    enum Problem : std::uint8_t { UnknownOperation, UnreadableDate, WrongLength, WrongEncoding, NoVector };
    static constexpr std::size_t kProblems = 5;
    static constexpr std::int64_t kNone = -1;     // no vector, as in a DELETE
    static constexpr std::int64_t kUnusable = -2; // one that is not of the right length or kind
    struct Row
    {
        Operation operation = Add;
        std::int64_t vector = kNone; // its number in `vectors`
        std::string id;
    };
    std::vector<Row> rows;
    std::vector<float> vectors; // `dimension` numbers each
    std::size_t dimension = 0;
    qint64 count[kProblems] = {};
    qint64 first[kProblems] = {}; // seq_id

    void note(Problem problem, qint64 seqId);
    void append(VectorRows&& later); // of the same dimension
};

struct LogRange
{
    qint64 after = 0;
    qint64 until = INT64_MAX; // included
};

// Rows of `topic`, read in slices, each a read transaction of a few milliseconds; with `notIn` only those
// whose id it does not know. Errors: Busy, Corrupt, Io, Cancelled.
[[nodiscard]] Result<VectorRows> readVectorRows(const Connection& connection, const std::string& topic,
                                                LogRange range, std::size_t dimension, Progress& progress,
                                                const LabelMap* notIn = nullptr);

class VectorLog
{
public:
    VectorLog() = default; // nothing logged
    VectorLog(VectorRows rows, const LabelMap& labels);

    [[nodiscard]] std::size_t size() const
    {
        return m_ids.size();
    } // live vectors in the log, numbered as slots
    [[nodiscard]] qint64 operations() const { return m_operations; }

    [[nodiscard]] std::optional<std::size_t> slotOf(std::string_view id) const;
    [[nodiscard]] const std::string& idOf(std::size_t slot) const { return m_ids[slot]; }
    [[nodiscard]] const float* vector(std::size_t slot) const
    {
        return m_vectors.data() + slot * m_dimension;
    } // as logged

    // Labels of the segment whose vector the log replaces or deletes, ascending.
    [[nodiscard]] const std::vector<std::uint64_t>& hidden() const { return m_hidden; }
    [[nodiscard]] bool hides(std::uint64_t label) const;

    // Of rows that could not be applied; without collection.
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }

private:
    struct State;
    void keep(const std::vector<State>& states, const VectorRows& rows);
    void report(const VectorRows& rows);

    std::size_t m_dimension = 0;
    std::vector<std::string> m_ids;
    std::vector<float> m_vectors;
    std::unordered_map<std::string_view, std::size_t> m_slots; // views into m_ids
    std::vector<std::uint64_t> m_hidden;
    std::vector<Finding> m_findings;
    qint64 m_operations = 0;
};

} // namespace storage
