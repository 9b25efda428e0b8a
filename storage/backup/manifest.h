// The manifest of a backup: chromakeep-backup.json in its folder. Written last, so a folder without it is no
// finished backup of ours. Foreign once on disk: every name and size is checked when it is read.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/persist_dir.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <optional>
#include <vector>

namespace storage {

inline constexpr auto kManifestName = "chromakeep-backup.json";
inline constexpr auto kSumsName = "SHA256SUMS";

enum class BackupMode { Cold, Hot };

struct BackupFile
{
    QString name; // relative, '/' between parts
    qint64 size = 0;
    QByteArray sha256; // hex
    QByteArray xxh128; // hex
    bool operator==(const BackupFile&) const = default;
};

struct BackupCollection
{
    std::string id, name, tenant, database;
    std::optional<qint64> dimension;
    std::string space, model;
    qint64 records = 0;
    qint64 vectors = 0;
    QByteArray digest; // content digest: ids, documents, uris, metadata and vectors in get() order
    bool operator==(const BackupCollection&) const = default;
};

struct BackupManifest
{
    QString toolVersion;
    QString source; // the persist directory that was copied
    QDateTime created; // with its offset from UTC
    BackupMode mode = BackupMode::Cold;
    QString note;
    QString generation;
    MigrationLevel level;
    std::vector<BackupFile> files; // by name; not the manifest and not SHA256SUMS
    std::vector<BackupCollection> collections;
    bool verified = false; // read back and found good when it was made
    QDateTime verifiedAt;
    QStringList warnings; // what the source was found to suffer from

    [[nodiscard]] qint64 bytes() const;
    [[nodiscard]] qint64 records() const;
};

[[nodiscard]] QByteArray manifestJson(const BackupManifest& manifest);
// Errors: Corrupt. Names that leave the folder, doubled names and negative sizes are refused.
[[nodiscard]] Result<BackupManifest> parseManifest(const QByteArray& json);
[[nodiscard]] QByteArray sha256Sums(const BackupManifest& manifest); // text that sha256sum -c accepts
// A relative path that stays inside: no empty part, no "." or "..", no leading '/', no '\\', no drive, no NUL.
[[nodiscard]] bool isSafeRelativePath(const QString& name);
[[nodiscard]] const char* modeName(BackupMode mode); // "cold", "hot"

} // namespace storage
