#include "model/lane.h"

#include <QDeadlineTimer>
#include <QMetaObject>
#include <QThread>
#include <QThreadPool>

namespace model {

void JobProgress::report(qint64 done, qint64 total, const QString& phase)
{
    if (!m_onReport)
        return;
    constexpr qint64 kIntervalMs = 100;
    const qint64 now = QDeadlineTimer::current().deadline();
    const bool last = total > 0 && done >= total;
    if (!last && phase == m_lastPhase && now - m_lastReportMs < kIntervalMs)
        return;
    m_lastReportMs = now;
    m_lastPhase = phase;
    m_onReport(done, total, phase);
}

Lane::Lane(Policy policy)
    : m_policy(policy),
      m_relay(std::make_unique<QObject>()),
      m_pool(std::make_unique<QThreadPool>())
{
    m_pool->setMaxThreadCount(1);
    m_pool->setExpiryTimeout(-1); // one thread for the lane's whole life: its connection was made there
}

Lane::~Lane()
{
    cancelAll();
    m_pool->waitForDone(); // then the relay goes, and with it what was posted but not delivered
}

Lane::Ticket Lane::admit(Slot slot)
{
    Q_ASSERT(QThread::currentThread() == m_relay->thread());
    const Ticket ticket = ++m_lastTicket;
    if (m_policy == Policy::Latest) {
        cancelSlot(slot);
        m_newest[slot] = ticket;
    }
    return ticket;
}

std::shared_ptr<JobProgress> Lane::makeProgress(QObject* context, Ticket ticket, Slot slot,
                                                ReportCall onReport)
{
    Q_ASSERT(context != nullptr && context->thread() == m_relay->thread());
    if (!onReport)
        return std::make_shared<JobProgress>();
    auto shared = std::make_shared<ReportCall>(std::move(onReport));
    return std::make_shared<JobProgress>([this, guard = QPointer<QObject>(context), shared, ticket,
                                          slot](qint64 done, qint64 total, const QString& phase) {
        post([this, guard, shared, ticket, slot, done, total, phase] {
            if (guard && isCurrent(ticket, slot))
                (*shared)(done, total, phase);
        });
    });
}

bool Lane::isCurrent(Ticket ticket, Slot slot) const
{
    if (m_policy == Policy::Queue)
        return true;
    const auto newest = m_newest.find(slot);
    return newest != m_newest.end() && newest->second == ticket;
}

bool Lane::finish(Ticket ticket, Slot slot)
{
    const bool wanted = isCurrent(ticket, slot);
    m_jobs.erase(ticket);
    if (wanted)
        m_newest.erase(slot);
    return wanted;
}

void Lane::enqueue(Ticket ticket, Slot slot, std::shared_ptr<JobProgress> progress, std::function<void()> job)
{
    m_jobs.emplace(ticket, Job{std::move(progress), slot});
    m_pool->start(std::move(job));
}

void Lane::post(std::function<void()> call)
{
    QMetaObject::invokeMethod(m_relay.get(), std::move(call), Qt::QueuedConnection);
}

void Lane::cancel(Ticket ticket)
{
    const auto job = m_jobs.find(ticket);
    if (job != m_jobs.end())
        job->second.progress->cancel();
}

void Lane::cancelSlot(Slot slot)
{
    for (const auto& [ticket, job] : m_jobs)
        if (job.slot == slot)
            job.progress->cancel();
    m_newest.erase(slot);
}

void Lane::cancelAll()
{
    for (const auto& [ticket, job] : m_jobs)
        job.progress->cancel();
    m_newest.clear();
}

void Lane::waitForIdle()
{
    m_pool->waitForDone();
}

} // namespace model
