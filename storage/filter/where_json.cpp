// The parsing half of where.h: strict JSON to trees.
#include "storage/filter/where.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace storage {

namespace {

using Json = nlohmann::ordered_json;

enum class Grammar { Where, Document };

QString shown(std::string_view text)
{
    constexpr qsizetype kLongest = 80;
    const QString whole = QString::fromUtf8(text.data(), qsizetype(text.size()));
    return whole.size() <= kLongest ? whole : whole.left(kLongest) + QChar(0x2026);
}

tl::unexpected<Error> wrong(QString sentence, QString detail = {})
{
    return fail(ErrorKind::Invalid, std::move(sentence), std::move(detail));
}

QString kindName(const Json& json)
{
    switch (json.type()) {
    case Json::value_t::null:
        return QStringLiteral("null");
    case Json::value_t::object:
        return QStringLiteral("an object");
    case Json::value_t::array:
        return QStringLiteral("a list");
    case Json::value_t::string:
        return QStringLiteral("text");
    case Json::value_t::boolean:
        return QStringLiteral("true or false");
    default:
        return QStringLiteral("a number");
    }
}

bool isListOperator(WhereOperator op)
{
    return op == WhereOperator::In || op == WhereOperator::Nin;
}

bool isTextOperator(WhereOperator op)
{
    return op >= WhereOperator::Contains;
}

// Refuses what nlohmann would let pass: a key twice in one object, nesting without bound.
struct StrictReader
{
    struct Refused
    {
        QString sentence;
    };
    std::vector<std::set<std::string>> keys;

