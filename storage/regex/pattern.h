// A pattern of Rust's regex dialect (the one that Chroma's $regex speaks) as a tree: sets of characters,
// sequences, alternatives, repetitions and assertions. Groups, their names and greediness are gone, since a
// filter only asks whether there is a match.
#pragma once

#include "storage/base/result.h"
#include "storage/regex/char_set.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

namespace storage {

// Assertions about a place between two characters.
enum class Look : std::uint8_t {
    Start,         // \A, ^
    End,           // \z, $
    StartLine,     // (?m)^
    EndLine,       // (?m)$
    StartLineCrlf, // (?mR)^: \r\n ends a line too
    EndLineCrlf,
    Boundary, // \b
    NotBoundary,
    WordStart, // \b{start}, \<
    WordEnd,
    WordStartHalf, // \b{start-half}: no word character before
    WordEndHalf,
};

struct PatternNode
{
    static constexpr std::uint32_t kUnbounded = std::numeric_limits<std::uint32_t>::max();
    enum class Kind : std::uint8_t { Empty, Set, Concat, Alternate, Repeat, Look };
    Kind kind = Kind::Empty;
    std::shared_ptr<const CharSet> set; // Set; never empty
    Look look = Look::Start;
    bool asciiWords = false; // Look at words: (?-u)
    std::uint32_t min = 0;   // Repeat
    std::uint32_t max = kUnbounded;
    std::vector<PatternNode> children; // Concat, Alternate; Repeat has one
};

constexpr std::size_t kMaxPatternBytes = 64 << 10;
constexpr int kMaxPatternDepth = 250; // nested groups and classes, as in Rust

// Errors: Invalid, with a sentence that says what is wrong with the pattern and where.
[[nodiscard]] Result<PatternNode> parsePattern(std::string_view pattern);

} // namespace storage
