#include "model/places.h"

#include "storage/chroma/persist_dir.h"

#include <QDir>
#include <QFileInfo>
#include <QHash>

#include <algorithm>

namespace model {

namespace {

const QString kKey = QStringLiteral("places/recent");

} // namespace

Places::Places(Preferences& preferences, std::vector<Place> named, QObject* parent)
    : QAbstractListModel(parent),
      m_preferences(preferences),
      m_named(std::move(named))
{
    rebuild(m_preferences.value(kKey).toStringList());
}

Places::~Places() = default;

void Places::noteOpened(const QString& path)
{
    QStringList paths = recent();
    paths.removeAll(path);
    paths.prepend(path);
    while (paths.size() > kRecent)
        paths.removeLast();
    store(paths);
    for (Place& place : m_places)
        if (place.path == path)
            place.state = Place::State::Present;
    Q_EMIT changed();
}

void Places::forget(const QString& path)
{
    QStringList paths = recent();
    if (paths.removeAll(path) > 0)
        store(paths);
}

void Places::forgetAll()
{
    store({});
}

void Places::store(const QStringList& paths)
{
    m_preferences.setValue(kKey, paths);
    rebuild(paths);
}

QStringList Places::recent() const
{
    QStringList paths;
    for (const Place& place : m_places)
        if (place.kind == Place::Kind::Recent)
            paths << place.path;
    return paths;
}

void Places::rebuild(const QStringList& paths)
{
    QHash<QString, Place::State> known;
    for (const Place& place : m_places)
        known.insert(place.path, place.state);
    beginResetModel();
    m_places.clear();
    for (const QString& path : paths)
        m_places.push_back({path, Place::Kind::Recent, known.value(path, Place::State::Unknown)});
    for (const Place& place : m_named)
        if (!paths.contains(place.path))
            m_places.push_back({place.path, place.kind, known.value(place.path, Place::State::Unknown)});
    endResetModel();
    Q_EMIT changed();
}

void Places::refresh()
{
    QStringList paths;
    for (const Place& place : m_places)
        paths << place.path;
    m_looks.run(
        this,
        [paths](storage::Progress&) {
            QHash<QString, Place::State> states;
            for (const QString& path : paths)
                states.insert(path, QFileInfo::exists(path + QStringLiteral("/chroma.sqlite3"))
                                        ? Place::State::Present
                                        : Place::State::Missing);
            return states;
        },
        [this](const QHash<QString, Place::State>& states) {
            for (Place& place : m_places)
                place.state = states.value(place.path, place.state);
            if (!m_places.empty())
                Q_EMIT dataChanged(index(0), index(rowCount() - 1));
            Q_EMIT changed();
        });
}

void Places::probe(QObject* context, const QString& path, std::function<void(storage::Result<QString>)> done)
{
    m_looks.run(
        context,
        [path](storage::Progress& progress) -> storage::Result<QString> {
            auto directory = storage::PersistDir::open(path, progress);
            if (!directory)
                return pass(directory);
            return directory->path();
        },
        std::move(done), m_looks.newSlot());
}

void Places::readCompose(QObject* context, const QString& file, ComposeDone done)
{
    m_looks.run(
        context, [file](storage::Progress&) { return storage::readComposeFile(file); }, std::move(done),
        m_looks.newSlot());
}

int Places::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_places.size());
}

QVariant Places::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Place& place = m_places[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return place.path.section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
    case Qt::ToolTipRole:
    case PathRole:
        return place.path;
    case KindRole:
        return static_cast<int>(place.kind);
    case StateRole:
        return static_cast<int>(place.state);
    default:
        return {};
    }
}

} // namespace model
