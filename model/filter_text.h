// What a person types into the filter row under a column, read as a condition. Operators stand in front:
//   text            equal (strings: contains on the document, equal on a key of text)   =text   equal
//   >5  >=5  <5  <=5   x~y  from x to y   <>x or !=x  not equal (records without the key match, as in Chroma)
//   a | b           one of    !(a | b)  none of    /re/  !/re/  regular expression (document, id)
//   !text           document: does not contain
// Types follow the column: a key of text takes 5 as "5", a key of numbers as 5; "5" in quotes is always text.
// Pure.
#pragma once

#include "model/collection_view.h"
#include "storage/base/result.h"
#include "storage/filter/where.h"

#include <QString>

#include <optional>
#include <string>

namespace model {

// nullopt: nothing typed. Errors: Invalid, a sentence to stand beside the field.
[[nodiscard]] storage::Result<std::optional<storage::WhereNode>>
metadataCondition(const std::string& key, unsigned types, const QString& typed);
[[nodiscard]] storage::Result<std::optional<storage::WhereNode>> documentCondition(const QString& typed);
[[nodiscard]] storage::Result<std::optional<IdCondition>> idCondition(const QString& typed);

// The text that filters a column by exactly this value ("Filter by This Value"), or keeps it out.
[[nodiscard]] QString filterTextFor(const storage::MetaValue& value, unsigned types, bool exclude);

// Both, or the one that is there. Flattens nested $and.
[[nodiscard]] std::optional<storage::WhereNode> bothOf(std::optional<storage::WhereNode> first,
                                                       std::optional<storage::WhereNode> second);

} // namespace model
