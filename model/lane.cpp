#include "model/lane.h"

#include <QDateTime>
#include <QMetaObject>
#include <QThreadPool>

#include <algorithm>

namespace model {

void JobProgress::report(qint64 done, qint64 total, const QString& phase)
{
    if (!onReport)
        return;
    constexpr qint64 kIntervalMs = 100;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (done < total && now - m_lastReportMs.load() < kIntervalMs)
        return;
    m_lastReportMs.store(now);
    onReport(done, total, phase);
}

Lane::Lane(Policy policy)
    : m_policy(policy),
      m_pool(std::make_unique<QThreadPool>()),
      m_newest(std::make_shared<std::atomic<Ticket>>(0)),
      m_alive(std::make_shared<std::atomic<bool>>(true))
{
    m_pool->setMaxThreadCount(1);
    m_pool->setExpiryTimeout(-1);
}

Lane::~Lane()
{
    m_alive->store(false);
    cancelAll();
    m_pool->waitForDone();
}

Lane::Ticket Lane::nextTicket()
{
    if (m_policy == Policy::Latest)
        cancelAll();
    return m_newest->fetch_add(1) + 1;
}

void Lane::start(std::shared_ptr<JobProgress> progress, std::function<void()> job)
{
    std::erase_if(m_jobs, [](const auto& weak) { return weak.expired(); });
    m_jobs.push_back(progress);
    m_pool->start(std::move(job));
}

void Lane::post(const QPointer<QObject>& context, std::function<void()> call)
{
    // The event is queued to the context's thread; if the context dies first, Qt drops it.
    if (QObject* receiver = context.data())
        QMetaObject::invokeMethod(receiver, std::move(call), Qt::QueuedConnection);
}

void Lane::cancelAll()
{
    for (const auto& weak : m_jobs)
        if (const auto job = weak.lock())
            job->cancel();
}

void Lane::waitForIdle()
{
    m_pool->waitForDone();
}

bool Lane::isIdle() const
{
    return std::all_of(m_jobs.begin(), m_jobs.end(), [](const auto& weak) { return weak.expired(); });
}

} // namespace model
