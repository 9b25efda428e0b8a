// A session: opening, counting, views, the look for changes, maintenance. On directories that real Chroma
// wrote.
#include "model/collection_view.h"
#include "model/session.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using model::Session;
using model::SessionState;

class TestSession final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opensAndCounts_data();
    void opensAndCounts();
    void refusesWhatIsNoChroma();
    void aSecondOpenReplacesTheFirst();
    void seesAChangeAndReloads();
    void seesThatTheDirectoryIsGone();
    void failedReloadKeepsWhatWasRead();
    void maintenanceClosesEverything();
    void closeForgets();
    void destructionWhileOpeningIsQuiet();
    void unknownCollectionHasNoView();
};

static bool openNow(Session& session, const QString& path)
{
    session.open(path);
    return QTest::qWaitFor([&] { return session.state() == SessionState::Ready; }, 20000);
}

void TestSession::opensAndCounts_data()
{
    QTest::addColumn<QString>("name");
    for (const QString& name : support::ChromaFixture::names())
        QTest::newRow(qPrintable(name)) << name;
}

void TestSession::opensAndCounts()
{
    QFETCH(QString, name);
    const auto fixture = support::openFixture(name);
    VERIFY_OK(fixture);
    Session session;
    const QSignalSpy states(&session, &Session::stateChanged);
    const QSignalSpy opened(&session, &Session::opened);
    QVERIFY(openNow(session, fixture->path()));
    QCOMPARE(opened.size(), 1);
    QCOMPARE(states.size(), 2);
    QCOMPARE(states.first().first().value<SessionState>(), SessionState::Opening);
    const auto& collections = session.catalog().collections;
    QVERIFY(!collections.empty());
    QTRY_VERIFY_WITH_TIMEOUT(
        std::all_of(collections.begin(), collections.end(),
                    [&](const auto& each) { return session.facts(each.id).count.has_value(); }),
        20000);
    QTRY_VERIFY(session.bytesOnDisk().has_value());
    QVERIFY(*session.bytesOnDisk() > 0);
    for (const auto& each : collections) {
        const auto& answer = fixture->collection(each.name, each.tenant, each.database);
        if (!answer.is_null() && answer.contains("count"))
            QCOMPARE(*session.facts(each.id).count, answer.at("count").get<qint64>());
        QVERIFY(session.facts(each.id).pending.has_value());
        QVERIFY(session.collection(each.id) != nullptr);
    }
}

void TestSession::refusesWhatIsNoChroma()
{
    const QTemporaryDir room;
    Session session;
    const QSignalSpy failed(&session, &Session::failed);
    session.open(room.path());
    QTRY_COMPARE(session.state(), SessionState::Failed);
    QCOMPARE(failed.size(), 1);
    QVERIFY(session.error().kind == storage::ErrorKind::NotChroma);
    QVERIFY(QDir(room.path()).isEmpty());
    session.open(room.filePath(QStringLiteral("not/there")));
    QTRY_COMPARE(failed.size(), 2);
    QVERIFY(session.error().kind == storage::ErrorKind::NotFound);
    QVERIFY(QDir(room.path()).isEmpty());
    QVERIFY(!session.directory());
    QVERIFY(session.catalog().collections.empty());
}

void TestSession::aSecondOpenReplacesTheFirst()
{
    const auto first = support::openFixture(support::ChromaFixture::names().first());
    const auto second = support::openFixture(support::ChromaFixture::names().last());
    VERIFY_OK(first);
    VERIFY_OK(second);
    Session session;
    const QSignalSpy opened(&session, &Session::opened);
    session.open(first->path());
    session.open(second->path());
    QTRY_COMPARE(session.state(), SessionState::Ready);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(QDir(session.path()), QDir(second->path()));
}

void TestSession::seesAChangeAndReloads()
{
    const auto fixture = support::openFixture(support::ChromaFixture::names().first());
    VERIFY_OK(fixture);
    Session session;
    session.setPollInterval(20);
    QVERIFY(openNow(session, fixture->path()));
    const QSignalSpy changed(&session, &Session::changedOnDiskChanged);
    session.pollNow();
    QFile added(fixture->path() + QStringLiteral("/chroma.sqlite3-journal"));
    QVERIFY(added.open(QIODevice::WriteOnly));
    added.close();
    QTRY_VERIFY(session.isChangedOnDisk());
    QVERIFY(!session.isVanished());
    QCOMPARE(changed.size(), 1);
    const auto before = session.directory();
    session.reload();
    QTRY_VERIFY(session.directory() != before);
    QTRY_COMPARE(session.state(), SessionState::Ready);
    QVERIFY(!session.isChangedOnDisk());
}

