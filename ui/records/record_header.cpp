#include "ui/records/record_header.h"

#include "model/value_text.h"
#include "ui/records/filter_field.h"
#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_parts.h"

#include <QContextMenuEvent>
#include <QPainter>

#include <algorithm>

namespace ui {

using model::RecordModel;
using Kind = RecordModel::ColumnKind;

RecordHeader::RecordHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent)
{
    setObjectName(QStringLiteral("recordHeader"));
    setSectionsClickable(true);
    setSectionsMovable(true);
    setSortIndicatorShown(true);
    setSortIndicatorClearable(true);
    setHighlightSections(false);
    setStretchLastSection(false);
    setMinimumSectionSize(48);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_debounce.setSingleShot(true);
    m_debounce.setInterval(kDebounceMs);
    connect(&m_debounce, &QTimer::timeout, this, &RecordHeader::settle);
    connect(this, &QHeaderView::sectionResized, this, &RecordHeader::placeFields);
    connect(this, &QHeaderView::sectionMoved, this, &RecordHeader::placeFields);
    connect(this, &QHeaderView::geometriesChanged, this, &RecordHeader::placeFields);
    connect(this, &QHeaderView::sectionCountChanged, this, &RecordHeader::placeFields);
}

void RecordHeader::show(RecordModel* records, model::FilterModel* filter)
{
    if (m_records)
        disconnect(m_records, nullptr, this, nullptr);
    if (m_filter)
        disconnect(m_filter, nullptr, this, nullptr);
    m_debounce.stop();
    m_records = records;
    m_filter = filter;
    for (const auto& [column, each] : m_fields)
        delete each;
    m_fields.clear();
    if (!m_records || !m_filter)
        return;
    connect(m_records, &RecordModel::columnsChanged, this, &RecordHeader::rebuildFields);
    connect(m_filter, &model::FilterModel::errorsChanged, this, &RecordHeader::showErrors);
    connect(m_filter, &model::FilterModel::textsChanged, this, &RecordHeader::showTexts);
    rebuildFields();
}

FilterField* RecordHeader::field(const QString& column) const
{
    const auto found = m_fields.find(column);
    return found == m_fields.end() ? nullptr : found->second;
}

void RecordHeader::rebuildFields()
{
    std::map<QString, FilterField*> kept;
    for (const auto& column : m_records->columns()) {
        const QString name = column.name();
        if (!model::FilterModel::canFilter(name))
            continue;
        FilterField* each = field(name);
        if (each == nullptr) {
            each = new FilterField(name, this);
            each->setText(m_filter->text(name));
            connect(each, &QLineEdit::textEdited, this, [this, name](const QString& typed) {
                m_filter->setText(name, typed);
                m_debounce.start();
            });
            connect(each, &QLineEdit::returnPressed, this, &RecordHeader::settle);
            connect(each, &FilterField::cleared, this, [this, name] {
                m_filter->setText(name, QString());
                settle();
            });
            connect(each, &FilterField::leftDownwards, this, &RecordHeader::leftDownwards);
            connect(each, &FilterField::stepped, this, &RecordHeader::step);
            connect(each, &FilterField::focused, this,
                    [this](FilterField* focused) { Q_EMIT fieldFocused(logicalOf(focused)); });
        }
        each->setHint(m_filter->hint(name));
        each->setAccessibleName(
            tr("Filter %1").arg(m_records->headerData(m_records->columnOf(name), Qt::Horizontal).toString()));
        kept.emplace(name, each);
    }
    for (const auto& [name, each] : m_fields)
        if (!kept.contains(name))
            each->deleteLater();
    m_fields = std::move(kept);
    showErrors();
    placeFields();
}

void RecordHeader::settle()
{
    m_debounce.stop();
    if (m_filter)
        m_filter->apply();
}

void RecordHeader::showErrors()
{
    for (const auto& [name, each] : m_fields)
        each->setError(m_filter->error(name));
}

void RecordHeader::showTexts()
{
    for (const auto& [name, each] : m_fields)
        if (each->text() != m_filter->text(name))
            each->setText(m_filter->text(name));
}

int RecordHeader::logicalOf(const FilterField* field) const
{
    return m_records ? m_records->columnOf(field->column()) : -1;
}

void RecordHeader::step(FilterField* from, bool forward)
{
    int visual = visualIndex(logicalOf(from));
    for (;;) {
        visual += forward ? 1 : -1;
        if (visual < 0 || visual >= count())
            break;
        const int logical = logicalIndex(visual);
        FilterField* next = isSectionHidden(logical) || logical >= m_records->columnCount()
                                ? nullptr
                                : field(m_records->columns()[std::size_t(logical)].name());
        if (next == nullptr)
            continue;
        Q_EMIT fieldFocused(logical); // scrolled to first: what is out of sight has no focus
        placeFields();
        next->setFocus(forward ? Qt::TabFocusReason : Qt::BacktabFocusReason);
        return;
    }
    if (forward)
        Q_EMIT leftDownwards();
    else
        focusNextPrevChild(false);
}

void RecordHeader::focusField(int logical)
{
    FilterField* wanted = nullptr;
    if (m_records && logical >= 0 && logical < m_records->columnCount())
        wanted = field(m_records->columns()[std::size_t(logical)].name());
    if (wanted == nullptr)
        wanted = field(QStringLiteral("document"));
    if (wanted == nullptr)
        return;
    Q_EMIT fieldFocused(logicalOf(wanted));
    placeFields();
    wanted->setFocus(Qt::ShortcutFocusReason);
    wanted->selectAll();
}

