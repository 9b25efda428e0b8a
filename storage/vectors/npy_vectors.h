// Reads vectors from a NumPy .npy file (format 1 to 3): little- or big-endian float16, float32 or float64,
// one array of one or two dimensions in C order. Every size is checked against the bytes that are there.
#pragma once

#include "storage/base/result.h"

#include <string_view>
#include <vector>

namespace storage {

[[nodiscard]] bool isNpy(std::string_view bytes);
// One vector for a one-dimensional array, else one a row. Numbers may not be finite. Errors: Invalid.
[[nodiscard]] Result<std::vector<std::vector<float>>> readNpy(std::string_view bytes);

} // namespace storage
