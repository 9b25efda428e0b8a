// The only threads of the program: one worker thread a lane. Policy::Latest: a newer job cancels the older
// one of the same slot and late answers are dropped (search as you type, sorting). Policy::Queue: strictly
// one after another (pages, counts, backup, restore). Answers are values. Lanes, contexts and answers all
// live on the thread that made the lane (the GUI thread); nothing is delivered once the context or the lane
// is gone. The destructor cancels and waits.
#pragma once

#include "storage/base/progress.h"

#include <QObject>
#include <QPointer>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

class QThreadPool;

namespace model {

using ReportCall = std::function<void(qint64 done, qint64 total, const QString& phase)>;

// Progress of one job: cancellable from any thread; reports are thinned to about ten a second.
class JobProgress final : public storage::Progress
{
public:
    explicit JobProgress(ReportCall onReport = {}) : m_onReport(std::move(onReport)) {}
    [[nodiscard]] bool cancelled() const override { return m_cancelled.load(std::memory_order_relaxed); }
    void cancel() { m_cancelled.store(true, std::memory_order_relaxed); }
    void report(qint64 done, qint64 total, const QString& phase) override; // on the worker's thread

private:
    const ReportCall m_onReport;
    std::atomic<bool> m_cancelled = false;
    qint64 m_lastReportMs = 0; // the worker's alone
    QString m_lastPhase;
};

class Lane
{
public:
    enum class Policy { Latest, Queue };
    using Ticket = quint64;
    using Slot = quint64; // jobs of one slot replace each other in a Latest lane

    explicit Lane(Policy policy);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // Runs `work(Progress&)` on the lane's thread and hands its result to `done` on the thread of the lane,
    // if `context` still lives then. A job that was cancelled before it began is not run when its result type
    // can say so (Result<T>). `onReport` is called on the lane's own thread side, like `done`.
    template <class Work, class Done>
    Ticket run(QObject* context, Work work, Done done, Slot slot = 0, ReportCall onReport = {})
    {
        using Value = std::invoke_result_t<Work, storage::Progress&>;
        const Ticket ticket = admit(slot);
        auto deliver = [this, guard = QPointer<QObject>(context), done = std::move(done), ticket,
                        slot](std::shared_ptr<Value> value) mutable {
            if (finish(ticket, slot) && guard)
                done(std::move(*value));
        };
        auto progress = makeProgress(context, ticket, slot, std::move(onReport));
        enqueue(ticket, slot, progress,
                [this, work = std::move(work), progress, deliver = std::move(deliver)]() mutable {
                    auto value = std::make_shared<Value>(answer<Value>(work, *progress));
                    post([deliver = std::move(deliver), value = std::move(value)]() mutable {
                        deliver(std::move(value));
                    });
                });
        return ticket;
    }

    [[nodiscard]] Slot newSlot() { return ++m_lastSlot; }
    void cancel(Ticket ticket); // one job; its answer still comes (Cancelled) in a Queue lane
    void cancelSlot(Slot slot); // the jobs of a slot; their answers are dropped in a Latest lane
    void cancelAll();
    void waitForIdle(); // blocks until no job runs or waits; for closing down and tests
    [[nodiscard]] bool isIdle() const { return m_jobs.empty(); } // nothing running, waiting or undelivered

private:
    struct Job
    {
        std::shared_ptr<JobProgress> progress;
        Slot slot = 0;
    };

    template <class Value, class Work> static Value answer(Work& work, storage::Progress& progress)
    {
        if constexpr (std::is_constructible_v<Value, tl::unexpected<storage::Error>>) {
            if (progress.cancelled())
                return Value(storage::cancelledError());
        }
        return work(progress);
    }

    [[nodiscard]] Ticket admit(Slot slot);
    [[nodiscard]] std::shared_ptr<JobProgress> makeProgress(QObject* context, Ticket ticket, Slot slot,
                                                            ReportCall onReport);
    [[nodiscard]] bool isCurrent(Ticket ticket, Slot slot) const;
    [[nodiscard]] bool finish(Ticket ticket, Slot slot); // true: the answer is still wanted
    void enqueue(Ticket ticket, Slot slot, std::shared_ptr<JobProgress> progress, std::function<void()> job);
    void post(std::function<void()> call); // from any thread to the lane's own

    const Policy m_policy;
    Ticket m_lastTicket = 0;
    Slot m_lastSlot = 0;
    std::map<Ticket, Job> m_jobs;
    std::map<Slot, Ticket> m_newest; // Latest only
    // Receives what workers post. Outlives every worker (the destructor waits first), so that no thread but
    // this one ever looks at a context.
    std::unique_ptr<QObject> m_relay;
    std::unique_ptr<QThreadPool> m_pool;
};

} // namespace model
