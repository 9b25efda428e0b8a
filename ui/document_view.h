// A whole document, however long, for reading: wrapped or not, as it is or laid out as JSON, with find. Long
// ones are shown a part at a time so that the window never waits; find and copy reach all of it.
#pragma once

#include <QWidget>

#include <optional>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace ui {

class DocumentView final : public QWidget
{
    Q_OBJECT
public:
    static constexpr qsizetype kPart = 40'000; // characters shown at a time

    explicit DocumentView(QWidget* parent = nullptr);

    void setDocument(const QString& text);
    // Nothing to read, and why: "No document", "Loading …".
    void setNote(const QString& note);
    void openFind();
    [[nodiscard]] bool findNext(bool backward = false);
    [[nodiscard]] const QString& shownText() const { return m_text; }
    // For the head of the section that holds this view.
    [[nodiscard]] QToolButton* wrapButton() const { return m_wrap; }
    [[nodiscard]] QToolButton* jsonButton() const { return m_json; }
    [[nodiscard]] QToolButton* findButton() const { return m_find; }

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildFindBar();
    void buildPartBar();
    void chooseText();
    void showPart(qsizetype part);
    void markHit();
    [[nodiscard]] qsizetype parts() const;

    QString m_original;
    QString m_text; // as shown: the original, or laid out
    qsizetype m_part = 0;
    qsizetype m_hit = -1;
    QPlainTextEdit* m_edit = nullptr;
    QWidget* m_findBar = nullptr;
    QLineEdit* m_findField = nullptr;
    QLabel* m_findNote = nullptr;
    QWidget* m_partBar = nullptr;
    QLabel* m_partNote = nullptr;
    QToolButton* m_previousPart = nullptr;
    QToolButton* m_nextPart = nullptr;
    QToolButton* m_wrap = nullptr;
    QToolButton* m_json = nullptr;
    QToolButton* m_find = nullptr;
};

} // namespace ui
