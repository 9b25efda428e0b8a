// The documents of a collection's rows, as Chroma's document conditions see them: the content of the
// full-text table, with pending records laid over. Where that table is missing or broken, the documents of
// the metadata table stand in and a finding says so. Texts that fit the budget stay in memory after the first
// walk.
#pragma once

#include "storage/filter/column_loader.h"
#include "storage/filter/row_set.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

class DocumentSource
{
public:
    explicit DocumentSource(std::size_t rows) : m_rows(rows) {}

    // Calls `each(position, text)` for the documents of `among`, in no promised order; again for some of them
    // when the full-text table breaks on the way and the metadata table has to stand in.
    [[nodiscard]] Status forEach(const RowsView& view, const RowSet& among, const EachText& each);

    // Rows of `among` whose document may contain all of these texts (in any case of letters), by the
    // full-text index: a superset of those that do. nullopt: the index cannot tell, or would name most of
    // them anyway.
    [[nodiscard]] Result<std::optional<RowSet>> candidates(const RowsView& view, const RowSet& among,
                                                           const std::vector<std::string_view>& texts);

    // Rows whose document holds a NUL, once a walk over all of them has seen that.
    [[nodiscard]] const std::optional<RowSet>& rowsWithNul() const { return m_withNul; }
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }

    void setBudget(qint64 bytes);
    [[nodiscard]] bool isInMemory() const { return m_kept.complete; }
    [[nodiscard]] qint64 bytes() const;

private:
    enum class Table { Unchosen, FullText, Documents };
    enum class Index { Unchecked, Usable, Unusable };
    struct Kept
    {
        bool complete = false;
        std::string text;
        std::vector<std::size_t> starts;
        std::vector<std::uint32_t> lengths; // kNone: no document
    };
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    [[nodiscard]] Status chooseTable(const RowsView& view);
    [[nodiscard]] Status walkTables(const RowsView& view, const RowSet& among, const EachText& each);
    [[nodiscard]] Status walkFullText(const RowsView& view, const RowSet& among, const EachText& each);
    [[nodiscard]] Status walkAndKeep(const RowsView& view, const EachText& each);
    [[nodiscard]] Status walkKept(const RowSet& among, const EachText& each, Progress& progress) const;
    [[nodiscard]] Status walkPending(const RowsView& view, const RowSet& among, const EachText& each) const;
    void forgetTexts();
    void abandonFullText(const RowsView& view);
    [[nodiscard]] Status checkIndex(const RowsView& view);
    [[nodiscard]] Result<bool> indexFinds(const RowsView& view, std::uint32_t position,
                                          std::string_view document);
    [[nodiscard]] Status matchIndex(const RowsView& view, const std::string& query, RowSet& found,
                                    std::size_t most);
    void report(const char* code, const char* sentence, const RowsView& view);

    std::size_t m_rows;
    Table m_table = Table::Unchosen;
    Index m_index = Index::Unchecked;
    qint64 m_budget = 64 << 20;
    bool m_tooLarge = false; // the texts do not fit the budget
    Kept m_kept;
    std::optional<RowSet> m_withNul;
    std::vector<Finding> m_findings;
};

} // namespace storage
