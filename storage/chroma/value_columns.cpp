#include "storage/chroma/value_columns.h"

#include <algorithm>

namespace storage {

namespace {

bool holds(const Statement& row, int column, SqlType type)
{
    return column >= 0 && row.type(column) == type;
}

template <class Item> void append(MetaValue& value, Item item)
{
    if (auto* list = std::get_if<std::vector<Item>>(&value))
        list->push_back(std::move(item));
    else
        value = std::vector<Item>{std::move(item)};
}

Metadata::iterator place(Metadata& metadata, std::string_view key)
{
    return std::lower_bound(metadata.begin(), metadata.end(), key,
                            [](const MetaEntry& entry, std::string_view k) { return entry.key < k; });
}

} // namespace

std::optional<MetaType> scalarType(const Statement& row, const ValueColumns& columns)
{
    if (holds(row, columns.text, SqlType::Text))
        return MetaType::String;
    if (holds(row, columns.integer, SqlType::Integer))
        return MetaType::Int;
    if (holds(row, columns.real, SqlType::Float))
        return MetaType::Float;
    if (holds(row, columns.boolean, SqlType::Integer))
        return MetaType::Bool;
    return std::nullopt;
}

std::optional<MetaValue> scalarValue(const Statement& row, const ValueColumns& columns)
{
    const auto type = scalarType(row, columns);
    if (!type)
        return std::nullopt;
    switch (*type) {
    case MetaType::String:
        return MetaValue(row.string(columns.text));
    case MetaType::Int:
        return MetaValue(row.integer(columns.integer));
    case MetaType::Float:
        return MetaValue(row.real(columns.real));
    default:
        return MetaValue(row.integer(columns.boolean) != 0);
    }
}

void appendElement(MetaValue& value, const Statement& row, const ValueColumns& columns)
{
    std::optional<MetaValue> element = scalarValue(row, columns);
    if (!element)
        return;
    std::visit(
        [&](auto&& item) {
            using Item = std::decay_t<decltype(item)>;
            if constexpr (std::is_same_v<Item, bool> || std::is_same_v<Item, qint64> ||
                          std::is_same_v<Item, double> || std::is_same_v<Item, std::string>)
                append<Item>(value, std::move(item));
        },
        std::move(*element));
}

std::optional<qint64> sequenceId(const Statement& row, int column)
{
    constexpr std::size_t kBytes = 8;
    if (row.type(column) == SqlType::Integer)
        return row.integer(column);
    const auto bytes = row.blob(column);
    if (row.type(column) != SqlType::Blob || bytes.size() < kBytes)
        return std::nullopt;
    // Python could write 24 bytes in theory (Pulsar's ids); the last eight count.
    quint64 value = 0;
    for (const std::byte byte : bytes.last(kBytes))
        value = value << 8 | std::to_integer<quint64>(byte);
    return qint64(value);
}

void setValue(Metadata& metadata, std::string key, MetaValue value)
{
    const auto it = place(metadata, key);
    if (it != metadata.end() && it->key == key)
        it->value = std::move(value);
    else
        metadata.insert(it, {std::move(key), std::move(value)});
}

void removeValue(Metadata& metadata, std::string_view key)
{
    const auto it = place(metadata, key);
    if (it != metadata.end() && it->key == key)
        metadata.erase(it);
}

} // namespace storage
