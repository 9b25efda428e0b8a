#include "ui/theme/colors.h"

#include <array>

namespace ui {

namespace {

Colors lightColors()
{
    Colors c;
    c.window = QColor(0xf4f5f7);
    c.base = QColor(0xffffff);
    c.raised = QColor(0xffffff);
    c.text = QColor(0x1b2027);
    c.secondary = QColor(0x56606c);
    c.faint = QColor(0x6c7682);
    c.line = QColor(0xe2e5ea);
    c.strongLine = QColor(0xc8ced6);
    c.hover = QColor(20, 35, 60, 13);
    c.pressed = QColor(20, 35, 60, 28);
    c.accent = QColor(0x2f64d6);
    c.accentHover = QColor(0x2856bd);
    c.accentText = QColor(0xffffff);
    c.accentSoft = QColor(0xdbe7fd);
    c.idleSoft = QColor(0xe7eaef);
    c.neutral = {QColor(0x56606c), QColor(0xe8ebef)};
    c.info = {QColor(0x2353b8), QColor(0xe2ecfd)};
    c.good = {QColor(0x18703f), QColor(0xdff3e7)};
    c.warning = {QColor(0x855400), QColor(0xfcefd2)};
    c.danger = {QColor(0xae2230), QColor(0xfde5e6)};
    return c;
}

Colors darkColors()
{
    Colors c;
    c.dark = true;
    c.window = QColor(0x1d2025);
    c.base = QColor(0x16181c);
    c.raised = QColor(0x282c33);
    c.text = QColor(0xe4e7eb);
    c.secondary = QColor(0xa5adb8);
    c.faint = QColor(0x8a94a0);
    c.line = QColor(0x2d3138);
    c.strongLine = QColor(0x434a54);
    c.hover = QColor(255, 255, 255, 15);
    c.pressed = QColor(255, 255, 255, 30);
    c.accent = QColor(0x6f9dff);
    c.accentHover = QColor(0x8ab0ff);
    c.accentText = QColor(0x0d1628);
    c.accentSoft = QColor(0x243b66);
    c.idleSoft = QColor(0x2d323a);
    c.neutral = {QColor(0xa5adb8), QColor(0x2d323a)};
    c.info = {QColor(0x93b7ff), QColor(0x1e3157)};
    c.good = {QColor(0x6ad19b), QColor(0x17362a)};
    c.warning = {QColor(0xe9b95c), QColor(0x3a2e15)};
    c.danger = {QColor(0xff9094), QColor(0x45211f)};
    return c;
}

void setGroup(QPalette& palette, QPalette::ColorGroup group, const Colors& c)
{
    const bool disabled = group == QPalette::Disabled;
    const QColor text = disabled ? c.faint : c.text;
    palette.setColor(group, QPalette::Window, c.window);
    palette.setColor(group, QPalette::WindowText, text);
    palette.setColor(group, QPalette::Base, disabled ? c.window : c.base);
    palette.setColor(group, QPalette::AlternateBase, c.window);
    palette.setColor(group, QPalette::Text, text);
    palette.setColor(group, QPalette::Button, c.raised);
    palette.setColor(group, QPalette::ButtonText, text);
    palette.setColor(group, QPalette::BrightText, c.danger.ink);
    palette.setColor(group, QPalette::ToolTipBase, c.raised);
    palette.setColor(group, QPalette::ToolTipText, c.text);
    palette.setColor(group, QPalette::PlaceholderText, c.faint);
    palette.setColor(group, QPalette::Highlight, group == QPalette::Active ? c.accentSoft : c.idleSoft);
    palette.setColor(group, QPalette::HighlightedText, text);
    palette.setColor(group, QPalette::Link, c.accent);
    palette.setColor(group, QPalette::LinkVisited, c.accent);
    palette.setColor(group, QPalette::Light, c.raised);
    palette.setColor(group, QPalette::Midlight, c.line);
    palette.setColor(group, QPalette::Mid, c.line);
    palette.setColor(group, QPalette::Dark, c.strongLine);
    palette.setColor(group, QPalette::Shadow, c.strongLine);
}

} // namespace

const ToneColors& Colors::tone(Tone which) const
{
    switch (which) {
    case Tone::Info:
        return info;
    case Tone::Good:
        return good;
    case Tone::Warning:
        return warning;
    case Tone::Danger:
        return danger;
    case Tone::Neutral:
        break;
    }
    return neutral;
}

Scheme schemeOf(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness()
               ? Scheme::Dark
               : Scheme::Light;
}

const Colors& colorsOf(Scheme scheme)
{
    static const Colors light = lightColors();
    static const Colors dark = darkColors();
    return scheme == Scheme::Dark ? dark : light;
}

const Colors& colorsOf(const QPalette& palette)
{
    return colorsOf(schemeOf(palette));
}

QPalette paletteFor(Scheme scheme)
{
    QPalette palette;
    for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled})
        setGroup(palette, group, colorsOf(scheme));
    return palette;
}

QColor categoryColor(int number, const QPalette& palette)
{
    // Okabe and Ito's set, its yellow and black exchanged for tones that stand on both backgrounds.
    static const std::array<QRgb, 8> light{0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                                           0x56b4e9, 0xe69f00, 0x6a4fb3, 0x6b7280};
    static const std::array<QRgb, 8> dark{0x4aa3df, 0xf08a4b, 0x2fc79a, 0xe29bc4,
                                          0x8ed0f5, 0xf2bd4a, 0xa48de8, 0x9aa3af};
    const auto& set = schemeOf(palette) == Scheme::Dark ? dark : light;
    return QColor(set[static_cast<std::size_t>(number) % set.size()]);
}

} // namespace ui
