#include "storage/filter/record_filter.h"

#include "storage/filter/column_order.h"
#include "storage/filter/filter_evaluator.h"
#include "storage/filter/text_order.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace storage {

namespace {

constexpr qint64 kColumnBudget = qint64(96) << 20;

struct WarmColumn
{
    Column column;
    std::optional<Ranks> ranks;
    quint64 lastUse = 0;

    [[nodiscard]] qint64 bytes() const { return column.bytes() + (ranks ? ranks->bytes() : 0); }
};

// Equal keys are equal values: ints and floats stay apart, 0.0 and -0.0 do not.
struct CountKey
{
    MetaType type = MetaType::Null;
    qint64 value = 0;
    bool operator==(const CountKey&) const = default;
};

struct CountKeyHash
{
    std::size_t operator()(const CountKey& key) const
    {
        return std::hash<qint64>()(key.value) * 31 + static_cast<std::size_t>(key.type);
    }
};

using Counts = std::unordered_map<CountKey, qint64, CountKeyHash>;

CountKey countKey(const ColumnValue& value)
{
    const bool zero = value.type == MetaType::Float && floatOf(value.value) == 0;
    return {value.type, zero ? 0 : value.value};
}

Counts countValues(const Column& column)
{
    Counts counts;
    std::vector<CountKey> seen;
    for (std::size_t row = 0; row < column.rows(); ++row) {
        if (column.hasArray(row)) {
            seen.clear();
            for (const ColumnValue& element : column.array(row))
                if (const CountKey key = countKey(element);
                    std::find(seen.begin(), seen.end(), key) == seen.end())
                    seen.push_back(key);
            for (const CountKey& key : seen)
                ++counts[key];
        } else if (const std::uint8_t type = column.types()[row];
                   type != Column::kAbsent && type != std::uint8_t(MetaType::Null)) {
            ++counts[countKey({static_cast<MetaType>(type), column.values()[row]})];
        }
    }
    return counts;
}

} // namespace

struct ColumnCache::State
{
    std::vector<RowKey> rows;
    VersionGuard guard;
    std::map<std::string, WarmColumn, std::less<>> columns;
    std::optional<Ranks> ids;
    std::optional<Ranks> texts;
    DocumentSource documents;
    DocumentPath path = DocumentPath::None;
    qint64 columnBudget = kColumnBudget;
    quint64 uses = 0;

    explicit State(std::vector<RowKey> all) : rows(std::move(all)), documents(rows.size()) {}

    [[nodiscard]] RowsView view(const CollectionReader& reader, Progress& progress)
    {
        return {reader, rows, guard, progress};
    }
    [[nodiscard]] Status warm(const RowsView& view, const std::vector<std::string>& keys);
    [[nodiscard]] Result<const Ranks*> ranks(const RowsView& view, const Order& order);
    void trim();
};

// Makes sure that the columns are there; those not asked for make room.
Status ColumnCache::State::warm(const RowsView& view, const std::vector<std::string>& keys)
{
    ++uses;
    std::vector<std::string> missing;
    for (const std::string& key : keys) {
        const auto it = columns.find(key);
        if (it == columns.end())
            missing.push_back(key);
        else
            it->second.lastUse = uses;
    }
    auto loaded = loadColumns(view, missing);
    if (!loaded)
        return pass(loaded);
    for (std::size_t i = 0; i < missing.size(); ++i)
        columns.emplace(missing[i], WarmColumn{std::move((*loaded)[i]), std::nullopt, uses});
    trim();
    return {};
}

void ColumnCache::State::trim()
{
    const auto total = [this] {
        qint64 bytes = 0;
        for (const auto& [key, column] : columns)
            bytes += column.bytes();
        return bytes;
    };
    for (qint64 bytes = total(); bytes > columnBudget; bytes = total()) {
        const auto oldest =
            std::min_element(columns.begin(), columns.end(), [](const auto& a, const auto& b) {
                return a.second.lastUse < b.second.lastUse;
            });
        if (oldest->second.lastUse == uses)
            return; // in use now
        columns.erase(oldest);
    }
}

Result<const Ranks*> ColumnCache::State::ranks(const RowsView& view, const Order& order)
{
    if (order.by == SortBy::Id || (order.by == SortBy::Document) ||
        (order.by == SortBy::MetadataKey && order.key == kDocumentKey)) {
        const bool byId = order.by == SortBy::Id;
        std::optional<Ranks>& known = byId ? ids : texts;
        if (!known) {
            auto ranked = byId ? idRanks(view) : documentRanks(view);
            if (!ranked)
                return pass(ranked);
            known = std::move(*ranked);
        }
        return &*known;
    }
    const std::string key = order.by == SortBy::Uri ? std::string(kUriKey) : order.key;
    if (auto ready = warm(view, {key}); !ready)
        return pass(ready);
    WarmColumn& warmed = columns.find(key)->second;
    if (!warmed.ranks)
        warmed.ranks = ranksOf(warmed.column);
    trim();
    return &*warmed.ranks;
}

ColumnCache::ColumnCache(const CollectionReader& reader, std::vector<RowKey> rows)
    : m_state(std::make_unique<State>(std::move(rows)))
{
    // A failure here comes back when something is read.
    (void)m_state->guard.check(reader.connection());
}

ColumnCache::~ColumnCache() = default;
ColumnCache::ColumnCache(ColumnCache&&) noexcept = default;
ColumnCache& ColumnCache::operator=(ColumnCache&&) noexcept = default;

