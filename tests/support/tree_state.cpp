#include "tests/support/tree_state.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>

namespace support {

QStringList treeState(const QString& folder, const QStringList& skip)
{
    QStringList lines;
    QDirIterator walk(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                      QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        walk.next();
        const QString name = QDir(folder).relativeFilePath(walk.filePath());
        if (skip.contains(name))
            continue;
        if (walk.fileInfo().isDir() && !walk.fileInfo().isSymLink()) {
            lines << name + QLatin1Char('/');
            continue;
        }
        QFile file(walk.filePath());
        QCryptographicHash hash(QCryptographicHash::Sha256);
        if (file.open(QIODevice::ReadOnly))
            hash.addData(file.readAll());
        lines << QStringLiteral("%1 %2 %3").arg(name).arg(file.size()).arg(QString::fromLatin1(hash.result().toHex()));
    }
    lines.sort();
    return lines;
}

} // namespace support
