// Watches which other processes have the open directory's files open, on a lane of its own, every few
// seconds. GUI thread.
#pragma once

#include "model/session.h"
#include "storage/chroma/in_use.h"

#include <QObject>
#include <QTimer>

namespace model {

class HolderWatch final : public QObject
{
    Q_OBJECT
public:
    explicit HolderWatch(Session& session, QObject* parent = nullptr);
    ~HolderWatch() override;

    [[nodiscard]] const storage::InUse& inUse() const { return m_inUse; }
    void lookNow();

Q_SIGNALS:
    void changed();

private:
    void follow();
    void accept(storage::InUse inUse);

    Session& m_session;
    storage::InUse m_inUse;
    QTimer m_timer;
    Lane m_looks{Lane::Policy::Latest};
};

} // namespace model
