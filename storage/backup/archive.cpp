#include "storage/backup/archive.h"

#include "storage/base/stream_devices.h"
#include "storage/backup/tree_copy.h"
#include "storage/base/digest.h"

#include <KArchiveDirectory>
#include <KArchiveFile>
#include <KCompressionDevice>
#include <KTar>
#include <KZip>

#include <QFileInfo>

#include <algorithm>
#include <map>
#include <set>

namespace storage {

namespace {

constexpr qint64 kBlock = 1 << 20;
constexpr qint64 kLargestManifest = 64 << 20;
// A directory of ours has some thousand files at the most; a million members is an attack.
constexpr std::size_t kMostMembers = 200'000;

tl::unexpected<Error> damaged(const QString& archive, const QString& why)
{
    return fail(ErrorKind::Corrupt, QStringLiteral("The archive “%1” is damaged or is no backup.").arg(archive), why);
}

// An archive open for reading, with the devices that it stands on.
class OpenArchive
{
public:
    [[nodiscard]] static Result<std::unique_ptr<OpenArchive>> open(const QString& path, Progress& progress,
                                                                      std::optional<ArchiveFormat> format = {})
    {
        if (!format)
            format = archiveFormatOf(path);
        if (!format)
            return fail(ErrorKind::Unsupported,
                        QStringLiteral("“%1” is neither a .tar.zst, a .tar.gz nor a .zip archive.").arg(path));
        auto archive = std::make_unique<OpenArchive>(path, progress);
        if (!archive->m_file.open(QIODevice::ReadOnly))
            return fail(archive->m_file.error() == QFile::OpenError && !QFileInfo::exists(path) ? ErrorKind::NotFound
                                                                                               : ErrorKind::Io,
                        QStringLiteral("The archive “%1” cannot be opened.").arg(path), archive->m_file.errorString());
        if (!archive->attach(*format) || progress.cancelled()) {
            if (progress.cancelled())
                return cancelledError();
            return damaged(path, archive->m_archive->errorString());
        }
        return archive;
    }

    OpenArchive(const QString& path, Progress& progress) : m_path(path), m_file(path, progress) {}

    struct Member
    {
        QString name;
        const KArchiveFile* file;
    };
    // Files in the order in which they stand in the archive. Errors: Corrupt for anything that is not a plain file
    // or folder with a safe name.
    [[nodiscard]] Result<std::vector<Member>> members() const
    {
        std::vector<Member> out;
        if (auto walked = collect(m_archive->directory(), {}, out); !walked)
            return pass(walked);
        std::stable_sort(out.begin(), out.end(),
                         [](const Member& a, const Member& b) { return a.file->position() < b.file->position(); });
        return out;
    }

    // Hands a member's bytes to `take(span) -> Status`; its length is held against what the archive promises.
    template <class Take> [[nodiscard]] Status read(const Member& member, Take take) const
    {
        const std::unique_ptr<QIODevice> device(member.file->createDevice());
        if (!device)
            return damaged(m_path, QStringLiteral("%1 cannot be read").arg(member.name));
        QByteArray block(kBlock, Qt::Uninitialized);
        qint64 done = 0;
        while (done < member.file->size()) {
            const qint64 got = device->read(block.data(), std::min(kBlock, member.file->size() - done));
            if (got <= 0)
                return damaged(m_path, QStringLiteral("%1 ends early").arg(member.name));
            if (auto taken = take(std::as_bytes(std::span(block.constData(), std::size_t(got)))); !taken)
                return taken;
            done += got;
        }
        return {};
    }

private:
    bool attach(ArchiveFormat format)
    {
        if (format == ArchiveFormat::Zip) {
            m_archive = std::make_unique<KZip>(&m_file);
            return m_archive->open(QIODevice::ReadOnly) && m_archive->directory();
        }
        m_plain = std::make_unique<KCompressionDevice>(
            &m_file, false, format == ArchiveFormat::TarZst ? KCompressionDevice::Zstd : KCompressionDevice::GZip);
        m_archive = std::make_unique<KTar>(m_plain.get());
        return m_archive->open(QIODevice::ReadOnly) && m_archive->directory();
    }

    Status collect(const KArchiveDirectory* folder, const QString& below, std::vector<Member>& out) const
    {
        for (const QString& leaf : folder->entries()) {
            const KArchiveEntry* entry = folder->entry(leaf);
            const QString name = below.isEmpty() ? leaf : below + QLatin1Char('/') + leaf;
            if (!isSafeRelativePath(name) || !entry->symLinkTarget().isEmpty())
                return damaged(m_path, QStringLiteral("unsafe member: %1").arg(name));
            if (out.size() >= kMostMembers || name.count(QLatin1Char('/')) > 8)
                return damaged(m_path, QStringLiteral("too many members"));
            if (entry->isDirectory()) {
                if (auto walked = collect(static_cast<const KArchiveDirectory*>(entry), name, out); !walked)
                    return walked;
            } else {
                out.push_back({name, static_cast<const KArchiveFile*>(entry)});
            }
        }
        return {};
    }

