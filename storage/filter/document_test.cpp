#include "storage/filter/document_test.h"

#include "storage/base/find_bytes.h"

#include <cstring>

namespace storage {

LikeTest::LikeTest(std::string_view needle)
{
    const std::size_t nul = needle.find('\0');
    m_atEnd = nul != std::string_view::npos;
    m_needle = needle.substr(0, nul);
}

bool LikeTest::matches(std::string_view document) const
{
    if (m_atEnd)
        return document.substr(0, document.find('\0')).ends_with(m_needle);
    if (m_needle.empty())
        return true;
    const std::size_t found = findBytes(document, m_needle);
    return found != std::string_view::npos && !std::memchr(document.data(), 0, found);
}

Result<DocumentTest> DocumentTest::compile(const WhereNode& leaf)
{
    DocumentTest test;
    const auto& text = std::get<std::string>(leaf.values.front());
    if (leaf.op < WhereOperator::Regex) {
        test.m_like.emplace(text);
        return test;
    }
    auto regex = RustRegex::compile(text);
    if (!regex)
        return pass(regex);
    test.m_regex.emplace(std::move(*regex));
    return test;
}

std::string_view DocumentTest::indexable() const
{
    if (m_like)
        return m_like->atEnd() ? std::string_view() : std::string_view(m_like->needle());
    const std::string& required = m_regex->requiredText();
    return required.find('\0') == std::string::npos ? std::string_view(required) : std::string_view();
}

} // namespace storage
