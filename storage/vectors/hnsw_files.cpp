#include "storage/vectors/hnsw_files.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace storage {

namespace {

constexpr std::uint64_t kLink = sizeof(std::uint32_t);
constexpr std::uint64_t kMostLinks = 65535; // a list counts its links in 16 bits
constexpr std::uint64_t kMostElements = std::numeric_limits<std::uint32_t>::max() - 1;
constexpr std::uint64_t kMostDimensions = 1U << 20;
constexpr std::int32_t kMostLevels = 255;

class Reader
{
public:
    explicit Reader(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    template <class T> [[nodiscard]] T take()
    {
        T value;
        std::memcpy(&value, m_bytes.data() + m_at, sizeof(T));
        m_at += sizeof(T);
        return value;
    }

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
};

tl::unexpected<Error> badHeader(const QString& why)
{
    return fail(ErrorKind::Corrupt, QStringLiteral("The index header header.bin is damaged: %1.").arg(why));
}

// nullptr: every field fits the others.
const char* contradiction(const HnswHeader& h)
{
    if (h.maxM0 < 1 || h.maxM0 > kMostLinks || h.maxM < 1 || h.maxM > kMostLinks)
        return "an impossible number of links";
    if (h.dataOffset != kLink + kLink * h.maxM0)
        return "the vectors' place does not fit the number of links";
    if (h.labelOffset <= h.dataOffset || (h.labelOffset - h.dataOffset) % sizeof(float) != 0 ||
        (h.labelOffset - h.dataOffset) / sizeof(float) > kMostDimensions)
        return "the labels' place does not fit any dimension";
    if (h.elementSize != h.labelOffset + sizeof(std::uint64_t))
        return "the size of an element does not fit its parts";
    if (h.count > h.capacity || h.count > kMostElements)
        return "more elements than there is room for";
    if (h.maxLevel < -1 || h.maxLevel > kMostLevels)
        return "an impossible number of levels";
    if (h.count > 0 && (h.maxLevel < 0 || h.entryPoint >= h.count))
        return "the entry point is no element";
    return nullptr;
}

} // namespace

Result<HnswHeader> parseHnswHeader(std::span<const std::byte> bytes)
{
    if (bytes.size() != kHnswHeaderBytes)
        return badHeader(QStringLiteral("%1 bytes long instead of 100").arg(bytes.size()));
    Reader reader(bytes);
    if (const auto version = reader.take<std::int32_t>(); version != 1)
        return badHeader(QStringLiteral("its version is %1 instead of 1").arg(version));
    if (reader.take<std::uint64_t>() != 0)
        return badHeader(QStringLiteral("its first offset is not 0"));
    HnswHeader h;
    h.capacity = reader.take<std::uint64_t>();
    h.count = reader.take<std::uint64_t>();
    h.elementSize = reader.take<std::uint64_t>();
    h.labelOffset = reader.take<std::uint64_t>();
    h.dataOffset = reader.take<std::uint64_t>();
    h.maxLevel = reader.take<std::int32_t>();
    h.entryPoint = reader.take<std::uint32_t>();
    h.maxM = reader.take<std::uint64_t>();
    h.maxM0 = reader.take<std::uint64_t>();
    h.m = reader.take<std::uint64_t>();
    h.mult = reader.take<double>();
    h.efConstruction = reader.take<std::uint64_t>();
    if (const char* why = contradiction(h))
        return badHeader(QString::fromLatin1(why));
    return h;
}

int UpperLinks::levelOf(std::uint32_t element) const
{
    const auto at = std::lower_bound(m_elements.begin(), m_elements.end(), element);
    return at != m_elements.end() && *at == element ? int(m_levels[std::size_t(at - m_elements.begin())]) : 0;
}

const std::byte* UpperLinks::list(std::uint32_t element, int level) const
{
    const auto at = std::lower_bound(m_elements.begin(), m_elements.end(), element);
    if (at == m_elements.end() || *at != element || level < 1)
        return nullptr;
    const auto index = std::size_t(at - m_elements.begin());
    if (level > int(m_levels[index]))
        return nullptr;
    return m_bytes + m_offsets[index] + std::size_t(level - 1) * m_listSize;
}

struct HnswFiles::Lazy
{
    std::once_flag once;
    UpperLinks links;
};

HnswFiles::HnswFiles() : m_lazy(std::make_unique<Lazy>()) {}
HnswFiles::HnswFiles(HnswFiles&&) noexcept = default;
HnswFiles& HnswFiles::operator=(HnswFiles&&) noexcept = default;
HnswFiles::~HnswFiles() = default;

HnswFiles HnswFiles::open(const QString& folder, bool needLengths)
{
    HnswFiles files;
    if (!files.openHeader(folder))
        return files;
    files.m_present = true;
    files.m_whole = true;
    files.openLevel0(folder);
    if (needLengths)
        files.openLengths(folder);
    files.openLinks(folder);
    return files;
}

void HnswFiles::note(const char* code, Severity severity, const QString& sentence)
{
    m_findings.push_back({code, severity, {}, sentence.toStdString()});
}

bool HnswFiles::openHeader(const QString& folder)
{
    auto file = MappedFile::open(folder + QStringLiteral("/header.bin"));
    if (!file) {
        note("missing-header", Severity::Error,
             QStringLiteral("The index cannot be read, nor the vectors in it. ") + file.error().sentence);
        return false;
    }
    auto header = parseHnswHeader(file->bytes().first(std::min(file->size(), kHnswHeaderBytes + 1)));
    if (!header) {
        note(file->size() != kHnswHeaderBytes ? "header-size" : "damaged-header", Severity::Error,
             header.error().sentence + QStringLiteral(" The vectors in the index cannot be read."));
        return false;
    }
    m_header = *header;
    m_headerFile = std::move(*file);
    return true;
}

void HnswFiles::openLevel0(const QString& folder)
{
    auto file = MappedFile::open(folder + QStringLiteral("/data_level0.bin"));
    if (!file) {
        m_whole = m_whole && m_header.count == 0;
        if (m_header.count > 0)
            note("missing-vectors", Severity::Error,
                 QStringLiteral("The %1 vectors of the index cannot be read. ").arg(m_header.count) +
                     file.error().sentence);
        return;
    }
    m_level0 = std::move(*file);
    m_level0Bytes = m_level0.bytes().data();
    constexpr std::size_t kBig = std::size_t(64) << 20;
    constexpr qint64 kSparse = 16;
    if (m_level0.size() > kBig && m_level0.allocated() < qint64(m_level0.size()) / kSparse) {
        m_whole = false;
        note("sparse-segment", Severity::Error,
             QStringLiteral(
                 "The file data_level0.bin claims %1 bytes but holds %2: it is mostly holes, so nothing is "
                 "read from it.")
                 .arg(m_level0.size())
                 .arg(m_level0.allocated()));
        return;
    }
    m_elements = std::uint32_t(std::min(m_header.count, m_level0.size() / m_header.elementSize));
    if (m_elements < m_header.count) {
        m_whole = false;
        note("torn-segment", Severity::Error,
             QStringLiteral(
                 "The file data_level0.bin is cut short: its header promises %1 elements, %2 are there. A "
                 "write was interrupted, or the copy is not whole.")
                 .arg(m_header.count)
                 .arg(m_elements));
    }
}

void HnswFiles::openLengths(const QString& folder)
{
    auto file = MappedFile::open(folder + QStringLiteral("/length.bin"));
    if (file)
        m_lengths = std::move(*file);
    const std::size_t there = m_lengths.size() / sizeof(float);
    if (there < m_header.count)
        note("short-lengths", Severity::Error,
             QStringLiteral(
                 "The file length.bin holds the lengths of %1 of %2 vectors; of the others only the "
                 "direction is known, so that they can be searched but not shown.")
                 .arg(there)
                 .arg(m_header.count));
}

void HnswFiles::openLinks(const QString& folder)
{
    if (m_header.count == 0)
        return;
    auto file = MappedFile::open(folder + QStringLiteral("/link_lists.bin"));
    if (file)
        m_links = std::move(*file);
    const std::uint64_t list = kLink + kLink * m_header.maxM;
    const std::uint64_t least = m_header.count * kLink;
    const std::uint64_t most = least + m_header.count * std::uint64_t(m_header.maxLevel) * list;
    if (m_links.size() >= least && m_links.size() <= most)
        return;
    m_whole = false;
    note(
        m_links.size() > most ? "oversized-links" : "torn-segment", Severity::Error,
        QStringLiteral(
            "The file link_lists.bin has %1 bytes where %2 to %3 are possible; the graph of the index cannot "
            "be used, so searches compare every vector instead.")
            .arg(m_links.size())
            .arg(least)
            .arg(most));
}

std::optional<float> HnswFiles::length(std::uint32_t number) const
{
    const std::size_t at = std::size_t(number) * sizeof(float);
    if (at + sizeof(float) > m_lengths.size())
        return std::nullopt;
    float value = 0;
    std::memcpy(&value, m_lengths.bytes().data() + at, sizeof(value));
    return value;
}

// Each step goes forward by at least 4 bytes and there are at most `count` of them.
void HnswFiles::walkLinks(UpperLinks& links) const
{
    const std::span<const std::byte> bytes = m_links.bytes();
    links.m_bytes = bytes.data();
    links.m_listSize = std::size_t(kLink + kLink * m_header.maxM);
    std::size_t at = 0;
    for (std::uint64_t element = 0; element < m_header.count; ++element) {
        std::uint32_t size = 0;
        if (bytes.size() - at < sizeof(size)) {
            links.m_problem =
                QStringLiteral("link_lists.bin ends at element %1 of %2").arg(element).arg(m_header.count);
            return;
        }
        std::memcpy(&size, bytes.data() + at, sizeof(size));
        at += sizeof(size);
        if (size == 0)
            continue;
        const std::size_t levels = size / links.m_listSize;
        if (size % links.m_listSize != 0 || levels > std::size_t(m_header.maxLevel) ||
            bytes.size() - at < size) {
            links.m_problem =
                QStringLiteral("link_lists.bin has impossible links at element %1").arg(element);
            return;
        }
        links.m_elements.push_back(std::uint32_t(element));
        links.m_offsets.push_back(at);
        links.m_levels.push_back(std::uint8_t(levels));
        at += size;
    }
    if (at != bytes.size())
        links.m_problem = QStringLiteral("link_lists.bin has %1 bytes too many").arg(bytes.size() - at);
    else if (m_header.count > 0 && links.levelOf(m_header.entryPoint) != m_header.maxLevel)
        links.m_problem = QStringLiteral("the entry point of the graph is not on its highest level");
}

const UpperLinks& HnswFiles::upperLinks() const
{
    std::call_once(m_lazy->once, [this] { walkLinks(m_lazy->links); });
    return m_lazy->links;
}

bool HnswFiles::unchanged() const
{
    return m_headerFile.unchanged() && m_level0.unchanged() && m_lengths.unchanged() && m_links.unchanged();
}

} // namespace storage
