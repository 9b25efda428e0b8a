// Lanes: order, replacement, cancelling, and where answers arrive.
#include "model/lane.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

#include <atomic>

using model::Lane;
using storage::Progress;
using storage::Result;

class TestLane final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersArriveOnThisThread();
    void everyJobRunsOnOneThread();
    void queueKeepsOrder();
    void latestDropsTheOlderAnswer();
    void slotsDoNotDisturbEachOther();
    void cancelledBeforeItBeganIsNotRun();
    void cancelOfOneTicketStopsOnlyThatJob();
    void goneContextGetsNothing();
    void destructorCancelsAndWaits();
    void answerInFlightDiesWithTheLane();
    void reportsArriveOnThisThreadAndAreThinned();
    void staleReportsAreDropped();
    void laneMayBeDestroyedByItsOwnAnswer();
};

// A worker that waits until it is cancelled; tells when it has begun.
static auto waitForCancel(QSemaphore& begun)
{
    return [&begun](Progress& progress) -> Result<int> {
        begun.release();
        while (!progress.cancelled())
            QThread::yieldCurrentThread();
        return storage::cancelledError();
    };
}

void TestLane::answersArriveOnThisThread()
{
    Lane lane(Lane::Policy::Queue);
    QThread* worker = nullptr;
    QThread* receiver = nullptr;
    int answer = 0;
    lane.run(
        this,
        [&worker](Progress&) {
            worker = QThread::currentThread();
            return 42;
        },
        [&](int value) {
            receiver = QThread::currentThread();
            answer = value;
        });
    QVERIFY(!lane.isIdle());
    QTRY_COMPARE(answer, 42);
    QCOMPARE(receiver, thread());
    QVERIFY(worker != thread());
    QVERIFY(lane.isIdle());
}

void TestLane::everyJobRunsOnOneThread()
{
    Lane lane(Lane::Policy::Queue);
    QSet<Qt::HANDLE> threads;
    int answers = 0;
    for (int i = 0; i < 50; ++i)
        lane.run(
            this, [](Progress&) { return QThread::currentThreadId(); },
            [&](Qt::HANDLE id) {
                threads.insert(id);
                ++answers;
            });
    QTRY_COMPARE(answers, 50);
    QCOMPARE(threads.size(), 1);
}

void TestLane::queueKeepsOrder()
{
    Lane lane(Lane::Policy::Queue);
    QList<int> order;
    for (int i = 0; i < 100; ++i)
        lane.run(
            this, [i](Progress&) { return i; }, [&](int value) { order << value; });
    QTRY_COMPARE(order.size(), 100);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(order[i], i);
}

void TestLane::latestDropsTheOlderAnswer()
{
    Lane lane(Lane::Policy::Latest);
    QSemaphore begun;
    QList<int> answers;
    lane.run(this, waitForCancel(begun), [&](const Result<int>&) { answers << -1; });
    begun.acquire();
    for (int i = 0; i < 10; ++i)
        lane.run(
            this, [i](Progress&) -> Result<int> { return i; },
            [&](const Result<int>& value) { answers << value.value_or(-2); });
    QTRY_VERIFY(lane.isIdle());
    QCOMPARE(answers, QList<int>{9});
}

void TestLane::slotsDoNotDisturbEachOther()
{
    Lane lane(Lane::Policy::Latest);
    const auto left = lane.newSlot();
    const auto right = lane.newSlot();
    QVERIFY(left != right);
    QSemaphore hold;
    QList<int> answers;
    lane.run(
        this,
        [&hold](Progress&) {
            hold.acquire();
            return 1;
        },
        [&](int value) { answers << value; }, left);
    lane.run(
        this, [](Progress&) { return 2; }, [&](int value) { answers << value; }, right);
    hold.release();
    QTRY_VERIFY(lane.isIdle());
    QCOMPARE(answers, (QList<int>{1, 2}));
}

void TestLane::cancelledBeforeItBeganIsNotRun()
{
    Lane lane(Lane::Policy::Queue);
    QSemaphore begun;
    std::atomic<bool> ran = false;
    QList<bool> cancelled;
    const auto note = [&](const Result<int>& answer) {
        cancelled << (!answer && answer.error().kind == storage::ErrorKind::Cancelled);
    };
    lane.run(this, waitForCancel(begun), note);
    lane.run(
        this,
        [&ran](Progress&) -> Result<int> {
            ran = true;
            return 1;
        },
        note);
    begun.acquire();
    lane.cancelAll();
    QTRY_COMPARE(cancelled.size(), 2);
    QCOMPARE(cancelled, (QList<bool>{true, true}));
    QVERIFY(!ran);
}

