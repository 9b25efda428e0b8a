#include "ui/info_dialogs.h"

#include "ui/actions.h"
#include "ui/fact_table.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QApplication>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

namespace ui {

namespace {

struct InfoDialogs
{
    Q_DECLARE_TR_FUNCTIONS(InfoDialogs)
};

QDialog* makeDialog(const QString& name, const QString& title, QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    return dialog;
}

QDialogButtonBox* closeButton(QDialog* dialog)
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

} // namespace

void showShortcuts(const QList<QAction*>& actions, QWidget* parent)
{
    QDialog* dialog =
        makeDialog(QStringLiteral("shortcutsDialog"), InfoDialogs::tr("Keyboard shortcuts"), parent);
    std::vector<FactRow> rows;
    for (const QAction* action : actions) {
        QStringList keys;
        for (const QKeySequence& sequence : action->shortcuts())
            keys << sequence.toString(QKeySequence::NativeText);
        if (keys.isEmpty())
            continue;
        FactCell shown{keys.join(QStringLiteral(" or "))};
        shown.quiet = true;
        rows.push_back({FactCell{plainText(*action)}, shown});
    }
    auto* table = new FactTable({InfoDialogs::tr("Command"), InfoDialogs::tr("Keys")}, 0, dialog);
    table->horizontalHeader()->hide();
    table->setAccessibleName(InfoDialogs::tr("Keyboard shortcuts"));
    table->setRows(rows);
    table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    auto* column = new QVBoxLayout(dialog);
    column->addWidget(table);
    column->addWidget(closeButton(dialog));
    dialog->resize(440, 560);
    dialog->open();
}

void showAbout(QWidget* parent)
{
    QDialog* dialog = makeDialog(QStringLiteral("aboutDialog"), InfoDialogs::tr("About Chromakeep"), parent);
    auto* sign = new QLabel(dialog);
    sign->setPixmap(appIcon().pixmap(QSize(64, 64), dialog->devicePixelRatioF()));
    auto* name = new QLabel(QStringLiteral("Chromakeep %1").arg(QApplication::applicationVersion()), dialog);
    name->setFont(largeFont(dialog->font()));
    auto* text = new QLabel(
        InfoDialogs::tr(
            "Browse, search, back up and repair the directory that ChromaDB keeps its data in.\n\n"
            "Free software under the GNU General Public License, version 3 or later. Not affiliated "
            "with Chroma.\n\nQt %1")
            .arg(QString::fromLatin1(qVersion())),
        dialog);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(kWide, kWide, kWide, kRoom);
    column->setSpacing(kPad);
    for (QWidget* part : std::initializer_list<QWidget*>{sign, name, text})
        column->addWidget(part);
    column->addSpacing(kGap);
    column->addWidget(closeButton(dialog));
    dialog->setFixedWidth(440);
    dialog->open();
}

} // namespace ui
