// The seam to everything that asks: message boxes and file dialogs. Nothing blocks: answers come by call,
// and a question that is turned down answers nothing. Tests script it (tests/support/scripted_prompter.h).
#pragma once

#include "storage/base/result.h"

#include <QCoreApplication>
#include <QPointer>
#include <QString>
#include <QWidget>

#include <functional>

class QFileDialog;

namespace ui {

struct Question
{
    QString title;    // short: what is about to happen
    QString sentence; // what it changes and what it leaves
    QString verb;     // on the button: "Delete 12 Records", never OK
    bool harmful = false;
};

struct FileRequest
{
    QString title;
    QString folder;  // where to begin; empty: the last place
    QString name;    // proposed, for saving
    QString filters; // "JSON files (*.json)" by Qt's form; empty: all
};

class Prompter
{
public:
    using Yes = std::function<void()>;
    using Chosen = std::function<void(const QString& path)>;

    Prompter() = default;
    virtual ~Prompter() = default;
    Prompter(const Prompter&) = delete;
    Prompter& operator=(const Prompter&) = delete;

    virtual void confirm(const Question& question, Yes yes) = 0;
    // Goes on only when `expected` was typed: for what cannot be undone.
    virtual void typeToConfirm(const Question& question, const QString& expected, Yes yes) = 0;
    virtual void chooseFolder(const FileRequest& request, Chosen chosen) = 0;
    virtual void chooseFile(const FileRequest& request, Chosen chosen) = 0;
    virtual void chooseSave(const FileRequest& request, Chosen chosen) = 0;
    // For errors that have no page to stand on.
    virtual void show(const storage::Error& error) = 0;
};

// Asks over a window, which may go before the prompter.
class QtPrompter final : public Prompter
{
    Q_DECLARE_TR_FUNCTIONS(QtPrompter)
public:
    void setWindow(QWidget* window) { m_window = window; }

    void confirm(const Question& question, Yes yes) override;
    void typeToConfirm(const Question& question, const QString& expected, Yes yes) override;
    void chooseFolder(const FileRequest& request, Chosen chosen) override;
    void chooseFile(const FileRequest& request, Chosen chosen) override;
    void chooseSave(const FileRequest& request, Chosen chosen) override;
    void show(const storage::Error& error) override;

private:
    [[nodiscard]] QFileDialog* fileDialog(const FileRequest& request, Chosen chosen);

    QPointer<QWidget> m_window;
    QString m_lastFolder;
};

} // namespace ui
