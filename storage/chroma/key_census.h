// Counts metadata keys and the kinds of their values over many rows, a stretch of rows at a time.
#pragma once

#include "storage/base/progress.h"
#include "storage/base/result.h"
#include "storage/chroma/records.h"
#include "storage/chroma/sqlite.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace storage {

class KeyCensus
{
public:
    struct Seen
    {
        qint64 records = 0;
        unsigned types = 0; // bit per MetaType
    };

    [[nodiscard]] static Result<KeyCensus> open(const Connection& connection);

    void add(const Record& record);
    // `rows` in ascending order.
    [[nodiscard]] Status addRows(std::span<const RowKey> rows, Progress& progress);
    [[nodiscard]] const std::map<std::string, Seen, std::less<>>& keys() const { return m_keys; }

private:
    KeyCensus(const Connection* connection, Statement scalars, std::optional<Statement> arrays);
    [[nodiscard]] Status addStretch(std::span<const RowKey> rows, RowKey first, RowKey last);
    void note(std::string_view key, MetaType type);

    const Connection* m_connection;
    Statement m_scalars;
    std::optional<Statement> m_arrays;
    std::map<std::string, Seen, std::less<>> m_keys;
};

} // namespace storage
