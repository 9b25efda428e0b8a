#include "model/collection_model.h"
#include "walk/steps.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QTreeView>

namespace walk {

namespace {

QString openDirectory(Walker& walker)
{
    walker.prompter().paths << walker.directory();
    walker.click(walker.part<QAbstractButton>("openButton"));
    walker.wait([&] { return walker.window().session().state() == model::SessionState::Ready; },
                QStringLiteral("the directory to open"));
    const auto collections = walker.window().session().catalog().collections.size();
    return QStringLiteral("%1 collections").arg(collections);
}

QModelIndex rowNamed(const QAbstractItemModel& model, const QString& name, const QModelIndex& under = {})
{
    for (int row = 0; row < model.rowCount(under); ++row) {
        const QModelIndex index = model.index(row, 0, under);
        if (index.data().toString() == name)
            return index;
        const QModelIndex deeper = rowNamed(model, name, index);
        if (deeper.isValid())
            return deeper;
    }
    return {};
}

QString chooseCollection(Walker& walker)
{
    auto& tree = walker.part<QTreeView>("collectionTree");
    const QModelIndex row = rowNamed(*tree.model(), QStringLiteral("casestar_documents"));
    walker.check(row.isValid(), QStringLiteral("casestar_documents is not in the tree"));
    walker.click(*tree.viewport(), tree.visualRect(row).center());
    walker.wait(
        [&] { return row.data(model::CollectionModel::CountTextRole).toString() != QStringLiteral("…"); },
        QStringLiteral("the count"));
    return row.data(model::CollectionModel::CountTextRole).toString() + QStringLiteral(" records");
}

QString openPalette(Walker& walker)
{
    walker.press(Qt::Key_K, Qt::ControlModifier);
    walker.wait([&] { return walker.part<QWidget>("commandPalette").isVisible(); },
                QStringLiteral("the palette"));
    walker.type(QStringLiteral("dark"));
    return QStringLiteral("“dark” typed");
}

QString goDark(Walker& walker)
{
    walker.press(Qt::Key_Return);
    walker.wait([&] { return walker.desktop().theme().scheme() == ui::Scheme::Dark; },
                QStringLiteral("the dark"));
    return QStringLiteral("dark theme");
}

} // namespace

std::vector<Step> browseSteps()
{
    return {
        {QStringLiteral("start"), [](Walker&) { return QStringLiteral("nothing open yet"); }},
        {QStringLiteral("open the directory"), openDirectory},
        {QStringLiteral("choose casestar_documents"), chooseCollection},
        {QStringLiteral("command palette"), openPalette},
        {QStringLiteral("dark theme"), goDark},
    };
}

} // namespace walk
