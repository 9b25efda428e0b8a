#include "storage/chroma/compose_file.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace storage;

class TestComposeFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void variablesAreFilledIn_data();
    void variablesAreFilledIn();
    void envFilesAreRead();
    void volumesAreFound_data();
    void volumesAreFound();
    void directoriesBelowAreFound();
    void fileWithItsEnvIsRead();
    void whatIsNoComposeFileIsSaid_data();
    void whatIsNoComposeFileIsSaid();
    void hostileFilesEnd_data();
    void hostileFilesEnd();
    void snippetsAreReadBack_data();
    void snippetsAreReadBack();
    void snippetFitsTheRelease();

private:
    void makeDirectory(const QString& name);
    std::unique_ptr<QTemporaryDir> m_room;
};

void TestComposeFile::init()
{
    m_room = std::make_unique<QTemporaryDir>();
    QVERIFY(m_room->isValid());
}

// Enough for a look from outside: the file's contents are the opener's business.
void TestComposeFile::makeDirectory(const QString& name)
{
    QVERIFY(QDir(m_room->path()).mkpath(name));
    QFile file(m_room->filePath(name + QStringLiteral("/chroma.sqlite3")));
    QVERIFY(file.open(QIODevice::WriteOnly));
}

void TestComposeFile::variablesAreFilledIn_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); // "!" and what the error says
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected);
    };
    row("plain", "plain");
    row("$SET/x", "value/x");
    row("${SET}x", "valuex");
    row("$SETx", "");
    row("${NONE:-default}", "default");
    row("${NONE-default}", "default");
    row("${EMPTY:-default}", "default");
    row("${EMPTY-default}", "");
    row("${SET:-default}", "value");
    row("${SET:+other}", "other");
    row("${NONE+other}", "");
    row("${NONE:-${SET}/in}", "value/in");
    row("${NONE:-${ALSO:-deep}}", "deep");
    row("$$SET", "$SET");
    row("a$", "a$");
    row("$1", "$1");
    row("${NONE:?say it}", "!must be set: say it");
    row("${SET:?say it}", "value");
    row("${SET", "!not closed");
    row("${SET:-x", "!not closed");
    row("${}", "!cannot be read");
    row("${SET!x}", "!cannot be read");
    row("${NONE:-ä{b}", "ä{b");
}

void TestComposeFile::variablesAreFilledIn()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const ComposeVariables variables = {{QStringLiteral("SET"), QStringLiteral("value")},
                                        {QStringLiteral("EMPTY"), QString()}};
    const auto result = interpolate(text, variables);
    if (expected.startsWith(QLatin1Char('!'))) {
        VERIFY_ERROR(result, ErrorKind::Invalid);
        QVERIFY2(result.error().sentence.contains(expected.mid(1)), qPrintable(result.error().sentence));
        return;
    }
    VERIFY_OK(result);
    QCOMPARE(*result, expected);
}

void TestComposeFile::envFilesAreRead()
{
    const ComposeVariables variables =
        parseEnvFile("# a comment\nA=1\n export B = two words # why\r\nC=\"q # x\"\n"
                     "D='single'\nnothing\n=x\nE=\nF=a=b\nG=\"open\n");
    QCOMPARE(variables.size(), 7);
    QCOMPARE(variables.value(QStringLiteral("A")), QStringLiteral("1"));
    QCOMPARE(variables.value(QStringLiteral("B")), QStringLiteral("two words"));
    QCOMPARE(variables.value(QStringLiteral("C")), QStringLiteral("q # x"));
    QCOMPARE(variables.value(QStringLiteral("D")), QStringLiteral("single"));
    QCOMPARE(variables.value(QStringLiteral("E"), QStringLiteral("-")), QString());
    QCOMPARE(variables.value(QStringLiteral("F")), QStringLiteral("a=b"));
    QCOMPARE(variables.value(QStringLiteral("G")), QStringLiteral("\"open"));
}

