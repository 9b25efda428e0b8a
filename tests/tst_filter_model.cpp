// The filter of a tab: fields, builder, errors, what is kept between runs.
#include "model/filter_model.h"
#include "model/saved_filters.h"
#include "support/chroma_fixture.h"
#include "support/verify.h"

#include <QSignalSpy>
#include <QTest>

using model::CollectionView;
using model::FilterModel;
using model::MemoryPreferences;
using model::SavedFilters;
using model::Session;
using model::SessionState;

class TestFilterModel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void fieldsAndBuilderAreBothMeant();
    void errorsKeepTheRows();
    void clearShowsEverything();
    void orderIsKept();
    void savedAndRestored();
    void restoredBeforeTheKeysAreKnown();
    void namedFilters();
    void recentFilters();
    void lastFilter();

private:
    [[nodiscard]] bool settle() const
    {
        return QTest::qWaitFor([this] { return m_view->isComplete() && !m_view->isBusy(); }, 20000);
    }
    [[nodiscard]] QString numericKey() const;
    std::unique_ptr<CollectionView> browse();

    std::optional<support::ChromaFixture> m_fixture;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<CollectionView> m_view;
};

std::unique_ptr<CollectionView> TestFilterModel::browse()
{
    const auto found = storage::findCollection(m_session->catalog(), "types");
    return found ? m_session->browse(found->id) : nullptr;
}

void TestFilterModel::init()
{
    auto fixture = support::openFixture(QStringLiteral("rich-1.5.9"));
    VERIFY_OK(fixture);
    m_fixture = std::move(*fixture);
    m_session = std::make_unique<Session>();
    m_session->open(m_fixture->path());
    QTRY_COMPARE(m_session->state(), SessionState::Ready);
    m_view = browse();
    QVERIFY(m_view != nullptr);
    m_view->start();
    QTRY_VERIFY(m_view->areKeysKnown());
}

void TestFilterModel::cleanup()
{
    m_view.reset();
    m_session.reset();
    m_fixture.reset();
}

QString TestFilterModel::numericKey() const
{
    for (const auto& info : m_view->keys())
        if (info.types == 1u << unsigned(storage::MetaType::Int))
            return QStringLiteral("meta:") + QString::fromStdString(info.key);
    return {};
}

void TestFilterModel::fieldsAndBuilderAreBothMeant()
{
    FilterModel filter(*m_view);
    QVERIFY(!filter.isActive());
    const QString key = numericKey();
    QVERIFY(!key.isEmpty());
    filter.setText(key, QStringLiteral(">-1000000"));
    filter.apply();
    QVERIFY(settle());
    const auto numbers = *m_view->matching();
    QVERIFY(numbers > 0 && numbers < *m_view->total());
    QVERIFY(filter.isActive());
    VERIFY_OK(filter.conditions().setJson(model::ConditionModel::Part::Document,
                                          QStringLiteral(R"({"$contains": "no document holds this"})")));
    filter.apply();
    QVERIFY(settle());
    QCOMPARE(*m_view->matching(), qint64(0));
    QVERIFY(m_view->query().where && m_view->query().whereDocument);
    QCOMPARE(filter.summary().size(), 2);
}

void TestFilterModel::errorsKeepTheRows()
{
    FilterModel filter(*m_view);
    const QString key = numericKey();
    const QSignalSpy spines(m_view.get(), &CollectionView::spineChanged);
    QSignalSpy errors(&filter, &FilterModel::errorsChanged);
    filter.setText(key, QStringLiteral("many"));
    filter.apply();
    QCOMPARE(errors.size(), 1);
    QVERIFY(filter.hasErrors());
    QVERIFY(filter.error(key).endsWith(QLatin1Char('.')));
    QVERIFY(filter.firstError().contains(key.mid(5)));
    QVERIFY(!m_view->isBusy());
    QCOMPARE(spines.size(), 0);
    filter.setText(key, QStringLiteral("5"));
    filter.apply();
    QVERIFY(!filter.hasErrors());
    QVERIFY(settle());
    QCOMPARE(spines.size(), 1);
    const QModelIndex half =
        filter.conditions().addCondition(filter.conditions().part(model::ConditionModel::Part::Document));
    QVERIFY(filter.conditions().setData(half.siblingAtColumn(model::ConditionModel::OperatorColumn),
                                        int(storage::WhereOperator::Regex)));
    QVERIFY(filter.conditions().setData(half.siblingAtColumn(model::ConditionModel::ValueColumn),
                                        QStringLiteral("(")));
    filter.apply();
    QVERIFY(!filter.conditionError().isEmpty());
    QVERIFY(!m_view->isBusy());
}

void TestFilterModel::clearShowsEverything()
{
    FilterModel filter(*m_view);
    filter.setText(QStringLiteral("id"), QStringLiteral("=nothing"));
    filter.setText(QStringLiteral("document"), QStringLiteral("/(/"));
    filter.apply();
    const QSignalSpy texts(&filter, &FilterModel::textsChanged);
    filter.clear();
    QCOMPARE(texts.size(), 1);
    QVERIFY(!filter.isActive());
    QVERIFY(!filter.hasErrors());
    QVERIFY(settle());
    QCOMPARE(*m_view->matching(), *m_view->total());
}

