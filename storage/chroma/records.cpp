#include "storage/chroma/records.h"

#include <algorithm>
#include <array>

namespace storage {

const char* typeName(MetaType type)
{
    static constexpr std::array names = {"null",   "bool",  "int",     "float",   "string",
                                         "bool[]", "int[]", "float[]", "string[]"};
    return names[static_cast<std::size_t>(type)];
}

const MetaValue* find(const Metadata& metadata, const std::string& key)
{
    const auto it =
        std::lower_bound(metadata.begin(), metadata.end(), key,
                         [](const MetaEntry& entry, const std::string& k) { return entry.key < k; });
    return it != metadata.end() && it->key == key ? &it->value : nullptr;
}

const char* spaceName(Space space)
{
    static constexpr std::array names = {"l2", "cosine", "ip"};
    return names[static_cast<std::size_t>(space)];
}

std::optional<Space> spaceFromName(const std::string& name)
{
    if (name == "l2")
        return Space::L2;
    if (name == "cosine")
        return Space::Cosine;
    if (name == "ip")
        return Space::Ip;
    return std::nullopt;
}

const char* sourceName(IndexConfig::Source source)
{
    static constexpr std::array names = {"defaults", "segment metadata", "configuration", "schema"};
    return names[static_cast<std::size_t>(source)];
}

const Segment* Collection::segment(const char* scope) const
{
    const auto it = std::find_if(segments.begin(), segments.end(),
                                 [scope](const Segment& s) { return s.scope == scope; });
    return it == segments.end() ? nullptr : &*it;
}

} // namespace storage
