// Filters: a tree that is read is valid, is written back as the same tree, and never fails to evaluate a
// pattern.
#include "storage/filter/document_test.h"
#include "storage/filter/where.h"

#include <cstdlib>

namespace {

void tryPatterns(const storage::WhereNode& node, std::string_view text)
{
    for (const storage::WhereNode& child : node.children)
        tryPatterns(child, text);
    if (!node.onDocument)
        return;
    if (const auto test = storage::DocumentTest::compile(node))
        (void)test->matches(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kLongest =
        4096; // long patterns are slow to compile under the sanitizers, not wrong
    const std::string_view json(reinterpret_cast<const char*>(data), std::min(size, kLongest));
    if (const auto tree = storage::parseWhere(json)) {
        const auto again = storage::parseWhere(storage::whereJson(*tree));
        if (!storage::checkWhere(*tree) || !again || !(*again == *tree))
            std::abort();
        tryPatterns(*tree, json);
    }
    if (const auto tree = storage::parseWhereDocument(json)) {
        const auto again = storage::parseWhereDocument(storage::whereDocumentJson(*tree));
        if (!storage::checkWhereDocument(*tree) || !again || !(*again == *tree))
            std::abort();
        tryPatterns(*tree, json);
    }
    return 0;
}
