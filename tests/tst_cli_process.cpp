// The real program on directories that real Chroma wrote: what it prints equals what Chroma answers, what it
// cannot do it says with the right exit code, and nothing in a directory changes.
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

using support::ChromaFixture;
using support::Json;

namespace {

struct Ran
{
    int code = -1; // 128 + signal where one ended it
    QByteArray out;
    QByteArray said;
    [[nodiscard]] Json json() const { return Json::parse(out.toStdString(), nullptr, false); }
};

const QString kProgram = QStringLiteral(CHROMAKEEP_BINARY_DIR "/bin/chromakeep");

Ran finish(QProcess& process)
{
    Ran ran;
    if (!process.waitForFinished(60000))
        return ran;
    ran.code = process.exitStatus() == QProcess::CrashExit ? 128 + process.exitCode() : process.exitCode();
    ran.out = process.readAllStandardOutput();
    ran.said = process.readAllStandardError();
    return ran;
}

Ran run(const QStringList& arguments,
        const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment())
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(kProgram, arguments);
    return finish(process);
}

QByteArray shown(const Json& json)
{
    return QByteArray::fromStdString(json.dump());
}

QString text(const Json& string)
{
    return QString::fromStdString(string.get<std::string>());
}

QStringList collectionArguments(const QString& command, const QString& path, const Json& collection)
{
    return {command,
            path,
            text(collection["name"]),
            QStringLiteral("--tenant"),
            text(collection["tenant"]),
            QStringLiteral("--database"),
            text(collection["database"])};
}

// The same value in the answers' JSON, where NaN and infinities have a form of their own.
bool sameValue(const Json& ours, const Json& chromas)
{
    if (chromas.is_object() && chromas.contains("#float"))
        return ours.is_null();
    return ours == chromas && ours.is_number_float() == chromas.is_number_float();
}

bool sameMetadata(const Json& ours, const Json& chromas)
{
    if (ours.is_null() || chromas.is_null())
        return ours == chromas;
    if (ours.size() != chromas.size())
        return false;
    for (const auto& [key, value] : chromas.items())
        if (!ours.contains(key) || !sameValue(ours[key], value))
            return false;
    return true;
}

bool sameVector(const Json& ours, const Json& packed)
{
    if (ours.is_null() || packed.is_null())
        return ours.is_null() && packed.is_null();
    const std::vector<float> wanted = support::vectorOf(packed);
    if (ours.size() != wanted.size())
        return false;
    float largest = 0;
    for (const float x : wanted)
        largest = std::max(largest, std::abs(x));
    for (std::size_t i = 0; i < wanted.size();
         ++i) // cosine vectors come back within a rounding of their length
        if (ours[i].is_null() ? !std::isnan(wanted[i])
                              : !(std::abs(ours[i].get<float>() - wanted[i]) <= 2.5e-7F * largest))
            return false;
    return true;
}

// The exact answer, where records of the same distance may stand in any order.
bool sameUpToTies(const Json& ids, const Json& distances, const Json& exactIds)
{
    if (ids.size() != exactIds.size() || distances.size() != ids.size())
        return false;
    std::map<std::string, double> distanceOf;
    for (std::size_t i = 0; i < ids.size(); ++i)
        distanceOf[ids[i].get<std::string>()] = distances[i].get<double>();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto wanted = distanceOf.find(exactIds[i].get<std::string>());
        // One that is not in our answer can only be as far as our last one.
        const double theirs = wanted == distanceOf.end() ? distances.back().get<double>() : wanted->second;
        if (std::abs(theirs - distances[i].get<double>()) > 1e-5 * std::max(1.0, std::abs(theirs)))
            return false;
    }
    return true;
}

