// Chroma's `where` and `where_document` as values: parsed from their JSON, written back losslessly, and
// said to be wrong with the sentence that names the place. The grammar is Chroma 1.5's
// (chroma-format 4.3, 4.4).
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

enum class WhereOperator { Eq, Ne, Gt, Gte, Lt, Lte, In, Nin, Contains, NotContains, Regex, NotRegex };
[[nodiscard]] const char* operatorName(WhereOperator op); // "$eq"

// A tree of conditions. Leaves on metadata name a key; leaves on the document have an empty key and
// onDocument set. Values: one, or the list of $in / $nin.
struct WhereNode
{
    enum class Kind { And, Or, Leaf };
    Kind kind = Kind::Leaf;
    std::vector<WhereNode> children; // And, Or

    bool onDocument = false;
    std::string key;
    WhereOperator op = WhereOperator::Eq;
    bool shorthand = false; // {"key": value} instead of {"key": {"$eq": value}}: kept for lossless JSON
    std::vector<MetaValue> values;
    bool operator==(const WhereNode&) const = default;
};

// Errors: Invalid, with a sentence for the user and the byte offset or the key in the detail.
[[nodiscard]] Result<WhereNode> parseWhere(std::string_view json);
[[nodiscard]] Result<WhereNode> parseWhereDocument(std::string_view json);
[[nodiscard]] std::string whereJson(const WhereNode& where);
[[nodiscard]] std::string whereDocumentJson(const WhereNode& whereDocument);

} // namespace storage
