// One row of the condition builder: a part, a group or a condition with its text as typed. Turns Chroma's
// conditions into rows and back without loss, and says what is not valid yet. Pure.
#pragma once

#include "storage/chroma/collection_reader.h"
#include "storage/filter/where.h"

#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace model {

struct ConditionNode
{
    enum class Kind { Part, Group, Condition };
    enum class Part { Metadata, Document }; // where, where_document
    // How the text of a value is meant; a list has one type for all.
    enum class ValueType { Text, Integer, Float, Bool };
    static constexpr char kDocumentField[] = "#document"; // in where: the document, as Chroma spells it
    using Keys = std::vector<storage::CollectionReader::KeyInfo>;

    Kind kind = Kind::Condition;
    Part part = Part::Metadata;
    bool any = false; // Group: any of, instead of all of

    // Condition
    std::string key;
    bool onDocument = false;
    storage::WhereOperator op = storage::WhereOperator::Eq;
    bool shorthand = false;
    ValueType type = ValueType::Text;
    std::vector<storage::MetaValue> values; // empty while `typed` is not valid
    QString typed;                          // as it stands in the field
    QString error;                          // of `typed`

    ConditionNode* parent = nullptr;
    std::vector<std::unique_ptr<ConditionNode>> children;

    [[nodiscard]] static std::unique_ptr<ConditionNode> from(const storage::WhereNode& where, Part part);
    [[nodiscard]] storage::WhereNode where() const; // of a group or condition; what is blank is left out
    // Added but not begun: a condition without a value, a group of such. Says nothing yet.
    [[nodiscard]] bool isBlank() const;

    [[nodiscard]] int row() const;            // within the parent
    [[nodiscard]] QString ownError() const;   // empty: valid as far as this row goes
    [[nodiscard]] QString firstError() const; // of this row and those below

    void setField(const QString& field, const Keys& keys);
    void setOperator(storage::WhereOperator newOperator);
    void setText(const QString& newText);
    [[nodiscard]] ValueType typeFor(const Keys& keys) const; // that the key's values suggest
};

} // namespace model