void TestSession::seesThatTheDirectoryIsGone()
{
    const auto fixture = support::openFixture(support::ChromaFixture::names().first());
    VERIFY_OK(fixture);
    Session session;
    session.setPollInterval(20);
    QVERIFY(openNow(session, fixture->path()));
    QVERIFY(QDir(fixture->path()).rename(fixture->path(), fixture->path() + QStringLiteral(".moved")));
    QTRY_VERIFY(session.isVanished());
    QVERIFY(session.isChangedOnDisk());
    QCOMPARE(session.state(), SessionState::Ready);
    QVERIFY(QDir().rename(fixture->path() + QStringLiteral(".moved"), fixture->path()));
    QTRY_VERIFY(!session.isVanished());
    QTRY_VERIFY(!session.isChangedOnDisk());
}

void TestSession::failedReloadKeepsWhatWasRead()
{
    const auto fixture = support::openFixture(support::ChromaFixture::names().first());
    VERIFY_OK(fixture);
    Session session;
    QVERIFY(openNow(session, fixture->path()));
    const QSignalSpy failed(&session, &Session::failed);
    QVERIFY(QDir().rename(fixture->path(), fixture->path() + QStringLiteral(".moved")));
    session.reload();
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(session.state(), SessionState::Ready);
    QVERIFY(session.isChangedOnDisk());
    QVERIFY(session.isVanished());
    QVERIFY(!session.catalog().collections.empty());
    QVERIFY(QDir().rename(fixture->path() + QStringLiteral(".moved"), fixture->path()));
}

void TestSession::maintenanceClosesEverything()
{
    const auto fixture = support::openFixture(support::ChromaFixture::names().first());
    VERIFY_OK(fixture);
    Session session;
    QVERIFY(openNow(session, fixture->path()));
    const auto view = session.browse(session.catalog().collections.front().id);
    QVERIFY(view != nullptr);
    view->start();
    QTRY_VERIFY(view->isComplete());
    bool closed = false;
    session.beginMaintenance([&] { closed = true; });
    QCOMPARE(session.state(), SessionState::Maintaining);
    QTRY_VERIFY(closed);
    // No handle of ours is left on the directory's files.
    const QDir handles(QStringLiteral("/proc/self/fd"));
    for (const QFileInfo& each : handles.entryInfoList(QDir::NoDotAndDotDot | QDir::System | QDir::Files))
        QVERIFY2(!each.symLinkTarget().startsWith(fixture->path()), qPrintable(each.symLinkTarget()));
    session.reload();
    QTRY_COMPARE(session.state(), SessionState::Ready);
    QTRY_VERIFY(!view->isBusy());
    QVERIFY(view->isComplete());
}

void TestSession::closeForgets()
{
    const auto fixture = support::openFixture(support::ChromaFixture::names().first());
    VERIFY_OK(fixture);
    Session session;
    QVERIFY(openNow(session, fixture->path()));
    session.close();
    QTRY_COMPARE(session.state(), SessionState::Closed);
    QVERIFY(!session.directory());
    QVERIFY(session.path().isEmpty());
    QVERIFY(openNow(session, fixture->path()));
}

void TestSession::destructionWhileOpeningIsQuiet()
{
    const auto fixture = support::openFixture(support::ChromaFixture::names().first());
    VERIFY_OK(fixture);
    for (int i = 0; i < 20; ++i) {
        Session session;
        session.open(fixture->path());
        if (i % 2 == 1)
            QVERIFY(QTest::qWaitFor([&] { return session.state() == SessionState::Ready; }));
    }
}

void TestSession::unknownCollectionHasNoView()
{
    const auto fixture = support::openFixture(support::ChromaFixture::names().first());
    VERIFY_OK(fixture);
    Session session;
    QVERIFY(session.browse("nothing") == nullptr);
    QVERIFY(openNow(session, fixture->path()));
    QVERIFY(session.browse("nothing") == nullptr);
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
