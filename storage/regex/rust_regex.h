// Chroma's $regex: Rust's dialect, searched anywhere in the text, in time linear in it. RE2 does the work
// wherever it means the same as Rust: classes are spelled out as characters first, since RE2's \d \w \s and
// \b know ASCII only. What RE2 cannot say (Unicode word boundaries next to letters beyond ASCII, half
// boundaries, CRLF lines, very large counts) a small automaton decides, on the texts that RE2 leaves over.
// Immutable; may be used from several threads.
#pragma once

#include "storage/base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace storage {

class RustRegex
{
public:
    // Errors: Invalid, with a sentence: look-around and back-references, as Chroma refuses them too; byte
    // classes; patterns too large to compile.
    [[nodiscard]] static Result<RustRegex> compile(std::string_view pattern);
    ~RustRegex();
    RustRegex(RustRegex&&) noexcept;
    RustRegex& operator=(RustRegex&&) noexcept;

    [[nodiscard]] bool matches(std::string_view text) const;
    // A text that every match contains, the longest found; empty: none known.
    [[nodiscard]] const std::string& requiredText() const;

private:
    RustRegex();
    struct State;
    std::unique_ptr<State> m_state;
};

// Whether Chroma would accept the pattern; cheaper than compile().
[[nodiscard]] Status checkRegex(std::string_view pattern);

} // namespace storage
