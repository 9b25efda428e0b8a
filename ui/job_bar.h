// The running job in the status line: nothing for the first half second, then what is being done, how far it
// is in its own units, and Cancel; afterwards one line of summary.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;
class QProgressBar;
class QToolButton;

namespace ui {

class JobBar final : public QWidget
{
    Q_OBJECT
public:
    explicit JobBar(QWidget* parent = nullptr);

    void begin(const QString& what, std::function<void()> cancel = {});
    void report(qint64 done, qint64 total, const QString& phase);
    void finish(const QString& summary = {});
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] QString text() const;

private:
    void appear();

    bool m_running = false;
    std::function<void()> m_cancelCall;
    QTimer m_patience; // 500 ms before anything is shown
    QTimer m_fade;     // the summary goes again
    QLabel* m_text = nullptr;
    QProgressBar* m_bar = nullptr;
    QToolButton* m_cancel = nullptr;
};

} // namespace ui
