#include "storage/filter/column_loader.h"

#include <algorithm>
#include <array>

namespace storage {

namespace {

constexpr std::size_t kKeysInPass = 4;
constexpr ValueColumns kColumns = {2, 3, 4, 5};

constexpr std::string_view kScan =
    "SELECT id, key, string_value, int_value, float_value, bool_value FROM embedding_metadata NOT INDEXED "
    "WHERE rowid > ?1 AND rowid <= ?2 AND key IN (?3, ?4, ?5, ?6)";
constexpr std::string_view kScanBefore044 =
    "SELECT id, key, string_value, int_value, float_value, NULL FROM embedding_metadata NOT INDEXED "
    "WHERE rowid > ?1 AND rowid <= ?2 AND key IN (?3, ?4, ?5, ?6)";
constexpr std::string_view kSeek =
    "SELECT id, key, string_value, int_value, float_value, bool_value FROM embedding_metadata "
    "WHERE id = ?1 AND key = ?2";
constexpr std::string_view kSeekBefore044 = "SELECT id, key, string_value, int_value, float_value, NULL "
                                            "FROM embedding_metadata WHERE id = ?1 AND key = ?2";
constexpr std::string_view kArrayScan = "SELECT id, key, string_value, int_value, float_value, bool_value "
                                        "FROM embedding_metadata_array NOT INDEXED "
                                        "WHERE rowid > ?1 AND rowid <= ?2 AND key IN (?3, ?4, ?5, ?6)";
constexpr std::string_view kArraySeek =
    "SELECT id, key, string_value, int_value, float_value, bool_value FROM embedding_metadata_array "
    "WHERE id = ?1 AND key = ?2 ORDER BY rowid";
constexpr std::string_view kTextScan = "SELECT id, string_value, rowid FROM embedding_metadata NOT INDEXED "
                                       "WHERE rowid > ?1 AND rowid <= ?2 AND key = ?3";
constexpr std::string_view kTextSeek =
    "SELECT id, string_value FROM embedding_metadata WHERE id = ?1 AND key = ?2";

constexpr std::string_view kLastRow = "SELECT max(rowid) FROM embedding_metadata";
constexpr std::string_view kLastArrayRow = "SELECT max(rowid) FROM embedding_metadata_array";

enum class Part { Scalars, Arrays };

// One pass for up to four keys over one of the two tables.
class Pass
{
public:
    Pass(const RowsView& view, std::span<const std::string> keys, std::span<Column> columns, Part part)
        : m_view(view),
          m_keys(keys),
          m_columns(columns),
          m_part(part),
          m_index(view.rows)
    {}
    [[nodiscard]] Status run();

private:
    [[nodiscard]] Status scan(std::string_view sql, qint64 last);
    [[nodiscard]] Status seek(std::string_view sql);
    void take(const Statement& row, std::uint32_t position);
    [[nodiscard]] Column& columnOf(std::string_view key);

    const RowsView& m_view;
    std::span<const std::string> m_keys;
    std::span<Column> m_columns;
    Part m_part;
    RowIndex m_index;
};

Column& Pass::columnOf(std::string_view key)
{
    const auto it = std::find(m_keys.begin(), m_keys.end(), key);
    return m_columns[static_cast<std::size_t>(it - m_keys.begin())];
}

// The first column with a value counts, as Chroma reads it; none is a null.
void Pass::take(const Statement& row, std::uint32_t position)
{
    Column& column = m_keys.size() == 1 ? m_columns.front() : columnOf(row.text(1));
    const bool array = m_part == Part::Arrays;
    const auto set = [&](MetaType type, qint64 value) {
        array ? column.addElement(position, type, value) : column.setScalar(position, type, value);
    };
    const auto type = scalarType(row, kColumns);
    if (type == MetaType::String)
        array ? column.addTextElement(position, row.text(2)) : column.setText(position, row.text(2));
    else if (type == MetaType::Int)
        set(MetaType::Int, row.integer(3));
    else if (type == MetaType::Float)
        set(MetaType::Float, bitsOf(row.real(4)));
    else if (type == MetaType::Bool)
        set(MetaType::Bool, row.integer(5) != 0);
    else if (!array)
        set(MetaType::Null, 0);
}

Status Pass::scan(std::string_view sql, qint64 last)
{
    auto statement = m_view.reader.connection().prepare(sql);
    if (!statement)
        return pass(statement);
    TableSlices slices(m_view.reader.connection(), m_view.guard, m_view.progress);
    return slices.overRange({0, last}, [&](SliceRange slice) -> Result<qint64> {
        statement->bind(0, slice.after).bind(1, slice.last);
        for (std::size_t i = 0; i < kKeysInPass; ++i)
            statement->bind(int(2 + i), std::string_view(m_keys[std::min(i, m_keys.size() - 1)]));
        auto read = forEachRow(*statement, [&](const Statement& row) {
            if (const auto position = m_index.find(row.integer(0)))
                take(row, *position);
            return Status();
        });
        m_view.progress.report(slice.last, last, QStringLiteral("Reading metadata"));
        return read ? Result<qint64>(slice.last) : pass(read);
    });
}

Status Pass::seek(std::string_view sql)
{
    auto statement = m_view.reader.connection().prepare(sql);
    if (!statement)
        return pass(statement);
    TableSlices slices(m_view.reader.connection(), m_view.guard, m_view.progress);
    return slices.overItems(m_view.rows.size(), [&](std::size_t position) -> Status {
        const RowKey row = m_view.rows[position];
        if (row.isPending())
            return {};
        for (const std::string& key : m_keys) {
            statement->bind(0, row.value).bind(1, std::string_view(key));
            auto read = forEachRow(*statement, [&](const Statement& values) {
                take(values, static_cast<std::uint32_t>(position));
                return Status();
            });
            if (!read)
                return read;
        }
        return {};
    });
}

Status Pass::run()
{
    const Connection& connection = m_view.reader.connection();
    const bool arrays = m_part == Part::Arrays;
    auto last = singleInteger(connection, arrays ? kLastArrayRow : kLastRow);
    if (!last)
        return pass(last);
    if (!*last)
        return {};
    const bool bools = arrays || connection.hasColumn("embedding_metadata", "bool_value");
    if (isSparse(m_view.rows.size() * m_keys.size(), **last))
        return seek(arrays ? kArraySeek : bools ? kSeek : kSeekBefore044);
    return scan(arrays ? kArrayScan : bools ? kScan : kScanBefore044, **last);
}

const MetaValue* valueOf(const Record& record, const std::string& key, MetaValue& own)
{
    const std::optional<std::string>& text = key == kDocumentKey ? record.document : record.uri;
    if (key != kDocumentKey && key != kUriKey)
        return find(record.metadata, key);
    if (!text)
        return nullptr;
    own = *text;
    return &own;
}

void layPendingOver(const RowsView& view, std::span<const std::string> keys, std::span<Column> columns)
{
    const std::vector<PendingRow> pending = pendingRows(view.reader, view.rows);
    if (pending.empty())
        return;
    RowSet replaced(view.rows.size());
    for (const PendingRow& row : pending)
        replaced.insert(row.position);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        columns[i].clear(replaced);
        for (const PendingRow& row : pending) {
            MetaValue own;
            if (const MetaValue* value = row.record ? valueOf(*row.record, keys[i], own) : nullptr)
                columns[i].put(row.position, *value);
        }
    }
}

} // namespace

