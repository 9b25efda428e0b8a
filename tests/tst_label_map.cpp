#include "storage/vectors/label_map.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace storage;
using namespace support;

namespace {

std::span<const std::byte> bytesOf(const QByteArray& bytes)
{
    return std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size())));
}

QByteArray shortText(const QByteArray& text)
{
    return QByteArray("\x8c") + char(text.size()) + text;
}

QByteArray longText(const QByteArray& text)
{
    QByteArray length(4, '\0');
    for (int i = 0; i < 4; ++i)
        length[i] = char((text.size() >> (8 * i)) & 0xff);
    return 'X' + length + text;
}

QByteArray number(quint32 value)
{
    QByteArray out("J");
    for (int i = 0; i < 4; ++i)
        out += char((value >> (8 * i)) & 0xff);
    return out;
}

const QByteArray kProto3("\x80\x03", 2);
const QByteArray kModule("chromadb.segment.impl.vector.local_persistent_hnsw");

// The fields as Chroma 1.x writes them, with maps of the caller's own.
QByteArray rustFields(const QByteArray& ids, const QByteArray& labels)
{
    return '(' + longText("dimensionality") + 'N' + longText("total_elements_added") + number(3) +
           longText("max_seq_id") + 'N' + longText("id_to_label") + ids + longText("label_to_id") + labels +
           longText("id_to_seq_id") + "}" + 'u';
}

QByteArray rust(const QByteArray& ids, const QByteArray& labels)
{
    return kProto3 + '}' + rustFields(ids, labels) + '.';
}

QByteArray instance(const QByteArray& module, const QByteArray& name)
{
    return kProto3 + 'c' + module + '\n' + name + "\n)\x81}" +
           rustFields("}(" + longText("a") + number(1) + 'u', "}(" + number(1) + longText("a") + 'u') + "b.";
}

const QByteArray kIds = "}(" + longText("a") + number(1) + longText("b") + number(3) + 'u';
const QByteArray kLabels = "}(" + number(3) + longText("b") + number(1) + longText("a") + 'u';

// A pickle as the Python releases write it, memo and frame included, with `count` ids.
QByteArray python(int count)
{
    QByteArray ids("}\x94"), labels("}\x94"), body;
    int memo = 7;
    for (int i = 0; i < count; ++i) {
        if (i % 1000 == 0)
            ids += i == count - 1 ? "" : "(";
        ids += shortText("record-" + QByteArray::number(i)) + '\x94' + number(quint32(i + 1));
        if (i % 1000 == 999 || i == count - 1)
            ids += i % 1000 == 0 ? 's' : 'u';
    }
    memo += 1;
    for (int i = 0; i < count; ++i) {
        if (i % 1000 == 0)
            labels += i == count - 1 ? "" : "(";
        QByteArray index(4, '\0');
        for (int b = 0; b < 4; ++b)
            index[b] = char(((memo + i) >> (8 * b)) & 0xff);
        labels += number(quint32(i + 1)) + 'j' + index;
        if (i % 1000 == 999 || i == count - 1)
            labels += i % 1000 == 0 ? 's' : 'u';
    }
    // memo: 0 module, 1 name, 2 class, 3 object, 4 state, 5 "total_elements_added", 6 "id_to_label", 7 its
    // dict
    body = shortText(kModule) + '\x94' + shortText("PersistentData") + "\x94\x93\x94)\x81\x94}\x94(" +
           shortText("total_elements_added") + '\x94' + number(quint32(count)) + shortText("id_to_label") +
           '\x94' + ids + shortText("label_to_id") + '\x94' + labels + "ub.";
    QByteArray length(8, '\0');
    for (int b = 0; b < 8; ++b)
        length[b] = char((quint64(body.size()) >> (8 * b)) & 0xff);
    return QByteArray("\x80\x05\x95", 3) + length + body;
}

} // namespace

class TestLabelMap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothShapesAreRead();
    void itemsComeInBatchesAndAlone_data();
    void itemsComeInBatchesAndAlone();
    void highLabelsTakeNoRoom();
    void contradictionsAreCounted();
    void hostilePicklesAreRefused_data();
    void hostilePicklesAreRefused();
    void everyCutIsRefused();
    void everyFixtureIsRead();
    void manyIdsAreReadFast();
};

void TestLabelMap::bothShapesAreRead()
{
    for (const QByteArray& pickle : {rust(kIds, kLabels), instance(kModule, "PersistentData")}) {
        const auto map = LabelMap::parse(bytesOf(pickle));
        VERIFY_OK(map);
        QCOMPARE(map->idOf(1).value_or("?"), std::string_view("a"));
        QCOMPARE(map->labelOf("a").value_or(0), std::uint64_t(1));
        QVERIFY(!map->labelOf("z"));
        QVERIFY(!map->idOf(2));
        QVERIFY(!map->idOf(4'000'000'000));
        QCOMPARE(map->contradictions(), std::size_t(0));
        QCOMPARE(map->totalAdded().value_or(0), std::int64_t(3));
        QVERIFY(!map->dimension() && !map->maxSeqId());
    }
}

void TestLabelMap::itemsComeInBatchesAndAlone_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {1, 2, 999, 1000, 1001, 2500})
        QTest::addRow("%d", count) << count;
}

