// One condition on a document's text, compiled: what SQLite's LIKE and Chroma's REGEXP say about it.
#pragma once

#include "storage/base/result.h"
#include "storage/filter/where.h"
#include "storage/regex/rust_regex.h"

#include <optional>
#include <string>
#include <string_view>

namespace storage {

// LIKE '%needle%' of C strings, case-sensitive: the document ends at its first NUL; a needle with a NUL ends
// there too, takes the second '%' with it and so has to stand at the end.
class LikeTest
{
public:
    explicit LikeTest(std::string_view needle);
    [[nodiscard]] bool matches(std::string_view document) const;
    [[nodiscard]] const std::string& needle() const { return m_needle; }
    [[nodiscard]] bool atEnd() const { return m_atEnd; }

private:
    std::string m_needle;
    bool m_atEnd = false;
};

class DocumentTest
{
public:
    // Of a leaf on the document; negative operators are the caller's to turn round. Errors: Invalid.
    [[nodiscard]] static Result<DocumentTest> compile(const WhereNode& leaf);
    [[nodiscard]] bool matches(std::string_view document) const
    {
        return m_regex ? m_regex->matches(document) : m_like->matches(document);
    }
    // A text that every match contains in the part that the full-text index has seen; empty: none known.
    [[nodiscard]] std::string_view indexable() const;
    // A pattern reads on behind a NUL, where the index does not look.
    [[nodiscard]] bool readsPastNul() const { return m_regex.has_value(); }

private:
    std::optional<LikeTest> m_like;
    std::optional<RustRegex> m_regex;
};

} // namespace storage
