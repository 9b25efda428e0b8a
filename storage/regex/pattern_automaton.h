// A small automaton over code points that runs any pattern of the dialect in time linear in the text, with
// the assertions that RE2 has not: Unicode word boundaries, half boundaries, CRLF lines. Slower than RE2 by
// an order of magnitude, so it only sees the texts that RE2 cannot decide.
#pragma once

#include "storage/base/result.h"
#include "storage/regex/pattern.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace storage {

class PatternAutomaton
{
public:
    // Errors: Invalid when the pattern's repetitions multiply beyond what Chroma would compile either.
    [[nodiscard]] static Result<PatternAutomaton> compile(const PatternNode& pattern);
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    enum class Op : std::uint8_t { Set, Split, Look, Match };
    struct Instruction
    {
        Op op = Op::Match;
        Look look = Look::Start;
        bool asciiWords = false;
        std::uint32_t next = 0;  // Set, Look, Split
        std::uint32_t other = 0; // Split
        const CharSet* set = nullptr;
    };
    struct Place;
    class Threads;

    [[nodiscard]] bool emit(const PatternNode& node);
    [[nodiscard]] bool emitRepeat(const PatternNode& node);
    [[nodiscard]] bool emitAlternate(const PatternNode& node);
    [[nodiscard]] std::uint32_t push(Instruction instruction);
    [[nodiscard]] bool follow(Threads& threads, std::uint32_t start, const Place& place,
                              std::vector<std::uint32_t>& stack) const;

    std::vector<Instruction> m_program;
    std::vector<std::shared_ptr<const CharSet>> m_sets; // keeps the instructions' sets alive
};

} // namespace storage
