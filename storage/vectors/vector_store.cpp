#include "storage/vectors/vector_store.h"

#include "storage/chroma/legacy_seq_id.h"
#include "storage/chroma/value_columns.h"
#include "storage/vectors/vector_state.h"

#include <algorithm>

namespace storage {

namespace {

constexpr const char* kPickle = "/index_metadata.pickle";

std::string text(const QString& sentence)
{
    return sentence.toStdString();
}

// Opens everything once; the caller tries again when a live Chroma changed it meanwhile.
class Opener
{
public:
    Opener(const PersistDir& directory, const Connection& connection, const Collection& collection)
        : m_connection(connection),
          m_collection(collection),
          m_segment(collection.segment("VECTOR"))
    {
        if (m_segment)
            m_folder = directory.segmentFolder(m_segment->id);
    }

    // False: the files or the log moved on meanwhile.
    [[nodiscard]] Result<bool> open(VectorStore::State& state, Progress& progress)
    {
        m_state = &state;
        state.collection = m_collection.id;
        state.name = m_collection.name;
        state.index = m_collection.index;
        // The database first, the files second: files that are newer than the log's rows are mended by
        // replaying these, older files could not be.
        auto applied = readApplied();
        if (!applied)
            return pass(applied);
        auto dimension = readDimension();
        if (!dimension)
            return pass(dimension);
        auto rows =
            readVectorRows(m_connection, m_collection.topic, {.after = *applied}, *dimension, progress);
        if (!rows)
            return pass(rows);
        const bool readable = openFiles(*applied);
        settleDimension(*dimension);
        if (state.dimension != rows->dimension) {
            rows = readVectorRows(m_connection, m_collection.topic, {.after = *applied}, state.dimension,
                                  progress);
            if (!rows)
                return pass(rows);
        }
        if (auto lost = recoverLost(*rows, *applied, progress); !lost)
            return pass(lost);
        state.log = VectorLog(std::move(*rows), state.labels);
        countElements();
        collectFindings();
        auto now = readApplied();
        if (!now)
            return pass(now);
        return *now == *applied && state.unchanged() && (readable || !m_pickleMoved);
    }

private:
    void note(const char* code, Severity severity, const QString& sentence)
    {
        m_state->findings.push_back({code, severity, m_collection.id, text(sentence)});
    }

    // The place in the log up to which the segment is complete.
    [[nodiscard]] Result<qint64> readApplied()
    {
        m_legacy = false;
        if (!m_segment)
            return 0;
        auto query = m_connection.prepare("SELECT seq_id FROM max_seq_id WHERE segment_id = ?1");
        if (!query)
            return pass(query);
        auto row = query->bind(0, m_segment->id).step();
        if (!row)
            return pass(row);
        if (*row)
            return sequenceId(*query, 0).value_or(0);
        const auto legacy = legacyMaxSeqId(m_folder + QLatin1String(kPickle));
        m_legacy = legacy.has_value();
        return legacy.value_or(0);
    }

    // Set by the first add; a collection opened before it and asked after it would miss it.
    [[nodiscard]] Result<std::size_t> readDimension()
    {
        auto query = m_connection.prepare("SELECT dimension FROM collections WHERE id = ?1");
        if (!query)
            return pass(query);
        auto row = query->bind(0, m_collection.id).step();
        if (!row)
            return pass(row);
        const qint64 dimension = *row ? query->integer(0) : m_collection.dimension.value_or(0);
        constexpr qint64 kMost = 1 << 20;
        return std::size_t(std::clamp<qint64>(dimension, 0, kMost));
    }

