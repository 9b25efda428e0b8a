#include "app/cli/record_selection.h"

#include "storage/filter/record_filter.h"

#include <algorithm>
#include <iterator>

namespace app {

using namespace storage;

namespace {

using Rows = std::vector<RowKey>;

Result<Rows> rowsOfIds(const CollectionReader& reader, const std::vector<std::string>& ids)
{
    Rows rows;
    for (const std::string& id : ids) {
        const auto row = reader.rowOf(id);
        if (!row)
            return tl::unexpected<Error>(row.error());
        if (*row)
            rows.push_back(**row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

Result<SelectedRows> matchingRows(const CollectionReader& reader, const Conditions& conditions,
                                  bool tolerateChanges, Progress& progress)
{
    auto all = reader.allRows(progress);
    if (!all)
        return pass(all);
    ColumnCache columns(reader, std::move(*all));
    columns.tolerateChanges(tolerateChanges);
    const auto positions =
        columns.matching(reader, conditions.wherePointer(), conditions.documentPointer(), progress);
    if (!positions)
        return tl::unexpected<Error>(positions.error());
    SelectedRows matching{{}, columns.findings(), columns.mixed()};
    matching.rows.reserve(positions->size());
    for (const std::uint32_t position : *positions)
        matching.rows.push_back(columns.rows()[position]);
    return matching;
}

Result<Rows> unconditionalRows(const CollectionReader& reader, const Selection& selection, Progress& progress)
{
    // The first few records of a collection of millions come without reading its whole index.
    constexpr qint64 kFew = 10000;
    if (!selection.ids.empty())
        return rowsOfIds(reader, selection.ids);
    if (selection.limit && *selection.limit <= kFew && selection.offset <= kFew)
        return reader.firstRows(selection.offset + *selection.limit);
    return reader.allRows(progress);
}

// Keeps those of `rows` that are also in `others`; both ascending.
void keepCommon(Rows& rows, const Rows& others)
{
    Rows both;
    std::set_intersection(rows.begin(), rows.end(), others.begin(), others.end(), std::back_inserter(both));
    rows = std::move(both);
}

void cut(Rows& rows, const Selection& selection)
{
    const auto size = static_cast<qint64>(rows.size());
    const qint64 from = std::min(selection.offset, size);
    const qint64 to = selection.limit ? from + std::min(*selection.limit, size - from) : size;
    rows.erase(rows.begin() + to, rows.end());
    rows.erase(rows.begin(), rows.begin() + from);
}

} // namespace

Result<SelectedRows> selectRows(const CollectionReader& reader, const Selection& selection,
                                bool tolerateChanges, Progress& progress)
{
    SelectedRows selected;
    const bool filtered = selection.conditions.any();
    if (filtered) {
        auto matching = matchingRows(reader, selection.conditions, tolerateChanges, progress);
        if (!matching)
            return matching;
        selected = std::move(*matching);
    }
    if (!filtered || !selection.ids.empty()) {
        auto rows = unconditionalRows(reader, selection, progress);
        if (!rows)
            return pass(rows);
        if (filtered)
            keepCommon(selected.rows, *rows);
        else
            selected.rows = std::move(*rows);
    }
    cut(selected.rows, selection);
    return selected;
}

} // namespace app
