// Moved to storage/filter; this road goes when nobody takes it any more.
#pragma once

#include "storage/filter/record_filter.h"
