#include "storage/vectors/hnsw_files.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace storage;
using namespace support;

namespace {

// A small index written by hand: 5 elements of 3 numbers, M 2, element 2 on two levels above 0.
struct Parts
{
    QByteArray header, level0, lengths, links;
};

template <class T> void put(QByteArray& out, T value)
{
    out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

constexpr quint64 kCount = 5, kDimension = 3, kM = 2;

Parts smallIndex()
{
    Parts parts;
    const quint64 dataOffset = 4 + 4 * 2 * kM, labelOffset = dataOffset + 4 * kDimension;
    put<qint32>(parts.header, 1);
    for (const quint64 value : {quint64(0), quint64(8), kCount, labelOffset + 8, labelOffset, dataOffset})
        put(parts.header, value);
    put<qint32>(parts.header, 2);
    put<quint32>(parts.header, 2);
    for (const quint64 value : {kM, 2 * kM, kM})
        put(parts.header, value);
    put<double>(parts.header, 1 / std::log(double(kM)));
    put<quint64>(parts.header, 100);
    for (quint64 i = 0; i < kCount; ++i) {
        put<quint16>(parts.level0, 1);
        put<quint8>(parts.level0, i == 3 ? 1 : 0);
        put<quint8>(parts.level0, 0);
        for (quint64 link = 0; link < 2 * kM; ++link)
            put<quint32>(parts.level0, quint32((i + 1) % kCount));
        for (quint64 d = 0; d < kDimension; ++d)
            put<float>(parts.level0, float(i * 10 + d));
        put<quint64>(parts.level0, i + 1);
        put<float>(parts.lengths, float(i) + 0.5F);
        const quint32 levels = i == 2 ? 2 : 0;
        put<quint32>(parts.links, levels * (4 + 4 * kM));
        for (quint32 level = 0; level < levels; ++level) {
            put<quint32>(parts.links, 1);
            put<quint32>(parts.links, 0);
            put<quint32>(parts.links, 0);
        }
    }
    return parts;
}

void write(const QString& folder, const Parts& parts)
{
    const auto file = [&](const char* name, const QByteArray& bytes) {
        QFile out(folder + QLatin1Char('/') + QLatin1String(name));
        QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(out.write(bytes), bytes.size());
    };
    file("header.bin", parts.header);
    file("data_level0.bin", parts.level0);
    file("length.bin", parts.lengths);
    file("link_lists.bin", parts.links);
}

template <class T> QByteArray patched(QByteArray bytes, int at, T value)
{
    std::memcpy(bytes.data() + at, &value, sizeof(T));
    return bytes;
}

bool has(const HnswFiles& files, const char* code)
{
    for (const Finding& finding : files.findings())
        if (finding.code == code && finding.sentence.ends_with('.'))
            return true;
    return false;
}

} // namespace

class TestHnswFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aWholeSegmentIsRead();
    void damagedHeadersAreRefused_data();
    void damagedHeadersAreRefused();
    void shortFilesLeaveTheRest_data();
    void shortFilesLeaveTheRest();
    void brokenLinkListsAreSeen_data();
    void brokenLinkListsAreSeen();
    void holesAreNotRead();
    void aFileCutUnderTheReaderEndsNothing();
    void changesAreNoticed();
    void everyFixtureIsWhole();
    void aFolderThatIsNotThere();
};

void TestHnswFiles::aWholeSegmentIsRead()
{
    QTemporaryDir room;
    write(room.path(), smallIndex());
    const HnswFiles files = HnswFiles::open(room.path(), true);
    QVERIFY(files.present() && files.whole() && files.findings().empty());
    QCOMPARE(files.elements(), std::uint32_t(kCount));
    QCOMPARE(files.dimension(), std::size_t(kDimension));
    for (std::uint32_t i = 0; i < kCount; ++i) {
        QCOMPARE(files.label(i), std::uint64_t(i + 1));
        QCOMPARE(files.deleted(i), i == 3);
        QCOMPARE(files.vector(i)[2], float(i * 10 + 2));
        QCOMPARE(files.length(i).value_or(-1), float(i) + 0.5F);
    }
    QVERIFY(!files.length(kCount));
    const UpperLinks& links = files.upperLinks();
    QVERIFY2(links.problem().isEmpty(), qPrintable(links.problem()));
    QCOMPARE(links.levelOf(2), 2);
    QCOMPARE(links.levelOf(1), 0);
    QVERIFY(links.list(2, 1) && links.list(2, 2));
    QVERIFY(!links.list(2, 3) && !links.list(2, 0) && !links.list(1, 1) && !links.list(99, 1));
}

