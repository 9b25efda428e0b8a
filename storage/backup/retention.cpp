#include "storage/backup/retention.h"

#include <algorithm>
#include <array>
#include <functional>

namespace storage {

namespace {

struct Period
{
    int keep;
    const char* label;
    std::function<QString(const QDateTime&)> of;
};

QString isoWeek(const QDateTime& when)
{
    int year = 0;
    const int week = when.date().weekNumber(&year);
    return QStringLiteral("%1-W%2").arg(year).arg(week, 2, 10, QLatin1Char('0'));
}

std::array<Period, 5> periods(const KeepRules& rules)
{
    const auto format = [](const char* pattern) {
        return [text = QString::fromLatin1(pattern)](const QDateTime& when) { return when.toString(text); };
    };
    return {Period{rules.hourly, "hourly", format("yyyy-MM-dd HH'h'")}, Period{rules.daily, "daily", format("yyyy-MM-dd")},
            Period{rules.weekly, "weekly", isoWeek}, Period{rules.monthly, "monthly", format("yyyy-MM")},
            Period{rules.yearly, "yearly", format("yyyy")}};
}

// The newest backup of each of the newest `keep` periods that have one.
void keepNewestOf(const Period& period, std::vector<RetentionVerdict>& verdicts, const QDateTime& now)
{
    int left = period.keep;
    QString previous;
    for (RetentionVerdict& verdict : verdicts) {
        if (left == 0)
            return;
        const QString name = period.of(verdict.item.when.toLocalTime());
        if (verdict.item.when > now || name == previous)
            continue;
        previous = name;
        verdict.reasons << QStringLiteral("%1 %2").arg(QLatin1String(period.label), name);
        --left;
    }
}

void keepLast(int count, std::vector<RetentionVerdict>& verdicts, const QDateTime& now)
{
    int kept = 0;
    for (RetentionVerdict& verdict : verdicts)
        if (verdict.item.when <= now && kept < count)
            verdict.reasons << QStringLiteral("last %1 of %2").arg(++kept).arg(count);
}

} // namespace

std::vector<RetentionVerdict> applyRetention(std::vector<RetentionItem> items, const KeepRules& rules,
                                             const QDateTime& now)
{
    std::stable_sort(items.begin(), items.end(), [](const RetentionItem& a, const RetentionItem& b) {
        return a.when != b.when ? a.when > b.when : a.name > b.name;
    });
    std::vector<RetentionVerdict> verdicts;
    for (RetentionItem& item : items)
        verdicts.push_back({std::move(item), true, {}});
    keepLast(rules.last, verdicts, now);
    for (const Period& period : periods(rules))
        keepNewestOf(period, verdicts, now);
    bool verifiedSeen = false;
    for (RetentionVerdict& verdict : verdicts) {
        if (verdict.item.pinned)
            verdict.reasons << QStringLiteral("pinned");
        if (verdict.item.when > now)
            verdict.reasons << QStringLiteral("in the future");
        if (verdict.item.verified && !verifiedSeen) {
            verdict.reasons << QStringLiteral("newest verified");
            verifiedSeen = true;
        }
        verdict.keep = rules.empty() || !verdict.reasons.isEmpty();
    }
    return verdicts;
}

} // namespace storage