    QString m_path;
    SourceDevice m_file;
    std::unique_ptr<KCompressionDevice> m_plain;
    std::unique_ptr<KArchive> m_archive; // goes first: it reads from the devices above
};

// Where an archive is written to: the file, the compressor over it, the container over that.
class ArchiveWriter
{
public:
    ArchiveWriter(FileOps::File file, ArchiveFormat format) : m_sink(std::move(file))
    {
        if (format == ArchiveFormat::TarZst) {
            m_zstd = std::make_unique<ZstdDevice>(m_sink);
            m_archive = std::make_unique<KTar>(m_zstd.get());
        } else if (format == ArchiveFormat::TarGz) {
            m_gzip = std::make_unique<KCompressionDevice>(&m_sink, false, KCompressionDevice::GZip);
            m_opened = m_gzip->open(QIODevice::WriteOnly);
            m_archive = std::make_unique<KTar>(m_gzip.get());
        } else {
            m_archive = std::make_unique<KZip>(&m_sink);
        }
        m_opened = m_opened && m_archive->open(QIODevice::WriteOnly);
    }

    [[nodiscard]] Status add(const QString& name, const FileStat& stat, ByteSource& source, ByteMeter& meter)
    {
        const QDateTime modified = QDateTime::fromMSecsSinceEpoch(stat.modifiedNs / 1'000'000);
        if (!m_opened || !m_archive->prepareWriting(name, {}, {}, source.size(), 0100000 | (stat.mode & 0777), modified,
                                                    modified, modified))
            return refused();
        std::vector<std::byte> block(kBlock);
        qint64 at = 0;
        while (at < source.size()) {
            auto got = source.readAt(at, std::span(block).first(std::size_t(std::min(kBlock, source.size() - at))));
            if (!got)
                return pass(got);
            if (*got == 0)
                return fail(ErrorKind::Changed, QStringLiteral("“%1” became shorter while it was packed.").arg(name));
            if (!m_archive->writeData(reinterpret_cast<const char*>(block.data()), *got))
                return refused();
            at += *got;
            if (auto counted = meter.add(*got); !counted)
                return counted;
        }
        return m_archive->finishWriting(at) ? Status() : refused();
    }

    [[nodiscard]] Status finish()
    {
        if (!m_archive->close())
            return refused();
        if (m_zstd && !m_zstd->finish())
            return refused();
        if (m_gzip)
            m_gzip->close();
        return m_sink.finish();
    }

private:
    [[nodiscard]] Status refused() const
    {
        if (m_sink.error())
            return tl::unexpected<Error>(*m_sink.error());
        return fail(ErrorKind::Io, QStringLiteral("The archive cannot be written."), m_archive->errorString());
    }

