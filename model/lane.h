// The only threads of the program: one worker thread a lane. LatestLane: a newer request cancels the older
// and late answers are dropped (search as you type, paging). QueueLane: strictly one after another (edit,
// backup, restore). Answers are values, delivered on the thread of `context`; nothing is delivered once the
// context is gone. The destructor cancels and waits.
#pragma once

#include "storage/base/progress.h"

#include <QObject>
#include <QPointer>

#include <atomic>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

class QThreadPool;

namespace model {

// Progress of a running job: cancellable from any thread; reports land in signals of the lane's thread.
class JobProgress final : public storage::Progress
{
public:
    [[nodiscard]] bool cancelled() const override { return m_cancelled.load(std::memory_order_relaxed); }
    void cancel() { m_cancelled.store(true, std::memory_order_relaxed); }
    void report(qint64 done, qint64 total, const QString& phase) override;
    // Called on the worker thread, at most about ten times a second.
    std::function<void(qint64 done, qint64 total, const QString& phase)> onReport;

private:
    std::atomic<bool> m_cancelled = false;
    std::atomic<qint64> m_lastReportMs = 0;
};

class Lane
{
public:
    enum class Policy { Latest, Queue };
    using Ticket = quint64;

    explicit Lane(Policy policy);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // Runs `work(JobProgress&)` on the lane's thread and hands its result to `done` on the thread of
    // `context`. With Policy::Latest every earlier job is cancelled first and its answer dropped.
    template <class Work, class Done>
    Ticket run(QObject* context, Work work, Done done,
               std::function<void(qint64, qint64, const QString&)> onReport = {})
    {
        using Value = std::invoke_result_t<Work, JobProgress&>;
        auto guard = QPointer<QObject>(context);
        const Ticket ticket = nextTicket();
        auto progress = std::make_shared<JobProgress>();
        progress->onReport = std::move(onReport);
        auto alive = m_alive;
        auto newest = m_newest;
        const bool latest = m_policy == Policy::Latest;
        auto deliver = [guard, done = std::move(done), newest, latest, ticket,
                        alive](std::shared_ptr<Value> value) {
            if (guard && alive->load() && (!latest || newest->load() == ticket))
                done(std::move(*value));
        };
        start(progress, [work = std::move(work), progress, guard, deliver = std::move(deliver)]() mutable {
            auto value = std::make_shared<Value>(work(*progress));
            post(guard, [deliver = std::move(deliver), value]() mutable { deliver(value); });
        });
        return ticket;
    }

    void cancelAll();   // running and waiting jobs
    void waitForIdle(); // blocks; for closing down and tests
    [[nodiscard]] bool isIdle() const;

private:
    [[nodiscard]] Ticket nextTicket();
    void start(std::shared_ptr<JobProgress> progress, std::function<void()> job);
    static void post(const QPointer<QObject>& context, std::function<void()> call);

    Policy m_policy;
    std::unique_ptr<QThreadPool> m_pool;
    std::shared_ptr<std::atomic<Ticket>> m_newest;
    std::shared_ptr<std::atomic<bool>> m_alive;
    std::vector<std::weak_ptr<JobProgress>> m_jobs;
};

} // namespace model
