// index_metadata.pickle: whatever is accepted is a map whose every id is found under its own label.
#include "storage/vectors/label_map.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto map = storage::LabelMap::parse(std::as_bytes(std::span(data, size)));
    if (!map)
        return 0;
    std::size_t count = 0;
    map->forEach([&](std::uint64_t label, std::string_view id) {
        ++count;
        const auto found = map->labelOf(id); // an id may be there twice: then under one of its labels
        if (!found || map->idOf(*found) != id || map->idOf(label) != id)
            std::abort();
    });
    if (count != map->size())
        std::abort();
    return 0;
}
