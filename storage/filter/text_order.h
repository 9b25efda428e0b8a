// The order of a collection's rows by texts that are not kept in memory: ids, through the index that has them
// in order, and documents, by their beginnings and, where these are equal, by what follows.
#pragma once

#include "storage/filter/column_loader.h"
#include "storage/filter/column_order.h"

#include <functional>
#include <string_view>

namespace storage {

// Calls `each(position, id)` for every row, ids ascending by code point; pending records included.
[[nodiscard]] Status forEachIdInOrder(const RowsView& view,
                                      const std::function<void(std::uint32_t, std::string_view)>& each);

[[nodiscard]] Result<Ranks> idRanks(const RowsView& view);
// At most about `memory` bytes of text at a time, in as many rounds as it takes.
[[nodiscard]] Result<Ranks> documentRanks(const RowsView& view, std::size_t memory = 32 << 20);

} // namespace storage
