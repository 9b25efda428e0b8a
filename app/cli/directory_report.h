// Everything that `info` tells about a persist directory, gathered once and written as JSON or for a person.
#pragma once

#include "app/cli/source.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

struct DirectoryReport
{
    struct Entry
    {
        storage::Collection collection;
        std::optional<qint64> count;   // empty: could not be counted
        std::optional<qint64> pending; // log operations that the segments do not hold yet
    };
    QString path;
    storage::Generation generation;
    std::vector<Entry> collections;
    qint64 bytes = 0;
    std::vector<storage::Finding> findings;
};

// What cannot be read of one collection becomes a finding; the rest is still told. Errors: Busy, Cancelled,
// Io.
[[nodiscard]] storage::Result<DirectoryReport> reportOn(const Source& source, storage::Progress& progress);

[[nodiscard]] std::string reportJson(const DirectoryReport& report); // one line
[[nodiscard]] std::string reportText(const DirectoryReport& report);

} // namespace app
