#include "ui/document_view.h"

#include "ui/json_indent.h"
#include "ui/section.h"
#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr qsizetype kJsonLimit = 300'000; // longer ones are not laid out

} // namespace

DocumentView::DocumentView(QWidget* parent) : QWidget(parent)
{
    m_edit = new QPlainTextEdit(this);
    m_edit->setObjectName(QStringLiteral("documentText"));
    m_edit->setAccessibleName(tr("Document"));
    m_edit->setReadOnly(true);
    m_edit->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_wrap = iconButton(QStringLiteral("wrap"), tr("Wrap lines"), this);
    m_wrap->setCheckable(true);
    m_wrap->setChecked(true);
    m_json = iconButton(QStringLiteral("json"), tr("Lay out as JSON"), this);
    m_json->setCheckable(true);
    m_find = iconButton(QStringLiteral("search"), tr("Find in the document"), this);
    buildFindBar();
    buildPartBar();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_findBar);
    column->addWidget(m_edit, 1);
    column->addWidget(m_partBar);
    connect(m_wrap, &QToolButton::toggled, m_edit, [this](bool wrap) {
        m_edit->setLineWrapMode(wrap ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
    });
    connect(m_json, &QToolButton::toggled, this, &DocumentView::chooseText);
    connect(m_find, &QToolButton::clicked, this, &DocumentView::openFind);
    setNote({});
}

void DocumentView::buildFindBar()
{
    m_findBar = new QWidget(this);
    m_findField = new QLineEdit(m_findBar);
    m_findField->setObjectName(QStringLiteral("documentFind"));
    m_findField->setPlaceholderText(tr("Find in the document"));
    m_findField->setAccessibleName(tr("Find in the document"));
    m_findField->setClearButtonEnabled(true);
    m_findNote = new QLabel(m_findBar);
    m_findNote->setFont(smallFont(font()));
    auto* previous = iconButton(QStringLiteral("chevron-up"), tr("Previous match"), m_findBar);
    auto* next = iconButton(QStringLiteral("chevron-down"), tr("Next match"), m_findBar);
    auto* close = iconButton(QStringLiteral("close"), tr("Close find"), m_findBar);
    auto* row = new QHBoxLayout(m_findBar);
    row->setContentsMargins(0, 0, 0, kHalf);
    row->setSpacing(2);
    row->addWidget(m_findField, 1);
    row->addWidget(m_findNote);
    for (QToolButton* button : {previous, next, close})
        row->addWidget(button);
    m_findBar->hide();
    connect(m_findField, &QLineEdit::textChanged, this, [this] {
        m_hit = -1;
        static_cast<void>(findNext());
    });
    connect(m_findField, &QLineEdit::returnPressed, this, [this] { static_cast<void>(findNext()); });
    connect(next, &QToolButton::clicked, this, [this] { static_cast<void>(findNext()); });
    connect(previous, &QToolButton::clicked, this, [this] { static_cast<void>(findNext(true)); });
    connect(close, &QToolButton::clicked, this, [this] {
        m_findBar->hide();
        m_edit->setExtraSelections({});
        m_edit->setFocus();
    });
}

void DocumentView::buildPartBar()
{
    m_partBar = new QWidget(this);
    m_partBar->setObjectName(QStringLiteral("documentParts"));
    m_partNote = new QLabel(m_partBar);
    m_partNote->setFont(smallFont(font()));
    m_previousPart = iconButton(QStringLiteral("chevron-left"), tr("Previous part"), m_partBar);
    m_nextPart = iconButton(QStringLiteral("chevron-right"), tr("Next part"), m_partBar);
    auto* row = new QHBoxLayout(m_partBar);
    row->setContentsMargins(0, kHalf, 0, 0);
    row->addWidget(m_partNote, 1);
    row->addWidget(m_previousPart);
    row->addWidget(m_nextPart);
    connect(m_previousPart, &QToolButton::clicked, this, [this] { showPart(m_part - 1); });
    connect(m_nextPart, &QToolButton::clicked, this, [this] { showPart(m_part + 1); });
}

void DocumentView::setDocument(const QString& text)
{
    m_original = text;
    m_hit = -1;
    // Looked at only as far as the first character: laying out happens when it is asked for.
    const QString head = text.left(200).trimmed();
    const bool mayBeJson =
        text.size() <= kJsonLimit && (head.startsWith(QLatin1Char('{')) || head.startsWith(QLatin1Char('[')));
    m_json->setEnabled(mayBeJson);
    m_wrap->setEnabled(true);
    m_find->setEnabled(true);
    m_edit->setEnabled(true);
    m_edit->setPlaceholderText(tr("The document is empty text."));
    chooseText();
}

