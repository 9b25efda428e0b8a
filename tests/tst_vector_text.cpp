#include "storage/vectors/npy_vectors.h"
#include "storage/vectors/vector_text.h"
#include "support/verify.h"

#include <QTest>

#include <limits>

using namespace storage;

using Vectors = std::vector<std::vector<float>>;
Q_DECLARE_METATYPE(Vectors)

namespace {

// As numpy.save writes it.
QByteArray npy(const char* header, const QByteArray& numbers, char version = 1)
{
    QByteArray text(header);
    text += QByteArray(64 - (10 + text.size() + 1) % 64, ' ') + '\n';
    QByteArray length;
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
        length += static_cast<char>(text.size() >> (8 * i));
    return QByteArray("\x93NUMPY") + version + '\0' + length + text + numbers;
}

template <class Number> QByteArray bytesOf(std::initializer_list<Number> numbers)
{
    QByteArray bytes;
    for (const Number number : numbers)
        bytes += QByteArray(reinterpret_cast<const char*>(&number), sizeof number);
    return bytes;
}

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace

class TestVectorText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFormIsRead_data();
    void everyFormIsRead();
    void whatIsNoVectorIsSaid_data();
    void whatIsNoVectorIsSaid();
    void oneIsOne();
    void queriesAreChecked_data();
    void queriesAreChecked();
    void shortNpyFilesAreRefused();
};

void TestVectorText::everyFormIsRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Vectors>("vectors");
    const Vectors one{{0.5F, -1.0F, 3.0F}};
    const Vectors two{{1.0F, 2.0F}, {3.0F, 4.0F}};
    const QByteArray floats = bytesOf<float>({0.5F, -1.0F, 3.0F});
    QTest::newRow("JSON list") << QByteArray("[0.5, -1, 3e0]") << one;
    QTest::newRow("JSON lists") << QByteArray(" [[1,2],\n[3,4]]\n") << two;
    QTest::newRow("one list in a list") << QByteArray("[[0.5,-1,3]]") << one;
    QTest::newRow("Chroma's get()") << QByteArray(R"({"ids":["a","b"],"embeddings":[[1,2],[3,4]]})") << two;
    QTest::newRow("OpenAI's answer") << QByteArray(R"({"data":[{"embedding":[1,2]},{"embedding":[3,4]}]})")
                                     << two;
    QTest::newRow("one embedding") << QByteArray(R"({"embedding":[0.5,-1,3]})") << one;
    QTest::newRow("commas") << QByteArray("0.5,-1, 3") << one;
    QTest::newRow("blanks") << QByteArray("  0.5 -1.0\t+3\n") << one;
    QTest::newRow("lines") << QByteArray("0.5\r\n-1\r\n3\r\n") << one;
    QTest::newRow("as NumPy prints") << QByteArray("[ 0.5 -1.   3. ]") << one;
    QTest::newRow("one number") << QByteArray("7") << Vectors{{7.0F}};
    QTest::newRow("rounded as double, then float") << QByteArray("[0.1]") << Vectors{{0.1F}};
    QTest::newRow("too small for any float")
        << QByteArray("1e-999, 12345678E5") << Vectors{{0.0F, 12345678E5F}};
    QTest::newRow("base64") << floats.toBase64() << one;
    QTest::newRow("base64 in lines") << floats.toBase64().insert(8, '\n') << one;
    const char* const shape3 = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    QTest::newRow("npy") << npy(shape3, floats) << one;
    QTest::newRow("npy, format 2") << npy(shape3, floats, 2) << one;
    QTest::newRow("npy, table of float64")
        << npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", bytesOf<double>({1, 2, 3, 4}))
        << two;
    QTest::newRow("npy, float16") << npy("{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }",
                                         bytesOf<quint16>({0x3800, 0xbc00, 0x4200}))
                                  << one;
    QTest::newRow("npy, big-endian") << npy("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }",
                                            QByteArray::fromHex("3f80000040000000"))
                                     << Vectors{{1.0F, 2.0F}};
}

void TestVectorText::everyFormIsRead()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Vectors, vectors);
    const auto read = parseVectors(view(bytes));
    VERIFY_OK(read);
    QVERIFY(*read == vectors);
}

