#include "ui/dropped.h"

#include <QCoreApplication>
#include <QMimeData>
#include <QUrl>

namespace ui {

namespace {

struct DropText
{
    Q_DECLARE_TR_FUNCTIONS(Dropped)
};

bool isComposeName(const QString& path)
{
    return path.endsWith(QLatin1String(".yml"), Qt::CaseInsensitive) ||
           path.endsWith(QLatin1String(".yaml"), Qt::CaseInsensitive);
}

} // namespace

Dropped readDrop(const QMimeData& data)
{
    Dropped dropped;
    if (!data.hasUrls()) {
        dropped.refusal =
            DropText::tr("That is no file or folder. Drop the folder that holds chroma.sqlite3.");
        return dropped;
    }
    for (const QUrl& url : data.urls()) {
        if (!url.isLocalFile()) {
            dropped.refusal =
                DropText::tr(
                    "%1 is not on this computer. Only folders that this computer can reach as files can "
                    "be opened.")
                    .arg(url.toDisplayString());
            continue;
        }
        const QString path = url.toLocalFile();
        (isComposeName(path) ? dropped.composeFiles : dropped.directories) << path;
    }
    if (!dropped.directories.isEmpty() || !dropped.composeFiles.isEmpty())
        dropped.refusal.clear();
    return dropped;
}

} // namespace ui
