// The bounded cache of pages.
#include "model/row_cache.h"

#include <QTest>

#include <string>

using Cache = model::RowCache<std::string>;

class TestRowCache final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatWasPut();
    void dropsTheLeastRecentlyUsed();
    void peekDoesNotCountAsUse();
    void putAgainReplaces();
    void removeAndClear();
    void neverHoldsMoreThanItsCapacity();
};

void TestRowCache::keepsWhatWasPut()
{
    Cache cache(3);
    QVERIFY(cache.find(7) == nullptr);
    cache.put(7, "seven");
    QVERIFY(cache.find(7) != nullptr);
    QCOMPARE(*cache.find(7), std::string("seven"));
    *cache.find(7) += "!";
    QCOMPARE(*cache.peek(7), std::string("seven!"));
}

void TestRowCache::dropsTheLeastRecentlyUsed()
{
    Cache cache(3);
    for (int page = 0; page < 3; ++page)
        cache.put(page, std::to_string(page));
    QVERIFY(cache.find(0) != nullptr); // 1 is now the oldest
    cache.put(3, "3");
    QVERIFY(cache.peek(0) != nullptr);
    QVERIFY(cache.peek(1) == nullptr);
    QVERIFY(cache.peek(2) != nullptr);
    QVERIFY(cache.peek(3) != nullptr);
}

void TestRowCache::peekDoesNotCountAsUse()
{
    Cache cache(2);
    cache.put(0, "0");
    cache.put(1, "1");
    QVERIFY(cache.peek(0) != nullptr);
    cache.put(2, "2");
    QVERIFY(cache.peek(0) == nullptr);
}

void TestRowCache::putAgainReplaces()
{
    Cache cache(2);
    cache.put(0, "old");
    cache.put(1, "1");
    cache.put(0, "new");
    QCOMPARE(cache.size(), std::size_t(2));
    QCOMPARE(*cache.peek(0), std::string("new"));
    cache.put(2, "2");
    QVERIFY(cache.peek(1) == nullptr);
    QVERIFY(cache.peek(0) != nullptr);
}

void TestRowCache::removeAndClear()
{
    Cache cache(4);
    cache.put(0, "0");
    cache.put(1, "1");
    cache.remove(0);
    cache.remove(99);
    QVERIFY(cache.peek(0) == nullptr);
    QCOMPARE(cache.size(), std::size_t(1));
    cache.clear();
    QCOMPARE(cache.size(), std::size_t(0));
    QVERIFY(cache.peek(1) == nullptr);
}

void TestRowCache::neverHoldsMoreThanItsCapacity()
{
    Cache cache(60);
    for (qint64 page = 0; page < 10000; ++page) {
        cache.put(page * 37 % 501, "page");
        QVERIFY(cache.size() <= cache.capacity());
    }
    int visited = 0;
    cache.forEach([&](qint64, const std::string&) { ++visited; });
    QCOMPARE(std::size_t(visited), cache.size());
}

QTEST_GUILESS_MAIN(TestRowCache)
#include "tst_row_cache.moc"