    SinkDevice m_sink;
    std::unique_ptr<ZstdDevice> m_zstd;
    std::unique_ptr<KCompressionDevice> m_gzip;
    std::unique_ptr<KArchive> m_archive;
    bool m_opened = true;
};

using NamedPaths = std::vector<std::pair<QString, QString>>;

Status packMembers(const FileOps& ops, const NamedPaths& files, qint64 total, ArchiveWriter& writer, Progress& progress)
{
    ByteMeter meter(progress, total, QStringLiteral("Packing"));
    for (const auto& [name, path] : files) {
        auto info = ops.stat(path);
        if (!info)
            return pass(info);
        auto source = openSource(ops, path);
        if (!source)
            return pass(source);
        if (auto added = writer.add(name, *info, **source, meter); !added)
            return added;
    }
    return writer.finish();
}

// The manifest first, so that it can be read without the rest.
NamedPaths membersOf(const QString& folder, const BackupManifest& manifest)
{
    QStringList names = {QLatin1String(kManifestName), QLatin1String(kSumsName)};
    for (const BackupFile& file : manifest.files)
        names << file.name;
    NamedPaths out;
    for (const QString& name : names)
        out.emplace_back(name, folder + QLatin1Char('/') + name);
    return out;
}

Result<BackupManifest> manifestOf(const OpenArchive& archive, const std::vector<OpenArchive::Member>& members,
                                  const QString& path)
{
    const auto it = std::find_if(members.begin(), members.end(),
                                 [](const auto& member) { return member.name == QLatin1String(kManifestName); });
    if (it == members.end())
        return damaged(path, QStringLiteral("it has no manifest"));
    QByteArray json;
    auto read = archive.read(*it, [&](std::span<const std::byte> bytes) -> Status {
        json.append(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size()));
        return json.size() <= kLargestManifest ? Status() : damaged(path, QStringLiteral("oversized manifest"));
    });
    if (!read)
        return pass(read);
    return parseManifest(json);
}

qint64 bytesOf(const std::vector<OpenArchive::Member>& members)
{
    qint64 total = 0;
    for (const auto& member : members)
        total += member.file->size();
    return total;
}

Status unpackMembers(const FileOps& ops, const OpenArchive& archive, const std::vector<OpenArchive::Member>& members,
                     const QString& folder, Progress& progress)
{
    ByteMeter meter(progress, bytesOf(members), QStringLiteral("Unpacking"));
    for (const auto& member : members) {
        const QString path = folder + QLatin1Char('/') + member.name;
        if (auto made = ops.makePath(QFileInfo(path).absolutePath()); !made)
            return made;
        auto file = ops.create(path);
        if (!file)
            return pass(file);
        auto copied = archive.read(member, [&](std::span<const std::byte> bytes) -> Status {
            if (auto written = file->write(bytes); !written)
                return written;
            return meter.add(qint64(bytes.size()));
        });
        if (!copied)
            return progress.cancelled() ? Status(cancelledError()) : copied;
        if (auto synced = file->sync(); !synced)
            return synced;
        if (auto closed = file->close(); !closed)
            return closed;
    }
    return ops.syncFolder(folder);
}

Status unpackAll(const FileOps& ops, const OpenArchive& archive, const QString& folder, Progress& progress)
{
    auto members = archive.members();
    if (!members)
        return pass(members);
    auto available = FileOps::freeBytes(folder);
    if (!available)
        return pass(available);
    if (bytesOf(*members) > *available)
        return fail(ErrorKind::NoSpace,
                    QStringLiteral("The archive holds %1 bytes, but only %2 are free for unpacking it. Nothing was written.")
                        .arg(bytesOf(*members))
                        .arg(*available));
    if (auto made = ops.makeFolder(folder); !made)
        return made;
    auto done = unpackMembers(ops, archive, *members, folder, progress);
    if (!done)
        (void)ops.removeTree(folder);
    return done;
}

} // namespace

std::optional<ArchiveFormat> archiveFormatFromName(const QString& name)
{
    for (const ArchiveFormat format : {ArchiveFormat::TarZst, ArchiveFormat::TarGz, ArchiveFormat::Zip})
        if (archiveEnding(format).mid(1) == name)
            return format;
    return std::nullopt;
}

std::optional<ArchiveFormat> archiveFormatOf(const QString& fileName)
{
    for (const ArchiveFormat format : {ArchiveFormat::TarZst, ArchiveFormat::TarGz, ArchiveFormat::Zip})
        if (fileName.endsWith(archiveEnding(format)))
            return format;
    return std::nullopt;
}

QString archiveEnding(ArchiveFormat format)
{
    switch (format) {
    case ArchiveFormat::TarZst: return QStringLiteral(".tar.zst");
    case ArchiveFormat::TarGz: return QStringLiteral(".tar.gz");
    case ArchiveFormat::Zip: return QStringLiteral(".zip");
    }
    return {};
}

Status archiveCanHold(const BackupManifest& manifest, ArchiveFormat format)
{
    const bool zip = format == ArchiveFormat::Zip;
    const qint64 limit = zip ? (qint64(4) << 30) - 1 : (qint64(8) << 30) - 1;
    const QString unless = QStringLiteral("“%1” has %2 bytes; a %3 archive holds files of at most %4. Keep the backup as a "
                                          "folder%5. Nothing was written.");
    for (const BackupFile& file : manifest.files)
        if (file.size > limit)
            return fail(ErrorKind::Unsupported,
                        unless.arg(file.name)
                            .arg(file.size)
                            .arg(zip ? QStringLiteral("zip") : QStringLiteral("tar"))
                            .arg(limit)
                            .arg(zip ? QStringLiteral(" or use tar.zst") : QString()));
    if (zip && manifest.bytes() > limit)
        return fail(ErrorKind::Unsupported,
                    QStringLiteral("The backup has %1 bytes; a zip archive holds at most %2. Use tar.zst, or keep the backup "
                                   "as a folder. Nothing was written.")
                        .arg(manifest.bytes())
                        .arg(limit));
    return {};
}

