#include "model/session.h"

#include "model/collection_view.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>

#include <algorithm>

namespace model {

using storage::Error;
using storage::ErrorKind;
using storage::Progress;
using storage::Result;

Session::Session(QObject* parent) : QObject(parent)
{
    m_poll.setSingleShot(true);
    connect(&m_poll, &QTimer::timeout, this, &Session::pollNow);
}

Session::~Session() = default;

void Session::setState(SessionState state)
{
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

Result<Session::Opening> Session::readDirectory(const QString& path, quint64 epoch, Progress& progress)
{
    auto directory = storage::PersistDir::open(path, progress);
    if (!directory)
        return pass(directory);
    auto fingerprint = directory->fingerprint(); // before reading: what changes meanwhile is seen as changed
    auto connection = directory->connect();
    if (!connection)
        return pass(connection);
    connection->watch(&progress);
    auto catalog = storage::readCatalog(*directory, *connection, progress);
    if (!catalog)
        return pass(catalog);
    return Opening{std::make_shared<const OpenDirectory>(
        OpenDirectory{epoch, std::move(*directory), std::move(*catalog), std::move(fingerprint)})};
}

void Session::open(const QString& path)
{
    stopJobs();
    m_opened.reset();
    m_facts.clear();
    m_byId.clear();
    m_metFindings.clear();
    m_bytes.reset();
    m_path = QDir::cleanPath(QDir().absoluteFilePath(path));
    setChangedOnDisk(false);
    start(m_path);
}

void Session::reload()
{
    if (!m_path.isEmpty())
        start(m_path);
}

void Session::start(const QString& path)
{
    m_poll.stop();
    setState(SessionState::Opening);
    const quint64 epoch = ++m_epoch;
    m_browse.run(
        this, [path, epoch](Progress& progress) { return readDirectory(path, epoch, progress); },
        [this](const Result<Opening>& opening) {
            if (opening)
                accept(*opening);
            else
                refuse(opening.error());
        });
}

void Session::refuse(const Error& error)
{
    if (error.kind == ErrorKind::Cancelled)
        return;
    if (m_opened) { // a reload: what was read before is still worth seeing
        m_vanished = m_vanished || error.kind == ErrorKind::NotFound;
        setState(SessionState::Ready);
        setChangedOnDisk(true);
        m_poll.start(m_pollIntervalMs);
    } else {
        m_error = error;
        setState(SessionState::Failed);
    }
    Q_EMIT failed(error, m_opened ? tr("Reloading the directory") : tr("Opening the directory"));
}

void Session::accept(const Opening& opening)
{
    m_opened = opening.directory;
    m_path = m_opened->directory.path();
    m_vanished = false;
    m_byId.clear();
    m_toCount.clear();
    m_metFindings.clear();
    std::map<std::string, CollectionFacts> kept;
    const auto& collections = m_opened->catalog.collections;
    for (std::size_t i = 0; i < collections.size(); ++i) {
        m_byId.emplace(collections[i].id, i);
        m_toCount.push_back(collections[i].id);
        if (const auto facts = m_facts.find(collections[i].id); facts != m_facts.end())
            kept.insert(*facts);
    }
    m_facts = std::move(kept);
    setChangedOnDisk(false);
    setState(SessionState::Ready);
    Q_EMIT opened();
    countNext();
    measure();
    m_poll.start(m_pollIntervalMs);
}

void Session::stopJobs()
{
    m_poll.stop();
    m_toCount.clear();
    m_browse.cancelAll();
    m_pages.cancelAll();
    m_survey.cancelAll();
    m_vectors.cancelAll();
}

void Session::close()
{
    beginMaintenance([this] {
        m_opened.reset();
        m_path.clear();
        m_facts.clear();
        m_byId.clear();
        setState(SessionState::Closed);
    });
}

void Session::beginMaintenance(std::function<void()> whenClosed)
{
    stopJobs();
    ++m_epoch;
    setState(SessionState::Maintaining);
    auto left = std::make_shared<int>(4);
    auto whenAll = std::make_shared<std::function<void()>>(std::move(whenClosed));
    const auto closed = [left, whenAll](int) {
        if (--*left == 0)
            (*whenAll)();
    };
    const auto closeOne = [this, &closed](Lane& lane, const std::shared_ptr<LaneReader>& reader) {
        lane.run(
            this,
            [reader](Progress&) {
                reader->forget();
                return 0;
            },
            closed, lane.newSlot());
    };
    closeOne(m_browse, m_browseReader);
    closeOne(m_pages, m_pageReader);
    closeOne(m_survey, m_surveyReader);
    closeOne(m_vectors, m_vectorReader);
}

const storage::Catalog& Session::catalog() const
{
    static const storage::Catalog kNone;
    return m_opened ? m_opened->catalog : kNone;
}

const storage::Collection* Session::collection(const std::string& id) const
{
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : &catalog().collections[found->second];
}

CollectionFacts Session::facts(const std::string& collectionId) const
{
    const auto found = m_facts.find(collectionId);
    return found == m_facts.end() ? CollectionFacts{} : found->second;
}

std::vector<storage::Finding> Session::findings() const
{
    std::vector<storage::Finding> all;
    if (!m_opened)
        return all;
    const auto add = [&all](const std::vector<storage::Finding>& some) {
        all.insert(all.end(), some.begin(), some.end());
    };
    add(m_opened->directory.findings());
    add(m_opened->catalog.findings);
    add(m_metFindings);
    return all;
}

void Session::addFindings(const std::vector<storage::Finding>& findings)
{
    const auto known = [this](const storage::Finding& each) {
        return std::any_of(m_metFindings.begin(), m_metFindings.end(), [&each](const auto& met) {
            return met.code == each.code && met.collection == each.collection;
        });
    };
    bool added = false;
    for (const auto& each : findings) {
        if (known(each))
            continue;
        m_metFindings.push_back(each);
        added = true;
    }
    if (added)
        Q_EMIT findingsChanged();
}

void Session::measure()
{
    m_survey.run(
        this, [opened = m_opened](Progress&) { return opened->directory.bytesOnDisk(); },
        [this, epoch = m_epoch](qint64 bytes) {
            if (epoch != m_epoch)
                return;
            m_bytes = bytes;
            Q_EMIT bytesOnDiskChanged(bytes);
        });
}

void Session::countFirst(const std::vector<std::string>& collectionIds)
{
    for (auto id = collectionIds.rbegin(); id != collectionIds.rend(); ++id) {
        const auto waiting = std::find(m_toCount.begin(), m_toCount.end(), *id);
        if (waiting == m_toCount.end())
            continue;
        m_toCount.erase(waiting);
        m_toCount.push_front(*id);
    }
}

void Session::countNext()
{
    if (m_counting || m_toCount.empty() || !m_opened)
        return;
    m_counting = true;
    constexpr std::size_t kBatch = 32;
    std::vector<std::string> ids;
    while (!m_toCount.empty() && ids.size() < kBatch) {
        ids.push_back(std::move(m_toCount.front()));
        m_toCount.pop_front();
    }
    m_survey.run(
        this,
        [reader = m_surveyReader, opened = m_opened, ids = std::move(ids)](Progress& progress) {
            return count(*reader, opened, ids, progress);
        },
        [this, epoch = m_epoch](Counted counted) {
            m_counting = false;
            if (epoch == m_epoch)
                acceptCounts(std::move(counted));
            countNext();
        });
}

Session::Counted Session::count(LaneReader& reader, const OpenDirectoryPtr& opened,
                                std::vector<std::string> ids, Progress& progress)
{
    constexpr qint64 kSliceMs = 40; // then the results go up, and whatever is on screen by now comes next
    const LaneJob job(reader);
    QElapsedTimer timer;
    timer.start();
    Counted counted;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (progress.cancelled())
            break;
        if (i > 0 && timer.elapsed() > kSliceMs) {
            counted.left.assign(ids.begin() + std::ptrdiff_t(i), ids.end());
            break;
        }
        CollectionFacts facts;
        const auto from = reader.reader(opened, ids[i], progress);
        const auto records = from ? (*from)->count(progress) : Result<qint64>(tl::unexpected(from.error()));
        if (records)
            facts.count = *records;
        else if (records.error().kind == ErrorKind::Cancelled)
            break;
        else
            facts.error = records.error();
        if (from)
            if (const auto pending = (*from)->pendingOperations())
                facts.pending = *pending;
        counted.facts.emplace_back(ids[i], std::move(facts));
    }
    return counted;
}

void Session::acceptCounts(Counted counted)
{
    for (auto id = counted.left.rbegin(); id != counted.left.rend(); ++id)
        m_toCount.push_front(*id);
    for (auto& [id, facts] : counted.facts) {
        m_facts[id] = facts;
        Q_EMIT factsChanged(id);
    }
}

void Session::noteCount(const std::string& collectionId, qint64 count)
{
    auto& facts = m_facts[collectionId];
    if (facts.count == count)
        return;
    facts.count = count;
    Q_EMIT factsChanged(collectionId);
}

std::unique_ptr<CollectionView> Session::browse(const std::string& collectionId)
{
    const storage::Collection* found = collection(collectionId);
    if (found == nullptr)
        return nullptr;
    return std::unique_ptr<CollectionView>(new CollectionView(*this, *found));
}

void Session::setPollInterval(int milliseconds)
{
    m_pollIntervalMs = milliseconds;
    if (m_poll.isActive())
        m_poll.start(milliseconds);
}

void Session::pollNow()
{
    if (m_polling || !m_opened || m_state != SessionState::Ready)
        return;
    m_polling = true;
    struct Look
    {
        storage::Fingerprint fingerprint;
        bool there = true;
        qint64 costMs = 0;
    };
    m_survey.run(
        this,
        [opened = m_opened](Progress&) {
            QElapsedTimer timer;
            timer.start();
            Look look;
            look.fingerprint = opened->directory.fingerprint();
            look.there = QFileInfo::exists(opened->directory.databasePath());
            look.costMs = timer.elapsed();
            return look;
        },
        [this, epoch = m_epoch](const Look& look) {
            m_polling = false;
            if (epoch == m_epoch && m_state == SessionState::Ready)
                acceptPoll(look.fingerprint, look.there, look.costMs);
        });
}

void Session::acceptPoll(const storage::Fingerprint& now, bool there, qint64 costMs)
{
    const bool vanished = !there;
    const bool moved = vanished != m_vanished;
    m_vanished = vanished;
    const bool changed = vanished || now != m_opened->fingerprint;
    if (moved && m_changedOnDisk && changed)
        Q_EMIT changedOnDiskChanged(true); // the same banner with another sentence
    setChangedOnDisk(changed);
    // Thousands of segment folders take longer to look at: keep the looking under two percent of a core.
    m_poll.start(int(std::max<qint64>(m_pollIntervalMs, costMs * 50)));
}

void Session::setChangedOnDisk(bool changed)
{
    if (changed == m_changedOnDisk)
        return;
    m_changedOnDisk = changed;
    Q_EMIT changedOnDiskChanged(changed);
}

} // namespace model
