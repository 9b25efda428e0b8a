// Which columns a records grid has: id, distance, document, one per metadata key (most frequent first,
// capped, more on demand), uri when there are any, embedding. Plain value; the model tells the view what
// changes.
#pragma once

#include "storage/chroma/collection_reader.h"

#include <QString>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace model {

struct RecordColumn
{
    enum class Kind { Id, Document, Distance, Metadata, Uri, Embedding };
    Kind kind = Kind::Metadata;
    std::string key;    // Metadata only
    unsigned types = 0; // Metadata: bit per storage::MetaType seen
    qint64 records = 0; // Metadata: records that have the key; 0: not counted yet

    // Stable name for remembered layouts: "id", "document", "meta:KEY" ...
    [[nodiscard]] QString name() const;
    [[nodiscard]] bool isNumeric() const; // right-aligned, tabular figures
    bool operator==(const RecordColumn&) const = default;
};

class RecordColumns
{
public:
    using KeyInfo = storage::CollectionReader::KeyInfo;
    static constexpr int kFirstColumns = 64; // metadata columns shown unasked

    RecordColumns() { reset(false); }

    [[nodiscard]] const std::vector<RecordColumn>& all() const { return m_columns; }
    [[nodiscard]] const RecordColumn& at(int column) const { return m_columns[std::size_t(column)]; }
    [[nodiscard]] int size() const { return int(m_columns.size()); }
    [[nodiscard]] int indexOf(const QString& name) const; // -1: not shown
    // Every key, most frequent first, shown or not.
    [[nodiscard]] const std::vector<KeyInfo>& keys() const { return m_keys; }
    [[nodiscard]] int hiddenKeys() const;

    // Builds the columns anew from the keys.
    void reset(bool withDistance);
    // Takes other keys over: types and counts of the columns follow. false: a column's key is no longer
    // there, so reset. `counted`: the keys are those of the whole collection, not of a sample.
    [[nodiscard]] bool take(std::vector<KeyInfo> keys, bool counted);
    // What is to be inserted where; then insert() does it.
    struct Insertion
    {
        int position = 0;
        std::vector<RecordColumn> columns;
    };
    [[nodiscard]] Insertion missingKeys() const;
    [[nodiscard]] Insertion missingUri() const;
    void insert(Insertion insertion);
    void remove(int column);

    void askFor(const std::string& key); // beyond the cap, or dropped before
    void drop(const std::string& key);
    [[nodiscard]] int columnOfKey(const std::string& key) const; // -1: not shown

private:
    [[nodiscard]] bool isWanted(const std::string& key, int shown) const;
    [[nodiscard]] int endOfKeys() const;
    [[nodiscard]] int keyColumns() const;

    std::vector<RecordColumn> m_columns;
    std::vector<KeyInfo> m_keys; // most frequent first
    bool m_counted = false;
    std::set<std::string> m_asked;
    std::set<std::string> m_dropped;
};

} // namespace model
