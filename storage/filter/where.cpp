#include "storage/filter/where.h"

#include "storage/base/json_text.h"
#include "storage/base/utf8.h"
#include "storage/regex/rust_regex.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace storage {

namespace {

constexpr std::array kOperatorNames = {"$eq", "$ne",  "$gt",       "$gte",          "$lt",    "$lte",
                                       "$in", "$nin", "$contains", "$not_contains", "$regex", "$not_regex"};
constexpr std::string_view kDocumentKey = "#document";

enum class Grammar { Where, Document };

QString shown(std::string_view text)
{
    constexpr qsizetype kLongest = 80;
    const QString whole = QString::fromUtf8(text.data(), qsizetype(text.size()));
    return whole.size() <= kLongest ? whole : whole.left(kLongest) + QChar(0x2026);
}

tl::unexpected<Error> wrong(QString sentence)
{
    return fail(ErrorKind::Invalid, std::move(sentence));
}

QString kindName(const MetaValue& value)
{
    switch (typeOf(value)) {
    case MetaType::Bool:
        return QStringLiteral("true or false");
    case MetaType::Int:
    case MetaType::Float:
        return QStringLiteral("a number");
    case MetaType::String:
        return QStringLiteral("text");
    case MetaType::Null:
        return QStringLiteral("null");
    default:
        return QStringLiteral("a list");
    }
}

bool isListOperator(WhereOperator op)
{
    return op == WhereOperator::In || op == WhereOperator::Nin;
}

bool isOrderOperator(WhereOperator op)
{
    return op >= WhereOperator::Gt && op <= WhereOperator::Lte;
}

bool isTextOperator(WhereOperator op)
{
    return op >= WhereOperator::Contains;
}

bool isRegexOperator(WhereOperator op)
{
    return op >= WhereOperator::Regex;
}

Status checkDocumentLeaf(const WhereNode& leaf)
{
    const QString name = QLatin1String(operatorName(leaf.op));
    if (!isTextOperator(leaf.op))
        return wrong(QStringLiteral("%1 does not work on documents; use $contains, $not_contains, $regex or "
                                    "$not_regex.")
                         .arg(name));
    const std::string* text =
        leaf.values.size() == 1 ? std::get_if<std::string>(&leaf.values.front()) : nullptr;
    if (!text)
        return wrong(QStringLiteral("%1 on documents needs one text to look for.").arg(name));
    if (!isUtf8(*text))
        return wrong(QStringLiteral("The text that %1 looks for is not valid UTF-8.").arg(name));
    return isRegexOperator(leaf.op) ? checkRegex(*text) : Status();
}

Status checkKey(const WhereNode& leaf)
{
    const QString name = QLatin1String(operatorName(leaf.op));
    if (!leaf.key.empty() && leaf.key.front() == '$')
        return wrong(QStringLiteral("\"%1\" cannot be a metadata key: names with \"$\" are operators.")
                         .arg(shown(leaf.key)));
    if (!isUtf8(leaf.key))
        return wrong(QStringLiteral("A metadata key of the filter is not valid UTF-8."));
    if (isRegexOperator(leaf.op) && leaf.key != kDocumentKey)
        return wrong(QStringLiteral("%1 works on documents only, not on the metadata key \"%2\".")
                         .arg(name, shown(leaf.key)));
    const bool text = !leaf.values.empty() && typeOf(leaf.values.front()) == MetaType::String;
    if (leaf.key == kDocumentKey && (isTextOperator(leaf.op) || text))
        return wrong(
            QStringLiteral("\"#document\" takes $contains, $not_contains, $regex and $not_regex with a "
                           "text; Chroma cannot answer %1 here.")
                .arg(name));
    return {};
}

Status checkValues(const WhereNode& leaf)
{
    const QString place =
        QStringLiteral("\"%1\" with %2").arg(shown(leaf.key), QLatin1String(operatorName(leaf.op)));
    if (leaf.values.empty())
        return wrong(QStringLiteral("%1 needs at least one value.").arg(place));
    if (leaf.values.size() > 1 && !isListOperator(leaf.op))
        return wrong(QStringLiteral("%1 takes one value, not a list.").arg(place));
    const MetaType type = typeOf(leaf.values.front());
    for (const MetaValue& value : leaf.values) {
        if (typeOf(value) == MetaType::Null || typeOf(value) > MetaType::String)
            return wrong(
                QStringLiteral("%1 is compared with %2; Chroma compares with text, numbers, true and "
                               "false.")
                    .arg(place, kindName(value)));
        if (typeOf(value) != type)
            return wrong(QStringLiteral("%1 has values of different types; Chroma takes one type in a list.")
                             .arg(place));
        if (const double* number = std::get_if<double>(&value); number && !std::isfinite(*number))
            return wrong(QStringLiteral("%1 is compared with a number that JSON cannot hold.").arg(place));
        if (const std::string* text = std::get_if<std::string>(&value); text && !isUtf8(*text))
            return wrong(QStringLiteral("%1 is compared with text that is not valid UTF-8.").arg(place));
    }
    if (isOrderOperator(leaf.op) && type != MetaType::Int && type != MetaType::Float)
        return wrong(
            QStringLiteral("%1 compares numbers, not %2.").arg(place, kindName(leaf.values.front())));
    return {};
}

Status checkLeaf(const WhereNode& leaf, Grammar grammar)
{
    if (leaf.onDocument)
        return checkDocumentLeaf(leaf);
    if (grammar == Grammar::Document)
        return wrong(
            QStringLiteral("A filter on documents cannot hold a condition on the metadata key \"%1\".")
                .arg(shown(leaf.key)));
    if (auto key = checkKey(leaf); !key)
        return key;
    return checkValues(leaf);
}

// Levels of JSON that the leaf's text takes.
int leafLevels(const WhereNode& leaf, Grammar grammar)
{
    if (leaf.onDocument)
        return grammar == Grammar::Document ? 1 : 2;
    return isListOperator(leaf.op) ? 3 : leaf.shorthand ? 1 : 2;
}

Status checkTree(const WhereNode& node, Grammar grammar, int depth)
{
    const bool isLeaf = node.kind == WhereNode::Kind::Leaf;
    if (depth + (isLeaf ? leafLevels(node, grammar) : 2) > kMaxWhereDepth)
        return wrong(QStringLiteral("The filter is nested more than %1 levels deep.").arg(kMaxWhereDepth));
    if (isLeaf)
        return checkLeaf(node, grammar);
    for (const WhereNode& child : node.children)
        if (auto checked = checkTree(child, grammar, depth + 2); !checked)
            return checked;
    return {};
}

void print(std::string& out, const WhereNode& node, Grammar grammar);

void printLeaf(std::string& out, const WhereNode& leaf, Grammar grammar)
{
    out += '{';
    if (!leaf.onDocument || grammar == Grammar::Where) {
        appendJson(out, leaf.onDocument ? kDocumentKey : std::string_view(leaf.key));
        out += ':';
        if (leaf.shorthand && !leaf.onDocument && leaf.op == WhereOperator::Eq && leaf.values.size() == 1) {
            appendJson(out, leaf.values.front());
            out += '}';
            return;
        }
        out += '{';
    }
    appendJson(out, std::string_view(operatorName(leaf.op)));
    out += isListOperator(leaf.op) ? ":[" : ":";
    for (const MetaValue& value : leaf.values) {
        if (&value != &leaf.values.front())
            out += ',';
        appendJson(out, value);
    }
    if (isListOperator(leaf.op))
        out += ']';
    out += leaf.onDocument && grammar == Grammar::Document ? "}" : "}}";
}

void print(std::string& out, const WhereNode& node, Grammar grammar)
{
    if (node.kind == WhereNode::Kind::Leaf) {
        printLeaf(out, node, grammar);
        return;
    }
    out += node.kind == WhereNode::Kind::And ? "{\"$and\":[" : "{\"$or\":[";
    for (const WhereNode& child : node.children) {
        if (&child != &node.children.front())
            out += ',';
        print(out, child, grammar);
    }
    out += "]}";
}

} // namespace

const char* operatorName(WhereOperator op)
{
    return kOperatorNames[static_cast<std::size_t>(op)];
}

std::optional<WhereOperator> operatorFromName(std::string_view name)
{
    const auto it = std::find(kOperatorNames.begin(), kOperatorNames.end(), name);
    if (it == kOperatorNames.end())
        return std::nullopt;
    return static_cast<WhereOperator>(it - kOperatorNames.begin());
}

std::string whereJson(const WhereNode& where)
{
    std::string out;
    print(out, where, Grammar::Where);
    return out;
}

std::string whereDocumentJson(const WhereNode& whereDocument)
{
    std::string out;
    print(out, whereDocument, Grammar::Document);
    return out;
}

Status checkWhere(const WhereNode& where)
{
    return checkTree(where, Grammar::Where, 0);
}

Status checkWhereDocument(const WhereNode& whereDocument)
{
    return checkTree(whereDocument, Grammar::Document, 0);
}

} // namespace storage
