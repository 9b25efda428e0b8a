#include "storage/chroma/record_rows.h"

#include "storage/chroma/value_columns.h"

#include <algorithm>
#include <string_view>

namespace storage {

namespace {

constexpr ValueColumns kColumns = {1, 2, 3, 4};
constexpr std::string_view kScalars =
    "SELECT key, string_value, int_value, float_value, bool_value FROM embedding_metadata WHERE id = ?1";
constexpr std::string_view kScalarsBefore044 =
    "SELECT key, string_value, int_value, float_value, NULL FROM embedding_metadata WHERE id = ?1";
// In the order of the index (id, key), and within a key in that of the rows: Chroma's order of elements.
constexpr std::string_view kArrays = "SELECT key, string_value, int_value, float_value, bool_value "
                                     "FROM embedding_metadata_array WHERE id = ?1 ORDER BY key, rowid";

void take(Record& record, std::string_view key, MetaValue value)
{
    if (!isReservedKey(key)) {
        record.metadata.push_back({std::string(key), std::move(value)});
        return;
    }
    auto* text = std::get_if<std::string>(&value);
    if (text && key == kDocumentKey)
        record.document = std::move(*text);
    else if (text && key == kUriKey)
        record.uri = std::move(*text);
}

} // namespace

RecordRows::RecordRows(Statement rowOf, Statement idOf, Statement scalars, std::optional<Statement> arrays,
                       std::string segment)
    : m_rowOf(std::move(rowOf)),
      m_idOf(std::move(idOf)),
      m_scalars(std::move(scalars)),
      m_arrays(std::move(arrays)),
      m_segment(std::move(segment))
{}

Result<RecordRows> RecordRows::open(const Connection& connection, const std::string& segment)
{
    auto rowOf = connection.prepare("SELECT id FROM embeddings WHERE segment_id = ?1 AND embedding_id = ?2");
    if (!rowOf)
        return pass(rowOf);
    auto idOf = connection.prepare("SELECT embedding_id FROM embeddings WHERE id = ?1 AND segment_id = ?2");
    if (!idOf)
        return pass(idOf);
    auto scalars = connection.prepare(
        connection.hasColumn("embedding_metadata", "bool_value") ? kScalars : kScalarsBefore044);
    if (!scalars)
        return pass(scalars);
    std::optional<Statement> arrays;
    if (connection.hasTable("embedding_metadata_array")) {
        auto prepared = connection.prepare(kArrays);
        if (!prepared)
            return pass(prepared);
        arrays = std::move(*prepared);
    }
    return RecordRows(std::move(*rowOf), std::move(*idOf), std::move(*scalars), std::move(arrays), segment);
}

Result<std::optional<RowKey>> RecordRows::rowOf(const std::string& id)
{
    const Running running(m_rowOf);
    auto row = m_rowOf.bind(0, m_segment).bind(1, id).step();
    if (!row)
        return pass(row);
    return *row ? std::optional(RowKey{m_rowOf.integer(0)}) : std::nullopt;
}

Result<std::optional<std::string>> RecordRows::idOf(RowKey key)
{
    const Running running(m_idOf);
    auto row = m_idOf.bind(0, key.value).bind(1, m_segment).step();
    if (!row)
        return pass(row);
    return *row ? std::optional(m_idOf.string(0)) : std::nullopt;
}

Result<std::optional<Record>> RecordRows::record(RowKey key)
{
    auto id = idOf(key);
    if (!id)
        return pass(id);
    if (!*id)
        return std::nullopt;
    Record record{.row = key, .id = std::move(**id)};
    if (auto read = readScalars(record); !read)
        return pass(read);
    // The key comes out of its index in order; a damaged index must not break look-ups by key.
    const auto byKey = [](const MetaEntry& a, const MetaEntry& b) { return a.key < b.key; };
    if (!std::is_sorted(record.metadata.begin(), record.metadata.end(), byKey))
        std::stable_sort(record.metadata.begin(), record.metadata.end(), byKey);
    if (auto read = readArrays(record); !read)
        return pass(read);
    return record;
}

Status RecordRows::readScalars(Record& record)
{
    const Running running(m_scalars);
    m_scalars.bind(0, record.row.value);
    while (true) {
        auto row = m_scalars.step();
        if (!row)
            return pass(row);
        if (!*row)
            return {};
        if (auto value = scalarValue(m_scalars, kColumns))
            take(record, m_scalars.text(0), std::move(*value));
    }
}

Status RecordRows::readArrays(Record& record)
{
    if (!m_arrays)
        return {};
    const Running running(*m_arrays);
    m_arrays->bind(0, record.row.value);
    std::string key;
    MetaValue value;
    const auto flush = [&] {
        if (!std::holds_alternative<std::monostate>(value) && !isReservedKey(key))
            setValue(record.metadata, std::move(key), std::move(value));
    };
    while (true) {
        auto row = m_arrays->step();
        if (!row)
            return pass(row);
        if (!*row)
            break;
        if (m_arrays->text(0) != key) {
            flush();
            key = m_arrays->string(0);
            value = MetaValue();
        }
        appendElement(value, *m_arrays, kColumns);
    }
    flush();
    return {};
}

} // namespace storage
