#include "ui/collection_delegate.h"

#include "model/collection_model.h"
#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QApplication>
#include <QPainter>

namespace ui {

namespace {

using model::CollectionModel;

CollectionModel::Kind kindOf(const QModelIndex& index)
{
    return static_cast<CollectionModel::Kind>(index.data(CollectionModel::KindRole).toInt());
}

QString glyphName(CollectionModel::Kind kind)
{
    switch (kind) {
    case CollectionModel::Kind::Tenant:
        return QStringLiteral("tenant");
    case CollectionModel::Kind::Database:
        return QStringLiteral("database");
    case CollectionModel::Kind::Collection:
        break;
    }
    return QStringLiteral("collection");
}

// Paints the sign of the worst finding at the right edge and answers the width that it takes.
int paintSign(QPainter& painter, const QRect& line, const QModelIndex& index, qreal ratio, const Colors& c)
{
    const QVariant severity = index.data(CollectionModel::SeverityRole);
    if (!severity.isValid() || severity.toInt() < static_cast<int>(storage::Severity::Warning))
        return 0;
    const bool error = severity.toInt() == static_cast<int>(storage::Severity::Error);
    const QPixmap sign = glyph(error ? QStringLiteral("error") : QStringLiteral("warning"), 14, ratio,
                               error ? c.danger.ink : c.warning.ink);
    painter.drawPixmap(line.right() - 13, line.center().y() - 6, sign);
    return 14 + kHalf;
}

} // namespace

CollectionDelegate::CollectionDelegate(QObject* parent) : QStyledItemDelegate(parent) {}

QSize CollectionDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const int name = option.fontMetrics.height();
    if (kindOf(index) != CollectionModel::Kind::Collection)
        return {0, qMax(kRowHeight, name + kGap)};
    return {0, name + QFontMetrics(smallFont(option.font)).height() + kGap + 2};
}

void CollectionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QWidget* widget = option.widget;
    QStyle* style = widget ? widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &item, painter, widget);
    const Colors& c = colorsOf(option.palette);
    const qreal ratio = painter->device()->devicePixelRatioF();
    const auto kind = kindOf(index);
    QRect room = option.rect.adjusted(2, 0, -kPad, 0);
    painter->save();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (kind == CollectionModel::Kind::Collection) {
        const QPixmap sign = glyph(glyphName(kind), kIcon, ratio, selected ? c.accent : c.secondary);
        painter->drawPixmap(room.left(), room.top() + kHalf + 1, sign);
        paintCollection(*painter, option, index, room.adjusted(kIcon + kGap, 0, 0, 0));
    } else {
        painter->drawPixmap(room.left(), room.center().y() - kIcon / 2,
                            glyph(glyphName(kind), kIcon, ratio, c.faint));
        painter->setPen(c.secondary);
        room.adjust(kIcon + kGap, 0, 0, 0);
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(item.text, Qt::ElideRight, room.width()));
    }
    painter->restore();
}

void CollectionDelegate::paintCollection(QPainter& painter, const QStyleOptionViewItem& option,
                                         const QModelIndex& index, QRect room) const
{
    const Colors& c = colorsOf(option.palette);
    const QFont small = smallFont(option.font);
    QRect first = room.adjusted(0, kHalf, 0, 0);
    first.setHeight(option.fontMetrics.height());
    QRect second = room;
    second.setTop(first.bottom() + 1);
    second.setHeight(QFontMetrics(small).height());
    const QString count = index.data(CollectionModel::CountTextRole).toString();
    first.setRight(first.right() -
                   paintSign(painter, first, index, painter.device()->devicePixelRatioF(), c));
    painter.setPen(c.secondary);
    painter.drawText(first, Qt::AlignVCenter | Qt::AlignRight, count);
    first.setRight(first.right() - option.fontMetrics.horizontalAdvance(count) - kGap);
    painter.setPen(c.text);
    painter.drawText(first, Qt::AlignVCenter | Qt::AlignLeft,
                     option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, first.width()));
    painter.setFont(small);
    painter.setPen(c.secondary);
    const QString subtitle = index.data(CollectionModel::SubtitleRole).toString();
    painter.drawText(second, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(small).elidedText(subtitle, Qt::ElideRight, second.width()));
}

} // namespace ui
