#include "storage/vectors/distance.h"

#include <QTest>

#include <cmath>
#include <random>
#include <vector>

using namespace storage;

class TestDistance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyPathAgreesWithDoubles_data();
    void everyPathAgreesWithDoubles();
    void nothingBeyondTheVectorsIsRead();
    void theFastestIsTheLast();
};

void TestDistance::everyPathAgreesWithDoubles_data()
{
    QTest::addColumn<int>("path");
    for (std::size_t path = 0; path < availableDistanceKernels().size(); ++path)
        QTest::newRow(availableDistanceKernels()[path].name) << int(path);
}

void TestDistance::everyPathAgreesWithDoubles()
{
    QFETCH(int, path);
    const DistanceKernels& kernels = availableDistanceKernels()[std::size_t(path)];
    std::mt19937 random(4711);
    std::normal_distribution<float> normal(0.1F, 2.0F);
    constexpr std::size_t kLongest = 4096;
    std::vector<std::size_t> lengths = {127, 128,  129,  255,  256,  384,  511,  767,
                                        768, 1023, 1024, 1535, 1536, 3072, 4095, 4096};
    for (std::size_t length = 0; length <= 100; ++length)
        lengths.push_back(length);
    std::vector<float> left(kLongest + 8), right(kLongest + 8);
    for (const std::size_t length : lengths) {
        for (int round = 0; round < 4; ++round) {
            for (std::size_t i = 0; i < left.size(); ++i) {
                left[i] = normal(random) * (round == 3 ? 1e-3F : 1.0F);
                right[i] = normal(random);
            }
            const float* a = left.data() + round; // not aligned to anything but a float
            const float* b = right.data() + 3 - round;
            double difference = 0, product = 0, magnitude = 0;
            for (std::size_t i = 0; i < length; ++i) {
                difference += (double(a[i]) - double(b[i])) * (double(a[i]) - double(b[i]));
                product += double(a[i]) * double(b[i]);
                magnitude += std::abs(double(a[i]) * double(b[i]));
            }
            QVERIFY(std::abs(kernels.squaredDifference(a, b, length) - difference) <= 1e-5 * difference);
            QVERIFY(std::abs(kernels.product(a, b, length) - product) <= 1e-5 * magnitude);
        }
    }
}

// With a sanitizer this is exact; without one NaNs behind the end would spoil the sums.
void TestDistance::nothingBeyondTheVectorsIsRead()
{
    for (const DistanceKernels& kernels : availableDistanceKernels())
        for (std::size_t length = 0; length < 80; ++length) {
            std::vector<float> a(length + 64, std::nanf("")), b = a;
            std::fill_n(a.begin(), length, 1.0F);
            std::fill_n(b.begin(), length, 3.0F);
            QCOMPARE(kernels.squaredDifference(a.data(), b.data(), length), float(4 * length));
            QCOMPARE(kernels.product(a.data(), b.data(), length), float(3 * length));
            const std::vector<float> exactA(a.begin(), a.begin() + qsizetype(length)),
                exactB(b.begin(), b.begin() + qsizetype(length));
            QCOMPARE(kernels.product(exactA.data(), exactB.data(), length), float(3 * length));
        }
}

void TestDistance::theFastestIsTheLast()
{
    QCOMPARE(QByteArray(availableDistanceKernels().front().name), QByteArray("portable"));
    QCOMPARE(QByteArray(distanceKernels().name), QByteArray(availableDistanceKernels().back().name));
#ifdef __x86_64__
    QVERIFY(availableDistanceKernels().size() >= 2);
#endif
}

QTEST_GUILESS_MAIN(TestDistance)
#include "tst_distance.moc"
