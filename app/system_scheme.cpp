#include "app/system_scheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QGuiApplication>
#include <QPalette>
#include <QStyleHints>

namespace app {

namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kSpace = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");

// 1: dark, 2: light, 0: no preference. Read() wraps its answer in a second variant.
ui::Scheme schemeFrom(QVariant value)
{
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt() == 1 ? ui::Scheme::Dark : ui::Scheme::Light;
}

} // namespace

SystemScheme::SystemScheme(QObject* parent)
    : QObject(parent),
      m_current(ui::schemeOf(QGuiApplication::palette()))
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    QStyleHints* hints = QGuiApplication::styleHints();
    const auto take = [this](Qt::ColorScheme scheme) {
        if (scheme != Qt::ColorScheme::Unknown)
            accept(scheme == Qt::ColorScheme::Dark ? ui::Scheme::Dark : ui::Scheme::Light);
    };
    connect(hints, &QStyleHints::colorSchemeChanged, this, take);
    take(hints->colorScheme());
    if (hints->colorScheme() == Qt::ColorScheme::Unknown)
        askPortal();
#else
    askPortal();
#endif
}

void SystemScheme::askPortal()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage ask = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    ask << kSpace << kKey;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(ask), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid())
            accept(schemeFrom(reply.value().variant()));
        watcher->deleteLater();
    });
}

void SystemScheme::settingChanged(const QString& space, const QString& key, const QDBusVariant& value)
{
    if (space == kSpace && key == kKey)
        accept(schemeFrom(value.variant()));
}

void SystemScheme::accept(ui::Scheme scheme)
{
    if (scheme == m_current)
        return;
    m_current = scheme;
    Q_EMIT changed();
}

} // namespace app
