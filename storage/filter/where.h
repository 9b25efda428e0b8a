// Chroma's `where` and `where_document` as values: parsed from their JSON, written back losslessly, and
// said to be wrong with a sentence that names the key and the operator. The grammar is that of Chroma 1.5's
// server: what it refuses is refused here, what it accepts is accepted (an empty $and, one condition in a
// list). Stricter than it in one point: a key that stands twice in one object is refused, since Chroma would
// silently keep the last.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

enum class WhereOperator { Eq, Ne, Gt, Gte, Lt, Lte, In, Nin, Contains, NotContains, Regex, NotRegex };
[[nodiscard]] const char* operatorName(WhereOperator op); // "$eq"

// "$eq" to its operator; nullopt: no operator of Chroma's.
[[nodiscard]] std::optional<WhereOperator> operatorFromName(std::string_view name);

// A tree of conditions. Leaves on metadata name a key; leaves on the document have an empty key and
// onDocument set (in `where` their JSON is {"#document": {"$contains": ...}}, in `where_document`
// {"$contains": ...}). Values: one, or the list of $in / $nin: bool, int, float or string, one type a list.
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

// Limits that Chroma's own JSON reader has (depth) or that keep memory bounded (size).
constexpr int kMaxWhereDepth = 126; // nested objects and lists
constexpr std::size_t kMaxWhereBytes = 8 << 20;

// Errors: Invalid, with a sentence for the user; the detail is the JSON reader's or the pattern parser's.
[[nodiscard]] Result<WhereNode> parseWhere(std::string_view json);
[[nodiscard]] Result<WhereNode> parseWhereDocument(std::string_view json);
[[nodiscard]] std::string whereJson(const WhereNode& where);
[[nodiscard]] std::string whereDocumentJson(const WhereNode& whereDocument);

// Checks a tree that was built by hand, as parsing its JSON would.
[[nodiscard]] Status checkWhere(const WhereNode& where);
[[nodiscard]] Status checkWhereDocument(const WhereNode& whereDocument);

} // namespace storage
