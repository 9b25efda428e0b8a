// A vector as strip and histogram.
#include "support/gui.h"
#include "ui/theme/theme.h"
#include "ui/vector_picture.h"

#include <QImage>

#include <cmath>
#include <limits>
#include <numeric>

class TestVectorPicture : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { support::failOnWarnings(); }
    void countsEveryValueOnce_data();
    void countsEveryValueOnce();
    void signsHaveTheirColours();
};

void TestVectorPicture::countsEveryValueOnce_data()
{
    QTest::addColumn<QList<float>>("vector");
    QTest::addColumn<int>("counted");
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    QTest::newRow("none") << QList<float>{} << 0;
    QTest::newRow("one") << QList<float>{0.5F} << 1;
    QTest::newRow("zeros") << QList<float>{0, 0, 0} << 3;
    QTest::newRow("both signs") << QList<float>{-1, -0.5F, 0, 0.5F, 1} << 5;
    QTest::newRow("not finite") << QList<float>{nan, 1, -infinity, 2} << 2;
    QTest::newRow("largest") << QList<float>{std::numeric_limits<float>::max(), -1} << 2;
    QTest::newRow("long") << QList<float>(4096, -0.25F) << 4096;
}

void TestVectorPicture::countsEveryValueOnce()
{
    QFETCH(QList<float>, vector);
    QFETCH(int, counted);
    ui::Theme theme;
    ui::VectorPicture picture;
    const std::span<const float> values(vector.constData(), std::size_t(vector.size()));
    picture.setVector(values, model::vectorStats(values));
    QCOMPARE(std::accumulate(picture.bins().begin(), picture.bins().end(), 0), counted);
    picture.resize(300, 120);
    QVERIFY(!picture.grab().isNull()); // painting must stand it too
    QVERIFY(!picture.accessibleName().isEmpty());
}

void TestVectorPicture::signsHaveTheirColours()
{
    ui::Theme theme;
    theme.setChoice(ui::Theme::Choice::Light);
    ui::VectorPicture picture;
    const std::vector<float> values{-1, 1};
    picture.setVector(values, model::vectorStats(values));
    picture.resize(200, 120);
    const QImage image = picture.grab().toImage();
    const QColor below = image.pixelColor(50, 10);
    const QColor above = image.pixelColor(150, 10);
    QVERIFY(below.red() > below.blue() + 80);
    QVERIFY(above.blue() > above.red() + 80);
}

QTEST_MAIN(TestVectorPicture)
#include "tst_vector_picture.moc"
