#include "storage/chroma/key_census.h"

#include "storage/chroma/value_columns.h"

#include <algorithm>
#include <set>

namespace storage {

namespace {

constexpr ValueColumns kColumns = {2, 3, 4, 5};
constexpr std::size_t kStretch = 500; // rows a transaction: a few thousand values, some milliseconds
constexpr std::string_view kScalars = "SELECT id, key, string_value, int_value, float_value, bool_value "
                                      "FROM embedding_metadata WHERE id BETWEEN ?1 AND ?2";
constexpr std::string_view kScalarsBefore044 = "SELECT id, key, string_value, int_value, float_value, NULL "
                                               "FROM embedding_metadata WHERE id BETWEEN ?1 AND ?2";
constexpr std::string_view kArrays = "SELECT id, key, string_value, int_value, float_value, bool_value "
                                     "FROM embedding_metadata_array WHERE id BETWEEN ?1 AND ?2 "
                                     "ORDER BY id, key, rowid";

MetaType arrayOf(MetaType type)
{
    switch (type) {
    case MetaType::Bool:
        return MetaType::BoolArray;
    case MetaType::Int:
        return MetaType::IntArray;
    case MetaType::Float:
        return MetaType::FloatArray;
    default:
        return MetaType::StringArray;
    }
}

bool among(std::span<const RowKey> rows, qint64 row)
{
    return std::binary_search(rows.begin(), rows.end(), RowKey{row});
}

} // namespace

KeyCensus::KeyCensus(const Connection* connection, Statement scalars, std::optional<Statement> arrays)
    : m_connection(connection),
      m_scalars(std::move(scalars)),
      m_arrays(std::move(arrays))
{}

Result<KeyCensus> KeyCensus::open(const Connection& connection)
{
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
    return KeyCensus(&connection, std::move(*scalars), std::move(arrays));
}

void KeyCensus::note(std::string_view key, MetaType type)
{
    if (isReservedKey(key))
        return;
    auto it = m_keys.find(key);
    if (it == m_keys.end())
        it = m_keys.emplace(std::string(key), Seen()).first;
    ++it->second.records;
    it->second.types |= 1U << static_cast<unsigned>(type);
}

void KeyCensus::add(const Record& record)
{
    for (const MetaEntry& entry : record.metadata)
        note(entry.key, typeOf(entry.value));
}

Status KeyCensus::addRows(std::span<const RowKey> rows, Progress& progress)
{
    for (std::size_t at = 0; at < rows.size(); at += kStretch) {
        if (progress.cancelled())
            return cancelledError();
        const auto stretch = rows.subspan(at, std::min(kStretch, rows.size() - at));
        auto transaction = ReadTransaction::begin(*m_connection);
        if (!transaction)
            return pass(transaction);
        // Rows of other collections may stand between; where they are many, go row by row.
        constexpr qint64 kSparse = 4;
        const qint64 width = stretch.back().value - stretch.front().value + 1;
        if (width <= kSparse * qint64(stretch.size())) {
            if (auto done = addStretch(stretch, stretch.front(), stretch.back()); !done)
                return done;
            continue;
        }
        for (const RowKey row : stretch)
            if (auto done = addStretch(stretch, row, row); !done)
                return done;
    }
    return {};
}

// Arrays first: one that shares its key with a scalar hides it, as in Chroma's answers.
Status KeyCensus::addStretch(std::span<const RowKey> rows, RowKey first, RowKey last)
{
    std::set<std::pair<qint64, std::string>> hidden;
    if (m_arrays) {
        std::map<std::pair<qint64, std::string>, MetaType> arrays;
        m_arrays->bind(0, first.value).bind(1, last.value);
        while (true) {
            auto row = m_arrays->step();
            if (!row || !*row) {
                m_arrays->reset();
                if (!row)
                    return pass(row);
                break;
            }
            const auto type = scalarType(*m_arrays, kColumns);
            if (type && among(rows, m_arrays->integer(0)))
                arrays.insert_or_assign({m_arrays->integer(0), m_arrays->string(1)}, arrayOf(*type));
        }
        for (const auto& [place, type] : arrays) {
            note(place.second, type);
            hidden.insert(place);
        }
    }
    m_scalars.bind(0, first.value).bind(1, last.value);
    while (true) {
        auto row = m_scalars.step();
        if (!row || !*row) {
            m_scalars.reset();
            return row ? Status() : Status(pass(row));
        }
        const auto type = scalarType(m_scalars, kColumns);
        if (!type || !among(rows, m_scalars.integer(0)))
            continue;
        if (hidden.empty() || hidden.count({m_scalars.integer(0), m_scalars.string(1)}) == 0)
            note(m_scalars.text(1), *type);
    }
}

} // namespace storage
