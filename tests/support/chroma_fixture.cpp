#include "chroma_fixture.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <zstd.h>

namespace support {

using storage::ErrorKind;
using storage::fail;

namespace {

constexpr qint64 kBlock = 512;

// POSIX ustar header, the form that make/server.py packs.
struct TarHeader
{
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6],
        version[2], user[32], group[32], major[8], minor[8], prefix[155], padding[12];
};
static_assert(sizeof(TarHeader) == kBlock);

template <std::size_t N> QString fieldText(const char (&field)[N])
{
    return QString::fromUtf8(field, qsizetype(strnlen(field, N)));
}

storage::Status writeMember(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return fail(ErrorKind::Io, QStringLiteral("The fixture file %1 cannot be written.").arg(path),
                    file.errorString());
    return {};
}

storage::Status unpackMember(const TarHeader& header, const QByteArray& bytes, const QDir& folder)
{
    const QString prefix = fieldText(header.prefix);
    const QString name =
        prefix.isEmpty() ? fieldText(header.name) : prefix + QLatin1Char('/') + fieldText(header.name);
    if (name.startsWith(QLatin1Char('/')) || name.split(QLatin1Char('/')).contains(QLatin1String("..")))
        return fail(ErrorKind::Invalid, QStringLiteral("The fixture names a file outside: %1.").arg(name));
    if (header.type == '5')
        return folder.mkpath(name)
                   ? storage::Status{}
                   : fail(ErrorKind::Io, QStringLiteral("No folder %1 can be made.").arg(name));
    if (header.type != '0' && header.type != '\0')
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("The fixture holds more than files: %1.").arg(name));
    return writeMember(folder.filePath(name), bytes);
}

QString dataFile(const QString& name)
{
    return QStringLiteral(CHROMAKEEP_TEST_DATA "/") + name;
}

bool isDemo(const QString& name)
{
    return name == QLatin1String("casestar_demo");
}

template <class T> std::vector<T> arrayOf(const Json& values)
{
    std::vector<T> out;
    for (const Json& value : values)
        out.push_back(value.get<T>());
    return out;
}

const Json& nothing()
{
    static const Json none;
    return none;
}

} // namespace

storage::Result<QByteArray> unpackZstd(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotFound, QStringLiteral("The fixture %1 cannot be read.").arg(path),
                    file.errorString());
    const QByteArray packed = file.readAll();
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    ZSTD_inBuffer in{packed.constData(), std::size_t(packed.size()), 0};
    QByteArray out, chunk(qsizetype(ZSTD_DStreamOutSize()), Qt::Uninitialized);
    std::size_t left = 1;
    while (left != 0) {
        ZSTD_outBuffer part{chunk.data(), std::size_t(chunk.size()), 0};
        left = ZSTD_decompressStream(context.get(), &part, &in);
        if (ZSTD_isError(left) || (left != 0 && part.pos == 0 && in.pos == in.size))
            return fail(ErrorKind::Corrupt, QStringLiteral("The fixture %1 is damaged.").arg(path),
                        QString::fromLatin1(ZSTD_isError(left) ? ZSTD_getErrorName(left) : "cut short"));
        out.append(chunk.constData(), qsizetype(part.pos));
    }
    return out;
}

storage::Status unpackTar(const QByteArray& tar, const QString& folder)
{
    const QDir target(folder);
    for (qint64 at = 0; at + kBlock <= tar.size();) {
        TarHeader header;
        std::memcpy(&header, tar.constData() + at, sizeof header);
        if (header.name[0] == '\0')
            return {};
        bool isNumber = false;
        const qint64 size = fieldText(header.size).trimmed().toLongLong(&isNumber, 8);
        if (!isNumber || size < 0 || size > tar.size() - at - kBlock)
            return fail(ErrorKind::Corrupt, QStringLiteral("The fixture archive is cut short."));
        if (auto done = unpackMember(header, tar.mid(at + kBlock, size), target); !done)
            return done;
        at += kBlock + (size + kBlock - 1) / kBlock * kBlock;
    }
    return {};
}

