// What the program writes to its log, in English, by category: QT_LOGGING_RULES="chromakeep.app.debug=true".
#pragma once

#include <QLoggingCategory>

namespace app {

Q_DECLARE_LOGGING_CATEGORY(appLog)      // start, windows, arguments
Q_DECLARE_LOGGING_CATEGORY(watchdogLog) // turns of the event loop that took too long

// Gives messages their time and category; call once, before the first window.
void setUpLogging();

} // namespace app
