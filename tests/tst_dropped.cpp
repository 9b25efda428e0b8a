// What a drop means, before anything is looked up.
#include "ui/dropped.h"

#include <QMimeData>
#include <QTest>
#include <QUrl>

class TestDropped : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void textIsRefused();
};

void TestDropped::reads_data()
{
    QTest::addColumn<QStringList>("urls");
    QTest::addColumn<QStringList>("directories");
    QTest::addColumn<QStringList>("composeFiles");
    QTest::addColumn<bool>("refused");
    const QStringList none;
    QTest::newRow("folder") << QStringList{QStringLiteral("file:///data/chroma")}
                            << QStringList{QStringLiteral("/data/chroma")} << none << false;
    QTest::newRow("database") << QStringList{QStringLiteral("file:///data/chroma/chroma.sqlite3")}
                              << QStringList{QStringLiteral("/data/chroma/chroma.sqlite3")} << none << false;
    QTest::newRow("spaces and umlauts") << QStringList{QStringLiteral("file:///m%C3%BCll/a%20b")}
                                        << QStringList{QString::fromUtf8("/müll/a b")} << none << false;
    QTest::newRow("compose") << QStringList{QStringLiteral("file:///p/docker-compose.yml"),
                                            QStringLiteral("file:///p/Compose.YAML")}
                             << none
                             << QStringList{QStringLiteral("/p/docker-compose.yml"),
                                            QStringLiteral("/p/Compose.YAML")}
                             << false;
    QTest::newRow("elsewhere") << QStringList{QStringLiteral("sftp://host/data")} << none << none << true;
    QTest::newRow("one of two") << QStringList{QStringLiteral("https://host/x"),
                                               QStringLiteral("file:///data")}
                                << QStringList{QStringLiteral("/data")} << none << false;
}

void TestDropped::reads()
{
    QFETCH(QStringList, urls);
    QMimeData data;
    QList<QUrl> list;
    for (const QString& url : urls)
        list << QUrl(url);
    data.setUrls(list);
    const ui::Dropped dropped = ui::readDrop(data);
    QTEST(dropped.directories, "directories");
    QTEST(dropped.composeFiles, "composeFiles");
    QTEST(!dropped.refusal.isEmpty(), "refused");
}

void TestDropped::textIsRefused()
{
    QMimeData data;
    data.setText(QStringLiteral("hello"));
    const ui::Dropped dropped = ui::readDrop(data);
    QVERIFY(dropped.directories.isEmpty());
    QVERIFY(dropped.refusal.endsWith(QLatin1Char('.')));
}

QTEST_APPLESS_MAIN(TestDropped)
#include "tst_dropped.moc"
