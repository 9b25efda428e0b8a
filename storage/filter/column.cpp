#include "storage/filter/column.h"

#include <algorithm>
#include <type_traits>

namespace storage {

void Column::setScalar(std::size_t row, MetaType type, qint64 value)
{
    m_types[row] = static_cast<std::uint8_t>(type);
    m_values[row] = value;
}

void Column::setText(std::size_t row, std::string_view text)
{
    setScalar(row, MetaType::String, m_strings.intern(text));
}

void Column::addElement(std::size_t row, MetaType type, qint64 value)
{
    m_unsorted.push_back({static_cast<std::uint32_t>(row), {type, value}});
}

void Column::addTextElement(std::size_t row, std::string_view text)
{
    addElement(row, MetaType::String, m_strings.intern(text));
}

void Column::clear(const RowSet& rows)
{
    rows.forEach([this](std::uint32_t row) { m_types[row] = kAbsent; });
    std::erase_if(m_unsorted, [&rows](const Element& element) { return rows.contains(element.row); });
}

void Column::put(std::size_t row, const MetaValue& value)
{
    const auto put = [&](const auto& item, bool element) {
        using Item = std::decay_t<decltype(item)>;
        if constexpr (std::is_same_v<Item, std::string>)
            element ? addTextElement(row, item) : setText(row, item);
        else if constexpr (std::is_same_v<Item, double>)
            element ? addElement(row, MetaType::Float, bitsOf(item))
                    : setScalar(row, MetaType::Float, bitsOf(item));
        else if constexpr (std::is_same_v<Item, qint64>)
            element ? addElement(row, MetaType::Int, item) : setScalar(row, MetaType::Int, item);
        else if constexpr (std::is_same_v<Item, bool>)
            element ? addElement(row, MetaType::Bool, item) : setScalar(row, MetaType::Bool, item);
        else
            setScalar(row, MetaType::Null, 0);
    };
    const auto putAll = [&](const auto& items) {
        for (const auto& item : items)
            put(static_cast<typename std::decay_t<decltype(items)>::value_type>(item), true);
    };
    std::visit(
        [&](const auto& item) {
            if constexpr (requires { item.begin(); } &&
                          !std::is_same_v<std::decay_t<decltype(item)>, std::string>)
                putAll(item);
            else
                put(item, false);
        },
        value);
}

void Column::finish()
{
    if (m_unsorted.empty())
        return;
    std::stable_sort(m_unsorted.begin(), m_unsorted.end(),
                     [](const Element& a, const Element& b) { return a.row < b.row; });
    m_starts.assign(rows() + 1, 0);
    m_elements.reserve(m_unsorted.size());
    for (const Element& element : m_unsorted) {
        ++m_starts[element.row + 1];
        m_elements.push_back(element.value);
    }
    for (std::size_t row = 0; row < rows(); ++row)
        m_starts[row + 1] += m_starts[row];
    m_unsorted = {};
}

MetaValue Column::expand(const ColumnValue& value) const
{
    switch (value.type) {
    case MetaType::Bool:
        return value.value != 0;
    case MetaType::Int:
        return value.value;
    case MetaType::Float:
        return floatOf(value.value);
    case MetaType::String:
        return std::string(m_strings.text(static_cast<std::uint32_t>(value.value)));
    default:
        return std::monostate{};
    }
}

MetaValue Column::value(std::size_t row) const
{
    if (!hasArray(row))
        return m_types[row] == kAbsent ? MetaValue()
                                       : expand({static_cast<MetaType>(m_types[row]), m_values[row]});
    MetaValue list;
    for (const ColumnValue& element : array(row)) {
        std::visit(
            [&](auto&& item) {
                using Item = std::decay_t<decltype(item)>;
                if constexpr (std::is_same_v<Item, bool> || std::is_same_v<Item, qint64> ||
                              std::is_same_v<Item, double> || std::is_same_v<Item, std::string>) {
                    auto* items = std::get_if<std::vector<Item>>(&list);
                    if (!items) // an element of another kind starts anew, as in Chroma's answers
                        items = &list.emplace<std::vector<Item>>();
                    items->push_back(std::move(item));
                }
            },
            expand(element));
    }
    return list;
}

qint64 Column::bytes() const
{
    return qint64(m_types.capacity() + m_values.capacity() * sizeof(qint64) + m_strings.bytes() +
                  m_starts.capacity() * sizeof(std::uint32_t) + m_elements.capacity() * sizeof(ColumnValue));
}

} // namespace storage
