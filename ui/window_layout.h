// Where the window and its docks stand: remembered between runs, hidden while nothing is open, and back to
// the beginning when asked.
#pragma once

#include "model/preferences.h"

#include <QByteArray>
#include <QList>
#include <QObject>

class QAction;
class QDockWidget;
class QMainWindow;

namespace ui {

class WindowLayout final : public QObject
{
    Q_OBJECT
public:
    // Each dock with the action that shows it.
    struct Part
    {
        QDockWidget* dock;
        QAction* toggle;
    };
    WindowLayout(QMainWindow& window, model::Preferences& preferences, const QList<Part>& parts);

    void restore();             // once, before the window is shown first
    void save();                // when it closes
    void reset();               // as on the first day
    void setDocksOut(bool out); // as wanted, or none while nothing is open

private:
    void applyWanted();

    QMainWindow& m_window;
    model::Preferences& m_preferences;
    QList<Part> m_parts;
    QByteArray m_first;
    bool m_out = true;
};

} // namespace ui
