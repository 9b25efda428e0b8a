// The two sums that every distance is made of, squared difference and product, in the widest form that this
// processor runs: chosen once at run time, since packages are built for the oldest one. Any length, any
// alignment. Sums run in float32 over several lanes and agree with double precision to 1e-5 of the summed
// magnitudes.
#pragma once

#include <cstddef>
#include <span>

namespace storage {

struct DistanceKernels
{
    const char* name = "";
    float (*squaredDifference)(const float* a, const float* b, std::size_t length) = nullptr;
    float (*product)(const float* a, const float* b, std::size_t length) = nullptr;
};

[[nodiscard]] const DistanceKernels& distanceKernels();                    // the fastest here
[[nodiscard]] std::span<const DistanceKernels> availableDistanceKernels(); // all that run here, slowest first

} // namespace storage