    [[nodiscard]] bool openFiles(qint64 applied)
    {
        VectorStore::State& state = *m_state;
        if (!m_segment)
            return true;
        auto labels = LabelMap::open(m_folder + QLatin1String(kPickle));
        if (!labels && labels.error().kind == ErrorKind::NotFound) {
            noteMissingPickle(applied);
            return true; // nothing below the threshold of the first write to disk: all is in the log
        }
        if (!labels) {
            const auto again = MappedFile::open(m_folder + QLatin1String(kPickle));
            m_pickleMoved = again && again->size() == 0; // being written right now, or left empty by a crash
            note("damaged-pickle", Severity::Error,
                 labels.error().sentence +
                     QStringLiteral(" Without it no vector of the index of \"%1\" can be told from another. "
                                    "Chroma cannot open the collection.")
                         .arg(QString::fromStdString(m_collection.name)));
            return false;
        }
        state.labels = std::move(*labels);
        state.files = HnswFiles::open(m_folder, state.index.space == Space::Cosine);
        return true;
    }

    void noteMissingPickle(qint64 applied)
    {
        if (applied <= 0)
            return;
        const bool bins = HnswFiles::open(m_folder, false).elements() > 0;
        const QString name = QString::fromStdString(m_collection.name);
        if (bins)
            note("missing-pickle", Severity::Error,
                 QStringLiteral(
                     "The vectors of \"%1\" still stand in its index files, but index_metadata.pickle, which "
                     "says whose they are, is missing. Do not open the collection in Chroma: it would empty "
                     "the index. Restore the file from a backup, or repair the index.")
                     .arg(name));
        else
            note("missing-folder", Severity::Error,
                 QStringLiteral(
                     "The index files of \"%1\" are missing, and the write-ahead log no longer holds the "
                     "vectors that were in them.")
                     .arg(name));
    }

    void settleDimension(std::size_t dimension)
    {
        VectorStore::State& state = *m_state;
        state.dimension = dimension;
        if (state.files.elements() == 0 || state.files.dimension() == dimension)
            return;
        state.dimension = state.files.dimension();
        if (dimension == 0)
            note("missing-dimension", Severity::Error,
                 QStringLiteral(
                     "The database gives \"%1\" no dimension, so Chroma finds nothing in it; the index holds "
                     "vectors of %2 numbers.")
                     .arg(QString::fromStdString(m_collection.name))
                     .arg(state.dimension));
        else
            note("dimension-mismatch", Severity::Error,
                 QStringLiteral(
                     "The database says that vectors of \"%1\" have %2 numbers, the index holds vectors of "
                     "%3. They are shown as the index holds them.")
                     .arg(QString::fromStdString(m_collection.name))
                     .arg(dimension)
                     .arg(state.dimension));
    }

    // Indexes of Chroma before 0.5.6 could lose records that were added again; Chroma 1.x replays the whole
    // log over them, and so has them. Asked for only where records and vectors differ in number.
    [[nodiscard]] Status recoverLost(VectorRows& rows, qint64 applied, Progress& progress)
    {
        const Segment* records = m_collection.segment("METADATA");
        if (!m_legacy || !records || m_state->dimension == 0)
            return {};
        auto query = m_connection.prepare("SELECT count(*) FROM embeddings WHERE segment_id = ?1");
        if (!query)
            return pass(query);
        auto row = query->bind(0, records->id).step();
        if (!row)
            return pass(row);
        if (query->integer(0) == qint64(m_state->labels.size()))
            return {};
        auto early = readVectorRows(m_connection, m_collection.topic, {.after = 0, .until = applied},
                                    m_state->dimension, progress, &m_state->labels);
        if (!early)
            return pass(early);
        early->append(std::move(rows));
        rows = std::move(*early);
        return {};
    }

    void countElements()
    {
        VectorStore::State& state = *m_state;
        state.inIndex = state.labels.size() - std::min(state.labels.size(), state.log.hidden().size());
        if (state.labels.size() == 0 || state.files.whole())
            return;
        std::size_t there = 0;
        state.labels.forEach([&](std::uint64_t label, std::string_view) {
            there += state.elementOf(label) && !state.log.hides(label) ? 1 : 0;
        });
        const std::size_t lost = state.inIndex - there;
        state.inIndex = there;
        if (lost > 0)
            note("lost-vectors", Severity::Error,
                 QStringLiteral(
                     "%1 vectors of \"%2\" are not in the index files any more and not in the write-ahead "
                     "log either.")
                     .arg(lost)
                     .arg(QString::fromStdString(m_collection.name)));
    }

