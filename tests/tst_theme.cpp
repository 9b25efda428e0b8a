// The look: enough contrast everywhere, icons in the theme's colours, live change.
#include "support/gui.h"
#include "ui/theme/colors.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QDirIterator>
#include <QImage>
#include <QPushButton>
#include <QTest>

#include <cmath>

using ui::Colors;
using ui::Scheme;

namespace {

double luminance(const QColor& color)
{
    const auto part = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { support::failOnWarnings(); }
    void textStandsOut_data();
    void textStandsOut();
    void paletteTellsItsScheme();
    void everyIconIsDrawnInTheAskedColour();
    void iconsFollowTheTheme();
    void systemSchemeIsFollowedUnlessChosen();
    void categoriesStayApart();
};

void TestTheme::textStandsOut_data()
{
    QTest::addColumn<int>("scheme");
    QTest::newRow("light") << int(Scheme::Light);
    QTest::newRow("dark") << int(Scheme::Dark);
}

// WCAG AA: 4.5 for text, 3 for what is only drawn.
void TestTheme::textStandsOut()
{
    QFETCH(int, scheme);
    const Colors& c = ui::colorsOf(static_cast<Scheme>(scheme));
    for (const QColor& ground : {c.window, c.base, c.accentSoft, c.idleSoft}) {
        QVERIFY2(contrast(c.text, ground) >= 7, qPrintable(ground.name()));
        QVERIFY2(contrast(c.secondary, ground) >= 4.5, qPrintable(ground.name()));
        QVERIFY2(contrast(c.accent, ground) >= 3, qPrintable(ground.name()));
    }
    for (const QColor& ground : {c.window, c.base})
        QVERIFY2(contrast(c.faint, ground) >= 4, qPrintable(ground.name()));
    QVERIFY(contrast(c.accentText, c.accent) >= 4.5);
    QVERIFY(contrast(c.accentText, c.accentHover) >= 4.5);
    for (const auto tone :
         {ui::Tone::Neutral, ui::Tone::Info, ui::Tone::Good, ui::Tone::Warning, ui::Tone::Danger}) {
        const ui::ToneColors& colors = c.tone(tone);
        QVERIFY2(contrast(colors.ink, colors.fill) >= 4.5, qPrintable(colors.ink.name()));
        QVERIFY2(contrast(colors.ink, c.base) >= 4.5, qPrintable(colors.ink.name()));
        QVERIFY2(contrast(c.text, colors.fill) >= 7, qPrintable(colors.fill.name()));
    }
}

void TestTheme::paletteTellsItsScheme()
{
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
        const QPalette palette = ui::paletteFor(scheme);
        QCOMPARE(ui::schemeOf(palette), scheme);
        QCOMPARE(ui::colorsOf(palette).dark, scheme == Scheme::Dark);
        QVERIFY(contrast(palette.color(QPalette::Text), palette.color(QPalette::Base)) > 7);
        QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) > 7);
    }
}

void TestTheme::everyIconIsDrawnInTheAskedColour()
{
    int drawn = 0;
    for (QDirIterator it(QStringLiteral(":/icons")); it.hasNext();) {
        const QString name = QFileInfo(it.next()).completeBaseName();
        if (name == QStringLiteral("chromakeep"))
            continue;
        const QImage image = ui::glyph(name, 32, 1, QColor(200, 40, 60)).toImage();
        QCOMPARE(image.size(), QSize(32, 32));
        int inked = 0;
        for (int y = 0; y < 32; ++y) {
            for (int x = 0; x < 32; ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel.alpha() < 200)
                    continue;
                ++inked;
                QVERIFY2(std::abs(pixel.red() - 200) < 12 && std::abs(pixel.green() - 40) < 12,
                         qPrintable(name));
            }
        }
        QVERIFY2(inked > 8, qPrintable(name));
        ++drawn;
    }
    QVERIFY(drawn > 30);
}

void TestTheme::iconsFollowTheTheme()
{
    ui::Theme theme;
    const QIcon icon = ui::icon(QStringLiteral("reload"));
    theme.setChoice(ui::Theme::Choice::Light);
    const QImage light = icon.pixmap(16, 16).toImage();
    theme.setChoice(ui::Theme::Choice::Dark);
    const QImage dark = icon.pixmap(16, 16).toImage();
    QVERIFY(light != dark);
    QVERIFY(icon.pixmap(16, 16, QIcon::Disabled).toImage() != dark);
    QVERIFY(icon.pixmap(16, 16, QIcon::Normal, QIcon::On).toImage() != dark);
}

void TestTheme::systemSchemeIsFollowedUnlessChosen()
{
    ui::Theme theme;
    theme.setChoice(ui::Theme::Choice::System);
    QWidget watched;
    watched.show();
    theme.setSystemScheme(Scheme::Dark);
    QCOMPARE(theme.scheme(), Scheme::Dark);
    QTRY_COMPARE(ui::schemeOf(watched.palette()), Scheme::Dark);
    theme.setSystemScheme(Scheme::Light);
    QTRY_COMPARE(ui::schemeOf(watched.palette()), Scheme::Light);
    theme.setChoice(ui::Theme::Choice::Dark);
    QTRY_COMPARE(ui::schemeOf(watched.palette()), Scheme::Dark);
    theme.setSystemScheme(Scheme::Light);
    QTRY_COMPARE(ui::schemeOf(watched.palette()), Scheme::Dark);
}

void TestTheme::categoriesStayApart()
{
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
        const QPalette palette = ui::paletteFor(scheme);
        for (int i = 0; i < 8; ++i) {
            QVERIFY(contrast(ui::categoryColor(i, palette), ui::colorsOf(scheme).base) >= 2.2);
            for (int j = i + 1; j < 8; ++j)
                QVERIFY(ui::categoryColor(i, palette) != ui::categoryColor(j, palette));
        }
        QCOMPARE(ui::categoryColor(8, palette), ui::categoryColor(0, palette));
    }
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
