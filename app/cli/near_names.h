// Which known names a mistyped one may have meant.
#pragma once

#include <QStringList>

namespace app {

// Those of `candidates` that `word` may have been meant to be, nearest first, at most `most`.
[[nodiscard]] QStringList nearest(const QString& word, const QStringList& candidates, int most = 3);

} // namespace app
