#include "ui/records/match_line.h"

#include "model/value_text.h"
#include "ui/elided_label.h"
#include "ui/theme/colors.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace ui {

using SortBy = storage::ColumnCache::SortBy;

MatchLine::MatchLine(QWidget* parent) : QWidget(parent)
{
    m_label = new ElidedLabel(this);
    m_label->setObjectName(QStringLiteral("matchText"));
    m_label->setSecondary(true);
    m_label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_clear = new QToolButton(this);
    m_clear->setObjectName(QStringLiteral("clearFilter"));
    m_clear->setText(tr("Clear Filter"));
    m_clear->setIcon(icon(QStringLiteral("close")));
    m_clear->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_clear->setAutoRaise(true);
    m_clear->hide();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    m_sign = new QLabel(this);
    m_sign->hide();
    row->addWidget(m_sign);
    row->addWidget(m_label);
    row->addWidget(m_clear);
    row->addStretch();
    connect(m_clear, &QToolButton::clicked, this, &MatchLine::clearAsked);
    m_noteEnds.setSingleShot(true);
    m_noteEnds.setInterval(4000);
    connect(&m_noteEnds, &QTimer::timeout, this, [this] {
        m_note.clear();
        refresh();
    });
    m_busySoon.setSingleShot(true);
    m_busySoon.setInterval(150);
    connect(&m_busySoon, &QTimer::timeout, this, &MatchLine::refresh);
}

void MatchLine::show(const model::CollectionView* view, const model::FilterModel* filter, qint64 selected)
{
    m_view = view;
    m_filter = filter;
    m_selected = selected;
    if (m_view && m_view->isBusy()) {
        if (!m_busySoon.isActive())
            m_busySoon.start();
        if (!m_view->spine()->rows.empty())
            return;
    }
    refresh();
}

void MatchLine::note(const QString& text)
{
    m_note = text;
    m_noteEnds.start();
    refresh();
}

QString MatchLine::text() const
{
    return m_label->text();
}

QString MatchLine::matchText() const
{
    const auto total = m_view->total();
    const auto matching = m_view->matching();
    if (m_view->isBusy() && !m_busySoon.isActive()) {
        if (m_view->query().isFiltered())
            return tr("Filtering…");
        return m_view->query().isSorted() ? tr("Sorting…") : tr("Counting…");
    }
    if (m_view->shownQuery().isFiltered() && matching && total)
        return *matching == 1
                   ? tr("1 of %1 records matches").arg(model::countText(*total))
                   : tr("%1 of %2 records match").arg(model::countText(*matching), model::countText(*total));
    if (total)
        return *total == 1 ? tr("1 record") : tr("%1 records").arg(model::countText(*total));
    return tr("Counting…");
}

QString MatchLine::orderText() const
{
    const auto& query = m_view->shownQuery();
    if (!query.isSorted())
        return {};
    QString by;
    switch (query.sortBy) {
    case SortBy::Insertion:
        return tr("newest first");
    case SortBy::Id:
        by = tr("Id");
        break;
    case SortBy::Document:
        by = tr("Document");
        break;
    case SortBy::Uri:
        by = tr("URI");
        break;
    case SortBy::MetadataKey:
        by = model::lineText(query.sortKey, 40);
        break;
    }
    return query.descending ? tr("by %1, descending").arg(by) : tr("by %1").arg(by);
}

void MatchLine::refresh()
{
    m_clear->setVisible(m_filter && m_filter->isActive());
    if (!m_view) {
        showText({}, false);
        return;
    }
    if (m_filter && m_filter->hasErrors()) {
        showText(tr("%1 The rows stay as they were.").arg(m_filter->firstError()), true);
        return;
    }
    QStringList parts{m_note.isEmpty() ? matchText() : m_note};
    if (const QString order = orderText(); !order.isEmpty() && m_note.isEmpty())
        parts << order;
    if (m_view->shownQuery().whereDocument && m_view->documentPath() != storage::DocumentPath::None)
        parts << (m_view->documentPath() == storage::DocumentPath::Index ? tr("full-text index")
                                                                         : tr("all documents read"));
    if (m_selected > 1)
        parts << tr("%1 selected").arg(model::countText(m_selected));
    showText(parts.join(QStringLiteral("  \u00B7  ")), false);
}

void MatchLine::showText(const QString& text, bool error)
{
    m_sign->setVisible(error);
    if (error)
        m_sign->setPixmap(
            glyph(QStringLiteral("warning"), kIcon, devicePixelRatioF(), colorsOf(palette()).warning.ink));
    m_label->setSecondary(!error);
    m_label->setText(text);
}

} // namespace ui
