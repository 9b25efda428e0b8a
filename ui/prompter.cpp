#include "ui/prompter.h"

#include "ui/theme/metrics.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

void QtPrompter::confirm(const Question& question, Yes yes)
{
    auto* box = new QMessageBox(question.harmful ? QMessageBox::Warning : QMessageBox::Question,
                                question.title, question.title, QMessageBox::Cancel, m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(question.sentence);
    QPushButton* go = box->addButton(question.verb, question.harmful ? QMessageBox::DestructiveRole
                                                                     : QMessageBox::AcceptRole);
    if (question.harmful)
        box->setDefaultButton(QMessageBox::Cancel);
    else
        box->setDefaultButton(go);
    QObject::connect(go, &QPushButton::clicked, box, [yes = std::move(yes)] { yes(); });
    box->open();
}

void QtPrompter::typeToConfirm(const Question& question, const QString& expected, Yes yes)
{
    auto* dialog = new QDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(question.title);
    auto* sentence = new QLabel(question.sentence, dialog);
    sentence->setWordWrap(true);
    auto* ask = new QLabel(tr("To go on, type %1").arg(expected), dialog);
    ask->setTextFormat(Qt::PlainText);
    auto* field = new QLineEdit(dialog);
    field->setObjectName(QStringLiteral("typeToConfirm"));
    field->setAccessibleName(ask->text());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, dialog);
    QPushButton* go = buttons->addButton(question.verb, QDialogButtonBox::AcceptRole);
    go->setEnabled(false);
    auto* column = new QVBoxLayout(dialog);
    column->setSpacing(kGap);
    for (QWidget* part : std::initializer_list<QWidget*>{sentence, ask, field, buttons})
        column->addWidget(part);
    QObject::connect(field, &QLineEdit::textChanged, go,
                     [go, expected](const QString& typed) { go->setEnabled(typed == expected); });
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(dialog, &QDialog::accepted, dialog, [yes = std::move(yes)] { yes(); });
    dialog->open();
}

QFileDialog* QtPrompter::fileDialog(const FileRequest& request, Chosen chosen)
{
    auto* dialog = new QFileDialog(m_window, request.title,
                                   request.folder.isEmpty() ? m_lastFolder : request.folder, request.filters);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog,
                     [this, dialog, chosen = std::move(chosen)](const QString& path) {
                         m_lastFolder = dialog->directory().absolutePath();
                         chosen(path);
                     });
    return dialog;
}

void QtPrompter::chooseFolder(const FileRequest& request, Chosen chosen)
{
    QFileDialog* dialog = fileDialog(request, std::move(chosen));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->open();
}

void QtPrompter::chooseFile(const FileRequest& request, Chosen chosen)
{
    QFileDialog* dialog = fileDialog(request, std::move(chosen));
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->open();
}

void QtPrompter::chooseSave(const FileRequest& request, Chosen chosen)
{
    QFileDialog* dialog = fileDialog(request, std::move(chosen));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(request.name);
    dialog->open();
}

void QtPrompter::show(const storage::Error& error)
{
    auto* box =
        new QMessageBox(QMessageBox::Warning, tr("Chromakeep"), error.sentence, QMessageBox::Close, m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    if (!error.detail.isEmpty())
        box->setDetailedText(error.detail);
    box->open();
}

} // namespace ui