void TestHnswFiles::damagedHeadersAreRefused_data()
{
    QTest::addColumn<QByteArray>("header");
    const QByteArray good = smallIndex().header;
    const quint64 huge = std::numeric_limits<quint64>::max();
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half") << good.left(50);
    QTest::newRow("one byte short") << good.left(99);
    QTest::newRow("one byte long") << good + 'x';
    QTest::newRow("oversized") << good + QByteArray(1 << 20, '\0');
    QTest::newRow("zeros") << QByteArray(100, '\0');
    QTest::newRow("ones") << QByteArray(100, '\xff');
    QTest::newRow("version 2") << patched<qint32>(good, 0, 2);
    QTest::newRow("offset of level 0") << patched<quint64>(good, 4, 8);
    QTest::newRow("more than capacity") << patched<quint64>(good, 20, 9);
    QTest::newRow("huge count") << patched(patched(good, 12, huge), 20, huge);
    QTest::newRow("element size 0") << patched<quint64>(good, 28, 0);
    QTest::newRow("element size huge") << patched(good, 28, huge);
    QTest::newRow("label before vector") << patched<quint64>(good, 36, 4);
    QTest::newRow("dimension of 1.5") << patched<quint64>(patched<quint64>(good, 36, 26), 28, 34);
    QTest::newRow("dimension of millions")
        << patched<quint64>(patched<quint64>(good, 36, 1 << 30), 28, (1 << 30) + 8);
    QTest::newRow("data offset") << patched<quint64>(good, 44, 24);
    QTest::newRow("data offset wraps") << patched(good, 44, huge - 3);
    QTest::newRow("level -5") << patched<qint32>(good, 52, -5);
    QTest::newRow("level of millions") << patched<qint32>(good, 52, 1'000'000);
    QTest::newRow("no level") << patched<qint32>(good, 52, -1);
    QTest::newRow("entry point") << patched<quint32>(good, 56, kCount);
    QTest::newRow("maxM 0") << patched<quint64>(good, 60, 0);
    QTest::newRow("maxM huge") << patched(good, 60, huge);
    QTest::newRow("maxM0 wraps") << patched(patched(good, 68, huge / 4 + 2), 44, quint64(8));
    QTest::newRow("links beyond 16 bits") << patched(good, 60, quint64(70'000));
}

void TestHnswFiles::damagedHeadersAreRefused()
{
    QFETCH(QByteArray, header);
    VERIFY_ERROR(parseHnswHeader(std::as_bytes(std::span(header.constData(), std::size_t(header.size())))),
                 ErrorKind::Corrupt);
    QTemporaryDir room;
    Parts parts = smallIndex();
    parts.header = header;
    write(room.path(), parts);
    const HnswFiles files = HnswFiles::open(room.path(), true);
    QVERIFY(!files.present() && !files.whole());
    QCOMPARE(files.elements(), std::uint32_t(0));
    QVERIFY(has(files, header.size() == 100 ? "damaged-header" : "header-size"));
}

void TestHnswFiles::shortFilesLeaveTheRest_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<qint64>("length");
    QTest::addColumn<QString>("code");
    QTest::addColumn<quint32>("elements");
    const QString level0 = QStringLiteral("data_level0.bin"), lengths = QStringLiteral("length.bin"),
                  links = QStringLiteral("link_lists.bin"), torn = QStringLiteral("torn-segment"),
                  shortLengths = QStringLiteral("short-lengths");
    const qint64 element = smallIndex().level0.size() / qint64(kCount);
    QTest::newRow("vectors missing") << level0 << qint64(-1) << QStringLiteral("missing-vectors")
                                     << quint32(0);
    QTest::newRow("vectors empty") << level0 << qint64(0) << torn << quint32(0);
    QTest::newRow("vectors of two") << level0 << 2 * element << torn << quint32(2);
    QTest::newRow("vectors in the middle of one") << level0 << 3 * element - 1 << torn << quint32(2);
    QTest::newRow("lengths missing") << lengths << qint64(-1) << shortLengths << quint32(kCount);
    QTest::newRow("lengths short") << lengths << qint64(19) << shortLengths << quint32(kCount);
    QTest::newRow("links missing") << links << qint64(-1) << torn << quint32(kCount);
    QTest::newRow("links short") << links << qint64(19) << torn << quint32(kCount);
    QTest::newRow("links bloated") << links << (qint64(1) << 30) << QStringLiteral("oversized-links")
                                   << quint32(kCount);
}

void TestHnswFiles::shortFilesLeaveTheRest()
{
    QFETCH(QString, file);
    QFETCH(qint64, length);
    QFETCH(QString, code);
    QFETCH(quint32, elements);
    QTemporaryDir room;
    write(room.path(), smallIndex());
    const QString path = room.filePath(file);
    QVERIFY(length < 0 ? QFile::remove(path) : QFile::resize(path, length));
    const HnswFiles files = HnswFiles::open(room.path(), true);
    QVERIFY(files.present());
    QCOMPARE(files.elements(), elements);
    QVERIFY(has(files, qPrintable(code)));
    QCOMPARE(files.whole(), code == QLatin1String("short-lengths"));
    for (std::uint32_t i = 0; i < elements; ++i)
        QCOMPARE(files.vector(i)[1], float(i * 10 + 1));
}

void TestHnswFiles::brokenLinkListsAreSeen_data()
{
    QTest::addColumn<QByteArray>("links");
    const QByteArray good = smallIndex().links;
    QTest::newRow("bytes too many") << good + QByteArray(4, '\0');
    QTest::newRow("not a multiple") << patched<quint32>(good, 8, 13);
    QTest::newRow("more levels than there are") << patched<quint32>(good, 0, 36);
    QTest::newRow("4 GiB of links") << patched<quint32>(good, 8, 0xfffffffc);
    QTest::newRow("beyond the end") << patched<quint32>(good, int(good.size()) - 4, 12);
    QTest::newRow("entry point on the ground") << QByteArray(int(kCount) * 4, '\0');
}

void TestHnswFiles::brokenLinkListsAreSeen()
{
    QFETCH(QByteArray, links);
    QTemporaryDir room;
    Parts parts = smallIndex();
    parts.links = links;
    write(room.path(), parts);
    const HnswFiles files = HnswFiles::open(room.path(), true);
    QCOMPARE(files.elements(), std::uint32_t(kCount));
    QVERIFY(!files.upperLinks().problem().isEmpty());
}

// A header and a data file that promise terabytes and hold nothing must cost neither memory nor time.
void TestHnswFiles::holesAreNotRead()
{
    QTemporaryDir room;
    Parts parts = smallIndex();
    constexpr quint64 kMany = 1'000'000'000;
    parts.header = patched(patched(parts.header, 12, kMany), 20, kMany);
    write(room.path(), parts);
    if (!QFile::resize(room.filePath(QStringLiteral("data_level0.bin")), qint64(kMany) * 40))
        QVERIFY(QFile::resize(room.filePath(QStringLiteral("data_level0.bin")), qint64(1) << 30));
    const HnswFiles files = HnswFiles::open(room.path(), true);
    QVERIFY(has(files, "sparse-segment"));
    QCOMPARE(files.elements(), std::uint32_t(0));
}

void TestHnswFiles::aFileCutUnderTheReaderEndsNothing()
{
    QTemporaryDir room;
    Parts parts = smallIndex();
    constexpr quint64 kMany = 5000;
    const QByteArray element = parts.level0.left(parts.level0.size() / int(kCount));
    parts.level0 = element.repeated(int(kMany));
    parts.lengths = QByteArray(int(kMany) * 4, '\0');
    parts.links = QByteArray(int(kMany) * 4, '\0');
    parts.header = patched(patched(parts.header, 12, kMany), 20, kMany);
    parts.header = patched<qint32>(parts.header, 52, 0);
    write(room.path(), parts);
    const HnswFiles files = HnswFiles::open(room.path(), false);
    QVERIFY(files.whole() && files.unchanged());
    QVERIFY(QFile::resize(room.filePath(QStringLiteral("data_level0.bin")), 0));
#ifdef Q_OS_UNIX
    float sum = 0;
    for (std::uint32_t i = 0; i < kMany; ++i)
        sum += files.vector(i)[1];
    QCOMPARE(sum, 0.0F); // pages that are gone read as zeros ...
#endif
    QVERIFY(!files.unchanged()); // ... and whoever asks is told
}

void TestHnswFiles::changesAreNoticed()
{
    QTemporaryDir room;
    write(room.path(), smallIndex());
    const HnswFiles files = HnswFiles::open(room.path(), true);
    QVERIFY(files.unchanged());
    QFile level0(room.filePath(QStringLiteral("data_level0.bin")));
    QVERIFY(level0.open(QIODevice::ReadWrite));
    QVERIFY(level0.setFileTime(QDateTime::currentDateTime().addSecs(-60), QFileDevice::FileModificationTime));
    QVERIFY(!files.unchanged());
}

void TestHnswFiles::everyFixtureIsWhole()
{
    int read = 0;
    for (const QString& name : ChromaFixture::names() + QStringList{QStringLiteral("casestar_demo")}) {
        const auto fixture = openFixture(name);
        VERIFY_OK(fixture);
        QDirIterator pickles(fixture->path(), {QStringLiteral("header.bin")}, QDir::Files,
                             QDirIterator::Subdirectories);
        while (pickles.hasNext()) {
            pickles.next();
            const HnswFiles files = HnswFiles::open(pickles.fileInfo().path(), true);
            QVERIFY2(files.whole() && files.findings().empty(), qPrintable(pickles.filePath()));
            QVERIFY2(files.upperLinks().problem().isEmpty(), qPrintable(files.upperLinks().problem()));
            ++read;
        }
    }
    QVERIFY(read > 100);
}

void TestHnswFiles::aFolderThatIsNotThere()
{
    QTemporaryDir room;
    const HnswFiles files = HnswFiles::open(room.filePath(QStringLiteral("none")), true);
    QVERIFY(!files.present() && !files.whole());
    QVERIFY(has(files, "missing-header"));
    const HnswFiles none;
    QVERIFY(!none.present() && none.elements() == 0 && none.dimension() == 0 && none.unchanged());
}

QTEST_GUILESS_MAIN(TestHnswFiles)
#include "tst_hnsw_files.moc"
