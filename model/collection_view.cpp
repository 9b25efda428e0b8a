#include "model/collection_view.h"

#include <QPointer>

#include <algorithm>
#include <unordered_map>

namespace model {

using storage::Error;
using storage::ErrorKind;
using storage::Progress;
using storage::Record;
using storage::Result;
using storage::RowKey;
using KeyInfo = storage::CollectionReader::KeyInfo;

struct CollectionView::Rows
{
    std::vector<RowKey> rows;
    std::vector<Record> records; // of the first rows
    std::vector<KeyInfo> keys;   // in them
    qint64 total = 0;
    bool readAgain = false;
    storage::DocumentPath documentPath = storage::DocumentPath::None;
    std::vector<storage::Finding> findings;
};

namespace {

constexpr qint64 kFirstRows = 100;
constexpr std::size_t kHead = 3; // components of a preview

void sortByFrequency(std::vector<KeyInfo>& keys)
{
    std::sort(keys.begin(), keys.end(), [](const KeyInfo& one, const KeyInfo& other) {
        return one.records != other.records ? one.records > other.records : one.key < other.key;
    });
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

void trimRecords(std::vector<Record>& records, const Trim& trim)
{
    for (auto& record : records) {
        if (trim.keys)
            std::erase_if(record.metadata,
                          [&trim](const auto& entry) { return !trim.keys->contains(entry.key); });
        if (trim.textLimit == 0)
            continue;
        if (record.document)
            cutTo(*record.document, trim.textLimit);
        for (auto& entry : record.metadata)
            if (auto* text = std::get_if<std::string>(&entry.value))
                cutTo(*text, trim.textLimit);
    }
}

std::vector<KeyInfo> keysIn(const std::vector<Record>& records, std::size_t limit)
{
    std::unordered_map<std::string_view, KeyInfo> seen;
    for (const auto& record : records)
        for (const auto& entry : record.metadata) {
            KeyInfo& info = seen[entry.key];
            ++info.records;
            info.types |= 1u << static_cast<unsigned>(storage::typeOf(entry.value));
        }
    std::vector<KeyInfo> keys;
    keys.reserve(seen.size());
    for (auto& [key, info] : seen) {
        info.key = key;
        keys.push_back(std::move(info));
    }
    sortByFrequency(keys);
    if (keys.size() > limit)
        keys.resize(limit);
    return keys;
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
            Rows answer;
            answer.rows = std::move(*rows);
            answer.records = std::move(*records);
            answer.keys = keysIn(answer.records, kFirstKeys);
            auto wanted = std::make_shared<std::unordered_set<std::string>>();
            for (const auto& key : answer.keys)
                wanted->insert(key.key);
            trimRecords(answer.records, {kGridText, std::move(wanted)});
            return answer;
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

Result<CollectionView::Rows> CollectionView::answer(LaneReader& reader, const OpenDirectoryPtr& opened,
                                                    const std::string& id, const RecordQuery& query,
                                                    bool tolerateChanges, Progress& progress)
{
    const auto from = reader.reader(opened, id, progress);
    if (!from)
        return tl::unexpected(from.error());
    auto columns = reader.columns(opened, id, progress);
    if (!columns)
        return pass(columns);
    (*columns)->tolerateChanges(tolerateChanges);
    auto rows = matchingRows(**from, **columns, query, progress);
    if (!rows)
        return pass(rows);
    Rows answer;
    answer.rows = std::move(*rows);
    answer.total = qint64((*columns)->rows().size());
    if (query.isFiltered()) {
        answer.documentPath = (*columns)->documentPath();
        answer.findings = (*columns)->findings();
    }
    return answer;
}

// Rows that were read while another process wrote are read again, twice; a directory that never rests is
// taken as it comes.
Result<CollectionView::Rows> CollectionView::steadyAnswer(LaneReader& reader, const OpenDirectoryPtr& opened,
                                                          const std::string& id, const RecordQuery& query,
                                                          Progress& progress)
{
    constexpr int kAttempts = 3;
    for (int attempt = 0;; ++attempt) {
        auto rows = answer(reader, opened, id, query, attempt == kAttempts, progress);
        const bool changed = !rows && rows.error().kind == ErrorKind::Changed;
        if (rows)
            rows->readAgain = attempt > 0;
        if (!changed || attempt == kAttempts)
            return rows;
        reader.forgetCollection(id);
    }
}

void CollectionView::readSpine()
{
    m_session.m_browse.run(
        this,
        [reader = m_session.m_browseReader, opened = m_session.m_opened, id = m_collection.id,
         query = m_query](Progress& progress) -> Result<Rows> {
            const LaneJob job(*reader);
            return steadyAnswer(*reader, opened, id, query, progress);
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
    m_firstKeys = std::move(rows.keys);
    m_documentPath = rows.documentPath;
    if (rows.readAgain)
        ++m_reading;
    m_shown = query;
    m_complete = complete;
    if (complete) {
        m_total = rows.total;
        m_session.noteCount(m_collection.id, rows.total);
        m_session.addFindings(rows.findings);
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

template <class Value, class Read>
void CollectionView::readPages(QObject* context, Read read, std::function<void(Result<Value>)> done)
{
    m_session.m_pages.run(
        context,
        [reader = m_session.m_pageReader, opened = m_session.m_opened, id = m_collection.id,
         reading = m_reading, read = std::move(read)](Progress& progress) -> Result<Value> {
            const LaneJob job(*reader);
            reader->expect(id, reading);
            const auto from = reader->reader(opened, id, progress);
            if (!from)
                return tl::unexpected(from.error());
            return read(**from, progress);
        },
        std::move(done));
}

void CollectionView::fetch(QObject* context, std::vector<RowKey> rows, Trim trim, RecordsDone done)
{
    readPages<std::vector<Record>>(
        context,
        [rows = std::move(rows), trim = std::move(trim)](const storage::CollectionReader& reader,
                                                         Progress& progress) {
            auto records = reader.records(rows, progress);
            if (records)
                trimRecords(*records, trim);
            return records;
        },
        std::move(done));
}

void CollectionView::fetchIds(QObject* context, std::vector<RowKey> rows,
                              std::function<void(Result<std::vector<std::string>>)> done)
{
    readPages<std::vector<std::string>>(
        context,
        [rows = std::move(rows)](const storage::CollectionReader& reader, Progress& progress) {
            return reader.idsOf(rows, progress);
        },
        std::move(done));
}

void CollectionView::findId(QObject* context, const std::string& id,
                            std::function<void(Result<std::optional<RowKey>>)> done)
{
    readPages<std::optional<RowKey>>(
        context, [id](const storage::CollectionReader& reader, Progress&) { return reader.rowOf(id); },
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
