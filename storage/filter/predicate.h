// One condition of a `where` over one column, as SQLite answers it for Chroma 1.5: types in separate columns,
// int and float compared across (a float truncated for the ints, an int rounded for the floats), negative
// operators as the complement, so that records without the key match them.
#pragma once

#include "storage/filter/column.h"
#include "storage/filter/row_set.h"
#include "storage/filter/where.h"

namespace storage {

// A leaf on metadata that checkWhere() accepts.
[[nodiscard]] RowSet matchingRows(const Column& column, const WhereNode& leaf);

// 4.9 -> 4, -4.9 -> -4, beyond 64 bits the nearest that fits: Rust's `as i64`.
[[nodiscard]] qint64 truncated(double value);

} // namespace storage
