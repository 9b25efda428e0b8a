// The few sizes and weights of text that the window uses, all made from the desktop's own font.
#pragma once

#include <QFont>

namespace ui {

[[nodiscard]] QFont smallFont(const QFont& font);  // captions, badges
[[nodiscard]] QFont strongFont(const QFont& font); // names
[[nodiscard]] QFont titleFont(const QFont& font);  // the heading of a page
[[nodiscard]] QFont largeFont(const QFont& font);  // the heading of an empty window
[[nodiscard]] QFont fixedFont(const QFont& font);  // JSON, ids, paths to be compared
// Where a bare X server has no font of its own (Qt then takes whatever fontconfig calls Sans Serif), one that
// is made for small sizes and has figures of one width, if there is any.
[[nodiscard]] QFont applicationFont(const QFont& desktop);

} // namespace ui
