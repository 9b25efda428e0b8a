// A flat button that opens a menu below it and says so with a chevron beside its text.
#pragma once

#include <QToolButton>

namespace ui {

class MenuButton final : public QToolButton
{
    Q_OBJECT
public:
    MenuButton(const QString& text, const QString& iconName, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace ui
