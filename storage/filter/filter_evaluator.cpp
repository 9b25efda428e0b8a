#include "storage/filter/filter_evaluator.h"

#include "storage/filter/predicate.h"

#include <algorithm>
#include <unordered_set>

namespace storage {

namespace {

bool asksDocuments(const WhereNode& node)
{
    if (node.kind == WhereNode::Kind::Leaf)
        return node.onDocument || node.key == kDocumentKey;
    return std::any_of(node.children.begin(), node.children.end(), asksDocuments);
}

bool isNegative(WhereOperator op)
{
    return op == WhereOperator::Ne || op == WhereOperator::Nin || op == WhereOperator::NotContains ||
           op == WhereOperator::NotRegex;
}

// Columns are cheap, documents are not.
std::vector<const WhereNode*> cheapestFirst(const std::vector<WhereNode>& children)
{
    std::vector<const WhereNode*> ordered;
    for (const WhereNode& child : children)
        ordered.push_back(&child);
    std::stable_partition(ordered.begin(), ordered.end(),
                          [](const WhereNode* node) { return !asksDocuments(*node); });
    return ordered;
}

} // namespace

void collectKeys(const WhereNode& node, std::vector<std::string>& keys)
{
    if (node.kind != WhereNode::Kind::Leaf) {
        for (const WhereNode& child : node.children)
            collectKeys(child, keys);
        return;
    }
    // Documents are too long to be a column; wholeDocument() walks them.
    const bool column = !node.onDocument && node.key != kDocumentKey;
    if (column && std::find(keys.begin(), keys.end(), node.key) == keys.end())
        keys.push_back(node.key);
}

Result<RowSet> FilterEvaluator::run(const WhereNode& node, const RowSet& among)
{
    switch (node.kind) {
    case WhereNode::Kind::And:
        return runAll(cheapestFirst(node.children), among);
    case WhereNode::Kind::Or:
        return runAny(cheapestFirst(node.children), among);
    case WhereNode::Kind::Leaf:
        break;
    }
    return node.onDocument ? document(node, among) : metadata(node, among);
}

Result<RowSet> FilterEvaluator::runAll(const std::vector<const WhereNode*>& nodes, RowSet among)
{
    for (const WhereNode* node : nodes) {
        auto matching = run(*node, among);
        if (!matching)
            return matching;
        among = std::move(*matching);
    }
    return among;
}

Result<RowSet> FilterEvaluator::runAny(const std::vector<const WhereNode*>& nodes, const RowSet& among)
{
    RowSet found(among.size());
    RowSet open = among;
    for (const WhereNode* node : nodes) {
        auto matching = run(*node, open);
        if (!matching)
            return matching;
        found |= *matching;
        open -= *matching;
    }
    return found;
}

Result<RowSet> FilterEvaluator::metadata(const WhereNode& leaf, const RowSet& among)
{
    if (leaf.key == kDocumentKey)
        return wholeDocument(leaf, among);
    RowSet rows = matchingRows(m_columnOf(leaf.key), leaf);
    rows &= among;
    return rows;
}

// {"chroma:document": "text"}: the document as a plain value of the metadata table.
Result<RowSet> FilterEvaluator::wholeDocument(const WhereNode& leaf, const RowSet& among)
{
    RowSet equal(among.size());
    std::unordered_set<std::string_view> wanted;
    const bool comparesTexts = leaf.op == WhereOperator::Eq || leaf.op == WhereOperator::Ne ||
                               leaf.op == WhereOperator::In || leaf.op == WhereOperator::Nin;
    for (const MetaValue& value : leaf.values)
        if (const std::string* text = std::get_if<std::string>(&value); text && comparesTexts)
            wanted.insert(*text);
    if (!wanted.empty() && !among.empty()) {
        RowSet replaced(among.size());
        for (const PendingRow& row : pendingRows(m_view.reader, m_view.rows)) {
            replaced.insert(row.position);
            const bool document = row.record && row.record->document;
            if (document && among.contains(row.position) && wanted.count(*row.record->document) > 0)
                equal.insert(row.position);
        }
        RowSet stored = among;
        stored -= replaced;
        const std::vector<std::uint32_t> only = stored.positions();
        auto walked =
            forEachText(m_view, kDocumentKey, &only, [&](std::uint32_t position, std::string_view text) {
                if (wanted.count(text) > 0)
                    equal.insert(position);
                return Status();
            });
        if (!walked)
            return pass(walked);
    }
    if (!isNegative(leaf.op))
        return equal;
    RowSet rest = among;
    rest -= equal;
    return rest;
}

// NOT IN the documents that match: records without a document match too.
Result<RowSet> FilterEvaluator::document(const WhereNode& leaf, const RowSet& among)
{
    auto test = DocumentTest::compile(leaf);
    if (!test)
        return pass(test);
    auto matching = documentMatches(*test, among);
    if (!matching || !isNegative(leaf.op))
        return matching;
    RowSet rest = among;
    rest -= *matching;
    return rest;
}

Result<RowSet> FilterEvaluator::documentMatches(const DocumentTest& test, const RowSet& among)
{
    const std::string_view text = test.indexable();
    const bool indexSeesAll = !test.readsPastNul() || m_documents.rowsWithNul();
    if (!m_documents.isInMemory() && !text.empty() && indexSeesAll) {
        auto candidates = m_documents.candidates(m_view, among, {text});
        if (!candidates)
            return pass(candidates);
        if (*candidates) {
            if (test.readsPastNul()) {
                RowSet others = *m_documents.rowsWithNul();
                others &= among;
                **candidates |= others;
            }
            m_path = m_path == DocumentPath::Scan ? m_path : DocumentPath::Index;
            return testEach(test, **candidates);
        }
    }
    m_path = DocumentPath::Scan;
    return testEach(test, among);
}

Result<RowSet> FilterEvaluator::testEach(const DocumentTest& test, const RowSet& among)
{
    RowSet found(among.size());
    auto walked = m_documents.forEach(m_view, among, [&](std::uint32_t position, std::string_view text) {
        if (test.matches(text))
            found.insert(position);
        return Status();
    });
    if (!walked)
        return pass(walked);
    return found;
}

} // namespace storage
