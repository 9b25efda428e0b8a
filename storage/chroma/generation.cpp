#include "storage/chroma/generation.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace storage {

namespace {

// MD5 of each migration file as Chroma shipped it, in order of version.
constexpr std::array<std::string_view, 10> kSysdb = {
    "38352d725ad1c16074fac420b22b4633", "2913cb6a503055a95f625448037e8912",
    "42d22d0574d31d419c2a0e7f625c93aa", "048867ce8fcdefe4023c7110e4433591",
    "b1367c826b8fba5f96f27befdc1d42d2", "4eea7468935bf25d4604a0fed2366116",
    "1c7e63bba346a42a18b6ab7f1c989bed", "0a0e7e93111a01789addf64961c6127c",
    "054355aef9e63702bf54ea29e61563f1", "5c3a5ac4b79df76799b4721827ed5e1d"};
constexpr std::array<std::string_view, 6> kMetadb = {
    "2b4cf52c4bb2676e21d6860a4409f856", "12a570f7121b3a8ce750a2a7c36da20f",
    "f97ad6334aeaa8f419f01110b648b97a", "fb36603a45ee2cd0254cef3ef86585e8",
    "0e9de46758761b373ce682925edcc326", "e026f01ea92c1baa1493f4ad5ca7cfe7"};
constexpr std::array<std::string_view, 2> kQueue = {"d3755dfd232be8e8301f4d7fcfb3a486",
                                                    "8fbfe4ffb3e57f1d8bfdc58510a82e85"};
// The first metadb file of 0.4.0 was changed in 0.4.1, so no later release accepts it.
constexpr std::string_view kOrphan040 = "70f0dbf83da2f428f30d78b7d994cbbb";

struct Release
{
    MigrationLevel level;
    const char* name;
};
// The first release with each level, up to the last before the next one.
constexpr std::array<Release, 10> kReleases = {{{{3, 1, 1}, "Chroma 0.4.0 to 0.4.3"},
                                                {{3, 2, 1}, "Chroma 0.4.4 to 0.4.5"},
                                                {{3, 3, 1}, "Chroma 0.4.6 to 0.4.14"},
                                                {{4, 3, 1}, "Chroma 0.4.15 to 0.4.24"},
                                                {{5, 3, 1}, "Chroma 0.5.0"},
                                                {{6, 3, 1}, "Chroma 0.5.1 to 0.5.3"},
                                                {{7, 3, 1}, "Chroma 0.5.4 to 0.5.5"},
                                                {{9, 4, 2}, "Chroma 0.5.6 to 0.6.3"},
                                                {{9, 5, 2}, "Chroma 1.0.0 to 1.2.x"},
                                                {{10, 5, 2}, "Chroma 1.3.0 to 1.4.x"}}};
constexpr MigrationLevel kNewest = {10, 6, 2};

bool anyAbove(const MigrationLevel& a, const MigrationLevel& b)
{
    return a.sysdb > b.sysdb || a.metadb > b.metadb || a.queue > b.queue;
}

void add(std::vector<Finding>& findings, const char* code, Severity severity, const QString& sentence)
{
    findings.push_back({code, severity, {}, sentence.toStdString()});
}

std::string md5(std::string_view sql)
{
    QByteArray text(sql.data(), qsizetype(sql.size()));
    text.replace("\r", "");
    return QCryptographicHash::hash(text, QCryptographicHash::Md5).toHex().toStdString();
}

struct Folder
{
    const char* name;
    std::span<const std::string_view> hashes;
    int MigrationLevel::*level;
    int rows = 0;
};

// One pass over the table, each row compared with what Chroma shipped.
class MigrationCheck
{
public:
    MigrationCheck(Generation& generation, std::vector<Finding>& findings)
        : m_generation(generation),
          m_findings(findings)
    {}

    void row(std::string_view dir, qint64 version, std::string_view sql, std::string_view hash)
    {
        const auto folder =
            std::find_if(m_folders.begin(), m_folders.end(), [&](const Folder& f) { return dir == f.name; });
        if (folder == m_folders.end() || version < 1)
            return; // Chroma does not look at other folders either
        int& level = m_generation.level.*(folder->level);
        level = std::max(level, int(std::min<qint64>(version, 1'000'000)));
        ++folder->rows;
        if (version > qint64(folder->hashes.size())) {
            m_generation.newerThanKnown = true;
            return;
        }
        compare(*folder, version, sql, hash);
    }

