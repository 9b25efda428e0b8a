// Writes JSON text with exact numbers: int64 in full, float32 and float64 in their shortest form that reads
// back the same bits (std::to_chars), floats always recognisable as floats (1.0). NaN and infinities, which
// JSON has not, become null. Strings that are no UTF-8 get U+FFFD where they break.
#pragma once

#include "storage/chroma/records.h"

#include <span>
#include <string>
#include <string_view>

namespace storage {

void appendJson(std::string& out, std::string_view text); // quoted and escaped
void appendJson(std::string& out, qint64 value);
void appendJson(std::string& out, double value);
void appendJson(std::string& out, float value);
void appendJson(std::string& out, std::span<const float> vector); // [..,..]
void appendJson(std::string& out, const MetaValue& value);
void appendJson(std::string& out, const Metadata& metadata); // {..}; null when empty, as Chroma answers
[[nodiscard]] std::string floatText(float value);            // "0.1", "nan", "inf", "-inf"
[[nodiscard]] std::string doubleText(double value);

} // namespace storage
