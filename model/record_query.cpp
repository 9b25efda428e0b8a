#include "model/record_query.h"

#include <QRegularExpression>

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>

namespace model {

using storage::Progress;
using storage::Result;
using storage::RowKey;

namespace {

using Accepts = std::function<bool(std::string_view id)>;

Accepts accepts(const IdCondition& condition)
{
    switch (condition.kind) {
    case IdCondition::Kind::Contains:
        return
            [&condition](std::string_view id) { return id.find(condition.text) != std::string_view::npos; };
    case IdCondition::Kind::Equals:
        return [&condition](std::string_view id) { return id == condition.text; };
    case IdCondition::Kind::Regex:
        break;
    }
    return [pattern = QRegularExpression(QString::fromStdString(condition.text))](std::string_view id) {
        return pattern.match(QString::fromUtf8(id.data(), qsizetype(id.size()))).hasMatch();
    };
}

} // namespace

Result<std::vector<std::uint32_t>> matchingPositions(const storage::CollectionReader& reader,
                                                     storage::ColumnCache& columns, const RecordQuery& query,
                                                     Progress& progress)
{
    auto positions = columns.matching(reader, query.where ? &*query.where : nullptr,
                                      query.whereDocument ? &*query.whereDocument : nullptr, progress);
    if (!positions || !query.id)
        return positions;
    const auto withId = columns.withId(reader, accepts(*query.id), progress);
    if (!withId)
        return withId;
    std::vector<std::uint32_t> both;
    std::set_intersection(positions->begin(), positions->end(), withId->begin(), withId->end(),
                          std::back_inserter(both));
    return both;
}

Result<std::vector<RowKey>> matchingRows(const storage::CollectionReader& reader,
                                         storage::ColumnCache& columns, const RecordQuery& query,
                                         Progress& progress)
{
    if (!query.isFiltered() && !query.isSorted())
        return columns.rows();
    auto positions = matchingPositions(reader, columns, query, progress);
    if (!positions)
        return pass(positions);
    const storage::ColumnCache::Order order{query.sortBy, query.sortKey, query.descending};
    if (auto sorted = columns.sort(reader, *positions, order, progress); !sorted)
        return pass(sorted);
    std::vector<RowKey> rows;
    rows.reserve(positions->size());
    for (const auto position : *positions)
        rows.push_back(columns.rows()[position]);
    return rows;
}

} // namespace model
