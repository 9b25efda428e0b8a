// Which colours the window wears: light, dark, or as the desktop has it. Owns the application's style and
// palette; the system's scheme is told from outside. GUI thread, one a program.
#pragma once

#include "ui/theme/colors.h"

#include <QObject>

namespace ui {

class Theme final : public QObject
{
    Q_OBJECT
public:
    enum class Choice { System, Light, Dark };
    Q_ENUM(Choice)

    explicit Theme(QObject* parent = nullptr);

    void setChoice(Choice choice);
    void setSystemScheme(Scheme scheme); // what the desktop says now
    [[nodiscard]] Choice choice() const { return m_choice; }
    [[nodiscard]] Scheme scheme() const;

Q_SIGNALS:
    void choiceChanged(ui::Theme::Choice choice);

private:
    void apply();

    Choice m_choice = Choice::System;
    Scheme m_system = Scheme::Light;
};

} // namespace ui
