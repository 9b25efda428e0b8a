// The wide button in the tool bar that opens the command palette and tells its keys.
#pragma once

#include <QAbstractButton>

namespace ui {

class SearchButton final : public QAbstractButton
{
    Q_OBJECT
public:
    SearchButton(const QString& text, const QKeySequence& keys, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_keys;
};

} // namespace ui