void TestLabelMap::itemsComeInBatchesAndAlone()
{
    QFETCH(int, count);
    const QByteArray pickle = python(count);
    const auto map = LabelMap::parse(bytesOf(pickle));
    VERIFY_OK(map);
    QCOMPARE(map->size(), std::size_t(count));
    QCOMPARE(map->contradictions(), std::size_t(0));
    QCOMPARE(map->highestLabel(), std::uint64_t(count));
    for (int i = 0; i < count; ++i) {
        const std::string id = "record-" + std::to_string(i);
        QCOMPARE(map->labelOf(id).value_or(0), std::uint64_t(i + 1));
        QCOMPARE(map->idOf(std::uint64_t(i + 1)).value_or("?"), std::string_view(id));
    }
}

void TestLabelMap::highLabelsTakeNoRoom()
{
    constexpr quint32 kHigh = 0x7ffffffe;
    const QByteArray pickle = rust("}(" + longText("a") + number(kHigh) + longText("b") + number(2) + 'u',
                                   "}(" + number(2) + longText("b") + number(kHigh) + longText("a") + 'u');
    const auto map = LabelMap::parse(bytesOf(pickle));
    VERIFY_OK(map);
    QCOMPARE(map->size(), std::size_t(2));
    QCOMPARE(map->contradictions(), std::size_t(0));
    QCOMPARE(map->labelOf("a").value_or(0), std::uint64_t(kHigh));
    QCOMPARE(map->idOf(kHigh).value_or("?"), std::string_view("a"));
    std::vector<std::uint64_t> labels;
    map->forEach([&](std::uint64_t label, std::string_view) { labels.push_back(label); });
    QCOMPARE(labels, (std::vector<std::uint64_t>{2, kHigh}));
}

void TestLabelMap::contradictionsAreCounted()
{
    const QByteArray swapped = rust(kIds, "}(" + number(3) + longText("a") + number(1) + longText("b") + 'u');
    const auto map = LabelMap::parse(bytesOf(swapped));
    VERIFY_OK(map);
    QCOMPARE(map->contradictions(), std::size_t(2));
    const QByteArray missing = rust(kIds, "}");
    const auto half = LabelMap::parse(bytesOf(missing));
    VERIFY_OK(half);
    QCOMPARE(half->contradictions(), std::size_t(2));
    const QByteArray doubled =
        rust("}(" + longText("a") + number(1) + longText("b") + number(1) + 'u', kLabels);
    const auto twice = LabelMap::parse(bytesOf(doubled));
    VERIFY_OK(twice);
    QVERIFY(twice->contradictions() > 0);
    QCOMPARE(twice->size(), std::size_t(1));
    const QByteArray trailing = rust(kIds, kLabels) + "more";
    const auto longer = LabelMap::parse(bytesOf(trailing));
    VERIFY_OK(longer);
    QCOMPARE(longer->trailingBytes(), std::size_t(4));
}

