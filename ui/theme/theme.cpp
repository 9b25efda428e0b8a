#include "ui/theme/theme.h"

#include "ui/theme/fonts.h"
#include "ui/theme/style.h"

#include <QApplication>

namespace ui {

Theme::Theme(QObject* parent) : QObject(parent), m_system(schemeOf(QApplication::palette()))
{
    QApplication::setStyle(new Style); // the application takes it
    QApplication::setFont(applicationFont(QApplication::font()));
    apply();
}

void Theme::setChoice(Choice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    apply();
    Q_EMIT choiceChanged(choice);
}

void Theme::setSystemScheme(Scheme scheme)
{
    m_system = scheme;
    apply();
}

Scheme Theme::scheme() const
{
    switch (m_choice) {
    case Choice::Light:
        return Scheme::Light;
    case Choice::Dark:
        return Scheme::Dark;
    case Choice::System:
        break;
    }
    return m_system;
}

void Theme::apply()
{
    const QPalette palette = paletteFor(scheme());
    if (palette != QApplication::palette())
        QApplication::setPalette(palette);
}

} // namespace ui
