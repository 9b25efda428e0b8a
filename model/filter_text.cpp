#include "model/filter_text.h"

#include "model/value_text.h"
#include "storage/base/json_text.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace model {

using storage::ErrorKind;
using storage::fail;
using storage::MetaType;
using storage::MetaValue;
using storage::Result;
using storage::WhereNode;
using storage::WhereOperator;

namespace {

constexpr unsigned kNumbers = (1u << unsigned(MetaType::Int)) | (1u << unsigned(MetaType::Float)) |
                              (1u << unsigned(MetaType::IntArray)) | (1u << unsigned(MetaType::FloatArray));
constexpr unsigned kTexts = (1u << unsigned(MetaType::String)) | (1u << unsigned(MetaType::StringArray));
constexpr unsigned kBools = (1u << unsigned(MetaType::Bool)) | (1u << unsigned(MetaType::BoolArray));
constexpr unsigned kScalars = (1u << unsigned(MetaType::Bool)) | (1u << unsigned(MetaType::Int)) |
                              (1u << unsigned(MetaType::Float)) | (1u << unsigned(MetaType::String));

QString tr(const char* source)
{
    return QCoreApplication::translate("FilterText", source);
}

tl::unexpected<storage::Error> invalid(const QString& sentence)
{
    return fail(ErrorKind::Invalid, sentence);
}

bool isQuoted(const QString& typed)
{
    return typed.size() >= 2 && typed.startsWith(QLatin1Char('"')) && typed.endsWith(QLatin1Char('"'));
}

QString unquoted(const QString& typed)
{
    QString out;
    for (qsizetype i = 1; i + 1 < typed.size(); ++i) {
        if (typed[i] == QLatin1Char('\\') && i + 2 < typed.size())
            ++i;
        out += typed[i];
    }
    return out;
}

QString quoted(const QString& plain)
{
    QString out = plain;
    out.replace(QLatin1Char('\\'), QStringLiteral("\\\\")).replace(QLatin1Char('"'), QStringLiteral("\\\""));
    return QLatin1Char('"') + out + QLatin1Char('"');
}

std::optional<MetaValue> number(const QString& typed)
{
    const QByteArray digits = typed.trimmed().toLatin1();
    const char* begin = digits.data() + (digits.startsWith('+') ? 1 : 0);
    const char* end = digits.data() + digits.size();
    qint64 whole = 0;
    if (const auto read = std::from_chars(begin, end, whole); read.ec == std::errc() && read.ptr == end)
        return MetaValue(whole);
    double real = 0;
    if (const auto read = std::from_chars(begin, end, real);
        read.ec == std::errc() && read.ptr == end && std::isfinite(real))
        return MetaValue(real);
    return std::nullopt;
}

std::optional<bool> truth(const QString& typed)
{
    if (typed.compare(QLatin1String("true"), Qt::CaseInsensitive) == 0)
        return true;
    if (typed.compare(QLatin1String("false"), Qt::CaseInsensitive) == 0)
        return false;
    return std::nullopt;
}

WhereNode leaf(const std::string& key, WhereOperator op, std::vector<MetaValue> values)
{
    WhereNode node;
    node.key = key;
    node.op = op;
    node.values = std::move(values);
    return node;
}

WhereNode documentLeaf(WhereOperator op, const QString& piece)
{
    WhereNode node = leaf({}, op, {MetaValue(piece.toStdString())});
    node.onDocument = true;
    return node;
}

WhereNode group(WhereNode::Kind kind, std::vector<WhereNode> children)
{
    if (children.size() == 1)
        return std::move(children.front());
    WhereNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

struct Typed
{
    WhereOperator op = WhereOperator::Eq;
    QString rest;
    bool said = false; // an operator stood there
};

Typed splitOperator(const QString& typed)
{
    struct Known
    {
        const char* text;
        WhereOperator op;
    };
    static constexpr std::array kKnown{Known{">=", WhereOperator::Gte}, Known{"<=", WhereOperator::Lte},
                                       Known{"<>", WhereOperator::Ne},  Known{"!=", WhereOperator::Ne},
                                       Known{"==", WhereOperator::Eq},  Known{">", WhereOperator::Gt},
                                       Known{"<", WhereOperator::Lt},   Known{"=", WhereOperator::Eq}};
    for (const auto& known : kKnown) {
        const QLatin1String sign(known.text);
        if (typed.startsWith(sign))
            return {known.op, typed.mid(sign.size()).trimmed(), true};
    }
    return {WhereOperator::Eq, typed, false};
}

// At bars outside quotes.
QStringList alternatives(const QString& typed)
{
    QStringList parts{QString()};
    bool inQuotes = false;
    for (qsizetype i = 0; i < typed.size(); ++i) {
        const QChar each = typed[i];
        if (each == QLatin1Char('\\') && inQuotes && i + 1 < typed.size()) {
            parts.last() += each;
            parts.last() += typed[++i];
            continue;
        }
        if (each == QLatin1Char('"'))
            inQuotes = !inQuotes;
        if (each == QLatin1Char('|') && !inQuotes)
            parts << QString();
        else
            parts.last() += each;
    }
    for (QString& part : parts)
        part = part.trimmed();
    return parts;
}

bool isOrder(WhereOperator op)
{
    return op == WhereOperator::Gt || op == WhereOperator::Gte || op == WhereOperator::Lt ||
           op == WhereOperator::Lte;
}

Result<WhereNode> orderCondition(const std::string& key, unsigned types, WhereOperator op,
                                 const QString& typed)
{
    if (typed.isEmpty())
        return invalid(tr("Type a number after the sign."));
    if (types != 0 && (types & kNumbers) == 0)
        return invalid(tr("Chroma compares only numbers by size; “%1” holds none.").arg(lineText(key, 40)));
    const auto value = number(typed);
    if (!value)
        return invalid(tr("“%1” is not a number.").arg(typed));
    return leaf(key, op, {*value});
}

std::optional<WhereNode> rangeCondition(const std::string& key, unsigned types, const QString& typed)
{
    const qsizetype tilde = typed.indexOf(QLatin1Char('~'));
    if (tilde <= 0 || (types != 0 && (types & kNumbers) == 0))
        return std::nullopt;
    const auto from = number(typed.left(tilde));
    const auto to = number(typed.mid(tilde + 1));
    if (!from || !to)
        return std::nullopt;
    return group(WhereNode::Kind::And,
                 {leaf(key, WhereOperator::Gte, {*from}), leaf(key, WhereOperator::Lte, {*to})});
}

// Scalars and arrays are asked by different operators; a key that holds both is asked both ways.
WhereNode equality(const std::string& key, unsigned types, bool negated, const MetaValue& value)
{
    const bool scalars = types == 0 || (types & kScalars) != 0;
    const bool arrays = (types & (kNumbers | kTexts | kBools) & ~kScalars) != 0;
    std::vector<WhereNode> ways;
    if (scalars || !arrays)
        ways.push_back(leaf(key, negated ? WhereOperator::Ne : WhereOperator::Eq, {value}));
    if (arrays)
        ways.push_back(leaf(key, negated ? WhereOperator::NotContains : WhereOperator::Contains, {value}));
    return group(negated ? WhereNode::Kind::And : WhereNode::Kind::Or, std::move(ways));
}

Result<WhereNode> listCondition(const std::string& key, unsigned types, bool negated,
                                const QStringList& parts)
{
    std::vector<MetaValue> values;
    bool oneType = true;
    for (const QString& part : parts) {
        if (part.isEmpty())
            return invalid(tr("Something is missing beside “|”."));
        auto value = typedValue(part, types);
        if (!value)
            return pass(value);
        oneType = oneType && (values.empty() || value->index() == values.front().index());
        values.push_back(std::move(*value));
    }
    const bool onlyScalars = (types & ~(kScalars | typeBit(MetaType::Null))) == 0;
    if (oneType && onlyScalars)
        return leaf(key, negated ? WhereOperator::Nin : WhereOperator::In, std::move(values));
    std::vector<WhereNode> each; // a list of Chroma's is of one type, and knows no arrays
    for (const auto& value : values)
        each.push_back(equality(key, types, negated, value));
    return group(negated ? WhereNode::Kind::And : WhereNode::Kind::Or, std::move(each));
}

// "/re/" to "re".
std::optional<QString> pattern(const QString& typed)
{
    if (typed.size() < 3 || !typed.startsWith(QLatin1Char('/')) || !typed.endsWith(QLatin1Char('/')))
        return std::nullopt;
    return typed.mid(1, typed.size() - 2);
}

} // namespace

Result<MetaValue> typedValue(const QString& typed, unsigned types)
{
    if (isQuoted(typed)) {
        if (types != 0 && (types & kTexts) == 0)
            return invalid(
                tr("Text in quotes matches nothing here: the key holds %1.").arg(typesText(types)));
        return MetaValue(unquoted(typed).toStdString());
    }
    const bool unknown = types == 0;
    if (unknown || (types & kNumbers))
        if (auto value = number(typed))
            return std::move(*value);
    if (unknown || (types & kBools))
        if (const auto value = truth(typed))
            return MetaValue(*value);
    if (unknown || (types & kTexts))
        return MetaValue(typed.toStdString());
    if (types & kNumbers)
        return invalid(typed.contains(QLatin1Char(','))
                           ? tr("“%1” is not a number; write it with a dot.").arg(typed)
                           : tr("“%1” is not a number.").arg(typed));
    if (types & kBools)
        return invalid(tr("The key holds true and false; “%1” is neither.").arg(typed));
    return invalid(tr("The key holds no value that could be compared."));
}

Result<Condition> metadataCondition(const std::string& key, unsigned types, const QString& text)
{
    const QString typed = text.trimmed();
    if (typed.isEmpty())
        return Condition();
    const Typed parts = splitOperator(typed);
    if (isOrder(parts.op)) {
        auto node = orderCondition(key, types, parts.op, parts.rest);
        return node ? Result<Condition>(std::move(*node)) : pass(node);
    }
    if (!parts.said)
        if (auto range = rangeCondition(key, types, typed))
            return Condition(std::move(*range));
    if (parts.rest.isEmpty())
        return invalid(tr("Type a value after the sign; \"\" is the empty text."));
    if (pattern(parts.rest) && (types == 0 || (types & kTexts)))
        return invalid(
            tr("Chroma knows patterns for documents only; put the text in quotes to mean it as it is."));
    const bool negated = parts.op == WhereOperator::Ne;
    const QStringList several = alternatives(parts.rest);
    if (several.size() > 1) {
        auto node = listCondition(key, types, negated, several);
        return node ? Result<Condition>(std::move(*node)) : pass(node);
    }
    auto value = typedValue(parts.rest, types);
    if (!value)
        return pass(value);
    return Condition(equality(key, types, negated, *value));
}

Result<Condition> documentCondition(const QString& text)
{
    QString typed = text.trimmed();
    if (typed.isEmpty())
        return Condition();
    const bool negated = typed.startsWith(QLatin1Char('!'));
    if (negated)
        typed = typed.mid(1).trimmed();
    if (typed.isEmpty())
        return invalid(tr("Type what the document must not contain."));
    WhereNode node;
    if (const auto expression = pattern(typed))
        node = documentLeaf(negated ? WhereOperator::NotRegex : WhereOperator::Regex, *expression);
    else
        node = documentLeaf(negated ? WhereOperator::NotContains : WhereOperator::Contains,
                            isQuoted(typed) ? unquoted(typed) : typed);
    if (auto checked = storage::checkWhereDocument(node); !checked)
        return pass(checked);
    return Condition(std::move(node));
}

Result<std::optional<IdCondition>> idCondition(const QString& text)
{
    const QString typed = text.trimmed();
    if (typed.isEmpty())
        return std::optional<IdCondition>();
    if (const auto expression = pattern(typed)) {
        const QRegularExpression compiled(*expression);
        if (!compiled.isValid())
            return fail(ErrorKind::Invalid, tr("The pattern is not complete."), compiled.errorString());
        return IdCondition{IdCondition::Kind::Regex, expression->toStdString()};
    }
    const auto plain = [](const QString& part) { return isQuoted(part) ? unquoted(part) : part; };
    if (typed.startsWith(QLatin1Char('=')))
        return IdCondition{IdCondition::Kind::Equals, plain(typed.mid(1).trimmed()).toStdString()};
    return IdCondition{IdCondition::Kind::Contains, plain(typed).toStdString()};
}

std::optional<QString> filterTextFor(const MetaValue& value, unsigned types, bool exclude)
{
    const MetaType type = storage::typeOf(value);
    if (type == MetaType::Null || (typeBit(type) & kScalars) == 0)
        return std::nullopt;
    QString typed = valueText(value);
    if (type == MetaType::Float && !std::isfinite(std::get<double>(value)))
        return std::nullopt;
    if (type == MetaType::String) {
        // Plain only if it reads back as the same text.
        const auto back = metadataCondition("k", types, typed);
        const bool plain = back && *back && (*back)->kind == WhereNode::Kind::Leaf &&
                           (*back)->values == std::vector<MetaValue>{value} &&
                           (*back)->op == WhereOperator::Eq;
        if (!plain)
            typed = quoted(typed);
    }
    return exclude ? QStringLiteral("<>") + typed : typed;
}

QString documentFilterText(const QString& piece, bool exclude)
{
    const auto back = documentCondition(piece);
    const bool plain = back && *back && (*back)->op == WhereOperator::Contains &&
                       (*back)->values == std::vector<MetaValue>{MetaValue(piece.toStdString())};
    return (exclude ? QStringLiteral("!") : QString()) + (plain ? piece : quoted(piece));
}

QString idFilterText(const QString& id)
{
    const bool plain = id.trimmed() == id && !id.isEmpty() && !isQuoted(id);
    return QLatin1Char('=') + (plain ? id : quoted(id));
}

Condition bothOf(Condition first, Condition second)
{
    if (!first || !second)
        return first ? std::move(first) : std::move(second);
    WhereNode both;
    both.kind = WhereNode::Kind::And;
    for (auto* each : {&*first, &*second}) {
        if (each->kind == WhereNode::Kind::And)
            both.children.insert(both.children.end(), each->children.begin(), each->children.end());
        else
            both.children.push_back(std::move(*each));
    }
    return both;
}

} // namespace model
