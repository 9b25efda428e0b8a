#include "ui/window_layout.h"

#include <QAction>
#include <QDockWidget>
#include <QMainWindow>

namespace ui {

namespace {

constexpr int kVersion = 1; // of the state: another set of docks, another number
const QString kGeometry = QStringLiteral("window/geometry");
const QString kState = QStringLiteral("window/state");
const QSize kSize(1280, 800);

QString wantedKey(const QDockWidget& dock)
{
    return QStringLiteral("window/shown_") + dock.objectName();
}

} // namespace

WindowLayout::WindowLayout(QMainWindow& window, model::Preferences& preferences, const QList<Part>& parts)
    : QObject(&window),
      m_window(window),
      m_preferences(preferences),
      m_parts(parts)
{
    for (const Part& part : m_parts) {
        part.toggle->setChecked(m_preferences.value(wantedKey(*part.dock), true).toBool());
        connect(part.toggle, &QAction::toggled, this, &WindowLayout::applyWanted);
        // Closed by its own button.
        connect(part.dock, &QDockWidget::visibilityChanged, this, [this, part](bool visible) {
            if (m_out && !visible && part.dock->isHidden())
                part.toggle->setChecked(false);
        });
    }
}

void WindowLayout::restore()
{
    m_window.resize(kSize);
    m_first = m_window.saveState(kVersion);
    m_window.restoreGeometry(m_preferences.value(kGeometry).toByteArray());
    m_window.restoreState(m_preferences.value(kState).toByteArray(), kVersion);
    applyWanted();
}

void WindowLayout::save()
{
    m_preferences.setValue(kGeometry, m_window.saveGeometry());
    m_preferences.setValue(kState, m_window.saveState(kVersion));
    for (const Part& part : m_parts)
        m_preferences.setValue(wantedKey(*part.dock), part.toggle->isChecked());
}

void WindowLayout::reset()
{
    m_window.restoreState(m_first, kVersion);
    for (const Part& part : m_parts)
        part.toggle->setChecked(true);
    applyWanted();
}

void WindowLayout::setDocksOut(bool out)
{
    m_out = out;
    applyWanted();
}

void WindowLayout::applyWanted()
{
    for (const Part& part : m_parts)
        part.dock->setVisible(m_out && part.toggle->isChecked());
}

} // namespace ui
