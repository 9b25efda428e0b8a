#include "storage/chroma/compose_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <functional>
#include <yaml-cpp/yaml.h>

namespace storage {

namespace {

constexpr qint64 kBytes = 1 << 20;
constexpr int kMergeDepth = 8; // of "<<"
constexpr int kServices = 500;
constexpr int kVolumes = 2000; // of all services
constexpr int kBelow = 200;    // folders looked into below a mounted one

QString text(const YAML::Node& node)
{
    return node && node.IsScalar() ? QString::fromStdString(node.Scalar()) : QString();
}

// Members of mappings; "<<" brings in other mappings, whose keys count less than the mapping's own. Anchors
// let a small file name the same mapping over and over, so all looking-up together is bounded.
class Members
{
public:
    [[nodiscard]] YAML::Node find(const YAML::Node& map, const char* key, int depth = 0) const
    {
        const YAML::Node none(YAML::NodeType::Undefined);
        if (!map || !map.IsMap() || depth > kMergeDepth || m_left-- <= 0)
            return none;
        if (const YAML::Node own = map[key])
            return own;
        const YAML::Node merged = map["<<"];
        if (!merged || !merged.IsSequence())
            return merged ? find(merged, key, depth + 1) : none;
        for (const YAML::Node& one : merged)
            if (const YAML::Node found = find(one, key, depth + 1))
                return found;
        return none;
    }

private:
    mutable int m_left = 50'000;
};

bool isWindowsPath(const QString& path)
{
    return path.size() > 2 && path[0].isLetter() && path[1] == QLatin1Char(':') &&
           (path[2] == QLatin1Char('\\') || path[2] == QLatin1Char('/'));
}

bool isPath(const QString& source)
{
    return source.startsWith(QLatin1Char('/')) || source.startsWith(QLatin1Char('.')) ||
           source.startsWith(QLatin1Char('~'));
}

bool holdsDatabase(const QString& folder)
{
    return QFileInfo(folder + QStringLiteral("/chroma.sqlite3")).isFile();
}

class ComposeReader
{
public:
    ComposeReader(QString folder, const ComposeVariables& variables)
        : m_folder(std::move(folder)),
          m_variables(variables)
    {}

    [[nodiscard]] Result<std::vector<ComposeVolume>> read(const YAML::Node& root)
    {
        const YAML::Node services = m_members.find(root, "services");
        if (!services || !services.IsMap())
            return fail(ErrorKind::Invalid,
                        QStringLiteral("The file is no Compose file: it has no \"services\"."));
        m_named = m_members.find(root, "volumes");
        int left = kServices;
        for (const auto& service : services) {
            if (left-- == 0)
                break;
            const YAML::Node volumes = m_members.find(service.second, "volumes");
            if (!volumes || !volumes.IsSequence())
                continue;
            for (const YAML::Node& volume : volumes)
                if (m_found.size() < std::size_t(kVolumes))
                    take(text(service.first), volume);
        }
        std::stable_sort(m_found.begin(), m_found.end(), [](const ComposeVolume& a, const ComposeVolume& b) {
            return a.isPersistDir && !b.isPersistDir;
        });
        return std::move(m_found);
    }

private:
    // Interpolated; what is wrong with it goes into `volume`.
    [[nodiscard]] QString value(const QString& raw, ComposeVolume& volume) const
    {
        auto done = interpolate(raw, m_variables);
        if (done)
            return *done;
        volume.sentence = done.error().sentence;
        return {};
    }

    void take(const QString& service, const YAML::Node& node)
    {
        ComposeVolume volume;
        volume.service = service;
        QString source;
        bool bind = true;
        if (node.IsScalar())
            shortForm(value(text(node), volume), volume, source);
        else if (node.IsMap())
            bind = longForm(node, volume, source);
        else
            volume.sentence = QStringLiteral("The volume cannot be read.");
        if (volume.sentence.isEmpty())
            resolve(volume, source, bind);
        look(std::move(volume));
    }

