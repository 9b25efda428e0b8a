#include "storage/vectors/label_map.h"

#include "storage/vectors/pickle_cursor.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <random>
#include <xxhash.h>

namespace storage {

namespace {

constexpr std::string_view kModule = "chromadb.segment.impl.vector.local_persistent_hnsw";
constexpr std::string_view kClass = "PersistentData";

tl::unexpected<Error> damaged(QString detail)
{
    return fail(ErrorKind::Corrupt,
                QStringLiteral("The file index_metadata.pickle is damaged or was not written by Chroma."),
                std::move(detail));
}

} // namespace

// The grammar: [class, empty tuple, new object] a dict of fields [build] stop; a field is a number, nothing,
// or a dict of texts and numbers. No nesting beyond that exists, so none is followed.
class LabelMapParser
{
public:
    LabelMapParser(LabelMap& map, std::span<const std::byte> bytes) : m_map(map), m_cursor(bytes) {}

    [[nodiscard]] bool parse()
    {
        if (!m_cursor.start())
            return refuse("it does not begin like a pickle of protocol 2 to 5");
        const bool instance = m_cursor.left() > 0 && !plainDict();
        if (instance && !classHead())
            return false;
        if (m_cursor.next().kind != PickleToken::EmptyDict)
            return refuse("a dict of fields was expected");
        if (!fields(instance ? PickleToken::Build : PickleToken::Stop))
            return false;
        if (instance && m_cursor.next().kind != PickleToken::Stop)
            return refuse("the end mark was expected");
        if (!m_sawIds || !m_sawLabels)
            return refuse("the maps of ids and labels are not both there");
        m_map.m_trailing = m_cursor.left();
        finish();
        return true;
    }

    [[nodiscard]] QString detail() const
    {
        return QStringLiteral("At byte %1: %2.").arg(m_cursor.at()).arg(QString::fromLatin1(m_problem));
    }

private:
    bool refuse(const char* problem)
    {
        const char* deeper = m_cursor.problem();
        m_problem = *deeper ? deeper : problem;
        return false;
    }

    [[nodiscard]] bool plainDict()
    {
        const auto place = m_cursor.place();
        const bool plain = m_cursor.next().kind == PickleToken::EmptyDict;
        m_cursor.rewind(place);
        return plain;
    }

    [[nodiscard]] bool classHead()
    {
        const PickleToken first = m_cursor.next();
        bool known = false;
        if (first.kind == PickleToken::Global) {
            const std::string_view name = m_cursor.view(first.text);
            known = name.size() == kModule.size() + 1 + kClass.size() &&
                    name.substr(0, kModule.size()) == kModule && name.substr(kModule.size() + 1) == kClass;
        } else if (first.kind == PickleToken::Text) {
            const PickleToken second = m_cursor.next();
            known = second.kind == PickleToken::Text && m_cursor.view(first.text) == kModule &&
                    m_cursor.view(second.text) == kClass && m_cursor.next().kind == PickleToken::StackGlobal;
        }
        if (!known)
            return refuse("an object of another class than Chroma's");
        if (m_cursor.next().kind != PickleToken::EmptyTuple || m_cursor.next().kind != PickleToken::NewObject)
            return refuse("an object that is not made as Chroma makes it");
        return true;
    }

    // Batches of MARK key value ... SETITEMS up to the token that ends the dict.
    [[nodiscard]] bool fields(PickleToken::Kind end)
    {
        while (true) {
            const PickleToken batch = m_cursor.next();
            if (batch.kind == end)
                return true;
            if (batch.kind != PickleToken::Mark)
                return refuse("a batch of fields was expected");
            while (true) {
                const PickleToken key = m_cursor.next();
                if (key.kind == PickleToken::SetItems)
                    break;
                if (key.kind != PickleToken::Text)
                    return refuse("a field's name was expected");
                if (!field(m_cursor.view(key.text)))
                    return false;
            }
        }
    }

