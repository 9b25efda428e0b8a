// The reader that the parser of patterns and the parser of bracketed classes share: place in the text, flags
// in force, escapes, and the sentences for what is wrong. Internal to storage/regex.
#pragma once

#include "storage/regex/pattern.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace storage {

struct PatternFlags
{
    bool insensitive = false; // i
    bool multiLine = false;   // m
    bool dotAll = false;      // s
    bool unicode = true;      // u
    bool verbose = false;     // x
    bool crlf = false;        // R
};

class PatternReader
{
public:
    explicit PatternReader(std::u32string text) : m_text(std::move(text)) {}

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] char32_t peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : U'\0';
    }
    [[nodiscard]] char32_t peekPastSpace() const; // the character after the next one, blanks of (?x) skipped
    [[nodiscard]] bool looksAt(std::u32string_view text) const;
    [[nodiscard]] bool accept(std::u32string_view text);
    void advance(std::size_t n = 1) { m_at += n; }
    void advanceAndSkip();
    void skipIgnored(); // blanks and comments under (?x)
    [[nodiscard]] std::size_t place() const { return m_at; }
    void returnTo(std::size_t place) { m_at = place; }

    // What an escape stands for.
    struct WordLook
    {
        Look look = Look::Boundary;
    };
    using Escape = std::variant<char32_t, CharSet, WordLook>;
    [[nodiscard]] Result<Escape> readEscape(); // at the backslash

    [[nodiscard]] tl::unexpected<Error> wrong(const QString& reason, std::size_t place) const;
    [[nodiscard]] tl::unexpected<Error> wrong(const QString& reason) const { return wrong(reason, m_at); }

    // Folds case if the flags say so; refuses what only bytes could match, and the empty set.
    [[nodiscard]] Result<std::shared_ptr<const CharSet>> finishSet(CharSet set, std::size_t place);
    [[nodiscard]] Result<CharSet> literalSet(char32_t c, std::size_t place) const;

    PatternFlags flags;

private:
    [[nodiscard]] Result<char32_t> readHex();
    [[nodiscard]] Result<CharSet> readProperty();
    [[nodiscard]] Result<Escape> readBoundary(std::size_t start);
    [[nodiscard]] Result<CharSet> perlClass(char32_t letter, std::size_t start) const;

    std::u32string m_text;
    std::size_t m_at = 0;
    // Equal sets are shared: a pattern may name \w ten thousand times.
    std::map<CharSet, std::shared_ptr<const CharSet>> m_sets;
};

// Reads "[...]", from its opening bracket.
[[nodiscard]] Result<CharSet> readBracketClass(PatternReader& reader, int depth = 0);

} // namespace storage