    void finish()
    {
        for (const Folder& folder : m_folders)
            if (folder.rows != m_generation.level.*(folder.level))
                add(m_findings, "migration-gap", Severity::Error,
                    QStringLiteral("Of the %1 migrations %2 are recorded and the last has number %3; "
                                   "Chroma refuses to open a directory with such a gap.")
                        .arg(QLatin1String(folder.name))
                        .arg(folder.rows)
                        .arg(m_generation.level.*(folder.level)));
    }

private:
    void compare(const Folder& folder, qint64 version, std::string_view sql, std::string_view hash)
    {
        const std::string_view known = folder.hashes[std::size_t(version - 1)];
        if (hash == known && md5(sql) == known)
            return;
        m_generation.knownHashes = false;
        if (hash == kOrphan040 && md5(sql) == kOrphan040) {
            m_orphan = true;
            add(m_findings, "migration-0-4-0", Severity::Warning,
                QStringLiteral(
                    "Chroma 0.4.0 wrote this directory. Its first migration was changed in 0.4.1, so no "
                    "later Chroma opens the directory before that is repaired; it can be read here."));
            return;
        }
        if (hash.size() == 64 && md5(sql) == known) {
            add(m_findings, "migration-sha256", Severity::Warning,
                QStringLiteral(
                    "The migrations carry SHA-256 hashes; a Chroma with its default settings (MD5) "
                    "refuses to open this directory."));
            return;
        }
        add(m_findings, "migration-altered", Severity::Error,
            QStringLiteral("Migration %1 of %2 differs from what Chroma shipped; Chroma refuses to open the "
                           "directory (\"InconsistentHash\").")
                .arg(version)
                .arg(QLatin1String(folder.name)));
    }

public:
    [[nodiscard]] bool orphan040() const { return m_orphan; }

private:
    Generation& m_generation;
    std::vector<Finding>& m_findings;
    std::array<Folder, 3> m_folders = {{{"sysdb", kSysdb, &MigrationLevel::sysdb},
                                        {"metadb", kMetadb, &MigrationLevel::metadb},
                                        {"embeddings_queue", kQueue, &MigrationLevel::queue}}};
    bool m_orphan = false;
};

Status readStarts(const Connection& connection, Generation& generation)
{
    generation.openedByRust = connection.hasTable("acquire_write");
    if (!generation.openedByRust)
        return {};
    auto query = connection.prepare("SELECT count(*) FROM acquire_write");
    if (!query)
        return pass(query);
    auto row = query->step();
    if (!row)
        return pass(row);
    generation.rustStarts = query->integer(0);
    return {};
}

} // namespace

QString releaseRange(const MigrationLevel& level, bool openedByRust)
{
    if (level == MigrationLevel())
        return QStringLiteral("an unknown Chroma release");
    if (level == kNewest)
        return QStringLiteral("Chroma 1.5.0 or newer");
    if (anyAbove(level, kNewest))
        return QStringLiteral("a Chroma newer than 1.5.9");
    for (const Release& release : kReleases) {
        if (release.level != level)
            continue;
        const QString name = QLatin1String(release.name);
        // A Chroma 1.x always migrates first; if it did not get that far, say so.
        return openedByRust && level.metadb < 5
                   ? name + QStringLiteral(", then a Chroma 1.x that did not finish")
                   : name;
    }
    return QStringLiteral("a Chroma between releases (migrations %1/%2/%3)")
        .arg(level.sysdb)
        .arg(level.metadb)
        .arg(level.queue);
}

Result<Generation> readGeneration(const Connection& connection, std::vector<Finding>& findings)
{
    Generation generation;
    if (auto starts = readStarts(connection, generation); !starts)
        return pass(starts);
    auto query = connection.prepare("SELECT dir, version, sql, hash FROM migrations ORDER BY dir, version");
    if (!query) {
        generation.knownHashes = false;
        generation.name = releaseRange({}, generation.openedByRust);
        add(findings, "missing-table", Severity::Error,
            QStringLiteral(
                "The table of migrations is missing, so the release cannot be told; Chroma would try to "
                "create every table anew and fail."));
        return generation;
    }
    MigrationCheck check(generation, findings);
    while (true) {
        auto row = query->step();
        if (!row)
            return pass(row);
        if (!*row)
            break;
        check.row(query->text(0), query->integer(1), query->text(2), query->text(3));
    }
    check.finish();
    generation.name = check.orphan040() ? QStringLiteral("Chroma 0.4.0")
                                        : releaseRange(generation.level, generation.openedByRust);
    if (generation.newerThanKnown)
        add(findings, "newer-than-known", Severity::Warning,
            QStringLiteral(
                "A Chroma newer than this program knows has migrated the directory. It is shown as far as "
                "it is understood, and never written."));
    return generation;
}

} // namespace storage
