// How a long storage call says how far it is and learns that it should stop. Implementations must be
// safe to call from the thread that runs the work; storage calls them at least every 100 ms.
#pragma once

#include "storage/base/result.h"

#include <QString>
#include <QtGlobal>

namespace storage {

class Progress
{
public:
    Progress() = default;
    virtual ~Progress() = default;
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    [[nodiscard]] virtual bool cancelled() const { return false; }
    // `done` and `total` share the phase's own unit (bytes, records); total 0 means not known yet.
    virtual void report(qint64 done, qint64 total, const QString& phase);

    // For callers that neither show nor cancel.
    [[nodiscard]] static Progress& none();
};

[[nodiscard]] inline tl::unexpected<Error> cancelledError()
{
    return fail(ErrorKind::Cancelled, QStringLiteral("The operation was cancelled; nothing was changed."));
}

} // namespace storage
