// The program's memory between runs: one INI file in the user's configuration folder. The only place that
// knows QSettings. GUI thread.
#pragma once

#include "model/preferences.h"

#include <QSettings>

namespace app {

class Settings final : public model::Preferences
{
public:
    Settings();
    explicit Settings(const QString& file);

    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const override;
    void setValue(const QString& key, const QVariant& value) override;
    [[nodiscard]] QString file() const { return m_settings.fileName(); }

private:
    QSettings m_settings;
};

} // namespace app