// Everything that could change in a directory: names, sizes, times, modes, bytes.
QStringList stateOf(const QString& folder)
{
    QStringList state;
    QDirIterator it(folder, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                    QDirIterator::Subdirectories);
    const auto note = [&](const QString& path) {
        struct stat seen = {};
        if (::stat(QFile::encodeName(path).constData(), &seen) != 0)
            return;
        QCryptographicHash hash(QCryptographicHash::Sha256);
        QFile file(path);
        if (S_ISREG(seen.st_mode) && file.open(QIODevice::ReadOnly))
            hash.addData(&file);
        state << QStringLiteral("%1 %2 %3.%4 %5 %6 %7")
                     .arg(path)
                     .arg(seen.st_size)
                     .arg(seen.st_mtim.tv_sec)
                     .arg(seen.st_mtim.tv_nsec)
                     .arg(seen.st_mode)
                     .arg(seen.st_ino)
                     .arg(QString::fromLatin1(hash.result().toHex()));
    };
    note(folder);
    while (it.hasNext())
        note(it.next());
    state.sort();
    return state;
}

bool writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

class TestCliProcess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void infoTellsWhatChromaTells_data();
    void infoTellsWhatChromaTells();
    void infoHasExactlyItsKeys();
    void recordsEqualChromasAnswers_data();
    void recordsEqualChromasAnswers();
    void filtersEqualChromasAnswers();
    void getShapesEqualChromasAnswers();
    void includeDecidesTheColumns_data();
    void includeDecidesTheColumns();
    void collectionsAreFoundByIdToo();
    void queriesEqualTheExactTruth_data();
    void queriesEqualTheExactTruth();
    void queriesHaveChromasShape();
    void queriesByIdAndFileAreTheSame();
    void recallIsMeasured();
    void misuseAndBadInput_data();
    void misuseAndBadInput();
    void damagedSegmentsAreSaid_data();
    void damagedSegmentsAreSaid();
    void nothingChangesOnDisk_data();
    void nothingChangesOnDisk();
    void anyLocaleIsUtf8();
    void aClosedPipeEndsQuietly();
    void ctrlCCancels();
    void aFullOutputIsNoSpace();
    void versionAndHelp();

private:
    void everyFixture();
};

