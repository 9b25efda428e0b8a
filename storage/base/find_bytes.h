// Finds one text in another, quickly: the platform's memmem where there is one.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace storage {

[[nodiscard]] inline std::size_t findBytes(std::string_view text, std::string_view wanted,
                                           std::size_t from = 0)
{
#if defined(__GLIBC__) || defined(__APPLE__) || defined(__FreeBSD__)
    if (from > text.size())
        return std::string_view::npos;
    const void* found = memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data())
                 : std::string_view::npos;
#else
    return text.find(wanted, from);
#endif
}

} // namespace storage
