#include "model/holder_watch.h"

#include <chrono>

namespace model {

namespace {

using namespace std::chrono_literals;
constexpr auto kEvery = 5s;

} // namespace

HolderWatch::HolderWatch(Session& session, QObject* parent) : QObject(parent), m_session(session)
{
    m_timer.setInterval(kEvery);
    connect(&m_timer, &QTimer::timeout, this, &HolderWatch::lookNow);
    connect(&m_session, &Session::stateChanged, this, &HolderWatch::follow);
    follow();
}

HolderWatch::~HolderWatch() = default;

void HolderWatch::follow()
{
    if (m_session.state() == SessionState::Ready) {
        if (!m_timer.isActive()) {
            m_timer.start();
            lookNow();
        }
        return;
    }
    m_timer.stop();
    m_looks.cancelAll();
    accept({});
}

void HolderWatch::lookNow()
{
    const QString path = m_session.path();
    m_looks.run(
        this, [path](storage::Progress&) { return storage::inUse(path); },
        [this](const storage::Result<storage::InUse>& found) {
            if (found && m_session.state() == SessionState::Ready)
                accept(*found);
        });
}

void HolderWatch::accept(storage::InUse inUse)
{
    const auto pids = [](const storage::InUse& use) {
        std::vector<std::pair<qint64, bool>> all;
        for (const storage::Holder& holder : use.holders)
            all.emplace_back(holder.pid, holder.writes);
        return all;
    };
    const bool same = pids(inUse) == pids(m_inUse) && inUse.journalPresent == m_inUse.journalPresent;
    m_inUse = std::move(inUse);
    if (!same)
        Q_EMIT changed();
}

} // namespace model
