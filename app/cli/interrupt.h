// Ctrl+C, heard at a good moment.
#pragma once

namespace app {

// While it lives, Ctrl+C and a polite request to end set a flag that TerminalProgress reports; a second
// Ctrl+C ends the program at once. One at a time.
class InterruptGuard
{
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    [[nodiscard]] static int signalSeen(); // 0: none
};

} // namespace app