void TestComposeFile::volumesAreFound_data()
{
    QTest::addColumn<QString>("volume");   // one entry, as YAML
    QTest::addColumn<QString>("expected"); // host|container|ro|what the sentence says; ROOM: the folder
    const auto row = [](const char* volume, const char* expected) {
        QTest::newRow(volume) << QString::fromUtf8(volume) << QString::fromUtf8(expected);
    };
    row("./chroma:/data", "ROOM/chroma|/data||is a Chroma directory");
    row("./chroma/:/data:ro,z", "ROOM/chroma|/data|ro|is a Chroma directory");
    row("./a/../chroma:/data:rw", "ROOM/chroma|/data||is a Chroma directory");
    row("ROOM/chroma:/data", "ROOM/chroma|/data||is a Chroma directory");
    row("${WHERE:-./chroma}:/data", "ROOM/chroma|/data||is a Chroma directory");
    row("$DIR:/data", "ROOM/chroma|/data||is a Chroma directory");
    row("~/chroma:/data", "ROOM/chroma|/data||is a Chroma directory");
    row("~other/chroma:/data", "|/data||another user");
    row("./none:/data", "ROOM/none|/data||not there yet");
    row("./empty:/data", "ROOM/empty|/data||holds no chroma.sqlite3");
    row("./chroma/chroma.sqlite3:/data/chroma.sqlite3",
        "ROOM/chroma/chroma.sqlite3|/data/chroma.sqlite3||is a file");
    row("store:/data", "|/data||named volume");
    row("bound:/data", "ROOM/chroma|/data||is a Chroma directory");
    row("/data", "|/data||anonymous");
    row("'C:\\data:/data'", "|||Windows");
    row("'${WHO:?nobody}:/data'", "|||must be set");
    row("{type: bind, source: ./chroma, target: /data, read_only: true}",
        "ROOM/chroma|/data|ro|is a Chroma directory");
    row("{type: volume, source: store, target: /data}", "|/data||named volume");
    row("{type: tmpfs, target: /data}", "|/data||memory");
    row("{type: bind, target: /data}", "|/data||no source");
    row("{type: bind, source: 'C:/x', target: /data}", "|/data||Windows");
    row("{}", "|||no source");
    row("[a]", "|||cannot be read");
    row("'./sp ace ünï:/data'", "ROOM/sp ace ünï|/data||is a Chroma directory");
}

void TestComposeFile::volumesAreFound()
{
    makeDirectory(QStringLiteral("chroma"));
    makeDirectory(QStringLiteral("sp ace ünï"));
    QVERIFY(QDir(m_room->path()).mkpath(QStringLiteral("empty")));
    QFETCH(QString, volume);
    QFETCH(QString, expected);
    const auto here = [&](QString text) { return text.replace(QStringLiteral("ROOM"), m_room->path()); };
    const QString yaml =
        QStringLiteral("services:\n  db:\n    volumes:\n      - %1\nvolumes:\n  store:\n  bound:\n"
                       "    driver_opts: {type: none, o: bind, device: $DIR}\n")
            .arg(here(volume));
    const ComposeVariables variables = {{QStringLiteral("DIR"), m_room->filePath(QStringLiteral("chroma"))},
                                        {QStringLiteral("HOME"), m_room->path()}};
    const auto volumes = parseCompose(yaml.toUtf8(), m_room->path(), variables);
    VERIFY_OK(volumes);
    QCOMPARE(volumes->size(), std::size_t(1));
    const ComposeVolume& found = volumes->front();
    const QStringList parts = here(expected).split(QLatin1Char('|'));
    QCOMPARE(found.service, QStringLiteral("db"));
    QCOMPARE(found.hostPath, parts[0]);
    QCOMPARE(found.containerPath, parts[1]);
    QCOMPARE(found.readOnly, parts[2] == QStringLiteral("ro"));
    QVERIFY2(found.sentence.contains(parts[3]), qPrintable(found.sentence));
    QVERIFY(found.sentence.endsWith(QLatin1Char('.')));
    QCOMPARE(found.isPersistDir, parts[3] == QStringLiteral("is a Chroma directory"));
}

void TestComposeFile::directoriesBelowAreFound()
{
    makeDirectory(QStringLiteral("app/chroma_db"));
    QVERIFY(QDir(m_room->path()).mkpath(QStringLiteral("app/logs")));
    const auto volumes =
        parseCompose("x-common: &common\n  volumes: [ './app:/srv/app' ]\n"
                     "services:\n  one: { <<: *common }\n  two: { <<: [ {}, *common ] }\n  three:\n",
                     m_room->path(), {});
    VERIFY_OK(volumes);
    QCOMPARE(volumes->size(), std::size_t(3)); // the folder twice, what is in it once
    QVERIFY(volumes->front().isPersistDir);    // those that can be opened come first
    QCOMPARE(volumes->front().hostPath, m_room->filePath(QStringLiteral("app/chroma_db")));
    QCOMPARE(volumes->front().containerPath, QStringLiteral("/srv/app/chroma_db"));
    QCOMPARE((*volumes)[1].service, QStringLiteral("one"));
    QCOMPARE((*volumes)[2].service, QStringLiteral("two"));
}