    [[nodiscard]] bool field(std::string_view name)
    {
        const PickleToken value = m_cursor.next();
        if (value.kind == PickleToken::EmptyDict) {
            if (name == "id_to_label")
                return once(m_sawIds) && pairs(&LabelMapParser::idToLabel);
            if (name == "label_to_id")
                return once(m_sawLabels) && pairs(&LabelMapParser::labelToId);
            return pairs(&LabelMapParser::ignored);
        }
        const bool plain = value.kind == PickleToken::Int || value.kind == PickleToken::None ||
                           value.kind == PickleToken::Text || value.kind == PickleToken::EmptyList;
        if (!plain)
            return refuse("a field's value was expected");
        const bool number = value.kind == PickleToken::Int;
        if (name == "id_to_label" || name == "label_to_id")
            return refuse("a map of ids and labels is no dict");
        if (name == "dimensionality" && number)
            m_map.m_dimension = value.integer;
        if (name == "max_seq_id" && number)
            m_map.m_maxSeqId = value.integer;
        if (name == "total_elements_added" && number) {
            m_map.m_totalAdded = value.integer;
            if (value.integer > 0 && std::uint64_t(value.integer) < denseLimit())
                m_map.m_dense.reserve(std::size_t(value.integer) + 1);
        }
        return true;
    }

    bool once(bool& seen)
    {
        if (seen)
            return refuse("a map of ids and labels comes twice");
        seen = true;
        return true;
    }

    using Pair = bool (LabelMapParser::*)(const PickleToken&, const PickleToken&);

    // The items of an inner dict: batches, and single items that end in SETITEM. What follows an inner dict
    // is the next field's name, which looks like a single item until its third token: so those are read with
    // a way back.
    [[nodiscard]] bool pairs(Pair take)
    {
        while (true) {
            const auto place = m_cursor.place();
            const PickleToken first = m_cursor.next();
            if (first.kind == PickleToken::Mark) {
                if (!batch(take))
                    return false;
                continue;
            }
            const PickleToken second = m_cursor.next();
            if (m_cursor.next().kind == PickleToken::SetItem) {
                if (!(this->*take)(first, second))
                    return refuse("an item that is no pair of an id and a number");
                continue;
            }
            m_cursor.rewind(place);
            return true;
        }
    }

    [[nodiscard]] bool batch(Pair take)
    {
        while (true) {
            const PickleToken first = m_cursor.next();
            if (first.kind == PickleToken::SetItems)
                return true;
            if (!(this->*take)(first, m_cursor.next()))
                return refuse("an item that is no pair of an id and a number");
        }
    }

    [[nodiscard]] bool idToLabel(const PickleToken& id, const PickleToken& label)
    {
        if (id.kind != PickleToken::Text || label.kind != PickleToken::Int || !fits(label.integer) ||
            id.text.length >= (1U << LabelMap::kLengthBits) || id.text.offset >= kMaxOffset)
            return false;
        const LabelMap::Place place = (id.text.offset << LabelMap::kLengthBits) | id.text.length;
        const auto at = std::uint64_t(label.integer);
        m_map.m_highest = std::max(m_map.m_highest, at);
        if (at >= denseLimit()) {
            m_map.m_sparse.emplace_back(at, place);
            return true;
        }
        if (at >= m_map.m_dense.size())
            m_map.m_dense.resize(at + 1, 0);
        if (m_map.m_dense[at] == 0)
            ++m_map.m_count;
        else
            ++m_map.m_contradictions; // two ids with one label: the later rules
        m_map.m_dense[at] = place;
        return true;
    }

    // Only compared: a whole file says the same in both directions.
    [[nodiscard]] bool labelToId(const PickleToken& label, const PickleToken& id)
    {
        if (id.kind != PickleToken::Text || label.kind != PickleToken::Int || !fits(label.integer))
            return false;
        const auto at = std::uint64_t(label.integer);
        if (m_sawIds && at < m_map.m_dense.size())
            compare(at, id.text);
        else
            m_later.emplace_back(at, id.text);
        return true;
    }

    // Either direction: id_to_seq_id, which nothing needs, and fields of releases to come.
    [[nodiscard]] bool ignored(const PickleToken& key, const PickleToken& value)
    {
        const auto scalar = [](const PickleToken& token) {
            return token.kind == PickleToken::Text || token.kind == PickleToken::Int;
        };
        return scalar(key) && (scalar(value) || value.kind == PickleToken::None);
    }

    void compare(std::uint64_t label, PickleText id)
    {
        ++m_compared;
        const LabelMap::Place place = m_map.placeOf(label);
        const bool same =
            place != 0 && ((place >> LabelMap::kLengthBits) == id.offset || // one text, referred to
                           m_map.view(place) == m_cursor.view(id));
        if (!same)
            ++m_map.m_contradictions;
    }

