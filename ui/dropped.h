// What was dropped on the window, read without touching the disk: directories (or their database file) to
// open, compose files, or why nothing of it can be opened. Pure.
#pragma once

#include <QString>
#include <QStringList>

class QMimeData;

namespace ui {

struct Dropped
{
    QStringList directories; // may turn out to be something else: to be probed
    QStringList composeFiles;
    QString refusal; // a sentence, when nothing above was found
};

[[nodiscard]] Dropped readDrop(const QMimeData& data);

} // namespace ui
