#include "storage/chroma/wal_reader.h"

#include "storage/chroma/record_rows.h"
#include "storage/chroma/value_columns.h"
#include "storage/chroma/wal_metadata.h"

#include <algorithm>
#include <map>

namespace storage {

namespace {

enum Operation { Add = 0, Update = 1, Upsert = 2, Delete = 3, BackfillFn = 4 };

struct LogRow
{
    qint64 seqId = 0;
    qint64 operation = 0;
    std::string id;
    std::optional<std::string> metadata;
    bool dated = true;
};

// There is no index on topic, so a slice is a stretch of the log: short enough for a read lock of
// milliseconds. Its end is looked up, since sequence numbers may jump by any amount. nullopt: nothing after
// `seqId`.
Result<std::optional<qint64>> sliceEnd(Statement& query, qint64 seqId)
{
    query.reset();
    auto row = query.bind(0, seqId).step();
    if (!row)
        return pass(row);
    const std::optional<qint64> end = query.optionalInteger(0);
    query.reset();
    return end;
}
constexpr std::string_view kSliceEnd = "SELECT max(seq_id) FROM (SELECT seq_id FROM embeddings_queue "
                                       "WHERE seq_id > ?1 ORDER BY seq_id LIMIT 1000)";

// Chroma selects rows by their date, though without a bound; a date that strftime cannot read fails that
// test.
constexpr std::string_view kRows =
    "SELECT seq_id, operation, id, metadata, CAST(strftime('%s', created_at) AS INTEGER) <= 9223372036 "
    "FROM embeddings_queue WHERE seq_id > ?1 AND seq_id <= ?2 AND topic = ?3 ORDER BY seq_id";

Status readSlice(Statement& query, qint64 after, qint64 until, const std::string& topic,
                 std::vector<LogRow>& rows)
{
    query.reset();
    query.bind(0, after).bind(1, until).bind(2, topic);
    while (true) {
        auto row = query.step();
        if (!row)
            return pass(row);
        if (!*row)
            break;
        rows.push_back({query.integer(0), query.integer(1), query.string(2), query.optionalString(3),
                        query.integer(4) != 0});
    }
    query.reset();
    return {};
}

Result<std::vector<LogRow>> readLog(const Connection& connection, const std::string& topic, qint64 after,
                                    Progress& progress)
{
    std::vector<LogRow> rows;
    auto ends = connection.prepare(kSliceEnd);
    if (!ends)
        return pass(ends);
    auto query = connection.prepare(kRows);
    if (!query)
        return pass(query);
    while (true) {
        if (progress.cancelled())
            return cancelledError();
        auto end = sliceEnd(*ends, after);
        if (!end)
            return pass(end);
        if (!*end)
            return rows;
        if (auto read = readSlice(*query, after, **end, topic, rows); !read)
            return pass(read);
        after = **end;
    }
}

// The records that the log touches, as they become.
class Replay
{
public:
    Replay(RecordRows& tables, const Collection& collection) : m_tables(tables), m_collection(collection) {}

    [[nodiscard]] Status run(const std::vector<LogRow>& rows, Progress& progress)
    {
        for (const LogRow& row : rows) {
            if (progress.cancelled())
                return cancelledError();
            if (auto done = step(row); !done)
                return done;
        }
        return {};
    }

    [[nodiscard]] PendingRecords finish(qint64 operations, qint64 appliedSeqId)
    {
        std::map<qint64, Record*> added; // by the log row that made them
        for (auto& [id, live] : m_live) {
            if (!live.exists || !live.touched)
                continue;
            if (live.record.row.isPending())
                added.emplace(live.madeBy, &live.record);
            else
                m_out.byRow.insert_or_assign(live.record.row.value, live.record);
        }
        for (auto& [seqId, record] : added) {
            record->row.value = RowKey::kFirstPending + qint64(m_out.added.size());
            m_out.added.push_back(*record);
        }
        for (auto& [id, live] : m_live)
            if (live.touched)
                m_out.byId.emplace(id, live.exists ? std::optional(std::move(live.record)) : std::nullopt);
        m_out.operations = operations;
        m_out.appliedSeqId = appliedSeqId;
        report();
        return std::move(m_out);
    }

private:
    struct Live
    {
        bool exists = false;
        bool touched = false;
        qint64 madeBy = 0;
        Record record;
    };

    // The record as the tables and the rows before this one leave it.
    [[nodiscard]] Result<Live*> lookUp(const std::string& id)
    {
        const auto [it, fresh] = m_live.try_emplace(id);
        Live& live = it->second;
        if (!fresh)
            return &live;
        live.record.id = id;
        auto row = m_tables.rowOf(id);
        if (!row)
            return pass(row);
        if (!*row)
            return &live;
        auto record = m_tables.record(**row);
        if (!record)
            return pass(record);
        if (*record) {
            live.exists = true;
            live.record = std::move(**record);
        }
        return &live;
    }

    [[nodiscard]] Status step(const LogRow& row)
    {
        if (!row.dated) {
            note("wal-row-date", row);
            return {};
        }
        if (row.operation == BackfillFn)
            return {};
        if (row.operation < Add || row.operation > Delete) {
            note("wal-row-operation", row);
            return {};
        }
        MetadataUpdate update;
        if (row.metadata)
            update = parseWalMetadata(*row.metadata);
        noteProblems(update, row); // Chroma reads every row, those that change nothing too
        auto found = lookUp(row.id);
        if (!found)
            return pass(found);
        Live& live = **found;
        if (row.operation == Delete)
            remove(live);
        else if (row.operation == Upsert || live.exists == (row.operation == Update))
            change(live, update, row.seqId);
        return {};
    }

