#include "storage/base/json_text.h"

#include <charconv>
#include <cmath>

namespace storage {

namespace {

template <class Float> std::string shortest(Float value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    std::string text(buffer, end);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0"; // stays a float for whoever reads it back
    return text;
}

template <class Float> void appendFinite(std::string& out, Float value)
{
    out += std::isfinite(value) ? shortest(value) : std::string("null");
}

// Length of the well-formed UTF-8 sequence at `at`, 0 if it is broken there (RFC 3629).
std::size_t sequenceLength(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                               : (lead & 0xf0) == 0xe0        ? 3
                               : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                              : 0;
    if (length == 0 || at + length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(at + i) & 0xc0) != 0x80)
            return 0;
    const unsigned char second = byte(at + 1);
    const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool surrogate = lead == 0xed && second >= 0xa0;
    const bool beyond = lead == 0xf4 && second >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

void appendControl(std::string& out, char c)
{
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    case '\b':
        out += "\\b";
        return;
    case '\f':
        out += "\\f";
        return;
    default:
        break;
    }
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u00";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
}

template <class List, class Write> void appendList(std::string& out, const List& list, Write write)
{
    out += '[';
    bool first = true;
    for (const auto& item : list) {
        if (!first)
            out += ',';
        first = false;
        write(item);
    }
    out += ']';
}

} // namespace

void appendJson(std::string& out, std::string_view text)
{
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x20 || c == '"' || c == '\\') {
            appendControl(out, text[at++]);
        } else if (const std::size_t length = sequenceLength(text, at); length > 0) {
            out.append(text, at, length);
            at += length;
        } else {
            out += "\xEF\xBF\xBD";
            ++at;
        }
    }
    out += '"';
}

void appendJson(std::string& out, qint64 value)
{
    char buffer[24];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

void appendJson(std::string& out, double value)
{
    appendFinite(out, value);
}

void appendJson(std::string& out, float value)
{
    appendFinite(out, value);
}

void appendJson(std::string& out, std::span<const float> vector)
{
    appendList(out, vector, [&](float value) { appendJson(out, value); });
}

void appendJson(std::string& out, const MetaValue& value)
{
    struct Writer
    {
        std::string& out;
        void operator()(std::monostate) const { out += "null"; }
        void operator()(bool v) const { out += v ? "true" : "false"; }
        void operator()(qint64 v) const { appendJson(out, v); }
        void operator()(double v) const { appendJson(out, v); }
        void operator()(const std::string& v) const { appendJson(out, std::string_view(v)); }
        void operator()(const std::vector<bool>& v) const
        {
            appendList(out, v, [&](bool item) { out += item ? "true" : "false"; });
        }
        void operator()(const std::vector<qint64>& v) const
        {
            appendList(out, v, [&](qint64 item) { appendJson(out, item); });
        }
        void operator()(const std::vector<double>& v) const
        {
            appendList(out, v, [&](double item) { appendJson(out, item); });
        }
        void operator()(const std::vector<std::string>& v) const
        {
            appendList(out, v, [&](const std::string& item) { appendJson(out, std::string_view(item)); });
        }
    };
    std::visit(Writer{out}, value);
}

void appendJson(std::string& out, const Metadata& metadata)
{
    if (metadata.empty()) {
        out += "null";
        return;
    }
    out += '{';
    for (const MetaEntry& entry : metadata) {
        if (&entry != &metadata.front())
            out += ',';
        appendJson(out, std::string_view(entry.key));
        out += ':';
        appendJson(out, entry.value);
    }
    out += '}';
}

std::string floatText(float value)
{
    return shortest(value);
}

std::string doubleText(double value)
{
    return shortest(value);
}

} // namespace storage