void TestCliProcess::everyFixture()
{
    QTest::addColumn<QString>("fixture");
    for (const QString& name : ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")})
        QTest::newRow(qPrintable(name)) << name;
}

void TestCliProcess::infoTellsWhatChromaTells_data()
{
    everyFixture();
}

void TestCliProcess::infoTellsWhatChromaTells()
{
    QFETCH(QString, fixture);
    const auto opened = support::openFixture(fixture);
    VERIFY_OK(opened);
    const Ran ran = run({QStringLiteral("info"), opened->path(), QStringLiteral("--json")});
    QVERIFY2(ran.code == 0, ran.said.constData());
    const Json info = ran.json();
    QVERIFY(info.is_object());
    QVERIFY(info["bytes"].get<qint64>() > 0);
    QVERIFY(info["generation"].is_string());
    const Json& chromas = opened->newest().contains("error") ? opened->writer() : opened->newest();
    QCOMPARE(info["collections"].size(), chromas["collections"].size());
    for (const Json& theirs : chromas["collections"]) {
        const auto& all = info["collections"];
        const auto ours =
            std::find_if(all.begin(), all.end(), [&](const Json& c) { return c["id"] == theirs["id"]; });
        QVERIFY2(ours != all.end(), theirs["name"].get<std::string>().c_str());
        for (const char* key : {"name", "tenant", "database"})
            QCOMPARE(shown((*ours)[key]), shown(theirs[key]));
        if (theirs.contains("error"))
            continue;
        QVERIFY2(sameMetadata((*ours)["metadata"], theirs["metadata"]),
                 theirs["name"].get<std::string>().c_str());
        QCOMPARE(shown((*ours)["count"]), shown(theirs["count"]));
    }
}

void TestCliProcess::infoHasExactlyItsKeys()
{
    const auto opened = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(opened);
    const Json info = run({QStringLiteral("info"), opened->path(), QStringLiteral("--json")}).json();
    const auto keys = [](const Json& object) {
        std::string names;
        for (const auto& [key, value] : object.items())
            names += key + ' ';
        return QByteArray::fromStdString(names);
    };
    QCOMPARE(keys(info), QByteArray("bytes collections findings generation migrations path "));
    QCOMPARE(info["path"].get<std::string>(), opened->path().toStdString());
    QCOMPARE(shown(info["migrations"]), QByteArray(R"({"embeddings_queue":2,"metadb":6,"sysdb":10})"));
    const Json& first = info["collections"][0];
    QCOMPARE(keys(first), QByteArray("configuration count database dimension id metadata model name pending "
                                     "segments space tenant "));
    QCOMPARE(keys(first["configuration"]), QByteArray("embedding_function hnsw source "));
    QCOMPARE(keys(first["configuration"]["hnsw"]),
             QByteArray("batch_size ef_construction ef_search max_neighbors num_threads resize_factor space "
                        "sync_threshold "));
    QCOMPARE(first["segments"].size(), std::size_t(2));
    QCOMPARE(keys(first["segments"][0]), QByteArray("bytes id scope type "));
}

void TestCliProcess::recordsEqualChromasAnswers_data()
{
    everyFixture();
}

void TestCliProcess::recordsEqualChromasAnswers()
{
    QFETCH(QString, fixture);
    const auto opened = support::openFixture(fixture);
    VERIFY_OK(opened);
    const Json& chromas = opened->newest().contains("error") ? opened->writer() : opened->newest();
    for (const Json& collection : chromas["collections"]) {
        if (!collection.contains("get"))
            continue;
        const std::string name = collection["name"].get<std::string>();
        const Ran ran = run(
            collectionArguments(QStringLiteral("records"), opened->path(), collection) +
            QStringList{QStringLiteral("--include"), QStringLiteral("documents,metadatas,embeddings,uris")});
        QVERIFY2(ran.code == 0, ran.said.constData());
        const Json ours = ran.json();
        const Json& theirs = collection["get"];
        QCOMPARE(ours.size(), std::size_t(5));
        QVERIFY2(ours["ids"] == theirs["ids"], name.c_str());
        QVERIFY2(ours["documents"] == theirs["documents"], name.c_str());
        QVERIFY2(ours["uris"] == theirs["uris"], name.c_str());
        for (std::size_t i = 0; i < theirs["ids"].size(); ++i) {
            const std::string id = name + " / " + theirs["ids"][i].get<std::string>();
            QVERIFY2(sameMetadata(ours["metadatas"][i], theirs["metadatas"][i]),
                     (id + ": " + ours["metadatas"][i].dump() + " is not " + theirs["metadatas"][i].dump())
                         .c_str());
            QVERIFY2(sameVector(ours["embeddings"][i], theirs["embeddings"][i]), id.c_str());
        }
    }
}

void TestCliProcess::filtersEqualChromasAnswers()
{
    const auto opened = support::openFixture(QStringLiteral("filters-1.5.9"));
    VERIFY_OK(opened);
    int asked = 0;
    int refused = 0;
    for (const Json& collection : opened->newest()["collections"]) {
        const Json filters = collection.value("filters", Json::array());
        for (std::size_t i = 0; i < filters.size(); i += 5) { // all of them are asked of the filter itself
            QStringList arguments =
                collectionArguments(QStringLiteral("records"), opened->path(), collection);
            const Json& filter = filters[i];
            if (filter.contains("where"))
                arguments << QStringLiteral("--where") << QString::fromStdString(filter["where"].dump());
            if (filter.contains("where_document"))
                arguments << QStringLiteral("--where-document")
                          << QString::fromStdString(filter["where_document"].dump());
            const Ran ran = run(arguments);
            ++asked;
            if (filter.contains("error")) {
                ++refused;
                QVERIFY2(ran.code == 2 && ran.out.isEmpty(), filter.dump().c_str());
                continue;
            }
            QVERIFY2(ran.code == 0, (filter.dump() + ran.said.toStdString()).c_str());
            QVERIFY2(ran.json()["ids"] == filter["ids"], filter.dump().c_str());
        }
    }
    QVERIFY(asked > 100);
    QVERIFY(refused > 0);
}

void TestCliProcess::getShapesEqualChromasAnswers()
{
    const auto opened = support::openFixture(QStringLiteral("filters-1.5.9"));
    VERIFY_OK(opened);
    int asked = 0;
    for (const Json& collection : opened->newest()["collections"]) {
        for (const Json& get : collection.value("gets", Json::array())) {
            if (get.contains("error"))
                continue;
            QStringList arguments =
                collectionArguments(QStringLiteral("records"), opened->path(), collection);
            const Json& wanted = get["asked"];
            if (wanted.contains("ids") && wanted["ids"].empty())
                continue; // no ids at all is another question here
            for (const Json& id : wanted.value("ids", Json::array()))
                arguments << QStringLiteral("--ids=") + text(id);
            for (const auto& [key, option] : {std::pair("limit", "--limit"), std::pair("offset", "--offset")})
                if (wanted.contains(key) && wanted[key].is_number())
                    arguments << QString::fromUtf8(option) << QString::number(wanted[key].get<qint64>());
            for (const auto& [key, option] :
                 {std::pair("where", "--where"), std::pair("where_document", "--where-document")})
                if (wanted.contains(key) && wanted[key].is_object())
                    arguments << QString::fromUtf8(option) << QString::fromStdString(wanted[key].dump());
            const Ran ran = run(arguments);
            QVERIFY2(ran.code == 0, (wanted.dump() + ran.said.toStdString()).c_str());
            QVERIFY2(ran.json()["ids"] == get["ids"], wanted.dump().c_str());
            ++asked;
        }
    }
    QVERIFY(asked > 10);
}

void TestCliProcess::includeDecidesTheColumns_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("columns");
    const QString include = QStringLiteral("--include");
    QTest::newRow("as Chroma") << QStringList{} << QByteArray("documents ids metadatas ");
    QTest::newRow("ids alone") << QStringList{include, QString()} << QByteArray("ids ");
    QTest::newRow("embeddings") << QStringList{include, QStringLiteral("embeddings")}
                                << QByteArray("embeddings ids ");
    QTest::newRow("several, with a blank")
        << QStringList{include, QStringLiteral("uris, documents")} << QByteArray("documents ids uris ");
    QTest::newRow("given again") << QStringList{include, QStringLiteral("uris"), include,
                                                QStringLiteral("metadatas")}
                                 << QByteArray("ids metadatas uris ");
}