void TestFilterModel::orderIsKept()
{
    FilterModel filter(*m_view);
    model::RecordQuery query;
    query.sortBy = storage::ColumnCache::SortBy::Id;
    query.descending = true;
    m_view->setQuery(query);
    filter.setText(QStringLiteral("document"), QStringLiteral("a"));
    filter.apply();
    QVERIFY(settle());
    QVERIFY(m_view->shownQuery().sortBy == storage::ColumnCache::SortBy::Id);
    QVERIFY(m_view->shownQuery().descending);
    QVERIFY(m_view->shownQuery().whereDocument);
}

void TestFilterModel::savedAndRestored()
{
    FilterModel filter(*m_view);
    QVERIFY(filter.save().isEmpty());
    filter.setText(numericKey(), QStringLiteral("5"));
    filter.setText(QStringLiteral("document"), QStringLiteral("!x"));
    VERIFY_OK(
        filter.conditions().setJson(model::ConditionModel::Part::Metadata, QStringLiteral(R"({"a": 1})")));
    const QVariantMap saved = filter.save();
    FilterModel other(*m_view);
    other.restore(saved);
    QCOMPARE(other.save(), saved);
    QCOMPARE(other.text(QStringLiteral("document")), QStringLiteral("!x"));
    QCOMPARE(other.conditions().json(model::ConditionModel::Part::Metadata), QStringLiteral(R"({"a":1})"));
    other.restore({{QStringLiteral("where"), QStringLiteral("{broken")}});
    QVERIFY(!other.isActive());
}

void TestFilterModel::restoredBeforeTheKeysAreKnown()
{
    QString textKey;
    for (const auto& info : m_view->keys())
        if (info.types == 1u << unsigned(storage::MetaType::String))
            textKey = QStringLiteral("meta:") + QString::fromStdString(info.key);
    QVERIFY(!textKey.isEmpty());
    FilterModel filter(*m_view);
    filter.setText(textKey, QStringLiteral("5"));
    filter.apply();
    QVERIFY(settle());
    const auto fresh = browse();
    FilterModel again(*fresh);
    again.restore(filter.save());
    again.apply(); // nothing is known of the keys yet, but what was known is kept with the filter
    QVERIFY(fresh->query().where == m_view->query().where);
    QTRY_VERIFY(fresh->areKeysKnown());
    QVERIFY(fresh->query().where == m_view->query().where);
}

void TestFilterModel::namedFilters()
{
    MemoryPreferences preferences;
    SavedFilters filters(preferences, "c1");
    const QVariantMap one{{QStringLiteral("where"), QStringLiteral(R"({"a":1})")}};
    const QVariantMap two{
        {QStringLiteral("texts"), QVariantMap{{QStringLiteral("meta:year"), QStringLiteral(">5")}}}};
    filters.save(QStringLiteral("zebra"), one);
    filters.save(QStringLiteral("Apple"), two);
    QCOMPARE(filters.named().size(), 2);
    QCOMPARE(filters.named().first().name, QStringLiteral("Apple"));
    filters.save(QStringLiteral("zebra"), two);
    QCOMPARE(filters.named().last().filter, two);
    QCOMPARE(SavedFilters::describe(two), QStringLiteral("year: >5"));
    filters.remove(QStringLiteral("zebra"));
    QCOMPARE(filters.named().size(), 1);
    QVERIFY(SavedFilters(preferences, "c2").named().isEmpty());
}

void TestFilterModel::recentFilters()
{
    MemoryPreferences preferences;
    SavedFilters filters(preferences, "c1");
    filters.noteUsed({});
    QVERIFY(filters.recent().isEmpty());
    for (int i = 0; i < 15; ++i)
        filters.noteUsed({{QStringLiteral("where"), QString::number(i)}});
    QCOMPARE(filters.recent().size(), SavedFilters::kRecent);
    QCOMPARE(filters.recent().first().filter.value(QStringLiteral("where")).toInt(), 14);
    filters.noteUsed({{QStringLiteral("where"), QString::number(10)}});
    QCOMPARE(filters.recent().size(), SavedFilters::kRecent);
    QCOMPARE(filters.recent().first().filter.value(QStringLiteral("where")).toInt(), 10);
}

void TestFilterModel::lastFilter()
{
    MemoryPreferences preferences;
    SavedFilters filters(preferences, "c1");
    QVERIFY(filters.last().isEmpty());
    filters.setLast({{QStringLiteral("where"), QStringLiteral("x")}});
    QCOMPARE(SavedFilters(preferences, "c1").last().size(), 1);
    filters.setLast({});
    QVERIFY(filters.last().isEmpty());
}

QTEST_GUILESS_MAIN(TestFilterModel)
#include "tst_filter_model.moc"
