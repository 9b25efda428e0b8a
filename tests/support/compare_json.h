// COMPARE_JSON(actual, expected): the two texts are printed when they differ. Stricter than ==, since 1 and
// 1.0 are two texts. (QCOMPARE cannot take nlohmann's values: they convert to everything.)
#pragma once

#include <QByteArray>
#include <QTest>

#include <nlohmann/json.hpp>

namespace support {

[[nodiscard]] inline QByteArray jsonText(const nlohmann::json& value)
{
    return QByteArray::fromStdString(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

} // namespace support

#define COMPARE_JSON(actual, expected) QCOMPARE(support::jsonText(actual), support::jsonText(expected))
