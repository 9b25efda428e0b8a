#include "storage/backup/manifest.h"

#include "storage/base/json_text.h"

#include <QSet>

#include <nlohmann/json.hpp>

namespace storage {

namespace {

using Json = nlohmann::ordered_json;

// A manifest lists some files and some thousand collections; anything far beyond is not ours.
constexpr qint64 kLongestName = 4096;

std::string text(const QString& value)
{
    return value.toStdString();
}

QString text(const Json& object, const char* key)
{
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? QString::fromStdString(it->get<std::string>()) : QString();
}

qint64 number(const Json& object, const char* key)
{
    const auto it = object.find(key);
    return it != object.end() && it->is_number_integer() ? it->get<qint64>() : 0;
}

Json fileJson(const BackupFile& file)
{
    return {{"name", text(file.name)},
            {"size", file.size},
            {"sha256", file.sha256.toStdString()},
            {"xxh128", file.xxh128.toStdString()}};
}

Json collectionJson(const BackupCollection& c)
{
    return {{"id", c.id},
            {"name", c.name},
            {"tenant", c.tenant},
            {"database", c.database},
            {"dimension", c.dimension ? Json(*c.dimension) : Json()},
            {"space", c.space},
            {"model", c.model},
            {"records", c.records},
            {"vectors", c.vectors},
            {"digest", c.digest.toStdString()}};
}

tl::unexpected<Error> damaged(const QString& why)
{
    return fail(ErrorKind::Corrupt, QStringLiteral("The backup's manifest %1 is damaged.").arg(QLatin1String(kManifestName)),
                why);
}

Result<BackupFile> readFile(const Json& json)
{
    const BackupFile file{text(json, "name"), number(json, "size"), text(json, "sha256").toLatin1(),
                          text(json, "xxh128").toLatin1()};
    if (!isSafeRelativePath(file.name))
        return damaged(QStringLiteral("unsafe name: %1").arg(file.name));
    if (file.size < 0 || file.sha256.size() != 64)
        return damaged(QStringLiteral("size or hash of %1").arg(file.name));
    return file;
}

BackupCollection readCollection(const Json& json)
{
    BackupCollection c;
    c.id = text(text(json, "id"));
    c.name = text(text(json, "name"));
    c.tenant = text(text(json, "tenant"));
    c.database = text(text(json, "database"));
    if (const auto it = json.find("dimension"); it != json.end() && it->is_number_integer())
        c.dimension = it->get<qint64>();
    c.space = text(text(json, "space"));
    c.model = text(text(json, "model"));
    c.records = number(json, "records");
    c.vectors = number(json, "vectors");
    c.digest = text(json, "digest").toLatin1();
    return c;
}

Result<BackupManifest> fromJson(const Json& json)
{
    if (!json.is_object() || number(json, "format") != 1 || !json.contains("files") || !json["files"].is_array())
        return damaged(QStringLiteral("not a manifest of format 1"));
    BackupManifest manifest;
    manifest.toolVersion = text(json, "tool_version");
    manifest.source = text(json, "source");
    manifest.created = QDateTime::fromString(text(json, "created"), Qt::ISODate);
    manifest.mode = text(json, "mode") == QLatin1String("hot") ? BackupMode::Hot : BackupMode::Cold;
    manifest.note = text(json, "note");
    manifest.generation = text(json, "generation");
    if (const auto it = json.find("migrations"); it != json.end() && it->is_object())
        manifest.level = {int(number(*it, "sysdb")), int(number(*it, "metadb")), int(number(*it, "embeddings_queue"))};
    QSet<QString> names;
    for (const Json& item : json["files"]) {
        auto file = readFile(item);
        if (!file)
            return pass(file);
        if (names.contains(file->name))
            return damaged(QStringLiteral("%1 stands twice").arg(file->name));
        names.insert(file->name);
        manifest.files.push_back(std::move(*file));
    }
    if (const auto it = json.find("collections"); it != json.end() && it->is_array())
        for (const Json& item : *it)
            manifest.collections.push_back(readCollection(item));
    if (const auto it = json.find("verification"); it != json.end() && it->is_object()) {
        manifest.verified = it->value("ok", false);
        manifest.verifiedAt = QDateTime::fromString(text(*it, "at"), Qt::ISODate);
    }
    if (const auto it = json.find("warnings"); it != json.end() && it->is_array())
        for (const Json& item : *it)
            if (item.is_string())
                manifest.warnings << QString::fromStdString(item.get<std::string>());
    return manifest;
}

} // namespace

qint64 BackupManifest::bytes() const
{
    qint64 sum = 0;
    for (const BackupFile& file : files)
        sum += file.size;
    return sum;
}

qint64 BackupManifest::records() const
{
    qint64 sum = 0;
    for (const BackupCollection& collection : collections)
        sum += collection.records;
    return sum;
}

const char* modeName(BackupMode mode)
{
    return mode == BackupMode::Hot ? "hot" : "cold";
}

bool isSafeRelativePath(const QString& name)
{
    if (name.isEmpty() || name.size() > kLongestName || name.contains(QChar(0)) || name.contains(QLatin1Char('\\')) ||
        name.contains(QLatin1Char(':')))
        return false;
    const auto parts = QStringView(name).split(QLatin1Char('/'));
    for (const QStringView part : parts)
        if (part.isEmpty() || part == QLatin1String(".") || part == QLatin1String(".."))
            return false;
    return true;
}

QByteArray manifestJson(const BackupManifest& m)
{
    Json files = Json::array();
    for (const BackupFile& file : m.files)
        files.push_back(fileJson(file));
    Json collections = Json::array();
    for (const BackupCollection& collection : m.collections)
        collections.push_back(collectionJson(collection));
    Json warnings = Json::array();
    for (const QString& warning : m.warnings)
        warnings.push_back(text(warning));
    const Json json = {
        {"format", 1},
        {"tool", "Chromakeep"},
        {"tool_version", text(m.toolVersion)},
        {"source", text(m.source)},
        {"created", text(m.created.toString(Qt::ISODateWithMs))},
        {"mode", modeName(m.mode)},
        {"note", text(m.note)},
        {"generation", text(m.generation)},
        {"migrations", {{"sysdb", m.level.sysdb}, {"metadb", m.level.metadb}, {"embeddings_queue", m.level.queue}}},
        {"files", files},
        {"collections", collections},
        {"verification",
         {{"ok", m.verified}, {"at", m.verified ? Json(text(m.verifiedAt.toString(Qt::ISODateWithMs))) : Json()}}},
        {"warnings", warnings}};
    return QByteArray::fromStdString(json.dump(2, ' ', false, Json::error_handler_t::replace)) + '\n';
}

Result<BackupManifest> parseManifest(const QByteArray& json)
{
    try {
        return fromJson(Json::parse(json.constBegin(), json.constEnd()));
    } catch (const std::exception& error) {
        return damaged(QString::fromUtf8(error.what()));
    }
}

QByteArray sha256Sums(const BackupManifest& manifest)
{
    QByteArray sums;
    for (const BackupFile& file : manifest.files)
        sums += file.sha256 + "  " + file.name.toUtf8() + '\n';
    return sums;
}

} // namespace storage
