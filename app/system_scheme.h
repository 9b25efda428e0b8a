// Whether the desktop is light or dark, and when that changes: asked of Qt where it knows, else of the
// desktop's settings portal. GUI thread; never waits for the answer.
#pragma once

#include "ui/theme/colors.h"

#include <QObject>

class QDBusVariant;

namespace app {

class SystemScheme final : public QObject
{
    Q_OBJECT
public:
    explicit SystemScheme(QObject* parent = nullptr);
    [[nodiscard]] ui::Scheme current() const { return m_current; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void settingChanged(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void accept(ui::Scheme scheme);
    void askPortal();

    ui::Scheme m_current = ui::Scheme::Light;
};

} // namespace app