void TestComposeFile::fileWithItsEnvIsRead()
{
    makeDirectory(QStringLiteral("from env"));
    const auto put = [&](const char* name, const char* text) {
        QFile file(m_room->filePath(QString::fromUtf8(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    put(".env", "CHROMA_HOME=./from env\nOVER=./overruled\n");
    put("docker-compose.yml", "services:\n  a:\n    volumes: [ '${CHROMA_HOME}:/data', '${OVER}:/b' ]\n");
    const auto volumes = readComposeFile(m_room->filePath(QStringLiteral("docker-compose.yml")),
                                         {{QStringLiteral("OVER"), QStringLiteral("./environment")}});
    VERIFY_OK(volumes);
    QCOMPARE((*volumes)[0].hostPath, m_room->filePath(QStringLiteral("from env")));
    QVERIFY((*volumes)[0].isPersistDir);
    QCOMPARE((*volumes)[1].hostPath, m_room->filePath(QStringLiteral("environment")));
    VERIFY_ERROR(readComposeFile(m_room->filePath(QStringLiteral("none.yml"))), ErrorKind::NotFound);
    VERIFY_ERROR(readComposeFile(m_room->path()), ErrorKind::Io);
}

void TestComposeFile::whatIsNoComposeFileIsSaid_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a list") << QByteArray("- a\n- b\n");
    QTest::newRow("a text") << QByteArray("hello");
    QTest::newRow("services as text") << QByteArray("services: none");
    QTest::newRow("broken") << QByteArray("services: [\n  a: }");
    QTest::newRow("unknown anchor") << QByteArray("services: *nothing");
    QTest::newRow("binary") << QByteArray("\x00\x01\xff\xfe\x80", 5);
    QTest::newRow("too large") << QByteArray((1 << 20) + 1, ' ');
}

void TestComposeFile::whatIsNoComposeFileIsSaid()
{
    QFETCH(QByteArray, yaml);
    VERIFY_ERROR(parseCompose(yaml, m_room->path(), {}), ErrorKind::Invalid);
}

void TestComposeFile::hostileFilesEnd_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::newRow("deep") << QByteArray("services: ") + QByteArray(400'000, '[');
    QTest::newRow("deep blocks") << QByteArray("services:\n  a:\n    volumes: ") + QByteArray(100'000, '{');
    QByteArray laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 30; ++i) {
        const QByteArray n = QByteArray::number(i);
        const QByteArray last = "*a" + QByteArray::number(i - 1);
        laughs += "a" + n + ": &a" + n + " [" + (last + " ,").repeated(8) + last + " ]\n";
    }
    QTest::newRow("laughs") << laughs + "services: { s: { volumes: *a29 } }\n";
    QByteArray merges = "m0: &m0 { x: 1 }\n";
    for (int i = 1; i < 12; ++i) {
        const QByteArray n = QByteArray::number(i);
        const QByteArray last = "*m" + QByteArray::number(i - 1);
        merges += "m" + n + ": &m" + n + " { <<: [" + (last + " ,").repeated(8) + last + " ] }\n";
    }
    QTest::newRow("merges") << merges + "services:\n" + QByteArray("  s: *m11\n");
    QByteArray many = "services:\n";
    for (int i = 0; i < 20'000; ++i)
        many += "  s" + QByteArray::number(i) + ": { volumes: [ ./x:/y ] }\n";
    QTest::newRow("many services") << many;
    QTest::newRow("nested variables")
        << "services: { s: { volumes: [ '" + QByteArray("${A:-").repeated(5000) + "' ] } }";
    QTest::newRow("a cycle") << QByteArray("services: &s\n  a: *s\n  <<: *s\n  volumes: *s\n");
}

void TestComposeFile::hostileFilesEnd()
{
    QFETCH(QByteArray, yaml);
    QElapsedTimer clock;
    clock.start();
    const auto volumes = parseCompose(yaml, m_room->path(), {});
    if (!volumes)
        QVERIFY(volumes.error().sentence.endsWith(QLatin1Char('.')));
    else
        QVERIFY(volumes->size() <= 2000);
    QVERIFY2(clock.elapsed() < 20'000, qPrintable(QString::number(clock.elapsed())));
}

void TestComposeFile::snippetsAreReadBack_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"plain", "sp ace", "co:lon", "do$llar ${A}", "qu\"ote'", "back\\slash",
                             "ünï 日本", "#hash", "new\nline"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestComposeFile::snippetsAreReadBack()
{
    QFETCH(QString, name);
    makeDirectory(name);
    const QString path = m_room->filePath(name);
    QString snippet = composeVolumeSnippet(path, QStringLiteral("/data"));
    snippet.replace(QStringLiteral("\n"), QStringLiteral("\n    "));
    const auto volumes = parseCompose("services:\n  db:\n    " + snippet.toUtf8(), QStringLiteral("/nowhere"),
                                      {{QStringLiteral("A"), QStringLiteral("wrong")}});
    VERIFY_OK(volumes);
    QCOMPARE(volumes->size(), std::size_t(1));
    QCOMPARE(volumes->front().hostPath, path);
    QCOMPARE(volumes->front().containerPath, QStringLiteral("/data"));
    QVERIFY(volumes->front().isPersistDir);
}

void TestComposeFile::snippetFitsTheRelease()
{
    for (const auto& [name, target] :
         {std::pair("v-1.5.9", "/data"), std::pair("py-0.6.3", "/chroma/chroma")}) {
        const auto fixture = support::openFixture(QString::fromUtf8(name));
        VERIFY_OK(fixture);
        const auto directory = PersistDir::open(fixture->path());
        VERIFY_OK(directory);
        const QString snippet = composeVolumeSnippet(*directory);
        QVERIFY(snippet.contains(fixture->path()));
        QVERIFY(snippet.contains(QLatin1Char('"') + QString::fromUtf8(target) + QLatin1Char('"')));
    }
}

QTEST_GUILESS_MAIN(TestComposeFile)
#include "tst_compose_file.moc"
