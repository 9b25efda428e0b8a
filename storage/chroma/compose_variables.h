// Variables in a Compose file: the .env file beside it, and the forms $VAR, ${VAR}, ${VAR:-default} and their
// kin as the Compose specification has them. Pure; foreign text, so depth and length are bounded.
#pragma once

#include "storage/base/result.h"

#include <QByteArray>
#include <QHash>
#include <QString>

namespace storage {

using ComposeVariables = QHash<QString, QString>;

// The process's own environment: it comes before .env.
[[nodiscard]] ComposeVariables systemVariables();

// KEY=value lines; comments, `export`, single and double quotes. Lines that are none are passed over.
[[nodiscard]] ComposeVariables parseEnvFile(const QByteArray& text);

// Errors: Invalid, for a form that is not closed, a variable that must be set (${VAR:?why}), or too much.
[[nodiscard]] Result<QString> interpolate(const QString& text, const ComposeVariables& variables);

} // namespace storage
