#include "app/cli/near_names.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace app {

namespace {

// Edit distance with neighbouring letters swapped counted as one, cut off above `limit`.
int editDistance(const QString& a, const QString& b, int limit)
{
    if (std::abs(a.size() - b.size()) > limit)
        return limit + 1;
    const auto width = static_cast<std::size_t>(b.size()) + 1;
    std::vector<int> before(width);
    std::vector<int> previous(width);
    std::vector<int> current(width);
    for (std::size_t j = 0; j < width; ++j)
        previous[j] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        current[0] = static_cast<int>(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<std::size_t>(j);
            const int change = a.at(i - 1) == b.at(j - 1) ? 0 : 1;
            current[at] = std::min({previous[at] + 1, current[at - 1] + 1, previous[at - 1] + change});
            if (i > 1 && j > 1 && a.at(i - 1) == b.at(j - 2) && a.at(i - 2) == b.at(j - 1))
                current[at] = std::min(current[at], before[at - 2] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous.back();
}

} // namespace

QStringList nearest(const QString& word, const QStringList& candidates, int most)
{
    const QString wanted = word.toCaseFolded();
    std::vector<std::pair<int, QString>> ranked;
    for (const QString& candidate : candidates) {
        const QString folded = candidate.toCaseFolded();
        const int limit =
            static_cast<int>(std::max<qsizetype>(1, std::max(wanted.size(), folded.size()) / 3));
        const bool partOf = std::min(wanted.size(), folded.size()) >= 3 &&
                            (folded.contains(wanted) || wanted.contains(folded));
        const int distance = editDistance(wanted, folded, limit);
        if (distance <= limit || partOf)
            ranked.emplace_back(std::min(distance, limit + 1), candidate);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    QStringList found;
    for (const auto& [distance, candidate] : ranked)
        if (found.size() < most)
            found << candidate;
    return found;
}

} // namespace app
