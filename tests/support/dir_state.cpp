#include "support/dir_state.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>

#include <sys/stat.h>

namespace support {

namespace {

QByteArray describe(const QString& path, DirState::Times times)
{
    struct stat info = {};
    if (::lstat(QFile::encodeName(path).constData(), &info) != 0)
        return "gone";
    QByteArray text = "mode " + QByteArray::number(info.st_mode, 8) + " inode " +
                      QByteArray::number(qint64(info.st_ino)) + " owner " + QByteArray::number(info.st_uid) +
                      " size " + QByteArray::number(qint64(info.st_size)) + " mtime " +
                      QByteArray::number(qint64(info.st_mtim.tv_sec)) + "." +
                      QByteArray::number(qint64(info.st_mtim.tv_nsec));
    if (times == DirState::Times::All)
        text += " ctime " + QByteArray::number(qint64(info.st_ctim.tv_sec)) + "." +
                QByteArray::number(qint64(info.st_ctim.tv_nsec));
    if (!S_ISREG(info.st_mode))
        return text;
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (file.open(QIODevice::ReadOnly) && hash.addData(&file))
        text += " sha256 " + hash.result().toHex();
    return text;
}

} // namespace

DirState DirState::of(const QString& folder, Times times)
{
    DirState state;
    state.m_entries[QStringLiteral(".")] = describe(folder, times);
    QDirIterator it(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                    QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString path = it.next();
        state.m_entries[path.mid(folder.size() + 1)] = describe(path, times);
    }
    return state;
}

QStringList DirState::differences(const DirState& later) const
{
    QStringList lines;
    for (const auto& [name, text] : m_entries) {
        const auto it = later.m_entries.find(name);
        if (it == later.m_entries.end())
            lines.append(name + QStringLiteral(" is gone"));
        else if (it->second != text)
            lines.append(name + QStringLiteral(": ") + QString::fromLatin1(text) + QStringLiteral(" -> ") +
                         QString::fromLatin1(it->second));
    }
    for (const auto& [name, text] : later.m_entries)
        if (m_entries.count(name) == 0)
            lines.append(name + QStringLiteral(" is new"));
    return lines;
}

} // namespace support
