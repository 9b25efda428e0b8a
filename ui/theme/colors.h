// Every colour of the window, for light and dark. A widget asks with its own palette, so that nothing has to
// be told when the theme changes.
#pragma once

#include <QColor>
#include <QPalette>

namespace ui {

enum class Scheme { Light, Dark };

// What a badge, strip or figure says by colour; each also says it by word or shape.
enum class Tone { Neutral, Info, Good, Warning, Danger };

struct ToneColors
{
    QColor ink;  // text and line on `fill` or on a page
    QColor fill; // quiet background
};

struct Colors
{
    bool dark = false;
    QColor window;     // frame, panels
    QColor base;       // pages and lists
    QColor raised;     // buttons, popups
    QColor text;       // what is read
    QColor secondary;  // what is beside it
    QColor faint;      // placeholders, missing values
    QColor line;       // between parts
    QColor strongLine; // around controls
    QColor hover;      // laid over, translucent
    QColor pressed;
    QColor accent;
    QColor accentHover;
    QColor accentText; // on accent
    QColor accentSoft; // selection
    QColor idleSoft;   // selection of a list without focus
    ToneColors neutral, info, good, warning, danger;

    [[nodiscard]] const ToneColors& tone(Tone tone) const;
};

[[nodiscard]] Scheme schemeOf(const QPalette& palette);
[[nodiscard]] const Colors& colorsOf(Scheme scheme);
[[nodiscard]] const Colors& colorsOf(const QPalette& palette);
[[nodiscard]] QPalette paletteFor(Scheme scheme);

// Eight colours that stay apart for colour-blind eyes, by number; further numbers begin again.
[[nodiscard]] QColor categoryColor(int number, const QPalette& palette);

} // namespace ui
