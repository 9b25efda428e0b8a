#include "model/value_text.h"

#include "storage/base/json_text.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace model {

using storage::MetaType;
using storage::MetaValue;

namespace {

constexpr QChar kEllipsis(0x2026);

template <class Value> void appendText(std::string& out, const Value& value)
{
    storage::appendJson(out, MetaValue(value)); // strings quoted: the commas between elements stay clear
}

template <class Element> std::string arrayText(const std::vector<Element>& array, std::size_t limit)
{
    std::string out = "[";
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0)
            out += ", ";
        if (out.size() > limit) {
            out += "\xE2\x80\xA6 " + std::to_string(array.size());
            break;
        }
        appendText(out, Element(array[i]));
    }
    return out + "]";
}

std::string wholeText(const MetaValue& value, std::size_t limit)
{
    struct Visitor
    {
        std::size_t limit;
        std::string operator()(std::monostate) const { return kNullText; }
        std::string operator()(bool each) const { return each ? "true" : "false"; }
        std::string operator()(qint64 each) const { return std::to_string(each); }
        std::string operator()(double each) const { return storage::doubleText(each); }
        std::string operator()(const std::string& each) const { return each; }
        std::string operator()(const std::vector<bool>& each) const { return arrayText(each, limit); }
        std::string operator()(const std::vector<qint64>& each) const { return arrayText(each, limit); }
        std::string operator()(const std::vector<double>& each) const { return arrayText(each, limit); }
        std::string operator()(const std::vector<std::string>& each) const { return arrayText(each, limit); }
    };
    return std::visit(Visitor{limit}, value);
}

} // namespace

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

QString lineText(std::string_view utf8, qsizetype limit)
{
    // Four bytes a character at most: never decode a long document for one cell.
    const bool bytesCut = utf8.size() > std::size_t(limit) * 4;
    QString line = text(bytesCut ? utf8.substr(0, std::size_t(limit) * 4) : utf8);
    const bool cut = bytesCut || line.size() > limit;
    if (line.size() > limit)
        line.truncate(line[limit - 1].isHighSurrogate() ? limit - 1 : limit);
    for (QChar& each : line)
        if (each < QLatin1Char(' ') || each == QChar::LineSeparator || each == QChar::ParagraphSeparator)
            each = QLatin1Char(' ');
    if (cut)
        line += kEllipsis;
    return line;
}

QString valueText(const MetaValue& value)
{
    return text(wholeText(value, std::string::npos));
}

QString valueLine(const MetaValue& value, qsizetype limit)
{
    if (const auto* string = std::get_if<std::string>(&value))
        return lineText(*string, limit);
    return text(wholeText(value, std::size_t(limit)));
}

QString valueJson(const MetaValue& value)
{
    std::string out;
    storage::appendJson(out, value);
    return text(out);
}

QString typeText(MetaType type)
{
    return QString::fromLatin1(storage::typeName(type));
}

QString typesText(unsigned types)
{
    QStringList names;
    for (unsigned i = 0; i <= static_cast<unsigned>(MetaType::StringArray); ++i)
        if (types & (1u << i))
            names << typeText(static_cast<MetaType>(i));
    return names.join(QStringLiteral(" \u00B7 "));
}

bool isNumeric(unsigned types)
{
    const unsigned numbers = typeBit(MetaType::Int) | typeBit(MetaType::Float) | typeBit(MetaType::Null);
    return (types & ~numbers) == 0 && (types & (typeBit(MetaType::Int) | typeBit(MetaType::Float))) != 0;
}

QString vectorPreview(std::span<const float> head, std::size_t dimension)
{
    if (dimension == 0)
        return {};
    std::array<char, 32> digits{};
    QString preview = QStringLiteral("[");
    for (std::size_t i = 0; i < head.size(); ++i) {
        std::snprintf(digits.data(), digits.size(), "%.3g", double(head[i]));
        preview += (i > 0 ? QStringLiteral(", ") : QString()) + QString::fromLatin1(digits.data());
    }
    if (dimension > head.size())
        preview += QStringLiteral(", \u2026");
    return preview + QLatin1Char(']');
}

VectorStats vectorStats(std::span<const float> vector)
{
    VectorStats stats;
    stats.dimension = vector.size();
    double sum = 0;
    double squares = 0;
    std::size_t finite = 0;
    for (const float each : vector) {
        if (!std::isfinite(each)) {
            ++stats.notFinite;
            continue;
        }
        const double value = each;
        stats.minimum = finite == 0 ? value : std::min(stats.minimum, value);
        stats.maximum = finite == 0 ? value : std::max(stats.maximum, value);
        sum += value;
        squares += value * value;
        stats.zeros += value == 0.0 ? 1 : 0;
        ++finite;
    }
    stats.norm = std::sqrt(squares);
    if (finite == 0)
        return stats;
    stats.mean = sum / double(finite);
    double spread = 0; // a second pass: the difference of two large sums would lose digits
    for (const float each : vector)
        if (std::isfinite(each))
            spread += (double(each) - stats.mean) * (double(each) - stats.mean);
    stats.deviation = std::sqrt(spread / double(finite));
    return stats;
}

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString bytesText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1024 ? 0 : 1, QLocale::DataSizeTraditionalFormat);
}

} // namespace model
