// The line icons of resources/icons, drawn in the colours of the theme in force at the moment of painting.
#pragma once

#include "ui/theme/colors.h"

#include <QIcon>
#include <QPixmap>
#include <QString>

namespace ui {

// `name` of resources/icons/NAME.svg. Normal icons are drawn in the secondary text colour, checked ones in
// the accent.
[[nodiscard]] QIcon icon(const QString& name);
[[nodiscard]] QIcon icon(const QString& name, Tone tone);
// The program's own sign, in its colours.
[[nodiscard]] QIcon appIcon();

// For painting by hand: `size` in device-independent pixels.
[[nodiscard]] QPixmap glyph(const QString& name, int size, qreal ratio, const QColor& color);

} // namespace ui
