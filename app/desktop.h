// The desktop side of the program: builds the window and its parts by hand and runs the event loop.
#pragma once

namespace app {

int runDesktop(int argc, char** argv);

} // namespace app