storage::Result<Json> readAnswers(const QString& name)
{
    const QString file =
        isDemo(name) ? QStringLiteral("demo_answers.json.zst") : name + QStringLiteral(".json.zst");
    auto text = unpackZstd(dataFile(file));
    if (!text)
        return storage::pass(text);
    Json answers = Json::parse(text->cbegin(), text->cend(), nullptr, false);
    if (answers.is_discarded())
        return fail(ErrorKind::Corrupt, QStringLiteral("The answers of %1 are no JSON.").arg(name));
    return answers;
}

storage::Result<ChromaFixture> openFixture(const QString& name)
{
    const QString archive = name + QStringLiteral(".tar.zst");
    auto tar = unpackZstd(isDemo(name) ? QStringLiteral(CHROMAKEEP_SOURCE_DIR "/resources/demo/") + archive
                                       : dataFile(archive));
    if (!tar)
        return storage::pass(tar);
    ChromaFixture fixture;
    fixture.m_room = std::make_unique<QTemporaryDir>();
    if (!fixture.m_room->isValid())
        return fail(ErrorKind::Io, QStringLiteral("No temporary folder can be made."),
                    fixture.m_room->errorString());
    if (auto done = unpackTar(*tar, fixture.m_room->path()); !done)
        return storage::pass(done);
    fixture.m_path = fixture.m_room->filePath(name);
    auto answers = readAnswers(name);
    if (!answers)
        return storage::pass(answers);
    fixture.m_answers = *std::move(answers);
    return fixture;
}

QStringList ChromaFixture::names()
{
    QStringList found = QDir(QStringLiteral(CHROMAKEEP_TEST_DATA))
                            .entryList({QStringLiteral("*.tar.zst")}, QDir::Files, QDir::Name);
    for (QString& name : found)
        name.chop(int(std::strlen(".tar.zst")));
    return found;
}

const Json& ChromaFixture::newest() const
{
    return m_answers.at("answers").back();
}

const Json& ChromaFixture::writer() const
{
    return m_answers.at("answers").front();
}

const Json& ChromaFixture::collection(const std::string& name, const std::string& tenant,
                                      const std::string& database) const
{
    const Json& found = newest().at("collections");
    const auto at = std::find_if(found.begin(), found.end(), [&](const Json& one) {
        return one.at("name") == name && one.at("tenant") == tenant && one.at("database") == database;
    });
    return at == found.end() ? nothing() : *at;
}

std::vector<float> vectorOf(const Json& packed)
{
    if (packed.is_null())
        return {};
    const QByteArray bytes = QByteArray::fromBase64(QByteArray::fromStdString(packed.get<std::string>()));
    std::vector<float> out(std::size_t(bytes.size()) / sizeof(float));
    std::memcpy(out.data(), bytes.constData(), out.size() * sizeof(float));
    return out;
}

storage::MetaValue metaValueOf(const Json& value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<qint64>();
    if (value.is_number_float())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_object()) {
        const std::string name = value.at("#float").get<std::string>();
        const double infinity = std::numeric_limits<double>::infinity();
        return name == "NaN" ? std::nan("") : name == "Infinity" ? infinity : -infinity;
    }
    if (!value.is_array() || value.empty())
        return std::monostate{};
    if (value.front().is_boolean())
        return arrayOf<bool>(value);
    if (value.front().is_string())
        return arrayOf<std::string>(value);
    if (value.front().is_number_integer())
        return arrayOf<qint64>(value);
    return arrayOf<double>(value);
}

storage::Metadata metadataOf(const Json& object)
{
    storage::Metadata out;
    for (const auto& [key, value] : object.items())
        out.push_back({key, metaValueOf(value)});
    return out; // nlohmann keeps objects sorted by the bytes of their keys
}

} // namespace support
