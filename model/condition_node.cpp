#include "model/condition_node.h"

#include "model/filter_text.h"
#include "model/value_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace model {

using storage::ErrorKind;
using storage::MetaType;
using storage::MetaValue;
using storage::Result;
using storage::WhereNode;
using storage::WhereOperator;

namespace {

using ValueType = ConditionNode::ValueType;

QString tr(const char* source)
{
    return QCoreApplication::translate("ConditionNode", source);
}

bool takesList(WhereOperator op)
{
    return op == WhereOperator::In || op == WhereOperator::Nin;
}

ValueType typeOfValue(const MetaValue& value)
{
    switch (storage::typeOf(value)) {
    case MetaType::Bool:
        return ValueType::Bool;
    case MetaType::Int:
        return ValueType::Integer;
    case MetaType::Float:
        return ValueType::Float;
    default:
        return ValueType::Text;
    }
}

unsigned typesFor(ValueType type)
{
    switch (type) {
    case ValueType::Text:
        return typeBit(MetaType::String);
    case ValueType::Integer:
        return typeBit(MetaType::Int);
    case ValueType::Float:
        return typeBit(MetaType::Float);
    case ValueType::Bool:
        return typeBit(MetaType::Bool);
    }
    return 0;
}

QString typedText(const std::vector<MetaValue>& values, bool list)
{
    if (!list)
        return values.empty() ? QString() : valueText(values.front());
    QStringList texts;
    for (const auto& value : values)
        texts << valueJson(value);
    return texts.join(QStringLiteral(", "));
}

Result<MetaValue> scalar(const QString& typed, ValueType type)
{
    if (type == ValueType::Text)
        return MetaValue(typed.toStdString());
    auto value = typedValue(typed.trimmed(), typesFor(type));
    if (!value)
        return value;
    if (type == ValueType::Float)
        if (const auto* whole = std::get_if<qint64>(&*value))
            return MetaValue(double(*whole));
    if (type == ValueType::Integer && std::holds_alternative<double>(*value))
        return storage::fail(ErrorKind::Invalid, tr("“%1” is not a whole number.").arg(typed));
    return value;
}

Result<std::vector<MetaValue>> listOfOne(Result<MetaValue> value)
{
    if (!value)
        return pass(value);
    return std::vector<MetaValue>{std::move(*value)};
}

// JSON elements with commas between them; else the texts between the commas.
Result<std::vector<MetaValue>> listOf(const QString& typed, ValueType type)
{
    std::vector<MetaValue> values;
    const auto json = nlohmann::json::parse("[" + typed.toStdString() + "]", nullptr, false);
    const bool isJson = json.is_array() && std::none_of(json.begin(), json.end(), [](const auto& each) {
                            return each.is_structured() || each.is_null();
                        });
    QStringList texts;
    if (isJson)
        for (const auto& each : json)
            texts << QString::fromStdString(each.is_string() ? each.template get<std::string>()
                                                             : each.dump());
    else
        for (const QString& each : typed.split(QLatin1Char(',')))
            texts << each.trimmed();
    for (const QString& each : texts) {
        auto value = scalar(each, type);
        if (!value)
            return pass(value);
        values.push_back(std::move(*value));
    }
    return values;
}

} // namespace

std::unique_ptr<ConditionNode> ConditionNode::from(const WhereNode& where, Part part)
{
    auto node = std::make_unique<ConditionNode>();
    node->part = part;
    if (where.kind != WhereNode::Kind::Leaf) {
        node->kind = Kind::Group;
        node->any = where.kind == WhereNode::Kind::Or;
        for (const auto& each : where.children) {
            node->children.push_back(from(each, part));
            node->children.back()->parent = node.get();
        }
        return node;
    }
    node->key = where.key;
    node->onDocument = where.onDocument;
    node->op = where.op;
    node->shorthand = where.shorthand;
    node->values = where.values;
    node->type = where.values.empty() ? ValueType::Text : typeOfValue(where.values.front());
    node->typed = typedText(where.values, takesList(where.op));
    return node;
}

WhereNode ConditionNode::where() const
{
    WhereNode where;
    if (kind == Kind::Group) {
        where.kind = any ? WhereNode::Kind::Or : WhereNode::Kind::And;
        for (const auto& each : children)
            if (!each->isBlank())
                where.children.push_back(each->where());
        return where;
    }
    where.key = key;
    where.onDocument = onDocument;
    where.op = op;
    where.shorthand = shorthand && op == WhereOperator::Eq;
    where.values = values;
    return where;
}

bool ConditionNode::isBlank() const
{
    if (kind == Kind::Condition)
        return values.empty() && typed.trimmed().isEmpty();
    return !children.empty() && // an empty $and of Chroma's own is meant
           std::all_of(children.begin(), children.end(), [](const auto& each) { return each->isBlank(); });
}

int ConditionNode::row() const
{
    const auto& all = parent->children;
    return int(std::find_if(all.begin(), all.end(), [this](const auto& each) { return each.get() == this; }) -
               all.begin());
}

QString ConditionNode::ownError() const
{
    if (kind != Kind::Condition)
        return {};
    if (!error.isEmpty())
        return error;
    if (!onDocument && key.empty())
        return tr("Choose a key.");
    const auto checked =
        part == Part::Document ? storage::checkWhereDocument(where()) : storage::checkWhere(where());
    return checked ? QString() : checked.error().sentence;
}

QString ConditionNode::firstError() const
{
    if (isBlank())
        return {};
    if (QString own = ownError(); !own.isEmpty())
        return own;
    for (const auto& each : children)
        if (QString below = each->firstError(); !below.isEmpty())
            return below;
    return {};
}

void ConditionNode::setField(const QString& field, const Keys& keys)
{
    const bool wasOnDocument = onDocument;
    onDocument = part == Part::Document || field == QLatin1String(kDocumentField);
    key = onDocument ? std::string() : field.toStdString();
    if (onDocument != wasOnDocument)
        op = onDocument ? WhereOperator::Contains : WhereOperator::Eq;
    type = typeFor(keys);
    setText(QString(typed));
}

void ConditionNode::setOperator(WhereOperator newOperator)
{
    const bool wasList = takesList(op);
    op = newOperator;
    if (wasList != takesList(op) && error.isEmpty() && !values.empty()) {
        if (wasList)
            values.resize(1);
        typed = typedText(values, !wasList);
    }
    setText(QString(typed));
}

void ConditionNode::setText(const QString& newText)
{
    typed = newText;
    error.clear();
    values.clear();
    if (typed.trimmed().isEmpty()) {
        error = tr("Type a value.");
        return;
    }
    auto read = takesList(op) ? listOf(typed, type) : listOfOne(scalar(typed, type));
    if (read)
        values = std::move(*read);
    else
        error = read.error().sentence;
}

ConditionNode::ValueType ConditionNode::typeFor(const Keys& keys) const
{
    if (onDocument)
        return ValueType::Text;
    const auto known =
        std::find_if(keys.begin(), keys.end(), [this](const auto& info) { return info.key == key; });
    const unsigned types = known == keys.end() ? 0 : known->types;
    const auto has = [types](MetaType one, MetaType other) {
        return (types & (typeBit(one) | typeBit(other))) != 0;
    };
    if (types == 0)
        return type;
    if (has(MetaType::String, MetaType::StringArray))
        return ValueType::Text;
    if (has(MetaType::Float, MetaType::FloatArray))
        return ValueType::Float;
    if (has(MetaType::Int, MetaType::IntArray))
        return ValueType::Integer;
    return has(MetaType::Bool, MetaType::BoolArray) ? ValueType::Bool : type;
}

} // namespace model
