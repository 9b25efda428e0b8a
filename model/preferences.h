// What the models remember between runs (columns, filters, history), by key. app/settings keeps it in the
// user's configuration; tests keep it in memory. GUI thread.
#pragma once

#include <QHash>
#include <QString>
#include <QVariant>

namespace model {

class Preferences
{
public:
    Preferences() = default;
    virtual ~Preferences() = default;
    Preferences(const Preferences&) = delete;
    Preferences& operator=(const Preferences&) = delete;

    [[nodiscard]] virtual QVariant value(const QString& key, const QVariant& fallback = {}) const = 0;
    virtual void setValue(const QString& key, const QVariant& value) = 0; // an invalid value forgets the key
};

// Forgets everything with its object.
class MemoryPreferences final : public Preferences
{
public:
    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const override
    {
        return m_values.value(key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) override
    {
        if (value.isValid())
            m_values.insert(key, value);
        else
            m_values.remove(key);
    }

private:
    QHash<QString, QVariant> m_values;
};

} // namespace model
