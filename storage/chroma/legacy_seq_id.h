// max_seq_id out of the head of an index_metadata.pickle, where Chroma kept it until 0.5.5. Looks at the
// first bytes only; the whole file is read by the label map.
#pragma once

#include <QString>

#include <optional>

namespace storage {

// nullopt: no such file, or it says none.
[[nodiscard]] std::optional<qint64> legacyMaxSeqId(const QString& pickle);

} // namespace storage