void TestCliProcess::includeDecidesTheColumns()
{
    QFETCH(QStringList, options);
    const auto opened = support::openFixture(QStringLiteral("v-1.5.9"));
    VERIFY_OK(opened);
    const Json& collection = opened->newest()["collections"][0];
    const Json answer =
        run(collectionArguments(QStringLiteral("records"), opened->path(), collection) + options).json();
    std::string columns;
    for (const auto& [key, value] : answer.items()) {
        QVERIFY(value.is_null() || value.size() == collection["get"]["ids"].size());
        columns += value.is_null() ? "" : key + ' ';
    }
    QCOMPARE(answer.size(), std::size_t(5));
    QTEST(QByteArray::fromStdString(columns), "columns");
}

void TestCliProcess::collectionsAreFoundByIdToo()
{
    const auto opened = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(opened);
    for (const Json& collection : opened->newest()["collections"]) {
        const Ran ran = run({QStringLiteral("records"), opened->path(), text(collection["id"]),
                             QStringLiteral("--include"), QString()});
        QVERIFY2(ran.code == 0, ran.said.constData());
        if (collection.contains("get"))
            QCOMPARE(shown(ran.json()["ids"]), shown(collection["get"]["ids"]));
    }
}

void TestCliProcess::queriesEqualTheExactTruth_data()
{
    QTest::addColumn<QString>("fixture");
    for (const char* name : {"casestar_demo", "rich-1.5.9", "rich-0.6.3", "py-0.4.24", "v-1.0"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestCliProcess::queriesEqualTheExactTruth()
{
    QFETCH(QString, fixture);
    const auto opened = support::openFixture(fixture);
    VERIFY_OK(opened);
    int asked = 0;
    for (const Json& collection : opened->newest()["collections"]) {
        for (const Json& query : collection.value("queries", Json::array())) {
            if (!query.contains("exact_ids"))
                continue;
            QStringList arguments = collectionArguments(QStringLiteral("query"), opened->path(), collection);
            arguments << QStringLiteral("--embedding") << QString::fromStdString(query["embedding"].dump())
                      << QStringLiteral("--results") << QString::number(query["n_results"].get<int>())
                      << QStringLiteral("--exact");
            if (query.contains("where"))
                arguments << QStringLiteral("--where") << QString::fromStdString(query["where"].dump());
            if (query.contains("where_document"))
                arguments << QStringLiteral("--where-document")
                          << QString::fromStdString(query["where_document"].dump());
            const Ran ran = run(arguments);
            QVERIFY2(ran.code == 0, ran.said.constData());
            const Json answer = ran.json();
            QVERIFY2(sameUpToTies(answer["ids"][0], answer["distances"][0], query["exact_ids"]),
                     (answer["ids"].dump() + " is not " + query["exact_ids"].dump()).c_str());
            ++asked;
        }
    }
    QVERIFY(asked > 0);
}

void TestCliProcess::queriesHaveChromasShape()
{
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    const QStringList twoQueries{QStringLiteral("query"),
                                 opened->path(),
                                 QStringLiteral("casestar_documents"),
                                 QStringLiteral("--id"),
                                 QStringLiteral("doc-000001-c00"),
                                 QStringLiteral("--id"),
                                 QStringLiteral("doc-000002-c00"),
                                 QStringLiteral("-n3")};
    const Json answer = run(twoQueries).json();
    QCOMPARE(answer.size(), std::size_t(6));
    for (const char* column : {"ids", "distances", "documents", "metadatas"}) {
        QCOMPARE(answer[column].size(), std::size_t(2));
        for (const Json& list : answer[column])
            QCOMPARE(list.size(), std::size_t(3));
    }
    QVERIFY(answer["embeddings"].is_null());
    QVERIFY(answer["uris"].is_null());
    QCOMPARE(shown(answer["ids"][1][0]), QByteArray("\"doc-000002-c00\""));
    QVERIFY(std::abs(answer["distances"][1][0].get<double>()) < 1e-6);
    const Json records = run({QStringLiteral("records"), opened->path(), QStringLiteral("casestar_documents"),
                              QStringLiteral("--ids"), QStringLiteral("doc-000002-c00")})
                             .json();
    QCOMPARE(shown(answer["documents"][1][0]), shown(records["documents"][0]));
    QCOMPARE(shown(answer["metadatas"][1][0]), shown(records["metadatas"][0]));
    const Json all =
        run(twoQueries + QStringList{QStringLiteral("--include"), QStringLiteral("embeddings,uris")}).json();
    QCOMPARE(all["embeddings"][0][0].size(), std::size_t(384));
    QVERIFY(all["distances"].is_null());
}

void TestCliProcess::queriesByIdAndFileAreTheSame()
{
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    const QStringList start{QStringLiteral("query"), opened->path(), QStringLiteral("casestar_documents"),
                            QStringLiteral("--exact")};
    const QString id = QStringLiteral("doc-000001-c00");
    const Ran records =
        run({QStringLiteral("records"), opened->path(), QStringLiteral("casestar_documents"),
             QStringLiteral("--ids"), id, QStringLiteral("--include"), QStringLiteral("embeddings")});
    const QTemporaryDir room;
    const QString file = room.filePath(QStringLiteral("vector.json"));
    QVERIFY(writeFile(file, records.out));
    const QByteArray byId = run(start + QStringList{QStringLiteral("--id"), id}).out;
    QVERIFY(byId.contains("doc-000001-c00"));
    QCOMPARE(run(start + QStringList{QStringLiteral("--embedding-file"), file}).out, byId);
    QCOMPARE(run(start + QStringList{QStringLiteral("--embedding"),
                                     QString::fromStdString(records.json()["embeddings"][0].dump())})
                 .out,
             byId);
}

void TestCliProcess::recallIsMeasured()
{
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    const QStringList start{
        QStringLiteral("recall"),    opened->path(),       QStringLiteral("casestar_documents"),
        QStringLiteral("--samples"), QStringLiteral("20"), QStringLiteral("-n5")};
    const Json measure = run(start + QStringList{QStringLiteral("--json")}).json();
    std::string keys;
    for (const auto& [key, value] : measure.items())
        keys += key + ' ';
    QCOMPARE(QByteArray::fromStdString(keys),
             QByteArray("ef exact_ms index_ms n reason recall samples worst "));
    QCOMPARE(measure["samples"].get<int>(), 20);
    QCOMPARE(measure["n"].get<int>(), 5);
    QVERIFY(measure["recall"].get<double>() > 0.95);
    QVERIFY(run(start).out.startsWith("Recall of the 5 nearest, over 20 records: "));
}

void TestCliProcess::misuseAndBadInput_data()
{
    QTest::addColumn<QStringList>("arguments"); // DIR: a good one; ROOM: a folder of the test's own
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("saying");
    const auto row = [](const char* tag, const char* line, int code, const char* saying) {
        QTest::newRow(tag) << QString::fromUtf8(line).split(QLatin1Char(' ')) << code << QByteArray(saying);
    };
    row("no directory", "info", 2, "needs DIR");
    row("unknown option", "info DIR --jsn", 2, "Did you mean --json?");
    row("unknown command", "inof", 2, "Did you mean “info”?");
    row("unknown option alone", "--jsn", 2, "neither a command nor a path");
    row("missing path", "info ROOM/missing", 3, "ROOM/missing");
    row("empty folder", "info ROOM/empty", 3, "ROOM/empty");
    row("a file that is no database", "info ROOM/text.txt", 3, "ROOM/text.txt");
    row("no SQLite under that name", "info ROOM/nosqlite", 3, "ROOM/nosqlite");
    row("a database cut short", "records ROOM/short words", 5, "damaged");
    row("unknown collection", "records DIR casestar_document", 3, "Did you mean casestar_documents?");
    row("unknown tenant", "records DIR casestar_documents --tenant nobody", 3, "--tenant default_tenant");
    row("where is no JSON", "records DIR casestar_documents --where {", 2, "");
    row("where of no meaning", "records DIR casestar_documents --where {\"a\":{\"$near\":1}}", 2, "$near");
    row("where_document of no meaning", "records DIR casestar_documents --where-document {\"$eq\":1}", 2,
        "$eq");
    row("limit below zero", "records DIR casestar_documents --limit -1", 2, "--limit");
    row("offset is no number", "records DIR casestar_documents --offset x", 2, "--offset");
    row("query for nothing", "query DIR casestar_documents", 2, "one of --embedding");
    row("query for two kinds", "query DIR casestar_documents --id a --embedding [1]", 2,
        "one of --embedding");
    row("query of a wrong dimension", "query DIR casestar_documents --embedding [1,2]", 2, "384");
    row("query that is not finite", "query DIR scratch_notes --embedding 1,2,3,4,5,6,7,1e999", 2,
        "not finite");
    row("query of zeros with cosine", "query DIR scratch_notes --embedding 0,0,0,0,0,0,0,0", 2,
        "no direction");
    row("query of words", "query DIR scratch_notes --embedding words", 2, "no number");
    row("query near an unknown record", "query DIR scratch_notes --id nobody", 3, "nobody");
    row("query from a missing file", "query DIR scratch_notes --embedding-file ROOM/none", 3, "ROOM/none");
    row("no result wanted", "query DIR scratch_notes --id nobody -n 0", 2, "--results");
    row("ef of nothing", "query DIR scratch_notes --id nobody --ef 0", 2, "--ef");
    row("recall of no record", "recall DIR scratch_notes --samples 0", 2, "--samples");
    row("recall of nothing", "recall DIR intake_queue", 2, "no vectors");
    row("unknown field", "records DIR casestar_documents --include texts", 2, "texts");
}

void TestCliProcess::misuseAndBadInput()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QByteArray, saying);
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    const QTemporaryDir room;
    for (const char* folder : {"empty", "nosqlite", "short"})
        QVERIFY(QDir(room.path()).mkdir(QString::fromUtf8(folder)));
    QVERIFY(writeFile(room.filePath(QStringLiteral("text.txt")), "hello"));
    QVERIFY(writeFile(room.filePath(QStringLiteral("nosqlite/chroma.sqlite3")), QByteArray(8192, 'x')));
    QFile whole(opened->path() + QStringLiteral("/chroma.sqlite3"));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    QVERIFY(writeFile(room.filePath(QStringLiteral("short/chroma.sqlite3")), whole.read(whole.size() / 2)));
    arguments.replaceInStrings(QStringLiteral("DIR"), opened->path());
    arguments.replaceInStrings(QStringLiteral("ROOM"), room.path());
    saying.replace("ROOM", room.path().toUtf8());
    const QStringList before = stateOf(room.path());

    const Ran ran = run(arguments);
    QVERIFY2(ran.code == code, (QByteArray::number(ran.code) + ran.said).constData());
    QVERIFY2(ran.said.startsWith("chromakeep: ") && ran.said.contains(saying), ran.said.constData());
    QVERIFY2(ran.said.split('\n').first().endsWith('.') || ran.said.split('\n').first().endsWith('?'),
             ran.said.constData());
    QVERIFY(ran.out.isEmpty());
    QCOMPARE(stateOf(room.path()), before);
}

void TestCliProcess::damagedSegmentsAreSaid_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("bytes"); // that are left of it; -1: removed
    QTest::newRow("header of 0 bytes") << QStringLiteral("header.bin") << 0;
    QTest::newRow("header cut") << QStringLiteral("header.bin") << 50;
    QTest::newRow("vectors cut") << QStringLiteral("data_level0.bin") << 5000;
    QTest::newRow("labels cut") << QStringLiteral("index_metadata.pickle") << 100;
    QTest::newRow("labels missing") << QStringLiteral("index_metadata.pickle") << -1;
}

