// One field of the filter row: what is typed there, with a clear button, and red with its sentence while it
// cannot be read. Escape empties it, Down goes to the rows.
#pragma once

#include <QLineEdit>

namespace ui {

class FilterField final : public QLineEdit
{
    Q_OBJECT
public:
    FilterField(const QString& column, QWidget* parent);

    [[nodiscard]] const QString& column() const { return m_column; }
    void setHint(const QString& hint);      // what may be typed
    void setError(const QString& sentence); // empty: fine
    [[nodiscard]] const QString& error() const { return m_error; }

Q_SIGNALS:
    void stepped(ui::FilterField* from, bool forward); // Tab
    void leftDownwards();
    void cleared();
    void focused(ui::FilterField* field);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void showHint();

    QString m_column;
    QString m_hint;
    QString m_error;
};

} // namespace ui
