#include "storage/chroma/legacy_seq_id.h"

#include <QByteArray>
#include <QFile>
#include <QtEndian>

namespace storage {

namespace {

constexpr qsizetype kHead = 4096; // the two attributes before it are numbers

// Python's pickle opcodes for a whole number (pickletools.py).
std::optional<qint64> number(const QByteArray& bytes, qsizetype at)
{
    const auto left = [&](qsizetype n) { return at + 1 + n <= bytes.size(); };
    const char* value = bytes.constData() + at + 1;
    switch (at < bytes.size() ? bytes[at] : 0) {
    case 'K': // BININT1
        return left(1) ? std::optional<qint64>(static_cast<unsigned char>(*value)) : std::nullopt;
    case 'M': // BININT2
        return left(2) ? std::optional<qint64>(qFromLittleEndian<quint16>(value)) : std::nullopt;
    case 'J': // BININT
        return left(4) ? std::optional<qint64>(qFromLittleEndian<qint32>(value)) : std::nullopt;
    case '\x8a': { // LONG1: length, then that many bytes
        const auto length = left(1) ? static_cast<unsigned char>(*value) : 255;
        if (length > 8 || !left(1 + length))
            return std::nullopt;
        quint64 sum = 0;
        for (int i = length; i > 0; --i)
            sum = sum << 8 | static_cast<unsigned char>(value[i]);
        return qint64(sum);
    }
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<qint64> legacyMaxSeqId(const QString& pickle)
{
    QFile file(pickle);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray head = file.read(kHead);
    const QByteArray name("max_seq_id");
    qsizetype at = head.indexOf(name);
    if (at < 0)
        return std::nullopt;
    at += name.size();
    if (at < head.size() && head[at] == '\x94') // MEMOIZE
        ++at;
    else if (at < head.size() && head[at] == 'q') // BINPUT, one byte
        at += 2;
    const auto value = number(head, at);
    return value && *value > 0 ? value : std::nullopt;
}

} // namespace storage