void TestCliProcess::damagedSegmentsAreSaid()
{
    QFETCH(QString, file);
    QFETCH(int, bytes);
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    const Json whole = run({QStringLiteral("info"), opened->path(), QStringLiteral("--json")}).json();
    QCOMPARE(shown(whole["findings"]), QByteArray("[]"));
    const auto isDocuments = [](const Json& c) { return c["name"] == "casestar_documents"; };
    const auto found = std::find_if(whole["collections"].begin(), whole["collections"].end(), isDocuments);
    QString segment;
    for (const Json& one : (*found)["segments"])
        if (one["scope"] == "VECTOR")
            segment = text(one["id"]);
    QFile part(opened->path() + QLatin1Char('/') + segment + QLatin1Char('/') + file);
    QVERIFY(bytes < 0 ? part.remove() : part.resize(bytes));

    const Ran info = run({QStringLiteral("info"), opened->path(), QStringLiteral("--json")});
    QCOMPARE(info.code, 0);
    bool isFound = false;
    const Json damaged = info.json();
    for (const Json& finding : damaged["findings"])
        isFound |= finding["collection"] == (*found)["id"] && finding["severity"] == "error";
    QVERIFY2(isFound, info.out.constData());

    const QStringList records{QStringLiteral("records"), opened->path(),
                              QStringLiteral("casestar_documents")};
    const Ran readable = run(records);
    QCOMPARE(readable.code, 0);
    QCOMPARE(readable.json()["ids"].size(), (*found)["count"].get<std::size_t>());
    const Ran vectors = run(records + QStringList{QStringLiteral("--include"), QStringLiteral("embeddings")});
    QCOMPARE(vectors.code, 0);
    const Json embeddings = vectors.json()["embeddings"];
    QCOMPARE(embeddings.size(), (*found)["count"].get<std::size_t>());
    QVERIFY(std::count(embeddings.begin(), embeddings.end(), Json()) > 0);
    QVERIFY2(vectors.said.contains("have no vector that could be read"), vectors.said.constData());
}

