#include "app/logging.h"

namespace app {

Q_LOGGING_CATEGORY(appLog, "chromakeep.app", QtInfoMsg)
Q_LOGGING_CATEGORY(watchdogLog, "chromakeep.watchdog", QtWarningMsg)

void setUpLogging()
{
    qSetMessagePattern(QStringLiteral("%{time HH:mm:ss.zzz} %{if-category}%{category} %{endif}%{message}"));
}

} // namespace app
