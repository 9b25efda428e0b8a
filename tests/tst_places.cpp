// Recent and named directories: order, memory, whether they are there, probing and Compose files.
#include "model/places.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>

using model::Place;
using model::Places;

class TestPlaces : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void newestFirstAndBounded();
    void isRemembered();
    void forgets();
    void tellsWhatIsThere();
    void namedOnesAreShownOnce();
    void probes_data();
    void probes();
    void severalProbesAreAllAnswered();
    void readsComposeFiles();
};

void TestPlaces::newestFirstAndBounded()
{
    model::MemoryPreferences preferences;
    Places places(preferences, {});
    QAbstractItemModelTester tester(&places);
    for (int i = 0; i < 12; ++i)
        places.noteOpened(QStringLiteral("/data/%1").arg(i));
    places.noteOpened(QStringLiteral("/data/5"));
    QCOMPARE(places.recent().size(), Places::kRecent);
    QCOMPARE(places.recent().first(), QStringLiteral("/data/5"));
    QCOMPARE(places.recent().at(1), QStringLiteral("/data/11"));
    QCOMPARE(places.recent().count(QStringLiteral("/data/5")), 1);
    QCOMPARE(places.index(0).data().toString(), QStringLiteral("5"));
    QCOMPARE(places.index(0).data(Places::PathRole).toString(), QStringLiteral("/data/5"));
}

void TestPlaces::isRemembered()
{
    model::MemoryPreferences preferences;
    {
        Places places(preferences, {});
        places.noteOpened(QStringLiteral("/a"));
        places.noteOpened(QStringLiteral("/b"));
    }
    Places again(preferences, {});
    QCOMPARE(again.recent(), (QStringList{QStringLiteral("/b"), QStringLiteral("/a")}));
}

void TestPlaces::forgets()
{
    model::MemoryPreferences preferences;
    Places places(preferences, {});
    places.noteOpened(QStringLiteral("/a"));
    places.noteOpened(QStringLiteral("/b"));
    QSignalSpy changed(&places, &Places::changed);
    places.forget(QStringLiteral("/nowhere"));
    QCOMPARE(changed.count(), 0);
    places.forget(QStringLiteral("/b"));
    QCOMPARE(places.recent(), QStringList{QStringLiteral("/a")});
    places.forgetAll();
    QVERIFY(places.recent().isEmpty());
    QVERIFY(Places(preferences, {}).recent().isEmpty());
}

void TestPlaces::tellsWhatIsThere()
{
    auto fixture = support::openFixture(QStringLiteral("v-1.0"));
    VERIFY_OK(fixture);
    QTemporaryDir empty;
    model::MemoryPreferences preferences;
    Places places(preferences, {{empty.path(), Place::Kind::WorkingFolder}});
    places.noteOpened(QStringLiteral("/nowhere/at/all"));
    places.noteOpened(fixture->path());
    places.refresh();
    QTRY_COMPARE(places.all()[1].state, Place::State::Missing);
    QCOMPARE(places.all()[0].state, Place::State::Present);
    QCOMPARE(places.all()[2].state, Place::State::Missing); // a folder, but no Chroma directory
    QCOMPARE(places.all()[2].kind, Place::Kind::WorkingFolder);
    QVERIFY(!QDir(QStringLiteral("/nowhere")).exists()); // looking creates nothing
}

void TestPlaces::namedOnesAreShownOnce()
{
    model::MemoryPreferences preferences;
    Places places(preferences, {{QStringLiteral("/named"), Place::Kind::Environment}});
    QCOMPARE(places.rowCount(), 1);
    places.noteOpened(QStringLiteral("/named"));
    QCOMPARE(places.rowCount(), 1);
    QCOMPARE(places.all().front().kind, Place::Kind::Recent);
}

void TestPlaces::probes_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<bool>("good");
    QTest::newRow("the folder") << "" << true;
    QTest::newRow("its database") << "/chroma.sqlite3" << true;
    QTest::newRow("missing") << "/no_such" << false;
    QTest::newRow("another file") << "/notes.txt" << false;
    QTest::newRow("an empty folder") << "/empty" << false;
}

void TestPlaces::probes()
{
    QFETCH(QString, what);
    QFETCH(bool, good);
    auto fixture = support::openFixture(QStringLiteral("v-1.0"));
    VERIFY_OK(fixture);
    QVERIFY(QDir(fixture->path()).mkdir(QStringLiteral("empty")));
    QFile notes(fixture->path() + QStringLiteral("/notes.txt"));
    QVERIFY(notes.open(QIODevice::WriteOnly));
    notes.close();
    model::MemoryPreferences preferences;
    Places places(preferences, {});
    std::optional<storage::Result<QString>> answer;
    places.probe(this, fixture->path() + what,
                 [&](storage::Result<QString> found) { answer = std::move(found); });
    QTRY_VERIFY(answer.has_value());
    QCOMPARE(answer->has_value(), good);
    if (good)
        QCOMPARE(**answer, fixture->path());
    else
        QVERIFY(answer->error().sentence.endsWith(QLatin1Char('.')));
}

void TestPlaces::severalProbesAreAllAnswered()
{
    model::MemoryPreferences preferences;
    Places places(preferences, {});
    int answers = 0;
    for (int i = 0; i < 4; ++i)
        places.probe(this, QStringLiteral("/nowhere/%1").arg(i), [&](const auto&) { ++answers; });
    places.refresh();
    QTRY_COMPARE(answers, 4);
}

void TestPlaces::readsComposeFiles()
{
    QTemporaryDir folder;
    QFile compose(folder.filePath(QStringLiteral("docker-compose.yml")));
    QVERIFY(compose.open(QIODevice::WriteOnly));
    compose.write("services:\n  chroma:\n    volumes:\n      - ./data:/data\n");
    compose.close();
    model::MemoryPreferences preferences;
    Places places(preferences, {});
    std::optional<storage::Result<std::vector<storage::ComposeVolume>>> answer;
    places.readCompose(this, compose.fileName(), [&](auto volumes) { answer = std::move(volumes); });
    QTRY_VERIFY(answer.has_value());
    VERIFY_OK(*answer);
    QCOMPARE((*answer)->size(), std::size_t(1));
    QCOMPARE((*answer)->front().service, QStringLiteral("chroma"));
    QVERIFY(!(*answer)->front().isPersistDir);
}

QTEST_GUILESS_MAIN(TestPlaces)
#include "tst_places.moc"