void TestCliProcess::nothingChangesOnDisk_data()
{
    everyFixture();
}

void TestCliProcess::nothingChangesOnDisk()
{
    QFETCH(QString, fixture);
    const auto opened = support::openFixture(fixture);
    VERIFY_OK(opened);
    const QStringList before = stateOf(opened->path());
    QCOMPARE(run({QStringLiteral("info"), opened->path()}).code, 0);
    const Json& chromas = opened->newest().contains("error") ? opened->writer() : opened->newest();
    for (const Json& collection : chromas["collections"])
        QCOMPARE(run(collectionArguments(QStringLiteral("records"), opened->path(), collection) +
                     QStringList{QStringLiteral("--include"), QStringLiteral("embeddings"),
                                 QStringLiteral("--where-document"), QStringLiteral(R"({"$contains":"e"})")})
                     .code,
                 0);
    QCOMPARE(stateOf(opened->path()), before);
}

void TestCliProcess::anyLocaleIsUtf8()
{
    const auto opened = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(opened);
    const Json& types = opened->collection("types");
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C"));
    int beyondAscii = 0;
    for (const Json& id : types["get"]["ids"]) {
        const std::string utf8 = id.get<std::string>();
        if (std::all_of(utf8.begin(), utf8.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
            continue;
        const Ran ran = run(collectionArguments(QStringLiteral("records"), opened->path(), types) +
                                QStringList{QStringLiteral("--ids"), text(id)},
                            environment);
        QCOMPARE(shown(ran.json()["ids"]), shown(Json::array({id})));
        QVERIFY2(ran.said.isEmpty(), ran.said.constData());
        ++beyondAscii;
    }
    QVERIFY(beyondAscii > 0);
}

namespace {

// The program writing into a pipe of which the test holds the other end.
class PipedRun
{
public:
    PipedRun(const QStringList& arguments)
    {
        const QByteArray path = QFile::encodeName(m_room.filePath(QStringLiteral("pipe")));
        if (::mkfifo(path.constData(), 0600) != 0)
            return;
        m_reader = ::open(path.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        process.setStandardOutputFile(QFile::decodeName(path));
        process.start(kProgram, arguments);
    }
    ~PipedRun() { closeReader(); }
    [[nodiscard]] bool isFull() const // as much as a pipe holds: the program waits for a reader
    {
        int waiting = 0;
        return ::ioctl(m_reader, FIONREAD, &waiting) == 0 && waiting >= 65536;
    }
    void closeReader()
    {
        if (m_reader >= 0)
            ::close(m_reader);
        m_reader = -1;
    }
    QProcess process;

private:
    QTemporaryDir m_room;
    int m_reader = -1;
};

QStringList muchOutput(const ChromaFixture& fixture)
{
    return {QStringLiteral("records"), fixture.path(), QStringLiteral("casestar_documents"),
            QStringLiteral("--include"), QStringLiteral("embeddings")};
}

} // namespace

void TestCliProcess::aClosedPipeEndsQuietly()
{
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    PipedRun piped(muchOutput(*opened));
    QTRY_VERIFY(piped.isFull());
    piped.closeReader();
    const Ran ran = finish(piped.process);
    QCOMPARE(ran.code, 128 + SIGPIPE);
    QCOMPARE(ran.said, QByteArray());
}

void TestCliProcess::ctrlCCancels()
{
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    PipedRun piped(muchOutput(*opened));
    QTRY_VERIFY(piped.isFull());
    ::kill(static_cast<pid_t>(piped.process.processId()), SIGINT);
    const Ran ran = finish(piped.process);
    QCOMPARE(ran.code, 130);
    QVERIFY2(ran.said.contains("cancelled"), ran.said.constData());
}

void TestCliProcess::aFullOutputIsNoSpace()
{
    const auto opened = support::openFixture(QStringLiteral("casestar_demo"));
    VERIFY_OK(opened);
    for (const QStringList& arguments :
         {muchOutput(*opened), QStringList{QStringLiteral("info"), opened->path()}}) {
        QProcess process;
        process.setStandardOutputFile(QStringLiteral("/dev/full"));
        process.start(kProgram, arguments);
        const Ran ran = finish(process);
        QCOMPARE(ran.code, 6);
        QVERIFY2(ran.said.contains("Standard output"), ran.said.constData());
    }
}

void TestCliProcess::versionAndHelp()
{
    const Ran version = run({QStringLiteral("--version")});
    QCOMPARE(version.code, 0);
    QVERIFY(version.out.startsWith("chromakeep "));
    const Ran help = run({QStringLiteral("--help")});
    QCOMPARE(help.code, 0);
    for (const char* command : {"info", "records", "query", "recall"}) {
        QVERIFY(help.out.contains(command));
        const Ran own = run({QString::fromUtf8(command), QStringLiteral("--help")});
        QCOMPARE(own.code, 0);
        QVERIFY(own.out.contains(QByteArray("Usage: chromakeep ") + command));
        QCOMPARE(own.out, run({QStringLiteral("help"), QString::fromUtf8(command)}).out);
    }
}

QTEST_GUILESS_MAIN(TestCliProcess)
#include "tst_cli_process.moc"
