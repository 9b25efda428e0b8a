// Measures how long the GUI thread stays away from its event loop: every turn from waking to sleeping again
// that takes longer than a frame is kept and logged. For tests, the walk and debug builds. GUI thread.
#pragma once

#include <QElapsedTimer>
#include <QObject>

#include <vector>

namespace app {

class Watchdog final : public QObject
{
    Q_OBJECT
public:
    static constexpr double kFrameMs = 16;

    explicit Watchdog(QObject* parent = nullptr);

    struct Turn
    {
        double wallMs = 0;
        double cpuMs = 0; // of this thread alone: what other programs took is not its fault
    };
    [[nodiscard]] const std::vector<Turn>& longTurns() const { return m_long; }
    [[nodiscard]] Turn longest() const;
    void restart() { m_long.clear(); }

private:
    void begin();
    void end();

    bool m_awake = false;
    QElapsedTimer m_wall;
    double m_cpuStart = 0;
    std::vector<Turn> m_long;
};

} // namespace app
