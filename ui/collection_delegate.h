// Paints the rows of the directory tree: a collection in two lines with its count at the right, tenants and
// databases in one.
#pragma once

#include <QStyledItemDelegate>

namespace ui {

class CollectionDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit CollectionDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintCollection(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                         QRect room) const;
};

} // namespace ui
