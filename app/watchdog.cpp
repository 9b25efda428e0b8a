#include "app/watchdog.h"

#include "app/logging.h"

#include <QAbstractEventDispatcher>

#include <algorithm>
#include <ctime>

namespace app {

namespace {

double threadCpuMs()
{
#ifdef CLOCK_THREAD_CPUTIME_ID
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
#else
    return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC;
#endif
}

} // namespace

Watchdog::Watchdog(QObject* parent) : QObject(parent)
{
    const QAbstractEventDispatcher* loop = QAbstractEventDispatcher::instance();
    connect(loop, &QAbstractEventDispatcher::awake, this, &Watchdog::begin);
    connect(loop, &QAbstractEventDispatcher::aboutToBlock, this, &Watchdog::end);
}

void Watchdog::begin()
{
    end(); // a loop that never slept
    m_awake = true;
    m_wall.start();
    m_cpuStart = threadCpuMs();
}

void Watchdog::end()
{
    if (!m_awake)
        return;
    m_awake = false;
    const Turn turn{static_cast<double>(m_wall.nsecsElapsed()) / 1e6, threadCpuMs() - m_cpuStart};
    if (turn.wallMs <= kFrameMs)
        return;
    m_long.push_back(turn);
    qCDebug(watchdogLog, "A turn of the event loop took %.1f ms (%.1f ms of processor time)", turn.wallMs,
            turn.cpuMs);
}

Watchdog::Turn Watchdog::longest() const
{
    Turn longest;
    for (const Turn& turn : m_long)
        if (turn.wallMs > longest.wallMs)
            longest = turn;
    return longest;
}

} // namespace app
