#include "ui/command_palette.h"

#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QApplication>
#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace ui {

namespace {

constexpr int kWidth = 620;
constexpr int kRows = 10;
constexpr int kRow = 32;

// One word against the text: letters in order; 8 for a letter at a word's start, 4 for one that follows its
// predecessor, 1 elsewhere.
int wordScore(const QString& word, const QString& text)
{
    const qsizetype whole = text.indexOf(word, 0, Qt::CaseInsensitive);
    if (whole >= 0) {
        const bool atStart = whole == 0 || !text.at(whole - 1).isLetterOrNumber();
        return static_cast<int>(word.size()) * (atStart ? 12 : 6);
    }
    int score = 0;
    qsizetype at = -1;
    for (const QChar letter : word) {
        const qsizetype next = text.indexOf(letter, at + 1, Qt::CaseInsensitive);
        if (next < 0)
            return -1;
        score += next == 0 || !text.at(next - 1).isLetterOrNumber() ? 8 : next == at + 1 ? 4 : 1;
        at = next;
    }
    return score;
}

class PaletteDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {100, kRow};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Colors& c = colorsOf(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->setBrush(selected                                         ? c.accentSoft
                          : option.state.testFlag(QStyle::State_MouseOver) ? c.hover
                                                                           : QColor(Qt::transparent));
        painter->drawRoundedRect(option.rect.adjusted(kHalf, 0, -kHalf, 0), kRadius, kRadius);
        QRect room = option.rect.adjusted(kPad, 0, -kPad, 0);
        painter->drawPixmap(room.left(), room.center().y() - kIcon / 2 + 1,
                            glyph(index.data(PaletteModel::IconRole).toString(), kIcon,
                                  painter->device()->devicePixelRatioF(), selected ? c.accent : c.secondary));
        room.adjust(kIcon + kGap + 2, 0, 0, 0);
        const QFont small = smallFont(option.font);
        const QString note = index.data(PaletteModel::NoteRole).toString();
        painter->setFont(small);
        painter->setPen(c.secondary);
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignRight, note);
        room.setRight(room.right() - QFontMetrics(small).horizontalAdvance(note) - kPad);
        painter->setFont(option.font);
        painter->setPen(c.text);
        painter->drawText(
            room, Qt::AlignVCenter | Qt::AlignLeft,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, room.width()));
        painter->restore();
    }
};

} // namespace

int paletteScore(const QString& typed, const QString& text)
{
    int total = 0;
    for (const QString& word : typed.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const int score = wordScore(word, text);
        if (score < 0)
            return -1;
        total += score;
    }
    return total * 100 - static_cast<int>(qMin<qsizetype>(text.size(), 99));
}

void PaletteModel::setEntries(std::vector<PaletteEntry> entries)
{
    m_entries = std::move(entries);
    setTyped({});
}

void PaletteModel::setTyped(const QString& typed)
{
    beginResetModel();
    m_shown.clear();
    std::vector<int> scores(m_entries.size(), 0);
    const bool everything = typed.trimmed().isEmpty();
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        scores[i] = everything ? 0 : paletteScore(typed, m_entries[i].title);
        if (everything || scores[i] >= 0)
            m_shown.push_back(i);
    }
    std::stable_sort(m_shown.begin(), m_shown.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    if (m_shown.size() > kMost)
        m_shown.resize(kMost);
    endResetModel();
}

const PaletteEntry* PaletteModel::entry(int row) const
{
    return row >= 0 && row < rowCount() ? &m_entries[m_shown[static_cast<std::size_t>(row)]] : nullptr;
}

int PaletteModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    const PaletteEntry* found = entry(index.row());
    if (!found)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return found->title;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2").arg(found->title, found->group);
    case NoteRole:
        return found->note;
    case IconRole:
        return found->iconName;
    case GroupRole:
        return found->group;
    default:
        return {};
    }
}

CommandPalette::CommandPalette(QWidget* window) : QFrame(window)
{
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Command palette"));
    m_field = new QLineEdit(this);
    m_field->setObjectName(QStringLiteral("paletteField"));
    m_field->setAccessibleName(tr("Action or collection"));
    m_field->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_list = new QListView(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Matches"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->viewport()->setBackgroundRole(QPalette::Button);
    m_none = new QLabel(tr("Nothing matches."), this);
    m_none->setForegroundRole(QPalette::PlaceholderText);
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setMinimumHeight(kRow * 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kGap, kGap, kGap, kGap);
    column->setSpacing(kGap);
    column->addWidget(m_field);
    column->addWidget(m_list);
    column->addWidget(m_none);
    auto* shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(32);
    shadow->setOffset(0, 8);
    shadow->setColor(QColor(0, 0, 0, 80));
    setGraphicsEffect(shadow);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
    hide();
}

void CommandPalette::open(std::vector<PaletteEntry> entries, const QString& placeholder)
{
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_model.setEntries(std::move(entries));
    m_field->setPlaceholderText(placeholder);
    m_field->clear();
    filter();
    show();
    raise();
    qApp->installEventFilter(this);
    m_field->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::filter()
{
    m_model.setTyped(m_field->text());
    const int rows = m_model.rowCount();
    m_none->setVisible(rows == 0);
    m_list->setVisible(rows > 0);
    m_list->setFixedHeight(qMin(rows, kRows) * kRow + 2);
    if (rows > 0)
        m_list->setCurrentIndex(m_model.index(0));
    place();
}

void CommandPalette::place()
{
    const QRect window = parentWidget()->rect();
    setFixedWidth(qMin(kWidth, window.width() - 2 * kWide));
    adjustSize();
    move((window.width() - width()) / 2, qMin(96, window.height() / 8));
}

void CommandPalette::choose()
{
    const PaletteEntry* entry = m_model.entry(m_list->currentIndex().row());
    if (!entry)
        return;
    const auto run = entry->run;
    dismiss();
    run();
}

void CommandPalette::dismiss()
{
    qApp->removeEventFilter(this);
    hide();
    if (m_before)
        m_before->setFocus(Qt::PopupFocusReason);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonPress && isVisible()) {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (widget && widget != this && !isAncestorOf(widget) && widget->window() == window()) {
            dismiss();
            return true;
        }
    }
    if (watched != m_field || event->type() != QEvent::KeyPress)
        return false;
    const auto* key = static_cast<QKeyEvent*>(event);
    const int row = m_list->currentIndex().row();
    const int last = m_model.rowCount() - 1;
    switch (key->key()) {
    case Qt::Key_Escape:
        dismiss();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose();
        return true;
    case Qt::Key_Down:
        m_list->setCurrentIndex(m_model.index(row >= last ? 0 : row + 1));
        return true;
    case Qt::Key_Up:
        m_list->setCurrentIndex(m_model.index(row <= 0 ? last : row - 1));
        return true;
    case Qt::Key_PageDown:
        m_list->setCurrentIndex(m_model.index(qMin(last, row + kRows)));
        return true;
    case Qt::Key_PageUp:
        m_list->setCurrentIndex(m_model.index(qMax(0, row - kRows)));
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return true;
    default:
        return false;
    }
}

void CommandPalette::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colors& c = colorsOf(palette());
    painter.setPen(c.strongLine);
    painter.setBrush(c.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(.5, .5, -.5, -.5), 8, 8);
}

} // namespace ui
