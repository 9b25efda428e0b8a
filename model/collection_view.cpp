#include "model/collection_view.h"

#include <algorithm>

namespace model {

using storage::Error;
using storage::ErrorKind;
using storage::Progress;
using storage::Record;
using storage::Result;
using storage::RowKey;
using SortBy = storage::ColumnCache::SortBy;

struct CollectionView::Rows
{
    std::vector<RowKey> rows;
    std::vector<Record> records; // of the first rows
    qint64 total = 0;
};

namespace {

constexpr qint64 kFirstRows = 100;
constexpr std::size_t kHead = 4; // components of a preview

bool matches(const IdCondition& condition, const QRegularExpression& pattern, const std::string& id)
{
    switch (condition.kind) {
    case IdCondition::Kind::Contains:
        return id.find(condition.text) != std::string::npos;
    case IdCondition::Kind::Equals:
        return id == condition.text;
    case IdCondition::Kind::Regex:
        return pattern.match(QString::fromStdString(id)).hasMatch();
    }
    return false;
}

// Keeps the positions whose ids match.
storage::Status keepIds(const storage::CollectionReader& reader, const std::vector<RowKey>& rows,
                        const IdCondition& condition, std::vector<std::uint32_t>& positions,
                        Progress& progress)
{
    std::vector<RowKey> asked;
    asked.reserve(positions.size());
    for (const auto position : positions)
        asked.push_back(rows[position]);
    const auto ids = reader.idsOf(asked, progress);
    if (!ids)
        return tl::unexpected(ids.error());
    if (ids->size() != positions.size())
        return storage::fail(ErrorKind::Changed,
                             QStringLiteral("The collection changed while its ids were read; reload it."));
    const QRegularExpression pattern(QString::fromStdString(condition.text));
    std::vector<std::uint32_t> kept;
    for (std::size_t i = 0; i < positions.size(); ++i)
        if (matches(condition, pattern, (*ids)[i]))
            kept.push_back(positions[i]);
    positions = std::move(kept);
    return {};
}

Result<std::vector<RowKey>> rowsOf(const storage::CollectionReader& reader, storage::ColumnCache& columns,
                                   const RecordQuery& query, Progress& progress)
{
    if (!query.isFiltered() && query.sortBy == SortBy::Insertion && !query.descending)
        return columns.rows();
    auto positions = columns.matching(reader, query.where ? &*query.where : nullptr,
                                      query.whereDocument ? &*query.whereDocument : nullptr, progress);
    if (!positions)
        return pass(positions);
    if (query.id)
        if (auto kept = keepIds(reader, columns.rows(), *query.id, *positions, progress); !kept)
            return pass(kept);
    if (auto sorted =
            columns.sort(reader, *positions, {query.sortBy, query.sortKey, query.descending}, progress);
        !sorted)
        return pass(sorted);
    std::vector<RowKey> rows;
    rows.reserve(positions->size());
    for (const auto position : *positions)
        rows.push_back(columns.rows()[position]);
    return rows;
}

void cutTo(std::string& text, qsizetype limit)
{
    if (qsizetype(text.size()) <= limit)
        return;
    std::size_t end = std::size_t(limit);
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
        --end; // not inside a character
    text.resize(end);
    text.shrink_to_fit();
    text += kCutMark;
}

void cutTo(Record& record, qsizetype limit)
{
    if (record.document)
        cutTo(*record.document, limit);
    for (auto& entry : record.metadata)
        if (auto* text = std::get_if<std::string>(&entry.value))
            cutTo(*text, limit);
}

} // namespace

CollectionView::CollectionView(Session& session, storage::Collection collection)
    : m_session(session),
      m_collection(std::move(collection)),
      m_slot(session.m_browse.newSlot()),
      m_total(session.facts(m_collection.id).count)
{
    connect(&session, &Session::opened, this, &CollectionView::follow);
    connect(&session, &Session::factsChanged, this, [this](const std::string& id) {
        const auto count = m_session.facts(m_collection.id).count;
        if (id != m_collection.id || count == m_total)
            return;
        m_total = count;
        Q_EMIT totalChanged();
    });
}

CollectionView::~CollectionView()
{
    m_session.m_browse.cancelSlot(m_slot);
    m_session.m_survey.cancel(m_keysTicket);
}

void CollectionView::start()
{
    if (m_started)
        return;
    m_started = true;
    m_session.countFirst({m_collection.id});
    setBusy(true);
    readFirstRows();
}

void CollectionView::setQuery(const RecordQuery& query)
{
    if (query == m_query && m_started)
        return;
    m_query = query;
    m_started = true;
    runQuery();
}

void CollectionView::runQuery()
{
    setBusy(true);
    readSpine();
}

void CollectionView::readFirstRows()
{
    if (m_query != RecordQuery{}) {
        readSpine();
        return;
    }
    m_session.m_browse.run(
        this,
        [reader = m_session.m_browseReader, opened = m_session.m_opened,
         id = m_collection.id](Progress& progress) -> Result<Rows> {
            const LaneJob job(*reader);
            const auto from = reader->reader(opened, id, progress);
            if (!from)
                return tl::unexpected(from.error());
            auto rows = (*from)->firstRows(kFirstRows);
            if (!rows)
                return pass(rows);
            auto records = (*from)->records(*rows, progress);
            if (!records)
                return pass(records);
            return Rows{std::move(*rows), std::move(*records), 0};
        },
        [this](Result<Rows> rows) {
            if (!rows)
                report(rows.error(), tr("Reading the first records"));
            else
                accept(std::move(*rows), RecordQuery{}, false);
            if (rows || rows.error().kind != ErrorKind::Cancelled)
                readSpine();
        },
        m_slot);
}

void CollectionView::readSpine()
{
    m_session.m_browse.run(
        this,
        [reader = m_session.m_browseReader, opened = m_session.m_opened, id = m_collection.id,
         query = m_query](Progress& progress) -> Result<Rows> {
            const LaneJob job(*reader);
            const auto from = reader->reader(opened, id, progress);
            if (!from)
                return tl::unexpected(from.error());
            auto columns = reader->columns(opened, id, progress);
            if (!columns)
                return pass(columns);
            auto rows = rowsOf(**from, **columns, query, progress);
            if (!rows)
                return pass(rows);
            return Rows{std::move(*rows), {}, qint64((*columns)->rows().size())};
        },
        [this, query = m_query](Result<Rows> rows) {
            setBusy(false);
            if (!rows) {
                report(rows.error(),
                       query.isFiltered() ? tr("Filtering the records") : tr("Listing the records"));
                return;
            }
            accept(std::move(*rows), query, true);
            if (!m_keysKnown)
                readKeys();
        },
        m_slot);
}

void CollectionView::accept(Rows rows, const RecordQuery& query, bool complete)
{
    auto spine = std::make_shared<storage::Spine>();
    spine->rows = std::move(rows.rows);
    m_spine = std::move(spine);
    m_firstRecords = std::move(rows.records);
    m_shown = query;
    m_complete = complete;
    if (complete) {
        m_total = rows.total;
        m_session.noteCount(m_collection.id, rows.total);
        Q_EMIT totalChanged();
    }
    Q_EMIT spineChanged();
}

void CollectionView::readKeys()
{
    m_session.m_survey.cancel(m_keysTicket);
    m_keysTicket = m_session.m_survey.run(
        this,
        [reader = m_session.m_surveyReader, opened = m_session.m_opened, id = m_collection.id](
            Progress& progress) -> Result<std::vector<storage::CollectionReader::KeyInfo>> {
            const LaneJob job(*reader);
            const auto from = reader->reader(opened, id, progress);
            if (!from)
                return tl::unexpected(from.error());
            return (*from)->keys(progress);
        },
        [this, epoch = m_session.m_epoch](Result<std::vector<storage::CollectionReader::KeyInfo>> keys) {
            if (epoch != m_session.m_epoch)
                return;
            if (!keys) {
                report(keys.error(), tr("Reading the metadata keys"));
                return;
            }
            m_keys = std::move(*keys);
            m_keysKnown = true;
            Q_EMIT keysChanged();
        });
}

void CollectionView::follow()
{
    const storage::Collection* now = m_session.collection(m_collection.id);
    if (now == nullptr) {
        m_session.m_browse.cancelSlot(m_slot);
        setBusy(false);
        m_gone = true;
        Q_EMIT gone();
        return;
    }
    m_gone = false;
    m_collection = *now;
    m_keysKnown = false;
    Q_EMIT reloaded();
    if (m_started)
        runQuery();
}

std::optional<qint64> CollectionView::total() const
{
    return m_total;
}

std::optional<qint64> CollectionView::matching() const
{
    if (!m_complete)
        return m_shown.isFiltered() ? std::nullopt : m_total;
    return qint64(m_spine->rows.size());
}

void CollectionView::setBusy(bool busy)
{
    if (busy == m_busy)
        return;
    m_busy = busy;
    Q_EMIT busyChanged(busy);
}

void CollectionView::report(const Error& error, const QString& what)
{
    if (error.kind != ErrorKind::Cancelled)
        Q_EMIT failed(error, what);
}

void CollectionView::fetch(QObject* context, std::vector<RowKey> rows, qsizetype textLimit, RecordsDone done)
{
    m_session.m_pages.run(
        context,
        [reader = m_session.m_pageReader, opened = m_session.m_opened, id = m_collection.id,
         rows = std::move(rows), textLimit](Progress& progress) -> Result<std::vector<Record>> {
            const LaneJob job(*reader);
            const auto from = reader->reader(opened, id, progress);
            if (!from)
                return tl::unexpected(from.error());
            auto records = (*from)->records(rows, progress);
            if (records && textLimit > 0)
                for (auto& record : *records)
                    cutTo(record, textLimit);
            return records;
        },
        std::move(done));
}

void CollectionView::fetchIds(QObject* context, std::vector<RowKey> rows,
                              std::function<void(Result<std::vector<std::string>>)> done)
{
    m_session.m_pages.run(
        context,
        [reader = m_session.m_pageReader, opened = m_session.m_opened, id = m_collection.id,
         rows = std::move(rows)](Progress& progress) -> Result<std::vector<std::string>> {
            const LaneJob job(*reader);
            const auto from = reader->reader(opened, id, progress);
            if (!from)
                return tl::unexpected(from.error());
            return (*from)->idsOf(rows, progress);
        },
        std::move(done));
}

void CollectionView::findId(QObject* context, const std::string& id,
                            std::function<void(Result<std::optional<RowKey>>)> done)
{
    m_session.m_pages.run(
        context,
        [reader = m_session.m_pageReader, opened = m_session.m_opened, collection = m_collection.id,
         id](Progress& progress) -> Result<std::optional<RowKey>> {
            const LaneJob job(*reader);
            const auto from = reader->reader(opened, collection, progress);
            if (!from)
                return tl::unexpected(from.error());
            return (*from)->rowOf(id);
        },
        std::move(done));
}

void CollectionView::fetchTopValues(
    QObject* context, const std::string& key, std::size_t limit,
    std::function<void(Result<std::vector<storage::ColumnCache::ValueCount>>)> done)
{
    m_session.m_browse.run(
        context,
        [reader = m_session.m_browseReader, opened = m_session.m_opened, id = m_collection.id, key,
         limit](Progress& progress) -> Result<std::vector<storage::ColumnCache::ValueCount>> {
            const LaneJob job(*reader);
            const auto from = reader->reader(opened, id, progress);
            if (!from)
                return tl::unexpected(from.error());
            auto columns = reader->columns(opened, id, progress);
            if (!columns)
                return pass(columns);
            return (*columns)->topValues(**from, key, limit, progress);
        },
        std::move(done), m_session.m_browse.newSlot());
}

template <class Value, class Read>
void CollectionView::readVectors(QObject* context, Read read, std::function<void(Result<Value>)> done)
{
    struct Answer
    {
        Result<Value> value;
        std::vector<storage::Finding> findings;
    };
    m_session.m_vectors.run(
        context,
        [reader = m_session.m_vectorReader, opened = m_session.m_opened, id = m_collection.id,
         read = std::move(read)](Progress& progress) {
            const LaneJob job(*reader);
            auto store = reader->vectors(opened, id, progress);
            if (!store)
                return Answer{Result<Value>(pass(store)), {}};
            return Answer{Result<Value>(read(**store)), (*store)->findings()};
        },
        [session = QPointer<Session>(&m_session), done = std::move(done)](Answer answer) {
            if (session)
                session->addFindings(answer.findings);
            done(std::move(answer.value));
        },
        m_session.m_vectors.newSlot());
}

void CollectionView::fetchPreviews(QObject* context, std::vector<std::string> ids,
                                   std::function<void(Result<std::vector<VectorPreview>>)> done)
{
    readVectors<std::vector<VectorPreview>>(
        context,
        [ids = std::move(ids)](const storage::VectorStore& store) {
            std::vector<VectorPreview> previews;
            previews.reserve(ids.size());
            for (const auto& id : ids) {
                VectorPreview preview;
                if (const auto vector = store.vector(id)) {
                    preview.dimension = vector->size();
                    preview.head.assign(vector->begin(),
                                        vector->begin() + std::ptrdiff_t(std::min(kHead, vector->size())));
                }
                previews.push_back(std::move(preview));
            }
            return previews;
        },
        std::move(done));
}

void CollectionView::fetchVector(QObject* context, const std::string& id,
                                 std::function<void(Result<std::optional<std::vector<float>>>)> done)
{
    readVectors<std::optional<std::vector<float>>>(
        context, [id](const storage::VectorStore& store) { return store.vector(id); }, std::move(done));
}

void CollectionView::fetchVectors(
    QObject* context, std::vector<std::string> ids,
    std::function<void(Result<std::vector<std::optional<std::vector<float>>>>)> done)
{
    readVectors<std::vector<std::optional<std::vector<float>>>>(
        context,
        [ids = std::move(ids)](const storage::VectorStore& store) {
            std::vector<std::optional<std::vector<float>>> vectors;
            vectors.reserve(ids.size());
            for (const auto& id : ids)
                vectors.push_back(store.vector(id));
            return vectors;
        },
        std::move(done));
}

} // namespace model
