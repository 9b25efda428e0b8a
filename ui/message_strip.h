// Messages beside their cause instead of boxes over everything: one line of sentence, what can be done about
// it as buttons, and the technical detail, folded, to be copied. Several stand below each other; a message of
// the same kind replaces the former.
#pragma once

#include "storage/base/result.h"
#include "ui/theme/colors.h"

#include <QFrame>

#include <functional>
#include <vector>

class QToolButton;
class QVBoxLayout;

namespace ui {

struct MessageAction
{
    QString text;
    std::function<void()> run;
};

struct Message
{
    QString kind; // "changed", "error" ...: one strip a kind
    Tone tone = Tone::Info;
    QString sentence;
    QString detail; // behind Show Details; may be empty
    std::vector<MessageAction> actions;
    bool closable = true;
};

class MessageStrip final : public QFrame
{
    Q_OBJECT
public:
    explicit MessageStrip(Message message, QWidget* parent = nullptr);
    [[nodiscard]] const Message& message() const { return m_message; }

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addDetail(QVBoxLayout& column);
    void toggleDetail();

    Message m_message;
    QWidget* m_detail = nullptr;
    QToolButton* m_more = nullptr;
};

// The strips of a page, one below the other; takes no room while there are none.
class MessageArea final : public QWidget
{
    Q_OBJECT
public:
    explicit MessageArea(QWidget* parent = nullptr);

    void show(Message message);
    void dismiss(const QString& kind);
    void clear();
    [[nodiscard]] MessageStrip* strip(const QString& kind) const; // nullptr: none

private:
    QVBoxLayout* m_column = nullptr;
    std::vector<MessageStrip*> m_strips;
};

// How an error is told: Busy and Changed warn, the rest is red; the sentence leads with what was being done.
[[nodiscard]] Message messageOf(const storage::Error& error, const QString& what = {});

} // namespace ui
