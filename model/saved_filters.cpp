#include "model/saved_filters.h"

#include <algorithm>

namespace model {

namespace {

constexpr char kNamed[] = "filters";
constexpr char kRecentOnes[] = "recentFilters";
constexpr char kLast[] = "lastFilter";

} // namespace

SavedFilters::SavedFilters(Preferences& preferences, const std::string& collectionId)
    : m_preferences(preferences),
      m_collection(QString::fromStdString(collectionId))
{}

QString SavedFilters::key(const char* what) const
{
    return QStringLiteral("collections/%1/%2").arg(m_collection, QString::fromLatin1(what));
}

QList<SavedFilter> SavedFilters::read(const char* what) const
{
    QList<SavedFilter> filters;
    const QVariantList stored = m_preferences.value(key(what)).toList();
    for (const QVariant& each : stored) {
        const QVariantMap map = each.toMap();
        const QVariantMap filter = map.value(QStringLiteral("filter")).toMap();
        if (!filter.isEmpty())
            filters << SavedFilter{map.value(QStringLiteral("name")).toString(), filter};
    }
    return filters;
}

void SavedFilters::write(const char* what, const QList<SavedFilter>& filters)
{
    QVariantList stored;
    for (const SavedFilter& each : filters)
        stored << QVariantMap{{QStringLiteral("name"), each.name}, {QStringLiteral("filter"), each.filter}};
    m_preferences.setValue(key(what), stored.isEmpty() ? QVariant() : QVariant(stored));
}

QList<SavedFilter> SavedFilters::named() const
{
    QList<SavedFilter> filters = read(kNamed);
    std::sort(filters.begin(), filters.end(), [](const SavedFilter& one, const SavedFilter& other) {
        return one.name.compare(other.name, Qt::CaseInsensitive) < 0;
    });
    return filters;
}

QList<SavedFilter> SavedFilters::recent() const
{
    return read(kRecentOnes);
}

void SavedFilters::save(const QString& name, const QVariantMap& filter)
{
    QList<SavedFilter> filters = read(kNamed);
    filters.removeIf([&name](const SavedFilter& each) { return each.name == name; });
    filters << SavedFilter{name, filter};
    write(kNamed, filters);
}

void SavedFilters::remove(const QString& name)
{
    QList<SavedFilter> filters = read(kNamed);
    filters.removeIf([&name](const SavedFilter& each) { return each.name == name; });
    write(kNamed, filters);
}

void SavedFilters::noteUsed(const QVariantMap& filter)
{
    if (filter.isEmpty())
        return;
    QList<SavedFilter> filters = read(kRecentOnes);
    filters.removeIf([&filter](const SavedFilter& each) { return each.filter == filter; });
    filters.prepend(SavedFilter{QString(), filter});
    write(kRecentOnes, filters.mid(0, kRecent));
}

QVariantMap SavedFilters::last() const
{
    return m_preferences.value(key(kLast)).toMap();
}

void SavedFilters::setLast(const QVariantMap& filter)
{
    m_preferences.setValue(key(kLast), filter.isEmpty() ? QVariant() : QVariant(filter));
}

QString SavedFilters::describe(const QVariantMap& filter)
{
    QStringList parts;
    const QVariantMap texts = filter.value(QStringLiteral("texts")).toMap();
    for (auto each = texts.begin(); each != texts.end(); ++each) {
        const QString column = each.key().startsWith(QLatin1String("meta:")) ? each.key().mid(5) : each.key();
        parts << QStringLiteral("%1: %2").arg(column, each.value().toString());
    }
    for (const QString& part : {QStringLiteral("where"), QStringLiteral("where_document")})
        if (const QString json = filter.value(part).toString(); !json.isEmpty())
            parts << json;
    return parts.join(QStringLiteral(", "));
}

} // namespace model
