#include "model/record_columns.h"

#include "model/value_text.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace model {

using Kind = RecordColumn::Kind;

QString RecordColumn::name() const
{
    switch (kind) {
    case Kind::Id:
        return QStringLiteral("id");
    case Kind::Document:
        return QStringLiteral("document");
    case Kind::Distance:
        return QStringLiteral("distance");
    case Kind::Uri:
        return QStringLiteral("uri");
    case Kind::Embedding:
        return QStringLiteral("embedding");
    case Kind::Metadata:
        return QStringLiteral("meta:") + text(key);
    }
    return {};
}

bool RecordColumn::isNumeric() const
{
    return kind == Kind::Distance || (kind == Kind::Metadata && model::isNumeric(types));
}

int RecordColumns::indexOf(const QString& name) const
{
    const auto found = std::find_if(m_columns.begin(), m_columns.end(),
                                    [&name](const RecordColumn& each) { return each.name() == name; });
    return found == m_columns.end() ? -1 : int(found - m_columns.begin());
}

int RecordColumns::columnOfKey(const std::string& key) const
{
    const auto found = std::find_if(m_columns.begin(), m_columns.end(), [&key](const RecordColumn& each) {
        return each.kind == Kind::Metadata && each.key == key;
    });
    return found == m_columns.end() ? -1 : int(found - m_columns.begin());
}

int RecordColumns::keyColumns() const
{
    return int(std::count_if(m_columns.begin(), m_columns.end(),
                             [](const RecordColumn& each) { return each.kind == Kind::Metadata; }));
}

int RecordColumns::hiddenKeys() const
{
    return int(m_keys.size()) - keyColumns();
}

void RecordColumns::reset(bool withDistance)
{
    m_columns.clear();
    m_columns.push_back({Kind::Id, {}, 0, 0});
    if (withDistance)
        m_columns.push_back({Kind::Distance, {}, 0, 0});
    m_columns.push_back({Kind::Document, {}, 0, 0});
    m_columns.push_back({Kind::Embedding, {}, 0, 0});
    insert(missingKeys());
}

bool RecordColumns::take(std::vector<KeyInfo> keys, bool counted)
{
    m_keys = std::move(keys);
    m_counted = counted;
    std::sort(m_keys.begin(), m_keys.end(), [](const KeyInfo& one, const KeyInfo& other) {
        return one.records != other.records ? one.records > other.records : one.key < other.key;
    });
    std::unordered_map<std::string_view, const KeyInfo*> byKey;
    for (const auto& info : m_keys)
        byKey.emplace(info.key, &info);
    bool complete = true;
    for (auto& column : m_columns) {
        if (column.kind != Kind::Metadata)
            continue;
        const auto info = byKey.find(column.key);
        complete = complete && info != byKey.end();
        if (info == byKey.end())
            continue;
        column.types = info->second->types;
        column.records = counted ? info->second->records : 0;
    }
    return complete;
}

bool RecordColumns::isWanted(const std::string& key, int shown) const
{
    return !m_dropped.contains(key) && (shown < kFirstColumns || m_asked.contains(key));
}

RecordColumns::Insertion RecordColumns::missingKeys() const
{
    std::unordered_set<std::string_view> shown;
    for (const auto& column : m_columns)
        if (column.kind == Kind::Metadata)
            shown.insert(column.key);
    int columns = int(shown.size());
    Insertion insertion{endOfKeys(), {}};
    for (const auto& info : m_keys) {
        if (columns >= kFirstColumns && m_asked.empty())
            break;
        if (shown.contains(info.key) || !isWanted(info.key, columns))
            continue;
        insertion.columns.push_back({Kind::Metadata, info.key, info.types, m_counted ? info.records : 0});
        ++columns;
    }
    return insertion;
}

RecordColumns::Insertion RecordColumns::missingUri() const
{
    Insertion insertion{size() - 1, {}};
    if (indexOf(QStringLiteral("uri")) < 0)
        insertion.columns.push_back({Kind::Uri, {}, 0, 0});
    return insertion;
}

int RecordColumns::endOfKeys() const
{
    int end = size() - 1; // the embedding stands last
    while (end > 0 && at(end - 1).kind == Kind::Uri)
        --end;
    return end;
}

void RecordColumns::insert(Insertion insertion)
{
    m_columns.insert(m_columns.begin() + insertion.position,
                     std::make_move_iterator(insertion.columns.begin()),
                     std::make_move_iterator(insertion.columns.end()));
}

void RecordColumns::remove(int column)
{
    m_columns.erase(m_columns.begin() + column);
}

void RecordColumns::askFor(const std::string& key)
{
    m_dropped.erase(key);
    m_asked.insert(key);
}

void RecordColumns::drop(const std::string& key)
{
    m_asked.erase(key);
    m_dropped.insert(key);
}

} // namespace model