const std::vector<RowKey>& ColumnCache::rows() const
{
    return m_state->rows;
}

qint64 ColumnCache::bytes() const
{
    qint64 bytes = qint64(m_state->rows.capacity() * sizeof(RowKey)) + m_state->documents.bytes();
    for (const auto& [key, column] : m_state->columns)
        bytes += column.bytes();
    for (const auto* ranks : {&m_state->ids, &m_state->texts})
        bytes += *ranks ? (*ranks)->bytes() : 0;
    return bytes;
}

void ColumnCache::setBudget(qint64 columnBytes, qint64 documentBytes)
{
    m_state->columnBudget = columnBytes;
    m_state->documents.setBudget(documentBytes);
    ++m_state->uses;
    m_state->trim();
}

void ColumnCache::tolerateChanges(bool tolerate)
{
    m_state->guard.tolerate(tolerate);
}

bool ColumnCache::mixed() const
{
    return m_state->guard.mixed();
}

DocumentPath ColumnCache::documentPath() const
{
    return m_state->path;
}

const std::vector<Finding>& ColumnCache::findings() const
{
    return m_state->documents.findings();
}

Result<std::vector<std::uint32_t>> ColumnCache::matching(const CollectionReader& reader,
                                                         const WhereNode* where,
                                                         const WhereNode* whereDocument, Progress& progress)
{
    State& state = *m_state;
    state.path = DocumentPath::None;
    if (auto fine = where ? checkWhere(*where) : Status(); !fine)
        return pass(fine);
    if (auto fine = whereDocument ? checkWhereDocument(*whereDocument) : Status(); !fine)
        return pass(fine);
    const RowsView view = state.view(reader, progress);
    std::vector<std::string> keys;
    if (where)
        collectKeys(*where, keys);
    if (auto ready = state.warm(view, keys); !ready)
        return pass(ready);
    FilterEvaluator evaluator(view, state.documents, [&state](const std::string& key) -> const Column& {
        return state.columns.find(key)->second.column;
    });
    RowSet rows(state.rows.size(), true);
    for (const WhereNode* tree : {where, whereDocument}) {
        if (!tree)
            continue;
        auto matching = evaluator.run(*tree, rows);
        if (!matching)
            return pass(matching);
        rows = std::move(*matching);
    }
    state.path = evaluator.path();
    return rows.positions();
}

Result<std::vector<std::uint32_t>> ColumnCache::withId(const CollectionReader& reader,
                                                       const std::function<bool(std::string_view id)>& accept,
                                                       Progress& progress)
{
    RowSet accepted(m_state->rows.size());
    auto walked =
        forEachIdInOrder(m_state->view(reader, progress), [&](std::uint32_t position, std::string_view id) {
            if (accept(id))
                accepted.insert(position);
        });
    if (!walked)
        return pass(walked);
    return accepted.positions();
}

Result<DocumentPath>
ColumnCache::visitDocuments(const CollectionReader& reader, const std::vector<std::uint32_t>* among,
                            const std::vector<std::string_view>& containing,
                            const std::function<void(std::uint32_t, std::string_view)>& each,
                            Progress& progress)
{
    const RowsView view = m_state->view(reader, progress);
    RowSet rows(m_state->rows.size(), !among);
    for (const std::uint32_t position : among ? *among : std::vector<std::uint32_t>())
        rows.insert(position);
    DocumentPath path = DocumentPath::Scan;
    if (!m_state->documents.isInMemory()) {
        auto candidates = m_state->documents.candidates(view, rows, containing);
        if (!candidates)
            return pass(candidates);
        if (*candidates) {
            path = DocumentPath::Index;
            rows = std::move(**candidates);
        }
    }
    auto walked =
        m_state->documents.forEach(view, rows, [&each](std::uint32_t position, std::string_view text) {
            each(position, text);
            return Status();
        });
    if (!walked)
        return pass(walked);
    return path;
}

Status ColumnCache::sort(const CollectionReader& reader, std::vector<std::uint32_t>& positions,
                         const Order& order, Progress& progress)
{
    if (order.by == SortBy::Insertion) {
        std::sort(positions.begin(), positions.end());
        if (order.descending)
            std::reverse(positions.begin(), positions.end());
        return {};
    }
    auto ranks = m_state->ranks(m_state->view(reader, progress), order);
    if (!ranks)
        return pass(ranks);
    (*ranks)->sort(positions, order.descending);
    return {};
}

Result<std::vector<ColumnCache::ValueCount>> ColumnCache::topValues(const CollectionReader& reader,
                                                                    const std::string& key, std::size_t limit,
                                                                    Progress& progress)
{
    if (auto ready = m_state->warm(m_state->view(reader, progress), {key}); !ready)
        return pass(ready);
    const Column& column = m_state->columns.find(key)->second.column;
    const Counts counts = countValues(column);
    std::vector<ValueCount> top;
    top.reserve(counts.size());
    for (const auto& [value, count] : counts)
        top.push_back({column.expand({value.type, value.value}), count});
    const auto more = [](const ValueCount& a, const ValueCount& b) {
        if (a.count != b.count)
            return a.count > b.count;
        const auto order = compareValues(a.value, b.value);
        return order != 0 ? order < 0 : a.value.index() < b.value.index(); // 4 before 4.0
    };
    const auto end = top.begin() + std::ptrdiff_t(std::min(limit, top.size()));
    std::partial_sort(top.begin(), end, top.end(), more);
    top.erase(end, top.end());
    return top;
}

} // namespace storage
