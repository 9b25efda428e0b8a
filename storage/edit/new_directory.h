// Makes a new, empty persist directory at the newest level that this program knows; Chroma 1.5 and later open it.
#pragma once

#include "storage/base/file_ops.h"
#include "storage/base/result.h"

#include <QString>

namespace storage {

// `path` does not exist, or is an empty folder; its parents are made. Built beside its place and renamed into it, so
// that an interruption leaves no half directory. Errors: Invalid (something is there), NoSpace, Io.
[[nodiscard]] Status makeNewDirectory(const FileOps& ops, const QString& path);

} // namespace storage
