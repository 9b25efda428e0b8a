#include "model/filter_model.h"

#include "model/filter_text.h"
#include "model/value_text.h"

namespace model {

namespace {

constexpr QLatin1String kId("id");
constexpr QLatin1String kDocument("document");
constexpr QLatin1String kKey("meta:");

QString titleOf(const QString& column)
{
    if (column == kId)
        return FilterModel::tr("Id");
    return column == kDocument ? FilterModel::tr("Document") : column.mid(kKey.size());
}

} // namespace

FilterModel::FilterModel(CollectionView& view, QObject* parent) : QObject(parent), m_view(view)
{
    connect(&view, &CollectionView::keysChanged, this, &FilterModel::followKeys);
    followKeys();
}

const std::vector<storage::CollectionReader::KeyInfo>& FilterModel::keys() const
{
    return m_view.areKeysKnown() ? m_view.keys() : m_view.firstKeys();
}

void FilterModel::followKeys()
{
    m_conditions.setKeys(keys());
    if (m_texts.isEmpty() || !m_applied)
        return;
    const RecordQuery before = m_query; // read with what was known of the types then
    const bool hadErrors = hasErrors();
    evaluate();
    if (m_query != before || hasErrors() != hadErrors)
        apply();
}

bool FilterModel::canFilter(const QString& column)
{
    return column == kId || column == kDocument || column.startsWith(kKey);
}

unsigned FilterModel::typesOf(const std::string& key) const
{
    for (const auto& info : keys())
        if (info.key == key)
            return info.types;
    return m_savedTypes.value(QString::fromStdString(key)).toUInt(); // 0: unknown
}

QString FilterModel::hint(const QString& column) const
{
    if (column == kId)
        return tr("text  contains\n=text  is exactly\n/pattern/  matches");
    if (column == kDocument)
        return tr("text  contains\n!text  does not contain\n/pattern/  matches\n!/pattern/  does not match");
    const unsigned types = typesOf(column.mid(kKey.size()).toStdString());
    if (isNumeric(types))
        return tr("5  equal\n>5  >=5  <5  <=5\n1~9  from 1 to 9\n<>5  not equal\n1 | 2  one of");
    return tr("text  equal\n<>text  not equal\na | b  one of\n\"5\"  always text");
}

void FilterModel::setText(const QString& column, const QString& typed)
{
    if (typed == text(column))
        return;
    if (typed.isEmpty())
        m_texts.remove(column);
    else
        m_texts.insert(column, typed);
}

bool FilterModel::isActive() const
{
    return !m_texts.isEmpty() || !m_conditions.isEmpty();
}

QString FilterModel::firstError() const
{
    if (!m_errors.isEmpty())
        return tr("%1: %2").arg(titleOf(m_errors.firstKey()), m_errors.first());
    return m_conditionError;
}

QStringList FilterModel::summary() const
{
    QStringList parts;
    for (auto each = m_texts.begin(); each != m_texts.end(); ++each)
        parts << tr("%1: %2").arg(titleOf(each.key()), each.value());
    for (const auto part : {ConditionModel::Part::Metadata, ConditionModel::Part::Document})
        if (const QString json = m_conditions.json(part); !json.isEmpty())
            parts << json;
    return parts;
}

void FilterModel::keep(const QString& column, const storage::Error& error)
{
    m_errors.insert(column, error.sentence);
}

void FilterModel::take(const QString& column, const QString& typed)
{
    if (column == kId) {
        auto condition = idCondition(typed);
        if (condition)
            m_query.id = std::move(*condition);
        else
            keep(column, condition.error());
        return;
    }
    const bool document = column == kDocument;
    const std::string key = document ? std::string() : column.mid(kKey.size()).toStdString();
    auto condition = document ? documentCondition(typed) : metadataCondition(key, typesOf(key), typed);
    if (!condition) {
        keep(column, condition.error());
        return;
    }
    auto& into = document ? m_query.whereDocument : m_query.where;
    into = bothOf(std::move(into), std::move(*condition));
}

void FilterModel::evaluate()
{
    m_query = {};
    m_errors.clear();
    m_conditionError.clear();
    for (auto each = m_texts.begin(); each != m_texts.end(); ++each)
        take(each.key(), each.value());
    auto where = m_conditions.where();
    auto whereDocument = m_conditions.whereDocument();
    if (!where || !whereDocument) {
        m_conditionError = where ? whereDocument.error().sentence : where.error().sentence;
        return;
    }
    m_query.where = bothOf(std::move(m_query.where), std::move(*where));
    m_query.whereDocument = bothOf(std::move(m_query.whereDocument), std::move(*whereDocument));
}

void FilterModel::apply()
{
    m_applied = true;
    evaluate();
    Q_EMIT errorsChanged();
    if (hasErrors())
        return;
    RecordQuery query = m_query;
    query.sortBy = m_view.query().sortBy;
    query.sortKey = m_view.query().sortKey;
    query.descending = m_view.query().descending;
    m_view.setQuery(query);
    Q_EMIT applied();
}

void FilterModel::clear()
{
    m_texts.clear();
    m_conditions.clear();
    Q_EMIT textsChanged();
    apply();
}

QVariantMap FilterModel::save() const
{
    QVariantMap texts;
    for (auto each = m_texts.begin(); each != m_texts.end(); ++each)
        texts.insert(each.key(), each.value());
    QVariantMap saved;
    QVariantMap types; // a text means a number or a text by them
    for (const QString& column : m_texts.keys())
        if (const QString key = column.mid(kKey.size()); column.startsWith(kKey))
            types.insert(key, typesOf(key.toStdString()));
    if (!texts.isEmpty())
        saved.insert(QStringLiteral("texts"), texts);
    if (!types.isEmpty())
        saved.insert(QStringLiteral("types"), types);
    if (m_conditions.where() && m_conditions.whereDocument()) { // what is half typed is not worth keeping
        if (const QString json = m_conditions.json(ConditionModel::Part::Metadata); !json.isEmpty())
            saved.insert(QStringLiteral("where"), json);
        if (const QString json = m_conditions.json(ConditionModel::Part::Document); !json.isEmpty())
            saved.insert(QStringLiteral("where_document"), json);
    }
    return saved;
}

void FilterModel::restore(const QVariantMap& saved)
{
    m_texts.clear();
    m_savedTypes = saved.value(QStringLiteral("types")).toMap();
    const QVariantMap texts = saved.value(QStringLiteral("texts")).toMap();
    for (auto each = texts.begin(); each != texts.end(); ++each)
        if (canFilter(each.key()) && !each.value().toString().isEmpty())
            m_texts.insert(each.key(), each.value().toString());
    m_conditions.clear();
    // A text that a later version no longer accepts leaves its part empty.
    (void)m_conditions.setJson(ConditionModel::Part::Metadata,
                               saved.value(QStringLiteral("where")).toString());
    (void)m_conditions.setJson(ConditionModel::Part::Document,
                               saved.value(QStringLiteral("where_document")).toString());
    Q_EMIT textsChanged();
}

} // namespace model
