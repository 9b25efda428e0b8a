#include "app/cli/interrupt.h"

#include <QtGlobal>

#include <atomic>
#include <csignal>

namespace app {

namespace {

std::atomic<int> g_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "set in a signal handler");

extern "C" void onInterrupt(int signal)
{
    g_signal.store(signal, std::memory_order_relaxed);
    std::signal(signal, SIG_DFL); // the second time ends the program
}

} // namespace

InterruptGuard::InterruptGuard()
{
    g_signal.store(0);
    for (const int signal : {SIGINT, SIGTERM}) {
#ifdef Q_OS_UNIX
        // No SA_RESTART: a write into a pipe that nobody reads must come back.
        struct sigaction action = {};
        action.sa_handler = onInterrupt;
        sigaction(signal, &action, nullptr);
#else
        std::signal(signal, onInterrupt);
#endif
    }
}

InterruptGuard::~InterruptGuard()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

int InterruptGuard::signalSeen()
{
    return g_signal.load(std::memory_order_relaxed);
}

} // namespace app