    void remove(Live& live)
    {
        if (!live.exists)
            return;
        if (!live.record.row.isPending())
            m_out.byRow.insert_or_assign(live.record.row.value, std::nullopt);
        live.exists = false;
        live.touched = true;
        live.record = Record{.row = {}, .id = live.record.id};
    }

    static void change(Live& live, const MetadataUpdate& update, qint64 seqId)
    {
        if (!live.exists) {
            live.exists = true;
            live.madeBy = seqId;
            live.record.row.value = RowKey::kFirstPending;
        }
        live.touched = true;
        apply(update, live.record);
    }

    void noteProblems(const MetadataUpdate& update, const LogRow& row)
    {
        if (update.unreadable)
            note("wal-row-json", row);
        if (update.bareNumbers)
            note("wal-row-number", row);
        if (update.badValues)
            note("wal-row-value", row);
        if (update.badDocument)
            note("wal-row-document", row);
    }

    struct Problem
    {
        qint64 rows = 0;
        qint64 firstSeqId = 0;
    };
    void note(const char* code, const LogRow& row)
    {
        Problem& problem = m_problems[code];
        if (problem.rows++ == 0)
            problem.firstSeqId = row.seqId;
    }

    [[nodiscard]] static const char* explain(std::string_view code)
    {
        if (code == "wal-row-date")
            return "the date cannot be read, so Chroma passes over the row for ever";
        if (code == "wal-row-operation")
            return "the operation is none that Chroma knows; it stops a running Chroma 1.x";
        if (code == "wal-row-json")
            return "the metadata is no JSON object; Chroma 1.x cannot use the collection before it is mended";
        if (code == "wal-row-number")
            return "NaN or Infinity as Python wrote it; Chroma 1.x cannot use the collection before it is "
                   "mended";
        if (code == "wal-row-value")
            return "a value is neither a scalar nor a list of one kind; it is left out";
        return "the document is no text and left out; it stops a running Chroma 1.x";
    }

    void report()
    {
        for (const auto& [code, problem] : m_problems)
            m_out.findings.push_back({code, Severity::Error, m_collection.id,
                                      std::to_string(problem.rows) + (problem.rows == 1 ? " row" : " rows") +
                                          " of the write-ahead log of \"" + m_collection.name +
                                          "\" (the first is " + std::to_string(problem.firstSeqId) +
                                          "): " + explain(code) + "."});
    }

    RecordRows& m_tables;
    const Collection& m_collection;
    std::unordered_map<std::string, Live> m_live;
    std::map<std::string, Problem> m_problems;
    PendingRecords m_out;
};

Result<std::optional<PendingRecords>> tryOnce(const Connection& connection, const Collection& collection,
                                              const std::string& segment, Progress& progress)
{
    auto applied = appliedSeqId(connection, segment);
    if (!applied)
        return pass(applied);
    auto rows = readLog(connection, collection.topic, *applied, progress);
    if (!rows)
        return pass(rows);
    if (rows->empty()) {
        PendingRecords none;
        none.appliedSeqId = *applied;
        return none;
    }
    auto tables = RecordRows::open(connection, segment);
    if (!tables)
        return pass(tables);
    Replay replay(*tables, collection);
    if (auto done = replay.run(*rows, progress); !done)
        return pass(done);
    auto now = appliedSeqId(connection, segment);
    if (!now)
        return pass(now);
    if (*now != *applied)
        return std::nullopt; // a live Chroma took rows in meanwhile
    return replay.finish(qint64(rows->size()), *applied);
}

} // namespace

Result<qint64> appliedSeqId(const Connection& connection, const std::string& segment)
{
    auto query = connection.prepare("SELECT seq_id FROM max_seq_id WHERE segment_id = ?1");
    if (!query)
        return pass(query);
    auto row = query->bind(0, segment).step();
    if (!row)
        return pass(row);
    return *row ? sequenceId(*query, 0).value_or(0) : 0;
}

Result<PendingRecords> readPending(const Connection& connection, const Collection& collection,
                                   Progress& progress)
{
    const Segment* segment = collection.segment("METADATA");
    // Without a dimension Chroma looks at no log row of the collection.
    if (!segment || !collection.dimension || !connection.hasTable("embeddings_queue"))
        return PendingRecords();
    constexpr int kAttempts = 5;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto pending = tryOnce(connection, collection, segment->id, progress);
        if (!pending)
            return pass(pending);
        if (*pending)
            return std::move(**pending);
    }
    return fail(ErrorKind::Changed,
                QStringLiteral("The collection \"%1\" is being written faster than it can be "
                               "read; try again.")
                    .arg(QString::fromStdString(collection.name)));
}

Result<qint64> countLogRows(const Connection& connection, const std::string& topic, qint64 seqId,
                            Progress& progress)
{
    if (!connection.hasTable("embeddings_queue"))
        return 0;
    auto ends = connection.prepare(kSliceEnd);
    if (!ends)
        return pass(ends);
    auto query = connection.prepare(
        "SELECT count(*) FROM embeddings_queue WHERE seq_id > ?1 AND seq_id <= ?2 AND topic = ?3");
    if (!query)
        return pass(query);
    qint64 rows = 0;
    while (true) {
        if (progress.cancelled())
            return cancelledError();
        auto end = sliceEnd(*ends, seqId);
        if (!end)
            return pass(end);
        if (!*end)
            return rows;
        auto row = query->bind(0, seqId).bind(1, **end).bind(2, topic).step();
        if (!row)
            return pass(row);
        rows += query->integer(0);
        query->reset();
        seqId = **end;
    }
}

} // namespace storage
