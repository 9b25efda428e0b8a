// What stands where there is nothing to show: a picture, what that means, and the button for what to do next.
// Empty and failed are never the same words: the caller says which it is.
#pragma once

#include "ui/theme/colors.h"

#include <QWidget>

class QAction;
class QLabel;
class QHBoxLayout;

namespace ui {

class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);

    void set(const QString& iconName, const QString& title, const QString& sentence,
             Tone tone = Tone::Neutral);
    // The buttons below; the first is the one to press. Buttons follow their actions.
    void setActions(const QList<QAction*>& actions);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString sentence() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void drawIcon();

    QString m_iconName;
    Tone m_tone = Tone::Neutral;
    QLabel* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_sentence = nullptr;
    QHBoxLayout* m_buttons = nullptr;
};

} // namespace ui
