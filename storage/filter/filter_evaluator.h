// Evaluates a tree of conditions over a collection's rows: metadata by columns, documents by their texts.
// Only rows that the other conditions leave open are asked for their documents.
#pragma once

#include "storage/filter/column_loader.h"
#include "storage/filter/document_source.h"
#include "storage/filter/document_test.h"
#include "storage/filter/record_filter.h"
#include "storage/filter/row_set.h"

#include <functional>
#include <string>

namespace storage {

// Keys whose columns the tree needs, each once.
void collectKeys(const WhereNode& node, std::vector<std::string>& keys);

class FilterEvaluator
{
public:
    using ColumnOf = std::function<const Column&(const std::string& key)>;
    FilterEvaluator(const RowsView& view, DocumentSource& documents, ColumnOf columnOf)
        : m_view(view),
          m_documents(documents),
          m_columnOf(std::move(columnOf))
    {}

    // The rows of `among` that match.
    [[nodiscard]] Result<RowSet> run(const WhereNode& node, const RowSet& among);
    [[nodiscard]] DocumentPath path() const { return m_path; }

private:
    [[nodiscard]] Result<RowSet> runAll(const std::vector<const WhereNode*>& nodes, RowSet among);
    [[nodiscard]] Result<RowSet> runAny(const std::vector<const WhereNode*>& nodes, const RowSet& among);
    [[nodiscard]] Result<RowSet> metadata(const WhereNode& leaf, const RowSet& among);
    [[nodiscard]] Result<RowSet> wholeDocument(const WhereNode& leaf, const RowSet& among);
    [[nodiscard]] Result<RowSet> document(const WhereNode& leaf, const RowSet& among);
    [[nodiscard]] Result<RowSet> documentMatches(const DocumentTest& test, const RowSet& among);
    [[nodiscard]] Result<RowSet> testEach(const DocumentTest& test, const RowSet& among);

    const RowsView& m_view;
    DocumentSource& m_documents;
    ColumnOf m_columnOf;
    DocumentPath m_path = DocumentPath::None;
};

} // namespace storage