void TestVectorText::whatIsNoVectorIsSaid_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* tag, const QByteArray& bytes, const char* said) {
        QTest::newRow(tag) << bytes << QString::fromUtf8(said);
    };
    row("nothing", "", "empty");
    row("blanks", " \n", "empty");
    row("empty list", "[]", "no vector");
    row("list of empty lists", "[[],[]]", "empty");
    row("words", "not a vector", "“not a vector” is no number");
    row("a word among numbers", "0.5, x, 3", "“x, 3” is no number");
    row("text in JSON", "[0.5,\"1\"]", "Number 2 of the vector is no number but string");
    row("list and number", "[[1],2]", "Item 2 of the JSON list is no vector but number");
    row("different lengths", "[[1,2],[3]]", "2 and 1 numbers");
    row("NaN", "[NaN, 1]", "Number 1 of the vector is not finite");
    row("infinite", "1e999, 1", "Number 1 of the vector is not finite");
    row("too large for float32", "[1, 1e39]", "Number 2 of the vector is not finite");
    row("object without vectors", "{\"a\":1}", "no vector");
    row("broken JSON", "[[1,2],[3", "not JSON");
    row("base64 of five bytes", QByteArray("abcde").toBase64(), "whole number of float32");
    row("npy of integers", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", QByteArray(8, 0)),
        "<i8");
    row("npy of three dimensions",
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1), }", "1234"),
        "one vector or a table");
    row("npy in Fortran order",
        npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", QByteArray(16, 0)), "Fortran");
    row("npy of nothing", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", ""),
        "no number");
    row("npy that promises too much",
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
            QByteArray(64, 0)),
        "shorter than its header says");
}

void TestVectorText::whatIsNoVectorIsSaid()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, said);
    const auto read = parseVectors(view(bytes));
    VERIFY_ERROR(read, ErrorKind::Invalid);
    QVERIFY2(read.error().sentence.contains(said), qPrintable(read.error().sentence));
}

void TestVectorText::oneIsOne()
{
    VERIFY_OK(parseVector("1 2 3"));
    VERIFY_ERROR(parseVector("[[1],[2]]"), ErrorKind::Invalid);
    VERIFY_ERROR(parseVector("x"), ErrorKind::Invalid);
}

void TestVectorText::queriesAreChecked_data()
{
    QTest::addColumn<Vectors>("vector");
    QTest::addColumn<int>("dimension");
    QTest::addColumn<int>("space");
    QTest::addColumn<QString>("said"); // empty: it is good
    const auto row = [](const char* tag, std::vector<float> vector, int dimension, Space space,
                        const char* said) {
        QTest::newRow(tag) << Vectors{std::move(vector)} << dimension << int(space)
                           << QString::fromUtf8(said);
    };
    row("good", {1, 2}, 2, Space::Cosine, "");
    row("dimension not known", {1, 2}, 0, Space::L2, "");
    row("wrong dimension", {1, 2}, 3, Space::L2, "has 2 numbers, and those of the collection have 3");
    row("not finite", {1, std::numeric_limits<float>::infinity()}, 2, Space::L2, "Number 2");
    row("zeros with cosine", {0, -0.0F}, 2, Space::Cosine, "no direction");
    row("zeros with l2", {0, 0}, 2, Space::L2, "");
    row("empty", {}, 0, Space::L2, "empty");
}

void TestVectorText::queriesAreChecked()
{
    QFETCH(Vectors, vector);
    QFETCH(int, dimension);
    QFETCH(int, space);
    QFETCH(QString, said);
    const auto checked = checkQueryVector(vector.front(), static_cast<std::size_t>(dimension), Space(space));
    QCOMPARE(checked.has_value(), said.isEmpty());
    if (!checked)
        QVERIFY2(checked.error().sentence.contains(said), qPrintable(checked.error().sentence));
}

void TestVectorText::shortNpyFilesAreRefused()
{
    const QByteArray whole =
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", bytesOf<float>({1, 2, 3}));
    VERIFY_OK(readNpy(view(whole)));
    for (qsizetype length = 6; length < whole.size(); ++length)
        VERIFY_ERROR(readNpy(view(whole.left(length))), ErrorKind::Invalid);
}

QTEST_APPLESS_MAIN(TestVectorText)
#include "tst_vector_text.moc"