    // [SOURCE:]TARGET[:MODE]
    void shortForm(const QString& whole, ComposeVolume& volume, QString& source) const
    {
        if (!volume.sentence.isEmpty())
            return;
        if (isWindowsPath(whole)) {
            volume.sentence = QStringLiteral("%1 is a path of a Windows host.").arg(whole);
            return;
        }
        const QStringList parts = whole.split(QLatin1Char(':'));
        if (parts.size() == 1) {
            volume.containerPath = parts[0];
            volume.sentence =
                QStringLiteral("An anonymous volume lives inside Docker and has no path on this host.");
            return;
        }
        source = parts[0];
        volume.containerPath = parts[1];
        volume.readOnly = parts.size() > 2 && parts[2].split(QLatin1Char(',')).contains(QStringLiteral("ro"));
    }

    // {type, source, target, read_only}; answers whether the source is a path.
    [[nodiscard]] bool longForm(const YAML::Node& node, ComposeVolume& volume, QString& source) const
    {
        source = value(text(m_members.find(node, "source")), volume);
        volume.containerPath = value(text(m_members.find(node, "target")), volume);
        volume.readOnly = value(text(m_members.find(node, "read_only")), volume) == QLatin1String("true");
        const QString type = value(text(m_members.find(node, "type")), volume);
        if (volume.sentence.isEmpty() && type == QLatin1String("tmpfs"))
            volume.sentence = QStringLiteral("A tmpfs volume lives in memory and has no path on this host.");
        return type == QLatin1String("bind");
    }

    void resolve(ComposeVolume& volume, const QString& source, bool bind) const
    {
        if (source.isEmpty()) {
            volume.sentence = QStringLiteral("The volume names no source, so it has no path on this host.");
            return;
        }
        if (isWindowsPath(source)) {
            volume.sentence = QStringLiteral("%1 is a path of a Windows host.").arg(source);
            return;
        }
        if (bind && isPath(source))
            volume.hostPath = absolute(source, volume);
        else
            namedVolume(volume, source);
    }

    [[nodiscard]] QString absolute(const QString& source, ComposeVolume& volume) const
    {
        if (source == QLatin1String("~") || source.startsWith(QLatin1String("~/")))
            return QDir::cleanPath(m_variables.value(QStringLiteral("HOME"), QDir::homePath()) +
                                   source.mid(1));
        if (source.startsWith(QLatin1Char('~'))) {
            volume.sentence = QStringLiteral("%1 is the home of another user.").arg(source);
            return {};
        }
        return QDir::cleanPath(QDir(m_folder).absoluteFilePath(source));
    }

    // A volume of Docker's own, unless its options bind a folder of the host.
    void namedVolume(ComposeVolume& volume, const QString& name) const
    {
        const YAML::Node options =
            m_members.find(m_members.find(m_named, name.toUtf8().constData()), "driver_opts");
        const QString device = value(text(m_members.find(options, "device")), volume);
        if (device.startsWith(QLatin1Char('/')) &&
            text(m_members.find(options, "o")).contains(QLatin1String("bind"))) {
            volume.hostPath = QDir::cleanPath(device);
            return;
        }
        volume.sentence =
            QStringLiteral("\"%1\" is a named volume inside Docker's own storage; \"docker volume "
                           "inspect\" tells where, and copying it out needs Docker's rights.")
                .arg(name);
    }

    void look(ComposeVolume volume)
    {
        if (volume.hostPath.isEmpty()) {
            m_found.push_back(std::move(volume));
            return;
        }
        const QFileInfo info(volume.hostPath);
        volume.isPersistDir = holdsDatabase(volume.hostPath);
        volume.sentence =
            volume.isPersistDir ? QStringLiteral("%1 is a Chroma directory.").arg(volume.hostPath)
            : !info.exists()    ? QStringLiteral("%1 is not there yet.").arg(volume.hostPath)
            : !info.isDir()     ? QStringLiteral("%1 is a file.").arg(volume.hostPath)
                                : QStringLiteral("%1 holds no chroma.sqlite3.").arg(volume.hostPath);
        const bool below = !volume.isPersistDir && info.isDir();
        m_found.push_back(volume);
        if (below)
            lookBelow(volume);
    }

