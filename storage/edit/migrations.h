// The schema of the newest persist directory that this program knows, as Chroma's own migration files in the order in
// which Chroma applies them.
#pragma once

#include <span>

namespace storage {

struct Migration
{
    const char* folder; // migrations.dir
    int version;
    const char* fileName;
    const char* sql;
    const char* md5; // of the text, lower-case hex
};

[[nodiscard]] std::span<const Migration> migrations();

} // namespace storage