void RecordHeader::placeFields()
{
    if (!m_records)
        return;
    const int top = kTitleHeight + 3;
    for (const auto& [name, each] : m_fields) {
        const int logical = m_records->columnOf(name);
        const bool shown = logical >= 0 && logical < count() && !isSectionHidden(logical);
        const int left = shown ? sectionViewportPosition(logical) : 0;
        const int width = shown ? sectionSize(logical) : 0;
        each->setVisible(shown && left + width > 0 && left < viewport()->width());
        each->setGeometry(left + 4, top, std::max(8, width - 8), kFilterHeight - 8);
    }
}

QSize RecordHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), kTitleHeight + kFilterHeight};
}

void RecordHeader::updateGeometries()
{
    setViewportMargins(0, 0, 0, kFilterHeight); // titles above, fields below
    QHeaderView::updateGeometries();
    placeFields();
}

void RecordHeader::contextMenuEvent(QContextMenuEvent* event)
{
    const int logical = logicalIndexAt(event->pos());
    if (logical >= 0)
        Q_EMIT menuAsked(logical, event->globalPos());
}

bool RecordHeader::viewportEvent(QEvent* event)
{
    const bool done = QHeaderView::viewportEvent(event);
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave ||
        event->type() == QEvent::HoverMove)
        viewport()->update();
    return done;
}

void RecordHeader::paintEvent(QPaintEvent* event)
{
    QHeaderView::paintEvent(event);
    const int end = count() > 0 ? length() - offset() : 0;
    if (end >= viewport()->width())
        return;
    QPainter painter(viewport()); // beyond the last column
    painter.fillRect(end, 0, viewport()->width() - end, viewport()->height(), colorsOf(palette()).window);
}

// The line under the filter row, which lies outside the viewport.
bool RecordHeader::event(QEvent* event)
{
    const bool done = QHeaderView::event(event);
    if (event->type() == QEvent::Paint) {
        QPainter painter(this);
        painter.fillRect(0, height() - 1, width(), 1, colorsOf(palette()).line);
    }
    return done;
}

QString RecordHeader::captionOf(const model::RecordColumn& column) const
{
    switch (column.kind) {
    case Kind::Id:
    case Kind::Document:
    case Kind::Uri:
        return tr("text");
    case Kind::Embedding: {
        const auto dimension = m_records->view().collection().dimension;
        return dimension ? tr("%1 numbers").arg(*dimension) : QString();
    }
    case Kind::Distance:
        return QString::fromLatin1(storage::spaceName(m_records->view().collection().index.space));
    case Kind::Metadata:
        return model::typesText(column.types);
    }
    return {};
}

void RecordHeader::paintSection(QPainter* painter, const QRect& rect, int logical) const
{
    if (!m_records || logical >= m_records->columnCount() || !rect.isValid())
        return;
    const Colors& c = colorsOf(palette());
    painter->save();
    painter->fillRect(rect, c.window);
    const QPoint mouse = viewport()->mapFromGlobal(QCursor::pos());
    if (viewport()->underMouse() && rect.contains(mouse))
        painter->fillRect(rect, c.hover);
    painter->fillRect(QRect(rect.right(), rect.top() + 10, 1, rect.height() - 16), c.line);
    paintTitle(*painter, rect.adjusted(10, 6, -10, -5), logical);
    painter->restore();
}

void RecordHeader::paintTitle(QPainter& painter, const QRect& rect, int logical) const
{
    const Colors& c = colorsOf(palette());
    const auto& column = m_records->columns()[std::size_t(logical)];
    const auto header = [&](int role) { return m_records->headerData(logical, Qt::Horizontal, role); };
    const bool right = column.isNumeric();
    const bool sorted = sortIndicatorSection() == logical && isSortIndicatorShown();
    QRect line = rect;
    const int half = rect.height() / 2;
    line.setHeight(half);
    if (sorted) {
        const QRect sign(right ? line.left() : line.right() - 8, line.top(), 9, line.height());
        parts::drawChevron(painter, sign,
                           sortIndicatorOrder() == Qt::AscendingOrder ? Qt::UpArrow : Qt::DownArrow, c.accent,
                           7);
        line.adjust(right ? 14 : 0, 0, right ? 0 : -14, 0);
    }
    const QFont strong = strongFont(font());
    painter.setFont(strong);
    painter.setPen(sorted ? c.accent : c.text);
    const int side = right ? Qt::AlignRight : Qt::AlignLeft;
    painter.drawText(
        line, side | Qt::AlignVCenter,
        QFontMetrics(strong).elidedText(header(Qt::DisplayRole).toString(), Qt::ElideRight, line.width()));
    QRect below = rect;
    below.setTop(rect.top() + half);
    const QVariant coverage = header(RecordModel::CoverageRole);
    const QFont small = smallFont(font());
    QString caption = captionOf(column);
    if (coverage.isValid() && coverage.toDouble() < 1)
        caption += QStringLiteral("  %1 %").arg(std::max(1, int(coverage.toDouble() * 100)));
    painter.setFont(small);
    painter.setPen(c.secondary);
    painter.drawText(below, side | Qt::AlignVCenter,
                     QFontMetrics(small).elidedText(caption, Qt::ElideRight, below.width()));
}

} // namespace ui