    // An application's data folder with the Chroma directory in it.
    void lookBelow(const ComposeVolume& volume)
    {
        if (m_lookedBelow.contains(volume.hostPath) || m_lookedBelow.size() >= kBelow)
            return;
        m_lookedBelow.insert(volume.hostPath);
        const QStringList names =
            QDir(volume.hostPath).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (const QString& name : names.mid(0, kBelow)) {
            ComposeVolume inner = volume;
            inner.hostPath += QLatin1Char('/') + name;
            if (!holdsDatabase(inner.hostPath))
                continue;
            inner.containerPath += QLatin1Char('/') + name;
            inner.isPersistDir = true;
            inner.sentence = QStringLiteral("%1 is a Chroma directory.").arg(inner.hostPath);
            m_found.push_back(std::move(inner));
        }
    }

    QString m_folder;
    const ComposeVariables& m_variables;
    Members m_members;
    YAML::Node m_named;
    std::vector<ComposeVolume> m_found;
    QSet<QString> m_lookedBelow;
};

QString quoted(const QString& path)
{
    QString out = QStringLiteral("\"");
    for (const QChar c : path) {
        if (c == QLatin1Char('"') || c == QLatin1Char('\\'))
            out += QLatin1Char('\\');
        if (c.unicode() < 0x20)
            out += QStringLiteral("\\x%1").arg(int(c.unicode()), 2, 16, QLatin1Char('0'));
        else
            out += c == QLatin1Char('$') ? QStringLiteral("$$") : QString(c);
    }
    return out + QLatin1Char('"');
}

} // namespace

Result<std::vector<ComposeVolume>> parseCompose(const QByteArray& yaml, const QString& folder,
                                                const ComposeVariables& variables)
{
    if (yaml.size() > kBytes)
        return fail(ErrorKind::Invalid, QStringLiteral("The Compose file is too large (more than 1 MB)."));
    try {
        return ComposeReader(folder, variables).read(YAML::Load(yaml.toStdString()));
    } catch (const std::exception& error) { // yaml-cpp speaks in exceptions
        return fail(ErrorKind::Invalid, QStringLiteral("The Compose file is no valid YAML."),
                    QString::fromUtf8(error.what()));
    }
}

Result<std::vector<ComposeVolume>> readComposeFile(const QString& path, const ComposeVariables& environment)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorKind::NotFound, QStringLiteral("There is no file %1.").arg(path));
    QFile file(path);
    if (!info.isFile() || !file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Io, QStringLiteral("The file %1 cannot be read.").arg(path),
                    file.errorString());
    const QByteArray yaml = file.read(kBytes + 1);
    ComposeVariables variables;
    if (QFile env(info.absolutePath() + QStringLiteral("/.env"));
        QFileInfo(env).isFile() && env.open(QIODevice::ReadOnly))
        variables = parseEnvFile(env.read(kBytes));
    for (auto it = environment.begin(); it != environment.end(); ++it)
        variables.insert(it.key(), it.value());
    return parseCompose(yaml, info.absolutePath(), variables);
}

QString composeVolumeSnippet(const QString& hostPath, const QString& containerPath)
{
    return QStringLiteral("volumes:\n  - type: bind\n    source: %1\n    target: %2\n")
        .arg(quoted(hostPath), quoted(containerPath));
}

// Chroma's images keep their data in /data since 1.0, in /chroma/chroma before.
QString composeVolumeSnippet(const PersistDir& directory)
{
    const bool rust = directory.generation().openedByRust || directory.generation().level.metadb >= 5;
    return composeVolumeSnippet(directory.path(),
                                rust ? QStringLiteral("/data") : QStringLiteral("/chroma/chroma"));
}

} // namespace storage