void TestLabelMap::hostilePicklesAreRefused_data()
{
    QTest::addColumn<QByteArray>("pickle");
    const QByteArray good = rust(kIds, kLabels);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text protocol") << QByteArray("(dp0\n.");
    QTest::newRow("protocol 1") << QByteArray("\x80\x01}.", 4);
    QTest::newRow("protocol 6") << QByteArray("\x80\x06}.", 4);
    QTest::newRow("no maps") << kProto3 + "}.";
    QTest::newRow("os.system") << kProto3 + "cos\nsystem\n(" + longText("id") + "tR.";
    QTest::newRow("os.system as the object") << instance("os", "system");
    QTest::newRow("builtins.eval") << instance("builtins", "eval");
    QTest::newRow("its module, another class") << instance(kModule, "LocalPersistentHnswSegment");
    QTest::newRow("class name with a tail") << instance(kModule, "PersistentData.x");
    QTest::newRow("REDUCE") << QByteArray(kProto3 + 'c' + kModule + "\nPersistentData\n)R}" +
                                          rustFields(kIds, kLabels) + "b.");
    QTest::newRow("INST") << kProto3 + "(ios\nsystem\n.";
    QTest::newRow("OBJ") << kProto3 + "(cos\nsystem\no.";
    QTest::newRow("NEWOBJ_EX") << QByteArray(kProto3 + 'c' + kModule + "\nPersistentData\n)}\x92" + "b.");
    QTest::newRow("EXT1") << kProto3 + "\x82\x01.";
    QTest::newRow("PERSID") << kProto3 + "Pfile\n.";
    QTest::newRow("BINPERSID") << kProto3 + longText("x") + "Q.";
    QTest::newRow("a global as a value") << rust("}(" + longText("a") + "cos\nsystem\n" + 'u', kLabels);
    QTest::newRow("a tuple as a value") << rust("}(" + longText("a") + ")" + 'u', kLabels);
    QTest::newRow("a float label") << rust("}(" + longText("a") + "G\x3f\xf0" + QByteArray(6, '\0') + 'u',
                                           kLabels);
    QTest::newRow("a negative label") << rust("}(" + longText("a") + number(0xffffffff) + 'u', kLabels);
    QTest::newRow("a label beyond 32 bits")
        << rust("}(" + longText("a") + QByteArray("\x8a\x05\x00\x00\x00\x00\x01", 7) + 'u', kLabels);
    QTest::newRow("a number beyond 64 bits")
        << rust("}(" + longText("a") + QByteArray("\x8a\x09") + QByteArray(9, '\x01') + 'u', kLabels);
    QTest::newRow("LONG4") << rust("}(" + longText("a") + QByteArray("\x8b\x04\0\0\0\1\0\0\0", 9) + 'u',
                                   kLabels);
    QTest::newRow("a text of 4 GiB") << kProto3 + "}(" + QByteArray("X\xff\xff\xff\xff", 5) + "abc" + "u.";
    QTest::newRow("a text of 2^63") << kProto3 + "}(" +
                                           QByteArray("\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", 9) + "u.";
    QTest::newRow("a frame beyond the file")
        << kProto3 + QByteArray("\x95\xff\xff\xff\xff\xff\xff\xff\xff", 9) + good.mid(2);
    QTest::newRow("a memo number of 4e9")
        << kProto3 + "}(" + longText("dimensionality") + QByteArray("r\xff\xff\xff\xff", 5) + "Nu.";
    QTest::newRow("a reference to nothing") << rust("}(" + QByteArray("h\x07", 2) + number(1) + 'u', kLabels);
    QTest::newRow("maps in maps") << rust("}(" + longText("a") + kIds + 'u', kLabels);
    QTest::newRow("the map twice") << kProto3 + "}(" + longText("id_to_label") + kIds +
                                          longText("id_to_label") + kIds + longText("label_to_id") + kLabels +
                                          "u.";
    QTest::newRow("a map that is none")
        << kProto3 + "}(" + longText("id_to_label") + "N" + longText("label_to_id") + kLabels + "u.";
    QTest::newRow("marks only") << kProto3 + "}" + QByteArray(100000, '(');
    QTest::newRow("dicts only") << kProto3 + QByteArray(100000, '}');
    QTest::newRow("pops") << kProto3 + "}" + QByteArray(1000, '0') + ".";
    QTest::newRow("no end mark") << good.chopped(1);
    QTest::newRow("zeros") << QByteArray(4096, '\0');
    QTest::newRow("a Git LFS pointer")
        << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
}

void TestLabelMap::hostilePicklesAreRefused()
{
    QFETCH(QByteArray, pickle);
    const auto map = LabelMap::parse(bytesOf(pickle));
    VERIFY_ERROR(map, ErrorKind::Corrupt);
    QVERIFY(!map.error().detail.isEmpty());
}

void TestLabelMap::everyCutIsRefused()
{
    for (const QByteArray& whole : {rust(kIds, kLabels), python(3), instance(kModule, "PersistentData")})
        for (qsizetype length = 0; length < whole.size(); ++length) {
            // A copy of exactly that length, so that a sanitizer sees every byte read beyond it.
            const std::vector<char> cut(whole.cbegin(), whole.cbegin() + length);
            VERIFY_ERROR(LabelMap::parse(std::as_bytes(std::span(cut))), ErrorKind::Corrupt);
        }
}

void TestLabelMap::everyFixtureIsRead()
{
    int read = 0;
    for (const QString& name : ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")}) {
        const auto fixture = openFixture(name);
        VERIFY_OK(fixture);
        QDirIterator files(fixture->path(), {QStringLiteral("index_metadata.pickle")}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const auto map = LabelMap::open(files.next());
            VERIFY_OK(map);
            QCOMPARE(map->contradictions(), std::size_t(0));
            QCOMPARE(map->trailingBytes(), std::size_t(0));
            QVERIFY(map->totalAdded().value_or(0) >= std::int64_t(map->size()));
            map->forEach(
                [&](std::uint64_t label, std::string_view id) { QCOMPARE(*map->labelOf(id), label); });
            ++read;
        }
    }
    QVERIFY(read > 40);
}

void TestLabelMap::manyIdsAreReadFast()
{
    constexpr int kMany = 100'000;
    const QByteArray pickle = python(kMany);
    QElapsedTimer timer;
    timer.start();
    const auto map = LabelMap::parse(bytesOf(pickle));
    const qint64 took = timer.nsecsElapsed();
    VERIFY_OK(map);
    QCOMPARE(map->size(), std::size_t(kMany));
    // A few milliseconds; the bound only tells linear from quadratic, also under a sanitizer.
    QVERIFY2(took < 2'000'000'000, qPrintable(QString::number(double(took) / 1e6)));
}

QTEST_GUILESS_MAIN(TestLabelMap)
#include "tst_label_map.moc"
