// Vectors from what a person pastes or a file holds: JSON (a list, a list of lists, or an object that carries
// them as "embedding", "embeddings" or "data"), numbers with commas, blanks or line breaks between them as
// Python and NumPy print them, a NumPy .npy file, or base64 of little-endian float32. And whether a vector
// can be searched for at all. Pure functions.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <span>
#include <string_view>
#include <vector>

namespace storage {

// At least one vector, all of one length, every number finite. Numbers are rounded to float32 as Chroma's own
// clients round them. Errors: Invalid.
[[nodiscard]] Result<std::vector<std::vector<float>>> parseVectors(std::string_view bytes);

// The same when exactly one is wanted, as in a field of a window.
[[nodiscard]] Result<std::vector<float>> parseVector(std::string_view bytes);

// Whether it can be compared with vectors of `dimension` numbers (0: not known) in this space: the right
// length, finite, and for cosine not all zero. Errors: Invalid.
[[nodiscard]] Status checkQueryVector(std::span<const float> vector, std::size_t dimension, Space space);

} // namespace storage