    void finish()
    {
        auto& sparse = m_map.m_sparse;
        std::stable_sort(sparse.begin(), sparse.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        const auto twice = [](const auto& a, const auto& b) { return a.first == b.first; };
        const auto last = std::unique(sparse.begin(), sparse.end(), twice);
        m_map.m_contradictions += std::size_t(sparse.end() - last);
        sparse.erase(last, sparse.end());
        m_map.m_count += sparse.size();
        for (const auto& [label, id] : m_later)
            compare(label, id);
        if (m_compared < m_map.m_count)
            m_map.m_contradictions += m_map.m_count - m_compared;
    }

    [[nodiscard]] std::uint64_t denseLimit() const
    {
        constexpr std::uint64_t kSlack = 65536;
        return m_cursor.at() + m_cursor.left() + kSlack;
    }
    [[nodiscard]] static bool fits(std::int64_t label)
    {
        return label >= 0 && label < std::numeric_limits<std::uint32_t>::max(); // as Chroma 1.x reads them
    }

    static constexpr std::uint64_t kMaxOffset = std::uint64_t(1) << (64 - LabelMap::kLengthBits);
    LabelMap& m_map;
    PickleCursor m_cursor;
    const char* m_problem = "";
    bool m_sawIds = false;
    bool m_sawLabels = false;
    std::size_t m_compared = 0;
    std::vector<std::pair<std::uint64_t, PickleText>>
        m_later; // label_to_id items that cannot be compared yet
};

// An open table of labels, as large as twice the ids. The seed is the process's own, so that nobody can
// choose ids that all collide.
struct LabelMap::Index
{
    std::once_flag once;
    std::vector<std::uint32_t> labels; // +1; 0: free
    std::size_t mask = 0;

    [[nodiscard]] static std::uint64_t hash(std::string_view id)
    {
        static const std::uint64_t seed =
            (std::uint64_t(std::random_device()()) << 32) | std::random_device()();
        return XXH3_64bits_withSeed(id.data(), id.size(), seed);
    }
};

LabelMap::LabelMap() : m_index(std::make_unique<Index>()) {}
LabelMap::LabelMap(LabelMap&&) noexcept = default;
LabelMap& LabelMap::operator=(LabelMap&&) noexcept = default;
LabelMap::~LabelMap() = default;

Result<LabelMap> LabelMap::open(const QString& path)
{
    auto file = MappedFile::open(path);
    if (!file)
        return pass(file);
    auto map = parse(file->bytes());
    if (!map)
        return pass(map);
    map->m_file = std::move(*file);
    return map;
}

Result<LabelMap> LabelMap::parse(std::span<const std::byte> bytes)
{
    if (bytes.empty())
        return damaged(QStringLiteral("It is empty."));
    LabelMap map;
    map.m_bytes = bytes;
    LabelMapParser parser(map, bytes);
    if (!parser.parse())
        return damaged(parser.detail());
    return map;
}

LabelMap::Place LabelMap::placeOf(std::uint64_t label) const
{
    if (label < m_dense.size())
        return m_dense[label];
    const auto at =
        std::lower_bound(m_sparse.begin(), m_sparse.end(), label,
                         [](const auto& entry, std::uint64_t wanted) { return entry.first < wanted; });
    return at != m_sparse.end() && at->first == label ? at->second : 0;
}

std::optional<std::string_view> LabelMap::idOf(std::uint64_t label) const
{
    const Place place = placeOf(label);
    return place == 0 ? std::nullopt : std::optional(view(place));
}

void LabelMap::buildIndex() const
{
    constexpr std::size_t kSmallest = 16;
    m_index->labels.assign(std::bit_ceil(std::max(kSmallest, m_count * 2)), 0);
    m_index->mask = m_index->labels.size() - 1;
    forEach([this](std::uint64_t label, std::string_view id) {
        std::size_t slot = Index::hash(id) & m_index->mask;
        while (m_index->labels[slot] != 0)
            slot = (slot + 1) & m_index->mask;
        m_index->labels[slot] = std::uint32_t(label + 1);
    });
}

std::optional<std::uint64_t> LabelMap::labelOf(std::string_view id) const
{
    std::call_once(m_index->once, [this] { buildIndex(); });
    for (std::size_t slot = Index::hash(id) & m_index->mask; m_index->labels[slot] != 0;
         slot = (slot + 1) & m_index->mask) {
        const std::uint64_t label = std::uint64_t(m_index->labels[slot]) - 1;
        if (idOf(label) == id)
            return label;
    }
    return std::nullopt;
}

} // namespace storage