void DocumentView::setNote(const QString& note)
{
    m_original.clear();
    m_text.clear();
    m_edit->clear();
    m_edit->setPlaceholderText(note);
    m_partBar->hide();
    m_findBar->hide();
    for (QToolButton* button : {m_wrap, m_json, m_find})
        button->setEnabled(false);
}

void DocumentView::chooseText()
{
    m_text = m_original;
    if (m_json->isEnabled() && m_json->isChecked()) {
        const auto laidOut = indentJson(m_original);
        if (laidOut)
            m_text = *laidOut;
        else
            m_json->setEnabled(false);
    }
    const bool fixed = m_text.size() != m_original.size();
    m_edit->setFont(fixed ? fixedFont(font()) : font());
    showPart(0);
}

qsizetype DocumentView::parts() const
{
    return qMax<qsizetype>(1, (m_text.size() + kPart - 1) / kPart);
}

void DocumentView::showPart(qsizetype part)
{
    m_part = qBound<qsizetype>(0, part, parts() - 1);
    const qsizetype from = m_part * kPart;
    const QString shown = m_text.mid(from, kPart);
    m_edit->setPlainText(shown);
    m_edit->setExtraSelections({});
    m_partBar->setVisible(parts() > 1);
    m_previousPart->setEnabled(m_part > 0);
    m_nextPart->setEnabled(m_part + 1 < parts());
    const QLocale locale;
    m_partNote->setText(tr("Characters %1 to %2 of %3")
                            .arg(locale.toString(from + 1), locale.toString(from + shown.size()),
                                 locale.toString(m_text.size())));
}

void DocumentView::openFind()
{
    if (!m_find->isEnabled())
        return;
    m_findBar->show();
    m_findField->setFocus(Qt::ShortcutFocusReason);
    m_findField->selectAll();
}

bool DocumentView::findNext(bool backward)
{
    const QString wanted = m_findField->text();
    if (wanted.isEmpty()) {
        m_findNote->clear();
        m_edit->setExtraSelections({});
        return false;
    }
    const qsizetype start = backward ? (m_hit > 0 ? m_hit - 1 : -1) : m_hit + 1;
    qsizetype at = backward ? m_text.lastIndexOf(wanted, start, Qt::CaseInsensitive)
                            : m_text.indexOf(wanted, start, Qt::CaseInsensitive);
    if (at < 0) // round to the other end
        at = backward ? m_text.lastIndexOf(wanted, -1, Qt::CaseInsensitive)
                      : m_text.indexOf(wanted, 0, Qt::CaseInsensitive);
    m_hit = at;
    m_findNote->setText(at < 0 ? tr("not found") : QString());
    if (at < 0)
        m_edit->setExtraSelections({});
    else
        markHit();
    return at >= 0;
}

void DocumentView::markHit()
{
    const qsizetype at = m_hit;
    const qsizetype length = m_findField->text().size();
    if (at / kPart != m_part)
        showPart(at / kPart);
    const auto from = static_cast<int>(at - m_part * kPart);
    const int limit = m_edit->document()->characterCount() - 1;
    QTextCursor cursor(m_edit->document());
    cursor.setPosition(qMin(from, limit));
    cursor.setPosition(qMin(from + static_cast<int>(length), limit), QTextCursor::KeepAnchor);
    QTextEdit::ExtraSelection mark;
    mark.cursor = cursor;
    mark.format.setBackground(colorsOf(palette()).warning.fill);
    mark.format.setForeground(colorsOf(palette()).warning.ink);
    m_edit->setExtraSelections({mark});
    cursor.clearSelection();
    m_edit->setTextCursor(cursor);
    m_edit->ensureCursorVisible();
}

void DocumentView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_hit >= 0 && m_findBar->isVisible())
        markHit(); // in the new colours
}

void DocumentView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Find))
        openFind();
    else if (event->matches(QKeySequence::FindNext))
        static_cast<void>(findNext());
    else if (event->matches(QKeySequence::FindPrevious))
        static_cast<void>(findNext(true));
    else if (event->key() == Qt::Key_Escape && m_findBar->isVisible())
        m_findBar->hide();
    else
        QWidget::keyPressEvent(event);
}

} // namespace ui
