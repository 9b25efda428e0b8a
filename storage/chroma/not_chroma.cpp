#include "storage/chroma/not_chroma.h"

#include "storage/base/file_ops.h"

#include <QDir>
#include <QFileInfo>
#include <QStringDecoder>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace storage {

namespace {

Error notChroma(QString sentence, QString detail = {})
{
    return {ErrorKind::NotChroma, std::move(sentence), std::move(detail)};
}

// Chroma up to 0.3 kept Parquet or DuckDB files and pickled indexes in a folder "index".
bool isBefore04(const std::vector<QString>& names)
{
    return std::any_of(names.begin(), names.end(), [](const QString& name) {
        return name == QLatin1String("chroma-collections.parquet") ||
               name == QLatin1String("chroma-embeddings.parquet") || name.endsWith(QLatin1String(".duckdb"));
    });
}

// An index folder of Chroma up to 0.3: index/index_<uuid>.bin beside id_to_uuid_<uuid>.pkl.
bool hasOldIndex(const QString& folder)
{
    const QDir index(folder + QStringLiteral("/index"));
    return !index.entryList({QStringLiteral("id_to_uuid_*.pkl"), QStringLiteral("index_*.bin")}, QDir::Files)
                .isEmpty();
}

// The persist directory is often one level below what people point at ("chroma_db", "data", a Docker volume).
QStringList persistDirsBelow(const QString& folder, const std::vector<QString>& names)
{
    constexpr qsizetype kEnough = 3;
    QStringList found;
    for (const QString& name : names)
        if (QFileInfo::exists(folder + QLatin1Char('/') + name + QStringLiteral("/chroma.sqlite3")) &&
            found.size() < kEnough)
            found.append(name);
    return found;
}

// Shannon entropy in bits per byte: ciphertext and compressed data come near 8.
double entropy(const QByteArray& bytes)
{
    std::array<qsizetype, 256> counts = {};
    for (const char byte : bytes)
        ++counts[static_cast<unsigned char>(byte)];
    double bits = 0;
    for (const qsizetype count : counts) {
        if (count == 0)
            continue;
        const double share = double(count) / double(bytes.size());
        bits -= share * std::log2(share);
    }
    return bits;
}

bool isText(const QByteArray& head)
{
    const bool plain = std::all_of(head.begin(), head.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 || byte == '\n' || byte == '\r' || byte == '\t';
    });
    if (!plain)
        return false;
    QStringDecoder utf8(QStringDecoder::Utf8);
    const QString text = utf8(head.left(head.size() - std::min<qsizetype>(4, head.size() / 2)));
    return !text.isEmpty() && !utf8.hasError();
}

const char* archiveName(const QByteArray& head)
{
    if (head.startsWith("\x28\xb5\x2f\xfd"))
        return "a zstd archive";
    if (head.startsWith("\x1f\x8b"))
        return "a gzip archive";
    if (head.startsWith("PK\x03\x04"))
        return "a zip archive";
    if (head.startsWith("\xfd"
                        "7zXZ"))
        return "an xz archive";
    if (head.mid(257, 5) == "ustar")
        return "a tar archive";
    return nullptr;
}

} // namespace

Error explainFolder(const QString& folder)
{
    auto names = FileOps().list(folder);
    if (!names)
        return {ErrorKind::Io, QStringLiteral("The folder %1 cannot be read.").arg(folder),
                names.error().detail};
    if (names->empty())
        return notChroma(
            QStringLiteral("The folder %1 is empty: there is no Chroma database in it.").arg(folder));
    if (isBefore04(*names) || hasOldIndex(folder))
        return notChroma(
            QStringLiteral("%1 was written by Chroma before 0.4 (DuckDB and Parquet files), which later "
                           "releases do not read. Bring it to the present format with the tool "
                           "\"chroma-migrate\" (pip install chroma-migrate), then open the result.")
                .arg(folder));
    if (const QStringList below = persistDirsBelow(folder, *names); !below.isEmpty())
        return notChroma(QStringLiteral("%1 is no Chroma directory itself, but %2 in it is one; open that.")
                             .arg(folder, below.join(QStringLiteral(", "))));
    return notChroma(QStringLiteral("%1 is no Chroma directory: it has no file chroma.sqlite3.").arg(folder));
}

Error explainFile(const QString& folder, const QByteArray& head, qint64 size)
{
    const QString file = folder + QStringLiteral("/chroma.sqlite3");
    if (size == 0)
        return notChroma(QStringLiteral("%1 is empty (0 bytes); the database is not there.").arg(file));
    if (head.startsWith("version https://git-lfs"))
        return notChroma(
            QStringLiteral("%1 is a Git LFS pointer, not the database itself; fetch the file with "
                           "\"git lfs pull\" first.")
                .arg(file));
    if (const char* name = archiveName(head))
        return notChroma(
            QStringLiteral("%1 is %2, not a database; unpack it first.").arg(file, QLatin1String(name)));
    if (std::all_of(head.begin(), head.end(), [](char c) { return c == 0; }))
        return notChroma(
            QStringLiteral("%1 starts with %2 zero bytes, so its contents never reached the disk or were "
                           "overwritten; restore it from a backup.")
                .arg(file, QString::number(head.size())));
    if (isText(head))
        return notChroma(QStringLiteral("%1 is a text file, not a SQLite database.").arg(file));
    // 512 random bytes have about 7.6 bits a byte; SQLite pages, damaged or not, are far below.
    constexpr double kCipherBits = 7.4;
    if (head.size() >= 512 && entropy(head) > kCipherBits)
        return notChroma(
            QStringLiteral("%1 looks encrypted: no SQLite header, and bytes like noise. Chroma has no "
                           "encryption of its own; decrypt it with the tool that encrypted it.")
                .arg(file));
    return notChroma(
        QStringLiteral("%1 is not a SQLite database: its first 16 bytes are not those of one.").arg(file));
}

bool hasSqliteMagic(const QByteArray& head)
{
    return head.startsWith(QByteArray("SQLite format 3", 16)); // with its NUL
}

} // namespace storage
