// A titled part of a page, with room for small tools at the right of its title.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace ui {

class Section final : public QWidget
{
    Q_OBJECT
public:
    explicit Section(const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setNote(const QString& note); // small, beside the title
    void setBody(QWidget* body);       // takes it
    QToolButton* addTool(const QString& iconName, const QString& tip);
    void addTool(QWidget* tool);

private:
    QLabel* m_title = nullptr;
    QLabel* m_note = nullptr;
    QHBoxLayout* m_head = nullptr;
    QVBoxLayout* m_column = nullptr;
};

// A tool button with only an icon: tip and accessible name are the same words.
[[nodiscard]] QToolButton* iconButton(const QString& iconName, const QString& tip, QWidget* parent);

} // namespace ui
