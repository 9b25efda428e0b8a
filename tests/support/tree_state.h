// The contents of a folder as comparable lines, "name size sha256", for tests that say "byte for byte".
#pragma once

#include <QString>
#include <QStringList>

namespace support {

// Every file and folder below `folder`, sorted; links by their target. `skip`: names left out, relative.
[[nodiscard]] QStringList treeState(const QString& folder, const QStringList& skip = {});

} // namespace support
