#include "storage/backup/verifier.h"

#include "storage/backup/content_digest.h"
#include "storage/chroma/persist_dir.h"

#include <algorithm>
#include <map>

namespace storage {

namespace {

void add(VerifyReport& report, const char* code, Severity severity, const QString& sentence,
         const std::string& collection = {})
{
    report.findings.push_back({code, severity, collection, sentence.toStdString()});
}

void add(VerifyReport& report, const char* code, const Error& error)
{
    add(report, code, Severity::Error,
        error.detail.isEmpty() ? error.sentence : QStringLiteral("%1 (%2)").arg(error.sentence, error.detail));
}

void compareFile(VerifyReport& report, const BackupFile& expected, const BackupFile& found)
{
    if (found.size != expected.size)
        add(report, "file-size", Severity::Error,
            QStringLiteral("“%1” has %2 bytes; the manifest says %3.").arg(expected.name).arg(found.size).arg(expected.size));
    else if ((!expected.xxh128.isEmpty() && found.xxh128 != expected.xxh128) ||
             (!found.sha256.isEmpty() && found.sha256 != expected.sha256))
        add(report, "file-hash", Severity::Error,
            QStringLiteral("The contents of “%1” are not what was backed up.").arg(expected.name));
}

Status verifyFiles(const FileOps& ops, const QString& folder, const BackupManifest& manifest, Digests which,
                   VerifyReport& report, Progress& progress)
{
    auto tree = readTree(ops, folder, [](const QString& name) {
        return name == QLatin1String(kManifestName) || name == QLatin1String(kSumsName);
    });
    if (!tree)
        return pass(tree);
    for (const QString& sentence : tree->leftOut)
        add(report, "file-extra", Severity::Error, sentence);
    std::map<QString, const BackupFile*> expected;
    for (const BackupFile& file : manifest.files)
        expected[file.name] = &file;
    ByteMeter meter(progress, manifest.bytes(), QStringLiteral("Verifying the files"));
    for (const TreeItem& item : tree->files) {
        const auto it = expected.find(item.name);
        if (it == expected.end()) {
            add(report, "file-extra", Severity::Error,
                QStringLiteral("“%1” is not part of the backup.").arg(item.name));
            continue;
        }
        auto found = digestFile(ops, folder + QLatin1Char('/') + item.name, item.name, which, meter);
        if (!found && found.error().kind == ErrorKind::Cancelled)
            return pass(found);
        if (!found)
            add(report, "file-unreadable", found.error());
        else
            compareFile(report, *it->second, *found);
        report.files += 1;
        report.bytes += item.stat.size;
        expected.erase(it);
    }
    for (const auto& [name, file] : expected)
        add(report, "file-missing", Severity::Error, QStringLiteral("“%1” is missing.").arg(name));
    return {};
}

void checkIntegrity(const PersistDir& directory, VerifyReport& report, Progress& progress)
{
    auto connection = directory.connect();
    if (!connection)
        return add(report, "database", connection.error());
    connection->watch(&progress);
    auto check = connection->prepare("PRAGMA integrity_check(20)");
    if (!check)
        return add(report, "database", check.error());
    while (true) {
        auto row = check->step();
        if (!row)
            return add(report, "database", row.error());
        if (!*row)
            return;
        if (check->text(0) != "ok")
            add(report, "database", Severity::Error,
                QStringLiteral("SQLite finds damage: %1.").arg(QString::fromUtf8(check->text(0))));
    }
}

void compareContent(VerifyReport& report)
{
    std::map<std::string, const BackupCollection*> found;
    for (const BackupCollection& collection : report.content)
        found[collection.id] = &collection;
    for (const BackupCollection& expected : report.manifest->collections) {
        const auto it = found.find(expected.id);
        const QString name = QString::fromStdString(expected.name);
        if (it == found.end())
            add(report, "collection-missing", Severity::Error,
                QStringLiteral("The collection “%1” is missing.").arg(name), expected.id);
        else if (it->second->records != expected.records || it->second->vectors != expected.vectors)
            add(report, "collection-count", Severity::Error,
                QStringLiteral("The collection “%1” has %2 records and %3 vectors; the manifest says %4 and %5.")
                    .arg(name)
                    .arg(it->second->records)
                    .arg(it->second->vectors)
                    .arg(expected.records)
                    .arg(expected.vectors),
                expected.id);
        else if (!expected.digest.isEmpty() && it->second->digest != expected.digest)
            add(report, "collection-digest", Severity::Error,
                QStringLiteral("The records of the collection “%1” are not what was backed up.").arg(name), expected.id);
    }
}

// A faithful copy of a damaged directory is a good backup: what the source suffered from already is a warning.
void forgiveKnown(VerifyReport& report)
{
    for (Finding& finding : report.findings)
        if (finding.severity == Severity::Error &&
            report.manifest->warnings.contains(QString::fromStdString(finding.sentence)))
            finding.severity = Severity::Warning;
}

} // namespace

bool VerifyReport::good() const
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Severity::Error; });
}

void verifyContent(const QString& folder, VerifyReport& report, Progress& progress)
{
    auto directory = PersistDir::open(folder, progress);
    if (!directory)
        return add(report, "directory", directory.error());
    const auto& known = directory->findings();
    report.findings.insert(report.findings.end(), known.begin(), known.end());
    checkIntegrity(*directory, report, progress);
    auto content = readContent(*directory, progress);
    if (!content)
        return add(report, "content", content.error());
    report.findings.insert(report.findings.end(), content->findings.begin(), content->findings.end());
    report.content = std::move(content->collections);
}

Result<VerifyReport> verifyFolder(const FileOps& ops, const QString& folder, Digests which, Progress& progress)
{
    VerifyReport report;
    if (auto info = ops.stat(folder); !info)
        return pass(info);
    const QString manifestPath = folder + QLatin1Char('/') + QLatin1String(kManifestName);
    if (ops.exists(manifestPath)) {
        constexpr qint64 kLargest = 64 << 20;
        auto bytes = ops.readAll(manifestPath, kLargest);
        if (!bytes)
            return pass(bytes);
        auto manifest = parseManifest(*bytes);
        if (manifest)
            report.manifest = std::move(*manifest);
        else
            add(report, "manifest", manifest.error());
    }
    if (report.manifest)
        if (auto checked = verifyFiles(ops, folder, *report.manifest, which, report, progress); !checked)
            return pass(checked);
    verifyContent(folder, report, progress);
    if (progress.cancelled())
        return cancelledError();
    if (report.manifest) {
        forgiveKnown(report);
        compareContent(report);
    }
    return report;
}

} // namespace storage
