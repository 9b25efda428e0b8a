// A prompter whose answers a test wrote down beforehand. A question without a prepared answer is turned down
// and kept, so that a test can see that it was asked.
#pragma once

#include "ui/prompter.h"

#include <QList>
#include <QStringList>

namespace support {

class ScriptedPrompter final : public ui::Prompter
{
public:
    QStringList paths; // answers to the next file questions, in order; an empty one: turned down
    QList<bool> yes;   // answers to the next confirmations
    QStringList typed; // what is typed at the next typeToConfirm
    QStringList asked; // "confirm: TITLE", "folder: TITLE" ..., as they came
    QList<storage::Error> shown;

    void confirm(const ui::Question& question, Yes go) override
    {
        asked << QStringLiteral("confirm: ") + question.title;
        if (!yes.isEmpty() && yes.takeFirst())
            go();
    }
    void typeToConfirm(const ui::Question& question, const QString& expected, Yes go) override
    {
        asked << QStringLiteral("type: ") + question.title;
        if (!typed.isEmpty() && typed.takeFirst() == expected)
            go();
    }
    void chooseFolder(const ui::FileRequest& request, Chosen chosen) override
    {
        answer(QStringLiteral("folder: ") + request.title, chosen);
    }
    void chooseFile(const ui::FileRequest& request, Chosen chosen) override
    {
        answer(QStringLiteral("file: ") + request.title, chosen);
    }
    void chooseSave(const ui::FileRequest& request, Chosen chosen) override
    {
        answer(QStringLiteral("save: ") + request.title, chosen);
    }
    void show(const storage::Error& error) override { shown << error; }

private:
    void answer(const QString& question, const Chosen& chosen)
    {
        asked << question;
        const QString path = paths.isEmpty() ? QString() : paths.takeFirst();
        if (!path.isEmpty())
            chosen(path);
    }
};

} // namespace support
