// Distances of the window, on a grid of four pixels, and radii.
#pragma once

namespace ui {

inline constexpr int kHalf = 4; // between an icon and its text
inline constexpr int kGap = 8;  // between neighbours
inline constexpr int kPad = 12; // inside a panel
inline constexpr int kRoom = 16;
inline constexpr int kWide = 24; // around a page
inline constexpr int kRadius = 5;
inline constexpr int kIcon = 16;
inline constexpr int kRowHeight = 26;     // of dense lists
inline constexpr int kControlHeight = 28; // buttons, fields

} // namespace ui
