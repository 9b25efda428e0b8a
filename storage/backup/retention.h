// Which backups a set of keep rules leaves, and why: pure reckoning over times, nothing is touched. The rules are
// OR-ed, periods are the local calendar's, and each keeps the newest backup of a period, as restic and borg do.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <vector>

namespace storage {

struct KeepRules
{
    int last = 0, hourly = 0, daily = 0, weekly = 0, monthly = 0, yearly = 0;
    [[nodiscard]] bool empty() const { return last + hourly + daily + weekly + monthly + yearly == 0; }
};

struct RetentionItem
{
    QString name;
    QDateTime when;
    bool pinned = false;
    bool verified = false;
};

struct RetentionVerdict
{
    RetentionItem item;
    bool keep = true;
    QStringList reasons; // "last 2 of 3", "daily 2026-08-31", "pinned", "newest verified", "in the future"
};

// Newest first. Never removed: pinned ones, those dated after `now`, the newest verified one; with no rule at all,
// everything is kept.
[[nodiscard]] std::vector<RetentionVerdict> applyRetention(std::vector<RetentionItem> items, const KeepRules& rules,
                                                           const QDateTime& now);

} // namespace storage
