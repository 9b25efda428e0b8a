// chromakeep-desktop: what `chromakeep` becomes when a window is wanted.
#include "app/desktop.h"

int main(int argc, char** argv)
{
    return app::runDesktop(argc, argv);
}
