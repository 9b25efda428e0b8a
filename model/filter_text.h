// What a person types into the filter row under a column, read as a condition. Operators stand in front:
//   5   text           equal; on a key of arrays: contains the element
//   =text              the same, said plainly
//   >5  >=5  <5  <=5   numbers only, as in Chroma
//   1~9                from 1 to 9, both included
//   <>x  !=x           not equal (records without the key match, as in Chroma)
//   a | b   <>a | b    one of, none of
// on documents:  text  contains    !text  does not    /re/  !/re/  regular expression
// on ids:        text  contains    =text  is          /re/
// Types follow the column: a key of text takes 5 as text, a key of numbers as a number, a mixed one as a
// number; "5" in quotes is always text (\" and \\ inside). Pure.
#pragma once

#include "model/record_query.h"
#include "storage/base/result.h"
#include "storage/filter/where.h"

#include <QString>

#include <optional>
#include <string>

namespace model {

using Condition = std::optional<storage::WhereNode>; // nullopt: nothing typed

// Errors: Invalid, a sentence to stand beside the field.
[[nodiscard]] storage::Result<Condition> metadataCondition(const std::string& key, unsigned types,
                                                           const QString& typed);
[[nodiscard]] storage::Result<Condition> documentCondition(const QString& typed);
[[nodiscard]] storage::Result<std::optional<IdCondition>> idCondition(const QString& typed);

// One scalar as typed for a key of these types (0: unknown, guessed from the text).
[[nodiscard]] storage::Result<storage::MetaValue> typedValue(const QString& typed, unsigned types);

// The text that filters a column by exactly this value ("Filter by This Value"), or keeps it out. nullopt: no
// condition of Chroma's can say it (null, missing, whole arrays).
[[nodiscard]] std::optional<QString> filterTextFor(const storage::MetaValue& value, unsigned types,
                                                   bool exclude);
// The same for a piece of a document, or an id.
[[nodiscard]] QString documentFilterText(const QString& piece, bool exclude);
[[nodiscard]] QString idFilterText(const QString& id);

// Both, or the one that is there; neighbouring $and become one.
[[nodiscard]] Condition bothOf(Condition first, Condition second);

} // namespace model
