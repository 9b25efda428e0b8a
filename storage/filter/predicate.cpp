#include "storage/filter/predicate.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace storage {

namespace {

constexpr auto kBool = static_cast<std::uint8_t>(MetaType::Bool);
constexpr auto kInt = static_cast<std::uint8_t>(MetaType::Int);
constexpr auto kFloat = static_cast<std::uint8_t>(MetaType::Float);
constexpr auto kString = static_cast<std::uint8_t>(MetaType::String);
constexpr std::size_t kFewValues = 8; // compared one after the other; more are searched for

// A number as both kinds of column see it.
struct Number
{
    qint64 whole = 0;
    double real = 0;
};

Number numberOf(const MetaValue& value)
{
    if (const double* real = std::get_if<double>(&value))
        return {truncated(*real), *real};
    const qint64 whole = std::get<qint64>(value);
    return {whole, static_cast<double>(whole)};
}

template <class Compare> RowSet compareNumbers(const Column& column, Number number, Compare compare)
{
    RowSet rows(column.rows());
    const std::uint8_t* types = column.types().data();
    const qint64* values = column.values().data();
    rows.assign([=](std::size_t row) {
        const bool whole = types[row] == kInt && compare(values[row], number.whole);
        const bool real = types[row] == kFloat && compare(floatOf(values[row]), number.real);
        return whole || real;
    });
    return rows;
}

RowSet equalValues(const Column& column, std::uint8_t type, qint64 value)
{
    RowSet rows(column.rows());
    const std::uint8_t* types = column.types().data();
    const qint64* values = column.values().data();
    rows.assign([=](std::size_t row) { return types[row] == type && values[row] == value; });
    return rows;
}

RowSet equals(const Column& column, const MetaValue& value)
{
    if (const bool* flag = std::get_if<bool>(&value))
        return equalValues(column, kBool, *flag);
    if (const std::string* text = std::get_if<std::string>(&value)) {
        const auto code = column.strings().find(*text);
        return code ? equalValues(column, kString, *code) : RowSet(column.rows());
    }
    return compareNumbers(column, numberOf(value), std::equal_to<>());
}

RowSet amongStrings(const Column& column, const std::vector<MetaValue>& values)
{
    std::vector<bool> wanted(column.strings().size(), false);
    for (const MetaValue& value : values)
        if (const auto code = column.strings().find(std::get<std::string>(value)))
            wanted[*code] = true;
    RowSet rows(column.rows());
    rows.assign([&](std::size_t row) {
        return column.types()[row] == kString && wanted[static_cast<std::size_t>(column.values()[row])];
    });
    return rows;
}

RowSet amongNumbers(const Column& column, const std::vector<MetaValue>& values)
{
    std::vector<qint64> wholes;
    std::vector<double> reals;
    for (const MetaValue& value : values) {
        const Number number = numberOf(value);
        wholes.push_back(number.whole);
        reals.push_back(number.real);
    }
    std::sort(wholes.begin(), wholes.end());
    std::sort(reals.begin(), reals.end());
    RowSet rows(column.rows());
    rows.assign([&](std::size_t row) {
        const qint64 value = column.values()[row];
        if (column.types()[row] == kInt)
            return std::binary_search(wholes.begin(), wholes.end(), value);
        return column.types()[row] == kFloat &&
               std::binary_search(reals.begin(), reals.end(), floatOf(value));
    });
    return rows;
}

RowSet among(const Column& column, const std::vector<MetaValue>& values)
{
    const MetaType type = typeOf(values.front());
    if (values.size() > kFewValues && type == MetaType::String)
        return amongStrings(column, values);
    if (values.size() > kFewValues && type != MetaType::Bool)
        return amongNumbers(column, values);
    RowSet rows(column.rows());
    for (const MetaValue& value : values)
        rows |= equals(column, value);
    return rows;
}

RowSet ordered(const Column& column, WhereOperator op, const MetaValue& value)
{
    const Number number = numberOf(value);
    switch (op) {
    case WhereOperator::Gt:
        return compareNumbers(column, number, std::greater<>());
    case WhereOperator::Gte:
        return compareNumbers(column, number, std::greater_equal<>());
    case WhereOperator::Lt:
        return compareNumbers(column, number, std::less<>());
    default:
        return compareNumbers(column, number, std::less_equal<>());
    }
}

// Elements are compared within their own type only: 5 is not 5.0 here.
RowSet containing(const Column& column, const MetaValue& value)
{
    RowSet rows(column.rows());
    if (!column.hasArrays())
        return rows;
    ColumnValue wanted{typeOf(value), 0};
    if (const bool* flag = std::get_if<bool>(&value))
        wanted.value = *flag;
    else if (const qint64* whole = std::get_if<qint64>(&value))
        wanted.value = *whole;
    else if (const std::string* text = std::get_if<std::string>(&value)) {
        const auto code = column.strings().find(*text);
        if (!code)
            return rows;
        wanted.value = *code;
    }
    const double* real = std::get_if<double>(&value);
    const auto same = [&](const ColumnValue& element) {
        return element.type == wanted.type &&
               (real ? floatOf(element.value) == *real : element.value == wanted.value);
    };
    rows.assign([&](std::size_t row) {
        const auto elements = column.array(row);
        return std::any_of(elements.begin(), elements.end(), same);
    });
    return rows;
}

RowSet complement(const RowSet& rows)
{
    RowSet all(rows.size(), true);
    all -= rows;
    return all;
}

} // namespace

qint64 truncated(double value)
{
    constexpr double kBeyond = 9223372036854775808.0; // 2^63
    if (std::isnan(value))
        return 0;
    if (value >= kBeyond)
        return std::numeric_limits<qint64>::max();
    if (value < -kBeyond)
        return std::numeric_limits<qint64>::min();
    return static_cast<qint64>(value);
}

RowSet matchingRows(const Column& column, const WhereNode& leaf)
{
    switch (leaf.op) {
    case WhereOperator::Eq:
        return equals(column, leaf.values.front());
    case WhereOperator::Ne:
        return complement(equals(column, leaf.values.front()));
    case WhereOperator::In:
        return among(column, leaf.values);
    case WhereOperator::Nin:
        return complement(among(column, leaf.values));
    case WhereOperator::Contains:
        return containing(column, leaf.values.front());
    case WhereOperator::NotContains:
        return complement(containing(column, leaf.values.front()));
    case WhereOperator::Regex:
    case WhereOperator::NotRegex:
        return RowSet(column.rows());
    default:
        return ordered(column, leaf.op, leaf.values.front());
    }
}

} // namespace storage
