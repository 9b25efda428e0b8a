// One directory of the start page: name, path, and what became of it. Opens by click or key; missing ones
// stand greyed and can be taken off the list.
#pragma once

#include "model/places.h"

#include <QAbstractButton>

class QToolButton;

namespace ui {

class PlaceButton final : public QAbstractButton
{
    Q_OBJECT
public:
    explicit PlaceButton(const model::Place& place, QWidget* parent = nullptr);
    [[nodiscard]] const model::Place& place() const { return m_place; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void forgetAsked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    model::Place m_place;
    QToolButton* m_forget = nullptr;
};

} // namespace ui