std::vector<PendingRow> pendingRows(const CollectionReader& reader, std::span<const RowKey> rows)
{
    const PendingRecords& pending = reader.pending();
    std::vector<PendingRow> found;
    RowIndex index(rows);
    for (const auto& [row, record] : pending.byRow)
        if (const auto position = index.find(row))
            found.push_back({*position, record ? &*record : nullptr});
    for (const Record& record : pending.added)
        if (const auto position = index.find(record.row.value))
            found.push_back({*position, &record});
    std::sort(found.begin(), found.end(),
              [](const PendingRow& a, const PendingRow& b) { return a.position < b.position; });
    return found;
}

Result<std::vector<Column>> loadColumns(const RowsView& view, std::span<const std::string> keys)
{
    std::vector<Column> columns(keys.size(), Column(view.rows.size()));
    const bool arrays = view.reader.connection().hasTable("embedding_metadata_array");
    for (std::size_t first = 0; first < keys.size(); first += kKeysInPass) {
        const std::size_t n = std::min(kKeysInPass, keys.size() - first);
        const auto some = std::span(columns).subspan(first, n);
        if (auto done = Pass(view, keys.subspan(first, n), some, Part::Scalars).run(); !done)
            return pass(done);
        if (!arrays)
            continue;
        if (auto done = Pass(view, keys.subspan(first, n), some, Part::Arrays).run(); !done)
            return pass(done);
    }
    layPendingOver(view, keys, columns);
    for (Column& column : columns)
        column.finish();
    return columns;
}

Status forEachText(const RowsView& view, std::string_view key, const std::vector<std::uint32_t>* only,
                   const EachText& each)
{
    const Connection& connection = view.reader.connection();
    auto last = singleInteger(connection, kLastRow);
    if (!last)
        return pass(last);
    if (!*last)
        return {};
    const std::size_t wanted = only ? only->size() : view.rows.size();
    const bool sparse = isSparse(wanted, **last);
    auto statement = connection.prepare(sparse ? kTextSeek : kTextScan);
    if (!statement)
        return pass(statement);
    TableSlices slices(connection, view.guard, view.progress);
    if (sparse)
        return slices.overItems(wanted, [&](std::size_t i) {
            const std::uint32_t position = only ? (*only)[i] : static_cast<std::uint32_t>(i);
            statement->bind(0, view.rows[position].value).bind(1, key);
            return forEachRow(*statement, [&](const Statement& row) {
                return row.type(1) == SqlType::Text ? each(position, row.text(1)) : Status();
            });
        });
    RowIndex index(view.rows);
    return slices.overRange({0, **last}, [&](SliceRange slice) -> Result<qint64> {
        statement->bind(0, slice.after).bind(1, slice.last).bind(2, key);
        return readTexts(*statement, slices, slice, 2, [&](const Statement& row) {
            const auto position = index.find(row.integer(0));
            const bool asked =
                position && (!only || std::binary_search(only->begin(), only->end(), *position));
            return asked && row.type(1) == SqlType::Text ? each(*position, row.text(1)) : Status();
        });
    });
}

} // namespace storage
