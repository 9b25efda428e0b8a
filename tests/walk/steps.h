// The walk's steps, one list a part of the main job, in the order in which they are taken.
#pragma once

#include "walk/walker.h"

#include <vector>

namespace walk {

[[nodiscard]] std::vector<Step> browseSteps(); // open, look round, filter, inspect, copy

} // namespace walk
