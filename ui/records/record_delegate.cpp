#include "ui/records/record_delegate.h"

#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

#include <QPainter>

#include <bit>

namespace ui {

using model::RecordModel;
using CellState = RecordModel::CellState;

struct RecordDelegate::Cell
{
    QString text;
    QString tag; // the type, where the column mixes them
    QColor color;
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool italic = false;
};

namespace {

constexpr int kSide = 10; // as in the header

// More than one type besides null.
bool isMixed(unsigned types)
{
    return std::popcount(types & ~1u) > 1;
}

} // namespace

RecordDelegate::RecordDelegate(QObject* parent) : QStyledItemDelegate(parent) {}

QSize RecordDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QString shown = index.data().toString();
    return {option.fontMetrics.horizontalAdvance(shown) + 2 * kSide + 4, kRowHeight};
}

RecordDelegate::Cell RecordDelegate::cellOf(const QModelIndex& index, const Colors& colors)
{
    const auto* records = static_cast<const RecordModel*>(index.model());
    const auto& column = records->columns()[std::size_t(index.column())];
    Cell cell;
    cell.text = index.data().toString();
    cell.color = colors.text;
    switch (CellState(index.data(RecordModel::CellStateRole).toInt())) {
    case CellState::Value:
        break;
    case CellState::Null:
        cell.italic = true;
        cell.color = colors.secondary;
        break;
    case CellState::Gone:
        cell.italic = true;
        cell.color = colors.faint;
        return cell;
    case CellState::Loading:
    case CellState::Missing:
        cell.color = colors.faint;
        if (column.isNumeric())
            cell.alignment = Qt::AlignRight | Qt::AlignVCenter;
        return cell;
    }
    if (column.kind == RecordModel::ColumnKind::Embedding)
        cell.color = colors.secondary;
    if (column.kind != RecordModel::ColumnKind::Metadata)
        return cell;
    const auto type = storage::MetaType(index.data(RecordModel::TypeRole).toInt());
    if (type == storage::MetaType::Int || type == storage::MetaType::Float)
        cell.alignment = Qt::AlignRight | Qt::AlignVCenter;
    if (type == storage::MetaType::Bool && cell.text == QLatin1String("false"))
        cell.color = colors.secondary;
    if (isMixed(column.types))
        cell.tag = QString::fromLatin1(storage::typeName(type));
    return cell;
}

void RecordDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    const Colors& colors = colorsOf(option.palette);
    paintGround(*painter, option, colors);
    if (index.data(RecordModel::ColumnKindRole).toInt() == int(RecordModel::ColumnKind::Distance))
        paintDistance(*painter, option, index, colors);
    else
        paintText(*painter, option, cellOf(index, colors));
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(colors.accent, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
}

void RecordDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option,
                                 const Colors& colors) const
{
    if (option.state.testFlag(QStyle::State_Selected))
        painter.fillRect(option.rect,
                         option.state.testFlag(QStyle::State_Active) ? colors.accentSoft : colors.idleSoft);
    QColor line = colors.line;
    line.setAlphaF(line.alphaF() * 0.6F);
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), line);
}

void RecordDelegate::paintText(QPainter& painter, const QStyleOptionViewItem& option, const Cell& cell) const
{
    QRect room = option.rect.adjusted(kSide, 0, -kSide, -1);
    const Colors& colors = colorsOf(option.palette);
    if (!cell.tag.isEmpty()) {
        const QFont small = smallFont(option.font);
        const int width = QFontMetrics(small).horizontalAdvance(cell.tag);
        if (room.width() > width + 40) {
            const bool right = cell.alignment.testFlag(Qt::AlignRight);
            painter.setFont(small);
            painter.setPen(colors.faint);
            painter.drawText(room, (right ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, cell.tag);
            room.adjust(right ? width + kGap : 0, 0, right ? 0 : -width - kGap, 0);
        }
    }
    QFont font = option.font;
    font.setItalic(cell.italic);
    painter.setFont(font);
    painter.setPen(cell.color);
    // Most of a long text is never measured.
    const auto most = qsizetype(room.width() / std::max(1, option.fontMetrics.averageCharWidth()) * 3 + 8);
    QString shown = cell.text.size() > most ? cell.text.left(most) : cell.text;
    if (cell.text.size() > most || option.fontMetrics.horizontalAdvance(shown) > room.width())
        shown = option.fontMetrics.elidedText(shown, Qt::ElideRight, room.width());
    painter.drawText(room, int(cell.alignment) | Qt::TextSingleLine, shown);
}

void RecordDelegate::paintDistance(QPainter& painter, const QStyleOptionViewItem& option,
                                   const QModelIndex& index, const Colors& colors) const
{
    const QRect room = option.rect.adjusted(kSide, 0, -kSide, -1);
    const QString number = index.data().toString();
    const int width = std::max(option.fontMetrics.horizontalAdvance(QStringLiteral("-0.0000")),
                               option.fontMetrics.horizontalAdvance(number));
    painter.setFont(option.font);
    painter.setPen(colors.text);
    painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, number);
    const int most = room.width() - width - kPad;
    if (most < 12)
        return;
    const double share = index.data(RecordModel::DistanceShareRole).toDouble();
    const QRectF track(room.left(), room.center().y() - 2, most, 5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.line);
    painter.drawRoundedRect(track, 2.5, 2.5);
    painter.setBrush(colors.accent);
    painter.drawRoundedRect(QRectF(track.left(), track.top(), std::max(5.0, track.width() * share), 5), 2.5,
                            2.5);
    painter.restore();
}

} // namespace ui
