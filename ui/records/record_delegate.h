// The cells of the records grid, painted with few calls: numbers right in tabular figures, missing values
// faint, null and text never mistaken for each other, distances as a number with a bar.
#pragma once

#include "model/record_model.h"

#include <QStyledItemDelegate>

namespace ui {

struct Colors;

class RecordDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit RecordDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    struct Cell;
    void paintGround(QPainter& painter, const QStyleOptionViewItem& option, const Colors& colors) const;
    void paintText(QPainter& painter, const QStyleOptionViewItem& option, const Cell& cell) const;
    void paintDistance(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                       const Colors& colors) const;
    [[nodiscard]] static Cell cellOf(const QModelIndex& index, const Colors& colors);
};

} // namespace ui
