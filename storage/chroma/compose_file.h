// Finds the Chroma directories that a docker-compose.yml mounts from this host, and writes the reverse: the
// volume entry for an open directory. Hostile YAML is bounded in size, depth and number. Reads only; blocks.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/compose_variables.h"
#include "storage/chroma/persist_dir.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace storage {

struct ComposeVolume
{
    QString service;
    QString hostPath; // absolute; empty: not reachable from here
    QString containerPath;
    bool readOnly = false;
    bool isPersistDir = false; // a chroma.sqlite3 stands there
    QString sentence;          // what it is, or why it cannot be opened
};

// Every volume of every service, those with a Chroma directory first; a Chroma directory one level below a
// mounted folder is an entry of its own. Errors: NotFound, Invalid (no Compose file, with the place), Io.
[[nodiscard]] Result<std::vector<ComposeVolume>>
readComposeFile(const QString& path, const ComposeVariables& environment = systemVariables());

// The same of text; `folder`: what relative paths start from.
[[nodiscard]] Result<std::vector<ComposeVolume>> parseCompose(const QByteArray& yaml, const QString& folder,
                                                              const ComposeVariables& variables);

// "volumes:" with the entry that mounts the directory where its release of Chroma looks for it.
[[nodiscard]] QString composeVolumeSnippet(const PersistDir& directory);
[[nodiscard]] QString composeVolumeSnippet(const QString& hostPath, const QString& containerPath);

} // namespace storage
