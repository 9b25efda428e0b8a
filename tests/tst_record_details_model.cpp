// One record in full, as the inspector shows it.
#include "model/record_details_model.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using model::CollectionView;
using model::RecordDetailsModel;
using model::Session;
using model::SessionState;
using State = RecordDetailsModel::State;
using VectorState = RecordDetailsModel::VectorState;

class TestRecordDetailsModel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void showsARecordInFull();
    void textsToTakeAway();
    void theLastShownWins();
    void recordsWithoutAnything();
    void goneRecordsSaySo();
    void clearForgets();
    void followsAReload();
    void outlivesTheView();

private:
    void openCollection(const QString& fixture, const std::string& name);

    std::optional<support::ChromaFixture> m_fixture;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<CollectionView> m_view;
};

void TestRecordDetailsModel::openCollection(const QString& name, const std::string& collection)
{
    auto fixture = support::openFixture(name);
    VERIFY_OK(fixture);
    m_fixture = std::move(*fixture);
    m_session = std::make_unique<Session>();
    m_session->open(m_fixture->path());
    QTRY_COMPARE(m_session->state(), SessionState::Ready);
    const auto found = storage::findCollection(m_session->catalog(), collection);
    VERIFY_OK(found);
    m_view = m_session->browse(found->id);
    m_view->start();
    QTRY_VERIFY(m_view->isComplete());
}

void TestRecordDetailsModel::init()
{
    openCollection(QStringLiteral("rich-1.5.9"), "types");
}

void TestRecordDetailsModel::cleanup()
{
    m_view.reset();
    m_session.reset();
    m_fixture.reset();
}

void TestRecordDetailsModel::showsARecordInFull()
{
    RecordDetailsModel details;
    const QAbstractItemModelTester tester(&details);
    const auto& get = m_fixture->collection("types").at("get");
    const auto& rows = m_view->spine()->rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        details.show(*m_view, rows[i]);
        QTRY_VERIFY(details.state() == State::Ready && details.vectorState() != VectorState::Loading);
        QCOMPARE(details.record().id, get.at("ids").at(i).get<std::string>());
        const auto& document = get.at("documents").at(i);
        QCOMPARE(details.document().has_value(), !document.is_null());
        if (!document.is_null())
            QCOMPARE(*details.document(), model::text(document.get<std::string>()));
        const auto metadata = support::metadataOf(get.at("metadatas").at(i));
        QCOMPARE(details.rowCount(), int(metadata.size()));
        for (int row = 0; row < details.rowCount(); ++row) {
            const auto& entry = metadata[std::size_t(row)];
            QVERIFY(*details.entry(row) == entry);
            QCOMPARE(details.index(row, RecordDetailsModel::TypeColumn).data().toString(),
                     QString::fromLatin1(storage::typeName(storage::typeOf(entry.value))));
            QCOMPARE(details.index(row, 0).data(RecordDetailsModel::RawTextRole).toString(),
                     model::valueText(entry.value));
        }
        const auto vector = support::vectorOf(get.at("embeddings").at(i));
        QCOMPARE(details.vector().size(), vector.size());
        for (std::size_t k = 0; k < vector.size(); ++k)
            QVERIFY(std::abs(details.vector()[k] - vector[k]) <= 1e-6F * std::max(1.0F, std::abs(vector[k])));
        QCOMPARE(details.vectorStats().dimension, vector.size());
    }
}

void TestRecordDetailsModel::textsToTakeAway()
{
    RecordDetailsModel details;
    details.show(*m_view, m_view->spine()->rows.front());
    QTRY_COMPARE(details.vectorState(), VectorState::Ready);
    const auto json = nlohmann::json::parse(details.recordJson().toStdString());
    QCOMPARE(json.at("ids").at(0).get<std::string>(), details.record().id);
    QCOMPARE(json.at("embeddings").at(0).size(), details.vector().size());
    QCOMPARE(nlohmann::json::parse(details.vectorJson().toStdString()).size(), details.vector().size());
    QVERIFY(details.vectorNumpy().startsWith(QStringLiteral("np.array([")));
    QVERIFY(details.pythonText().contains(QStringLiteral("collection.get(ids=[")));
    if (!details.record().metadata.empty())
        QVERIFY(nlohmann::json::parse(details.metadataJson().toStdString()).is_object());
}

void TestRecordDetailsModel::theLastShownWins()
{
    RecordDetailsModel details;
    const auto& rows = m_view->spine()->rows;
    for (const auto row : rows)
        details.show(*m_view, row);
    QStringList seen;
    connect(&details, &RecordDetailsModel::recordChanged, this, [&] { seen << details.id(); });
    QTRY_COMPARE(details.vectorState(), VectorState::Ready);
    QCOMPARE(seen.size(), 1);
    QVERIFY(details.record().row == rows.back());
}

void TestRecordDetailsModel::recordsWithoutAnything()
{
    const auto& get = m_fixture->collection("types").at("get");
    RecordDetailsModel details;
    bool found = false;
    for (std::size_t i = 0; i < get.at("ids").size(); ++i) {
        if (!get.at("documents").at(i).is_null() || !get.at("metadatas").at(i).is_null())
            continue;
        found = true;
        details.show(*m_view, m_view->spine()->rows[i]);
        QTRY_COMPARE(details.state(), State::Ready);
        QVERIFY(!details.document());
        QCOMPARE(details.documentCharacters(), qint64(0));
        QCOMPARE(details.rowCount(), 0);
    }
    QVERIFY(found);
}

void TestRecordDetailsModel::goneRecordsSaySo()
{
    RecordDetailsModel details;
    details.show(*m_view, storage::RowKey{987654321});
    QTRY_COMPARE(details.state(), State::Gone);
    QCOMPARE(details.vectorState(), VectorState::None);
    QCOMPARE(details.recordJson(), QString());
}

void TestRecordDetailsModel::clearForgets()
{
    RecordDetailsModel details;
    details.show(*m_view, m_view->spine()->rows.front());
    details.clear();
    QCOMPARE(details.state(), State::Empty);
    QCOMPARE(details.pythonText(), QString());
    QSignalSpy changed(&details, &RecordDetailsModel::recordChanged);
    details.show(*m_view, m_view->spine()->rows.front());
    QTRY_COMPARE(details.state(), State::Ready); // the same row again, after all
    QCOMPARE(changed.size(), 1);
}

void TestRecordDetailsModel::followsAReload()
{
    RecordDetailsModel details;
    details.show(*m_view, m_view->spine()->rows.front());
    QTRY_COMPARE(details.vectorState(), VectorState::Ready);
    QSignalSpy changed(&details, &RecordDetailsModel::recordChanged);
    m_session->reload();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(details.state(), State::Ready);
    QTRY_COMPARE(details.vectorState(), VectorState::Ready);
}

void TestRecordDetailsModel::outlivesTheView()
{
    RecordDetailsModel details;
    details.show(*m_view, m_view->spine()->rows.front());
    QTRY_COMPARE(details.vectorState(), VectorState::Ready);
    details.show(*m_view, m_view->spine()->rows.back());
    m_view.reset();
    QCOMPARE(details.state(), State::Empty);
    QVERIFY(details.view() == nullptr);
}

QTEST_GUILESS_MAIN(TestRecordDetailsModel)
#include "tst_record_details_model.moc"
