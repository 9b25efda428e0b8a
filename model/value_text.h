// Metadata values and vectors as a person reads them: exact numbers (int64 in full, floats in the shortest
// form that reads back the same), one line, never ambiguous with what is missing. Pure.
#pragma once

#include "storage/chroma/records.h"

#include <QString>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace model {

// How a value that is there without content is written: SQLite keeps NaN as NULL.
inline constexpr char kNullText[] = "null";

// UTF-8 to QString with invalid bytes shown as U+FFFD.
[[nodiscard]] QString text(std::string_view utf8);
// As text(), cut to about `limit` characters with "…", line breaks and tabs shown as spaces: a table cell.
[[nodiscard]] QString lineText(std::string_view utf8, qsizetype limit = 300);

[[nodiscard]] QString valueText(const storage::MetaValue& value); // whole; strings unquoted
[[nodiscard]] QString valueLine(const storage::MetaValue& value, qsizetype limit = 300); // a table cell
[[nodiscard]] QString valueJson(const storage::MetaValue& value);
[[nodiscard]] QString typeText(storage::MetaType type); // "int", "string[]"
[[nodiscard]] QString typesText(unsigned types);        // "int · string", from a KeyInfo's bits
[[nodiscard]] bool isNumeric(unsigned types);           // nothing but numbers: right-aligned, tabular
[[nodiscard]] inline unsigned typeBit(storage::MetaType type)
{
    return 1u << static_cast<unsigned>(type);
}

// "[0.0123, -0.4, 1.5, …]": the first components.
[[nodiscard]] QString vectorPreview(std::span<const float> head, std::size_t dimension);

struct VectorStats
{
    std::size_t dimension = 0;
    double norm = 0; // L2, summed in double
    double minimum = 0;
    double maximum = 0;
    double mean = 0;
    double deviation = 0; // population
    std::size_t zeros = 0;
    std::size_t notFinite = 0; // left out of the figures above
};
[[nodiscard]] VectorStats vectorStats(std::span<const float> vector);

[[nodiscard]] QString countText(qint64 count); // in the user's locale: "1,680"
[[nodiscard]] QString bytesText(qint64 bytes); // "12.3 MB"

} // namespace model
