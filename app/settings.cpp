#include "app/settings.h"

namespace app {

Settings::Settings()
    : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("chromakeep"),
                 QStringLiteral("chromakeep"))
{}

Settings::Settings(const QString& file) : m_settings(file, QSettings::IniFormat) {}

QVariant Settings::value(const QString& key, const QVariant& fallback) const
{
    return m_settings.value(key, fallback);
}

void Settings::setValue(const QString& key, const QVariant& value)
{
    if (value.isValid())
        m_settings.setValue(key, value);
    else
        m_settings.remove(key);
}

} // namespace app