    bool operator()(int depth, Json::parse_event_t event, const Json& parsed)
    {
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        if (opens && depth >= kMaxWhereDepth)
            throw Refused{
                QStringLiteral("The filter is nested more than %1 levels deep.").arg(kMaxWhereDepth)};
        if (event == Json::parse_event_t::object_start)
            keys.emplace_back();
        else if (event == Json::parse_event_t::object_end)
            keys.pop_back();
        else if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
            throw Refused{QStringLiteral("The filter has the key \"%1\" twice in one object.")
                              .arg(shown(parsed.get<std::string>()))};
        return true;
    }
};

Result<Json> readJson(std::string_view text)
{
    if (text.size() > kMaxWhereBytes)
        return wrong(QStringLiteral("The filter is longer than %1 MB.").arg(kMaxWhereBytes >> 20));
    try {
        return Json::parse(text.begin(), text.end(), StrictReader{});
    } catch (const StrictReader::Refused& refused) {
        return wrong(refused.sentence);
    } catch (const Json::parse_error& error) {
        return wrong(QStringLiteral("The filter is not valid JSON near character %1.").arg(error.byte),
                     QString::fromUtf8(error.what()));
    } catch (const Json::exception& error) {
        return wrong(QStringLiteral("The filter holds a number that is out of range."),
                     QString::fromUtf8(error.what()));
    }
}

// Integers beyond 64 bits come as floats, as in Chroma's reader; "-0" is a float there too. nullopt: null,
// a list, an object, or an integer from 2^63 to 2^64 - 1, which Chroma refuses.
std::optional<MetaValue> scalar(const Json& json)
{
    if (json.is_string())
        return MetaValue(json.get<std::string>());
    if (json.is_boolean())
        return MetaValue(json.get<bool>());
    if (json.is_number_float())
        return MetaValue(json.get<double>());
    if (json.is_number_unsigned()) {
        const auto value = json.get<std::uint64_t>();
        if (value > std::uint64_t(std::numeric_limits<qint64>::max()))
            return std::nullopt;
        return MetaValue(static_cast<qint64>(value));
    }
    if (json.is_number_integer()) {
        const auto value = json.get<qint64>();
        return value == 0 ? MetaValue(-0.0) : MetaValue(value);
    }
    return std::nullopt;
}

// The first value decides the type of a list; after a float every number is read as a float.
Result<std::vector<MetaValue>> listValues(const Json& list, const QString& place)
{
    std::vector<MetaValue> values;
    values.reserve(list.size());
    const bool floats = !list.empty() && list.front().is_number() && scalar(list.front()) &&
                        typeOf(*scalar(list.front())) == MetaType::Float;
    for (const Json& item : list) {
        std::optional<MetaValue> value =
            floats && item.is_number() ? MetaValue(item.get<double>()) : scalar(item);
        if (!value)
            return wrong(
                QStringLiteral("%1 holds %2, which Chroma cannot compare with.").arg(place, kindName(item)),
                shown(item.dump()));
        values.push_back(std::move(*value));
    }
    return values;
}

Result<WhereNode> parseNode(const Json& json, Grammar grammar);

Result<WhereNode> parseJoin(WhereNode::Kind kind, const std::string& name, const Json& list, Grammar grammar)
{
    if (!list.is_array())
        return wrong(QStringLiteral("%1 needs a list of conditions, not %2.")
                         .arg(QString::fromStdString(name), kindName(list)));
    WhereNode node;
    node.kind = kind;
    node.children.reserve(list.size());
    for (const Json& item : list) {
        auto child = parseNode(item, grammar);
        if (!child)
            return child;
        node.children.push_back(std::move(*child));
    }
    return node;
}

// {"$contains": "text"}
Result<WhereNode> parseDocumentLeaf(const std::string& name, const Json& operand)
{
    const auto op = operatorFromName(name);
    if (!op || !isTextOperator(*op))
        return wrong(
            QStringLiteral("\"%1\" does not work on documents; use $contains, $not_contains, $regex, "
                           "$not_regex, $and or $or.")
                .arg(shown(name)));
    if (!operand.is_string())
        return wrong(QStringLiteral("%1 on documents needs a text to look for, not %2.")
                         .arg(QString::fromStdString(name), kindName(operand)));
    WhereNode leaf;
    leaf.onDocument = true;
    leaf.op = *op;
    leaf.values.emplace_back(operand.get<std::string>());
    return leaf;
}

// {"key": {"$gt": 5}}
Result<WhereNode> parseOperator(const std::string& key, const Json& object)
{
    if (object.size() != 1)
        return wrong(
            QStringLiteral("The key \"%1\" needs exactly one operator, such as {\"$gte\": 5}; it has "
                           "%2. Join conditions with $and.")
                .arg(shown(key))
                .arg(object.size()));
    const std::string& name = object.begin().key();
    const Json& operand = object.begin().value();
    const QString place = QStringLiteral("\"%1\" with %2").arg(shown(key), shown(name));
    const auto op = operatorFromName(name);
    if (!op)
        return wrong(QStringLiteral("The key \"%1\" has the operator \"%2\", which Chroma does not know.")
                         .arg(shown(key), shown(name)));
    if (key == "#document" && isTextOperator(*op) && operand.is_string())
        return parseDocumentLeaf(name, operand);
    WhereNode leaf;
    leaf.key = key;
    leaf.op = *op;
    if (operand.is_array() != isListOperator(*op))
        return wrong(isListOperator(*op)
                         ? QStringLiteral("%1 needs a list of values, not %2.").arg(place, kindName(operand))
                         : QStringLiteral("%1 takes one value, not a list.").arg(place));
    if (operand.is_array()) {
        auto values = listValues(operand, place);
        if (!values)
            return pass(values);
        leaf.values = std::move(*values);
    } else if (auto value = scalar(operand)) {
        leaf.values.push_back(std::move(*value));
    } else {
        return wrong(
            QStringLiteral("%1 is compared with %2; Chroma compares with text, true, false and numbers "
                           "below 2^63.")
                .arg(place, kindName(operand)),
            shown(operand.dump()));
    }
    return leaf;
}

Result<WhereNode> parseMetadataLeaf(const std::string& key, const Json& value)
{
    if (key.starts_with('$')) {
        const bool misplaced = operatorFromName(key).has_value();
        return wrong(
            misplaced ? QStringLiteral("\"%1\" must stand inside a key, as in {\"key\": {\"%1\": ...}}.")
                            .arg(shown(key))
                      : QStringLiteral("\"%1\" is not an operator of Chroma; conditions are joined with $and "
                                       "and $or.")
                            .arg(shown(key)));
    }
    if (value.is_object())
        return parseOperator(key, value);
    WhereNode leaf;
    leaf.key = key;
    leaf.shorthand = true;
    auto single = scalar(value);
    if (!single)
        return wrong(
            QStringLiteral("The key \"%1\" is compared with %2; Chroma compares with text, true, false "
                           "and numbers below 2^63, or takes an operator such as {\"$in\": [...]}.")
                .arg(shown(key), kindName(value)),
            shown(value.dump()));
    leaf.values.push_back(std::move(*single));
    return leaf;
}

Result<WhereNode> parseNode(const Json& json, Grammar grammar)
{
    if (!json.is_object())
        return wrong(QStringLiteral("A condition must be an object such as %1, not %2.")
                         .arg(grammar == Grammar::Where ? QStringLiteral("{\"key\": {\"$eq\": 1}}")
                                                        : QStringLiteral("{\"$contains\": \"text\"}"),
                              kindName(json)));
    if (json.empty())
        return wrong(QStringLiteral("A condition is empty: \"{}\" asks for nothing."));
    if (json.size() > 1)
        return wrong(
            QStringLiteral("A condition has the keys \"%1\" and \"%2\"; Chroma takes one in an object. "
                           "Join conditions with $and.")
                .arg(shown(json.begin().key()), shown(std::next(json.begin()).key())));
    const std::string& key = json.begin().key();
    const Json& value = json.begin().value();
    if (key == "$and")
        return parseJoin(WhereNode::Kind::And, key, value, grammar);
    if (key == "$or")
        return parseJoin(WhereNode::Kind::Or, key, value, grammar);
    return grammar == Grammar::Where ? parseMetadataLeaf(key, value) : parseDocumentLeaf(key, value);
}

Result<WhereNode> parse(std::string_view json, Grammar grammar)
{
    auto read = readJson(json);
    if (!read)
        return pass(read);
    auto tree = parseNode(*read, grammar);
    if (!tree)
        return tree;
    if (auto checked = grammar == Grammar::Where ? checkWhere(*tree) : checkWhereDocument(*tree); !checked)
        return pass(checked);
    return tree;
}

} // namespace

Result<WhereNode> parseWhere(std::string_view json)
{
    return parse(json, Grammar::Where);
}

Result<WhereNode> parseWhereDocument(std::string_view json)
{
    return parse(json, Grammar::Document);
}

} // namespace storage