    void collectFindings()
    {
        VectorStore::State& state = *m_state;
        const auto take = [&](const std::vector<Finding>& findings) {
            for (Finding finding : findings) {
                finding.collection = m_collection.id;
                finding.sentence = "In \"" + m_collection.name + "\": " + finding.sentence;
                state.findings.push_back(std::move(finding));
            }
        };
        take(state.files.findings());
        take(state.log.findings());
        if (state.labels.contradictions() > 0)
            note("label-map-mismatch", Severity::Error,
                 QStringLiteral(
                     "In \"%1\": the two maps in index_metadata.pickle contradict each other %2 times; a "
                     "vector may belong to another record.")
                     .arg(QString::fromStdString(m_collection.name))
                     .arg(state.labels.contradictions()));
        if (state.labels.trailingBytes() > 0)
            note("pickle-trailing-bytes", Severity::Warning,
                 QStringLiteral(
                     "In \"%1\": index_metadata.pickle has %2 bytes after its end; Chroma 1.x refuses it.")
                     .arg(QString::fromStdString(m_collection.name))
                     .arg(state.labels.trailingBytes()));
        if (state.labels.size() > state.files.elements() && state.files.whole())
            note(
                "pickle-ahead", Severity::Error,
                QStringLiteral(
                    "In \"%1\": index_metadata.pickle names %2 vectors, the index files hold %3; they are of "
                    "different moments.")
                    .arg(QString::fromStdString(m_collection.name))
                    .arg(state.labels.size())
                    .arg(state.files.elements()));
    }

    const Connection& m_connection;
    const Collection& m_collection;
    const Segment* m_segment;
    QString m_folder;
    VectorStore::State* m_state = nullptr;
    bool m_legacy = false;      // the applied place stands in the pickle
    bool m_pickleMoved = false; // it could not be read because it is being written
};

} // namespace

Result<VectorStore> VectorStore::open(const PersistDir& directory, const Connection& connection,
                                      const Collection& collection, Progress& progress)
{
    constexpr int kAttempts = 5;
    VectorStore store;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        store.m_state = std::make_shared<State>();
        auto steady = Opener(directory, connection, collection).open(*store.m_state, progress);
        if (!steady)
            return pass(steady);
        if (*steady)
            break;
    }
    return store;
}

VectorStore::VectorStore() = default;
VectorStore::~VectorStore() = default;
VectorStore::VectorStore(VectorStore&&) noexcept = default;
VectorStore& VectorStore::operator=(VectorStore&&) noexcept = default;

std::size_t VectorStore::dimension() const
{
    return m_state->dimension;
}

std::size_t VectorStore::size() const
{
    return inIndex() + inLog();
}

std::size_t VectorStore::inIndex() const
{
    return m_state->inIndex;
}

std::size_t VectorStore::inLog() const
{
    return m_state->log.size();
}

const std::vector<Finding>& VectorStore::findings() const
{
    return m_state->findings;
}

std::optional<std::vector<float>> VectorStore::vector(std::string_view id) const
{
    if (const auto slot = m_state->log.slotOf(id))
        return m_state->slotVector(*slot);
    const auto label = m_state->labels.labelOf(id);
    if (!label || m_state->log.hides(*label))
        return std::nullopt;
    const auto element = m_state->elementOf(*label);
    if (!element)
        return std::nullopt;
    std::vector<float> vector = m_state->elementVector(*element);
    return vector.empty() ? std::nullopt : std::optional(std::move(vector));
}

} // namespace storage
