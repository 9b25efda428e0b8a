// Everything about a directory that reading it must not change: names, contents, sizes, modes, inodes and
// times of every entry. Two of them are compared before and after.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <map>

namespace support {

class DirState
{
public:
    enum class Times { All, OfContents }; // with or without ctime
    [[nodiscard]] static DirState of(const QString& folder, Times times = Times::All);

    // What differs, one line an entry; empty: nothing does.
    [[nodiscard]] QStringList differences(const DirState& later) const;
    [[nodiscard]] bool operator==(const DirState& other) const { return m_entries == other.m_entries; }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

private:
    std::map<QString, QByteArray> m_entries; // relative name -> stat and hash as text
};

} // namespace support

#define VERIFY_SAME_DIR(before, folder)                                                                      \
    do {                                                                                                     \
        const QStringList changed = (before).differences(support::DirState::of(folder));                     \
        QVERIFY2(changed.isEmpty(), qPrintable(changed.join(QLatin1String("; "))));                          \
    } while (false)
