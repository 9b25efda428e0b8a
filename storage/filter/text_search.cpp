#include "storage/filter/text_search.h"

#include "storage/base/find_bytes.h"
#include "storage/base/utf8.h"

#include <QChar>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace storage {

namespace {

constexpr std::size_t kMostTerms = 64;
constexpr std::size_t kLongestTerm = 1000; // characters

bool isBlank(char32_t c)
{
    return QChar::isSpace(c);
}

std::string_view untilNul(std::string_view text)
{
    return text.substr(0, text.find('\0'));
}

// Case folded character by character (simple folding), so that every byte of the result belongs to one
// character of the text; `offsets`: where in the text that character begins, one a byte and one for the end.
std::string folded(std::string_view text, std::vector<std::size_t>* offsets = nullptr)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = codePointAt(text, at);
        if (point.value < 0x80)
            out += point.value >= 'A' && point.value <= 'Z' ? char(point.value + 32) : char(point.value);
        else
            appendUtf8(out, QChar::toCaseFolded(point.value));
        if (offsets)
            offsets->resize(out.size(), at);
        at += point.length;
    }
    if (offsets)
        offsets->push_back(text.size());
    return out;
}

// The index folds case by the tables of an older Unicode: use it where these cannot differ from ours.
bool isIndexSafe(std::string_view term)
{
    constexpr char32_t kOldCased = 0x530; // Latin, Greek and Cyrillic stand below
    for (std::size_t at = 0; at < term.size();) {
        const CodePoint point = codePointAt(term, at);
        if (point.value >= kOldCased && QChar::category(point.value) != QChar::Letter_Other)
            return false;
        at += point.length;
    }
    return true;
}

std::size_t countOf(std::string_view text, std::string_view term)
{
    std::size_t count = 0;
    for (std::size_t at = findBytes(text, term); at != std::string_view::npos;
         at = findBytes(text, term, at + term.size()))
        ++count;
    return count;
}

struct Hit
{
    std::vector<std::size_t> counts; // of each term
    std::size_t length = 0;
};

// How often each term occurs; empty: one of them does not.
Hit examine(std::string_view document, const std::vector<std::string>& terms, bool caseSensitive)
{
    Hit hit;
    document = untilNul(document);
    hit.length = document.size();
    const std::string lower = caseSensitive ? std::string() : folded(document);
    const std::string_view text = caseSensitive ? document : std::string_view(lower);
    for (const std::string& term : terms) {
        const std::size_t count = countOf(text, term);
        if (count == 0)
            return {};
        hit.counts.push_back(count);
    }
    return hit;
}

// Okapi BM25 with the usual constants. Every document found has every term, so the terms weigh alike.
float score(const Hit& hit, double averageLength)
{
    constexpr double k1 = 1.2;
    constexpr double b = 0.75;
    const double norm = k1 * (1 - b + b * double(hit.length) / std::max(averageLength, 1.0));
    double sum = 0;
    for (const std::size_t count : hit.counts)
        sum += double(count) * (k1 + 1) / (double(count) + norm);
    return static_cast<float>(sum);
}

void rank(TextAnswer& answer, const std::map<std::uint32_t, Hit>& hits)
{
    double total = 0;
    for (const auto& [position, hit] : hits)
        total += double(hit.length);
    std::vector<std::pair<float, std::uint32_t>> ranked;
    ranked.reserve(hits.size());
    for (const auto& [position, hit] : hits)
        ranked.emplace_back(score(hit, total / double(hits.size())), position);
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [value, position] : ranked) {
        answer.positions.push_back(position);
        answer.scores.push_back(value);
    }
}

} // namespace

Result<TextQuery> parseTextQuery(std::string_view typed)
{
    if (!isUtf8(typed))
        return fail(ErrorKind::Invalid, QStringLiteral("The text to search for is not valid UTF-8."));
    TextQuery query;
    std::string term;
    bool quoted = false;
    const auto finish = [&] {
        if (!term.empty())
            query.terms.push_back(std::exchange(term, {}));
    };
    for (std::size_t at = 0; at < typed.size();) {
        const CodePoint point = codePointAt(typed, at);
        if (point.value == '"') {
            finish();
            quoted = !quoted;
        } else if (!quoted && isBlank(point.value)) {
            finish();
        } else {
            term.append(typed, at, point.length);
        }
        at += point.length;
    }
    finish();
    if (query.terms.empty())
        return fail(ErrorKind::Invalid, QStringLiteral("There is no text to search for."));
    if (query.terms.size() > kMostTerms)
        return fail(ErrorKind::Invalid, QStringLiteral("The search has more than %1 words.").arg(kMostTerms));
    for (const std::string& one : query.terms)
        if (codePointCount(one) > kLongestTerm)
            return fail(
                ErrorKind::Invalid,
                QStringLiteral("A word of the search is longer than %1 characters.").arg(kLongestTerm));
    return query;
}

Result<TextAnswer> searchText(const CollectionReader& reader, ColumnCache& cache, const TextQuery& query,
                              const std::vector<std::uint32_t>* among, Progress& progress)
{
    std::vector<std::string> terms;
    std::vector<std::string_view> lookUp;
    for (const std::string& term : query.terms) {
        if (term.empty())
            continue;
        terms.push_back(query.caseSensitive ? term : folded(term));
        const bool holdsNul = term.find('\0') != std::string::npos;
        if (!holdsNul && (query.caseSensitive || isIndexSafe(term)))
            lookUp.push_back(term);
    }
    if (terms.empty())
        return fail(ErrorKind::Invalid, QStringLiteral("There is no text to search for."));
    std::map<std::uint32_t, Hit> hits;
    auto path = cache.visitDocuments(
        reader, among, lookUp,
        [&](std::uint32_t position, std::string_view document) {
            if (Hit hit = examine(document, terms, query.caseSensitive); !hit.counts.empty())
                hits.insert_or_assign(position, std::move(hit));
        },
        progress);
    if (!path)
        return pass(path);
    TextAnswer answer;
    answer.path = *path;
    answer.findings = cache.findings();
    if (query.order == TextQuery::Order::Relevance)
        rank(answer, hits);
    else
        for (const auto& [position, hit] : hits)
            answer.positions.push_back(position);
    return answer;
}

std::vector<TextSpan> textSpans(std::string_view document, const TextQuery& query, std::size_t limit)
{
    std::vector<std::size_t> offsets;
    document = untilNul(document);
    const std::string lower = query.caseSensitive ? std::string() : folded(document, &offsets);
    const std::string_view text = query.caseSensitive ? document : std::string_view(lower);
    const auto original = [&](std::size_t at) { return offsets.empty() ? at : offsets[at]; };
    std::vector<TextSpan> found;
    for (const std::string& typed : query.terms) {
        const std::string term = query.caseSensitive ? typed : folded(typed);
        std::size_t count = 0;
        for (std::size_t at = findBytes(text, term);
             !term.empty() && at != std::string_view::npos && count < limit;
             at = findBytes(text, term, at + term.size()), ++count)
            found.push_back({original(at), original(at + term.size()) - original(at)});
    }
    std::sort(found.begin(), found.end(),
              [](const TextSpan& a, const TextSpan& b) { return a.offset < b.offset; });
    std::vector<TextSpan> joined;
    for (const TextSpan& span : found) {
        if (!joined.empty() && span.offset <= joined.back().offset + joined.back().length)
            joined.back().length =
                std::max(joined.back().length, span.offset + span.length - joined.back().offset);
        else
            joined.push_back(span);
    }
    if (joined.size() > limit)
        joined.resize(limit);
    return joined;
}

} // namespace storage
