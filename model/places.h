// The persist directories that a person may want to open: those opened lately, newest first, and those that
// the surroundings name (CHROMA_PERSIST_DIR, ./chroma_db). Whether they are still there is looked up on a
// lane; what is missing stays in the list. One for all windows; GUI thread.
#pragma once

#include "model/lane.h"
#include "model/preferences.h"
#include "storage/chroma/compose_file.h"

#include <QAbstractListModel>
#include <QStringList>

#include <functional>
#include <vector>

namespace model {

struct Place
{
    enum class Kind {
        Recent,
        Environment,   // CHROMA_PERSIST_DIR
        WorkingFolder, // ./chroma_db
    };
    enum class State { Unknown, Present, Missing };
    QString path; // absolute, clean
    Kind kind = Kind::Recent;
    State state = State::Unknown;
};

class Places final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        PathRole = Qt::UserRole + 1,
        KindRole,  // int of Place::Kind
        StateRole, // int of Place::State
    };
    static constexpr int kRecent = 10;

    // `named`: what the surroundings name; shown only while it is there.
    Places(Preferences& preferences, std::vector<Place> named, QObject* parent = nullptr);
    ~Places() override;

    void noteOpened(const QString& path); // to the front of the recent ones
    void forget(const QString& path);
    void forgetAll();
    void refresh(); // looks again which are there
    [[nodiscard]] QStringList recent() const;
    [[nodiscard]] const std::vector<Place>& all() const { return m_places; }

    // Whether `path` (a folder or its chroma.sqlite3) can be opened; answers with the folder.
    void probe(QObject* context, const QString& path, std::function<void(storage::Result<QString>)> done);

    // What a Compose file mounts from this host, Chroma directories first.
    using ComposeDone = std::function<void(storage::Result<std::vector<storage::ComposeVolume>>)>;
    void readCompose(QObject* context, const QString& file, ComposeDone done);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void changed(); // another list, or another state of one

private:
    void rebuild(const QStringList& recent);
    void store(const QStringList& recent);

    Preferences& m_preferences;
    const std::vector<Place> m_named;
    std::vector<Place> m_places;
    Lane m_looks{Lane::Policy::Latest};
};

} // namespace model
