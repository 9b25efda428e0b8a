// Why a path is no Chroma directory that can be opened, said so that a person knows what to do: what stands
// there instead of chroma.sqlite3, or what that file is instead of a database. Reads names and first bytes.
#pragma once

#include "storage/base/result.h"

#include <QByteArray>
#include <QString>

namespace storage {

// A folder without chroma.sqlite3. Always an error: NotChroma, or Io when it cannot be listed.
[[nodiscard]] Error explainFolder(const QString& folder);

// A chroma.sqlite3 that does not start as SQLite files do; `head`: its first bytes, up to 4 KiB.
[[nodiscard]] Error explainFile(const QString& folder, const QByteArray& head, qint64 size);

// The first 16 bytes of every SQLite database.
[[nodiscard]] bool hasSqliteMagic(const QByteArray& head);

} // namespace storage