Result<qint64> packArchive(const FileOps& ops, const QString& folder, const BackupManifest& manifest,
                           const QString& archive, ArchiveFormat format, Progress& progress)
{
    if (auto fits = archiveCanHold(manifest, format); !fits)
        return pass(fits);
    // The ending stays last: it is what tells the format when the file is read back.
    const QString ending = archiveEnding(format);
    const QString partial = archive.chopped(ending.size()) + QStringLiteral(".partial") + ending;
    auto file = ops.create(partial);
    if (!file)
        return pass(file);
    Status done;
    {
        ArchiveWriter writer(std::move(*file), format);
        done = packMembers(ops, membersOf(folder, manifest), manifest.bytes(), writer, progress);
    }
    if (done) {
        auto verified = verifyArchive(partial, progress);
        done = verified ? Status() : Status(tl::unexpected<Error>(verified.error()));
        if (verified && verified->files != manifest.files)
            done = damaged(archive, QStringLiteral("its manifest is not the backup's"));
    }
    if (done)
        done = ops.rename(partial, archive);
    if (!done) {
        (void)ops.removeFile(partial);
        return pass(done);
    }
    if (auto synced = ops.syncFolder(QFileInfo(archive).absolutePath()); !synced)
        return pass(synced);
    return QFileInfo(archive).size();
}

Result<BackupManifest> verifyArchive(const QString& archive, Progress& progress)
{
    auto opened = OpenArchive::open(archive, progress);
    if (!opened)
        return pass(opened);
    auto members = (*opened)->members();
    if (!members)
        return pass(members);
    auto manifest = manifestOf(**opened, *members, archive);
    if (!manifest)
        return manifest;
    std::map<QString, const BackupFile*> expected;
    for (const BackupFile& file : manifest->files)
        expected[file.name] = &file;
    ByteMeter meter(progress, manifest->bytes(), QStringLiteral("Verifying the archive"));
    for (const auto& member : *members) {
        if (member.name == QLatin1String(kManifestName) || member.name == QLatin1String(kSumsName))
            continue;
        const auto it = expected.find(member.name);
        if (it == expected.end())
            return damaged(archive, QStringLiteral("%1 is not in its manifest").arg(member.name));
        Sha256 digest;
        auto read = (*opened)->read(member, [&](std::span<const std::byte> bytes) -> Status {
            digest.add(bytes);
            return meter.add(qint64(bytes.size()));
        });
        if (!read)
            return progress.cancelled() ? Result<BackupManifest>(cancelledError()) : pass(read);
        if (member.file->size() != it->second->size || digest.hex() != it->second->sha256)
            return damaged(archive, QStringLiteral("the contents of %1 are not what was backed up").arg(member.name));
        expected.erase(it);
    }
    if (!expected.empty())
        return damaged(archive, QStringLiteral("%1 is missing").arg(expected.begin()->first));
    return manifest;
}

Status unpackArchive(const FileOps& ops, const QString& archive, const QString& folder, Progress& progress)
{
    auto opened = OpenArchive::open(archive, progress);
    if (!opened)
        return pass(opened);
    return unpackAll(ops, **opened, folder, progress);
}

Status unpackZip(const FileOps& ops, const QString& archive, const QString& folder, Progress& progress)
{
    auto opened = OpenArchive::open(archive, progress, ArchiveFormat::Zip);
    if (!opened)
        return pass(opened);
    return unpackAll(ops, **opened, folder, progress);
}

Result<BackupManifest> archiveManifest(const QString& archive)
{
    if (archiveFormatOf(archive) == ArchiveFormat::Zip) {
        auto opened = OpenArchive::open(archive, Progress::none());
        if (!opened)
            return pass(opened);
        auto members = (*opened)->members();
        if (!members)
            return pass(members);
        return manifestOf(**opened, *members, archive);
    }
    // The first member of our tar files: one 512-byte header (name at 0, octal size at 124), then its bytes.
    KCompressionDevice plain(archive, archiveFormatOf(archive) == ArchiveFormat::TarZst ? KCompressionDevice::Zstd
                                                                                        : KCompressionDevice::GZip);
    if (!plain.open(QIODevice::ReadOnly))
        return damaged(archive, plain.errorString());
    const QByteArray header = plain.read(512);
    const qint64 size = header.size() == 512 ? header.mid(124, 11).toLongLong(nullptr, 8) : 0;
    if (!header.startsWith(kManifestName) || size <= 0 || size > kLargestManifest)
        return damaged(archive, QStringLiteral("its first member is no manifest"));
    return parseManifest(plain.read(size));
}

Status packZip(const FileOps& ops, const std::vector<std::pair<QString, QString>>& namesAndPaths, const QString& archive,
               Progress& progress)
{
    const QString partial = archive + QStringLiteral(".partial");
    if (ops.exists(partial))
        if (auto removed = ops.removeFile(partial); !removed)
            return removed;
    auto file = ops.create(partial);
    if (!file)
        return pass(file);
    ArchiveWriter writer(std::move(*file), ArchiveFormat::Zip);
    auto done = packMembers(ops, namesAndPaths, 0, writer, progress);
    if (done)
        done = ops.replace(partial, archive);
    if (!done)
        (void)ops.removeFile(partial);
    return done;
}

} // namespace storage