void TestLane::cancelOfOneTicketStopsOnlyThatJob()
{
    Lane lane(Lane::Policy::Queue);
    QSemaphore begun;
    QStringList answers;
    const auto first = lane.run(this, waitForCancel(begun), [&](const Result<int>& answer) {
        answers << (answer ? QStringLiteral("done") : QStringLiteral("cancelled"));
    });
    lane.run(
        this,
        [](Progress& progress) -> Result<int> {
            if (progress.cancelled())
                return storage::cancelledError();
            return 7;
        },
        [&](const Result<int>& answer) {
            answers << (answer ? QStringLiteral("done") : QStringLiteral("cancelled"));
        });
    begun.acquire();
    lane.cancel(first);
    QTRY_COMPARE(answers, (QStringList{QStringLiteral("cancelled"), QStringLiteral("done")}));
}

void TestLane::goneContextGetsNothing()
{
    Lane lane(Lane::Policy::Queue);
    bool called = false;
    auto context = std::make_unique<QObject>();
    QSemaphore hold;
    lane.run(
        context.get(),
        [&hold](Progress&) {
            hold.acquire();
            return 1;
        },
        [&](int) { called = true; });
    context.reset();
    hold.release();
    QTRY_VERIFY(lane.isIdle());
    QVERIFY(!called);
}

void TestLane::destructorCancelsAndWaits()
{
    QSemaphore begun;
    std::atomic<bool> stopped = false;
    bool delivered = false;
    {
        Lane lane(Lane::Policy::Queue);
        lane.run(
            this,
            [&](Progress& progress) -> Result<int> {
                auto answer = waitForCancel(begun)(progress);
                stopped = true;
                return answer;
            },
            [&](const Result<int>&) { delivered = true; });
        begun.acquire();
    }
    QVERIFY(stopped);
    QCoreApplication::sendPostedEvents();
    QVERIFY(!delivered);
}

void TestLane::answerInFlightDiesWithTheLane()
{
    bool delivered = false;
    {
        Lane lane(Lane::Policy::Queue);
        lane.run(
            this, [](Progress&) { return 1; }, [&](int) { delivered = true; });
        lane.waitForIdle(); // the answer is posted, not yet handed over
        QVERIFY(!lane.isIdle());
    }
    QCoreApplication::sendPostedEvents();
    QVERIFY(!delivered);
}

void TestLane::reportsArriveOnThisThreadAndAreThinned()
{
    Lane lane(Lane::Policy::Queue);
    bool here = true;
    QList<qint64> seen;
    bool finished = false;
    lane.run(
        this,
        [](Progress& progress) {
            for (qint64 i = 1; i <= 100000; ++i)
                progress.report(i, 100000, QStringLiteral("counting"));
            return 0;
        },
        [&](int) { finished = true; }, 0,
        [&](qint64 done, qint64, const QString&) {
            here = here && QThread::currentThread() == thread();
            seen << done;
        });
    QTRY_VERIFY(finished);
    QVERIFY(here);
    QVERIFY(!seen.isEmpty());
    QCOMPARE(seen.last(), 100000); // the last one always comes
    QVERIFY2(seen.size() < 1000, qPrintable(QString::number(seen.size())));
}

void TestLane::staleReportsAreDropped()
{
    Lane lane(Lane::Policy::Latest);
    QSemaphore begun;
    int stale = 0;
    lane.run(
        this,
        [&begun](Progress& progress) -> Result<int> {
            progress.report(1, 2, QStringLiteral("half"));
            return waitForCancel(begun)(progress);
        },
        [](const Result<int>&) {}, 0, [&](qint64, qint64, const QString&) { ++stale; });
    begun.acquire();
    lane.run(
        this, [](Progress&) { return 1; }, [](int) {});
    QTRY_VERIFY(lane.isIdle());
    QCOMPARE(stale, 0);
}

void TestLane::laneMayBeDestroyedByItsOwnAnswer()
{
    auto lane = std::make_unique<Lane>(Lane::Policy::Queue);
    bool called = false;
    lane->run(
        this, [](Progress&) { return 1; },
        [&](int) {
            called = true;
            lane.reset();
        });
    QTRY_VERIFY(called);
    QVERIFY(!lane);
}

QTEST_GUILESS_MAIN(TestLane)
#include "tst_lane.moc"
