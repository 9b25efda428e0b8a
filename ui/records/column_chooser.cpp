#include "ui/records/column_chooser.h"

#include "model/value_text.h"
#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kCaptionRole = Qt::UserRole + 1;

// Tick and name as everywhere, what is known of the key at the right.
class ColumnItemDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QString caption = index.data(kCaptionRole).toString();
        const QFont small = smallFont(option.font);
        const int width = QFontMetrics(small).horizontalAdvance(caption);
        QStyleOptionViewItem name = option;
        if (width > 0)
            name.rect.setRight(option.rect.right() - width - kPad - kGap);
        QStyledItemDelegate::paint(painter, name, index);
        painter->save();
        painter->setFont(small);
        painter->setPen(colorsOf(option.palette).secondary);
        painter->drawText(option.rect.adjusted(0, 0, -kPad, 0), Qt::AlignRight | Qt::AlignVCenter, caption);
        painter->restore();
    }
    // The whole line is the tick's.
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override
    {
        if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonDblClick)
            return true;
        if (event->type() != QEvent::MouseButtonRelease)
            return QStyledItemDelegate::editorEvent(event, model, option, index);
        const bool ticked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, ticked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), kRowHeight};
    }
};

} // namespace

ColumnListModel::ColumnListModel(model::RecordModel& records, ColumnLayout& layout, const QHeaderView& header,
                                 QObject* parent)
    : QAbstractListModel(parent),
      m_records(records),
      m_layout(layout),
      m_header(header)
{
    for (const auto& column : records.columns())
        if (column.kind != model::RecordModel::ColumnKind::Metadata)
            m_names << column.name();
    for (const auto& info : records.allKeys())
        m_names << QStringLiteral("meta:") + model::text(info.key);
}

int ColumnListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_names.size());
}

int ColumnListModel::logicalOf(int row) const
{
    return m_records.columnOf(m_names[row]);
}

QString ColumnListModel::caption(int row) const
{
    const auto first = m_names.size() - qsizetype(m_records.allKeys().size());
    if (row < first)
        return {};
    const auto& info = m_records.allKeys()[std::size_t(row - first)];
    return tr("%1 · %2").arg(model::typesText(info.types), model::countText(info.records));
}

QVariant ColumnListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row();
    const int logical = logicalOf(row);
    switch (role) {
    case Qt::DisplayRole:
        return m_names[row].startsWith(QLatin1String("meta:"))
                   ? model::lineText(m_names[row].mid(5).toStdString(), 80)
                   : m_records.headerData(logical, Qt::Horizontal).toString();
    case Qt::CheckStateRole:
        return logical >= 0 && !m_header.isSectionHidden(logical) ? Qt::Checked : Qt::Unchecked;
    case kCaptionRole:
        return caption(row);
    default:
        return {};
    }
}

Qt::ItemFlags ColumnListModel::flags(const QModelIndex& index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
                           : Qt::NoItemFlags;
}

bool ColumnListModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::CheckStateRole)
        return false;
    const bool show = value.toInt() == Qt::Checked;
    if (!show && m_layout.visibleCount() <= 1)
        return false; // a grid without columns would offer no way back
    const QString& name = m_names[index.row()];
    if (show && logicalOf(index.row()) < 0)
        m_records.showKey(name.mid(5).toStdString());
    const int logical = logicalOf(index.row());
    if (logical < 0)
        return false;
    m_layout.setVisible(logical, show);
    Q_EMIT dataChanged(index, index, {Qt::CheckStateRole});
    return true;
}

ColumnChooser::ColumnChooser(model::RecordModel& records, ColumnLayout& layout, const QHeaderView& header,
                             QWidget* parent)
    : QFrame(parent, Qt::Popup)
{
    setObjectName(QStringLiteral("columnChooser"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    m_columns = new ColumnListModel(records, layout, header, this);
    m_filter = new QSortFilterProxyModel(this);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setSourceModel(m_columns);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("columnSearch"));
    m_search->setPlaceholderText(tr("Find a column"));
    m_search->setClearButtonEnabled(true);
    m_list = new QListView(this);
    m_list->setObjectName(QStringLiteral("columnList"));
    m_list->setAccessibleName(tr("Columns"));
    m_list->setModel(m_filter);
    m_list->setItemDelegate(new ColumnItemDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    auto* resetButton = new QPushButton(tr("Reset Columns"), this);
    resetButton->setObjectName(QStringLiteral("resetColumns"));
    connect(resetButton, &QPushButton::clicked, this, [this, &layout] {
        layout.reset();
        m_list->viewport()->update();
    });
    connect(m_search, &QLineEdit::textChanged, m_filter, &QSortFilterProxyModel::setFilterFixedString);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kGap, kGap, kGap, kGap);
    column->setSpacing(kGap);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    auto* row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(resetButton);
    column->addLayout(row);
}

void ColumnChooser::openBelow(const QWidget& button)
{
    const int rows = std::min(14, m_columns->rowCount());
    resize(340, rows * kRowHeight + 110);
    QPoint corner = button.mapToGlobal(QPoint(button.width() - width(), button.height() + 4));
    const QRect screen = button.screen()->availableGeometry();
    corner.setX(std::clamp(corner.x(), screen.left(), std::max(screen.left(), screen.right() - width())));
    corner.setY(std::min(corner.y(), std::max(screen.top(), screen.bottom() - height())));
    move(corner);
    show();
    m_search->setFocus();
}

} // namespace ui
