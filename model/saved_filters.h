// The named and the recent filters of one collection, kept in the preferences. Values; GUI thread.
#pragma once

#include "model/preferences.h"

#include <QList>
#include <QString>
#include <QVariant>

#include <string>

namespace model {

struct SavedFilter
{
    QString name;       // empty: a recent one
    QVariantMap filter; // as FilterModel::save() gives it
    bool operator==(const SavedFilter&) const = default;
};

class SavedFilters
{
public:
    static constexpr int kRecent = 10;

    SavedFilters(Preferences& preferences, const std::string& collectionId);

    [[nodiscard]] QList<SavedFilter> named() const;            // by name
    [[nodiscard]] QList<SavedFilter> recent() const;           // newest first
    void save(const QString& name, const QVariantMap& filter); // replaces one of the same name
    void remove(const QString& name);
    void noteUsed(const QVariantMap& filter); // to the front of the recent ones; an empty one is not noted

    // What the tab shows, to come back to.
    [[nodiscard]] QVariantMap last() const;
    void setLast(const QVariantMap& filter);
    // One line for a menu: "year: >2000, {"$contains": ...}".
    [[nodiscard]] static QString describe(const QVariantMap& filter);

private:
    [[nodiscard]] QString key(const char* what) const;
    [[nodiscard]] QList<SavedFilter> read(const char* what) const;
    void write(const char* what, const QList<SavedFilter>& filters);

    Preferences& m_preferences;
    QString m_collection;
};

} // namespace model
