#include "ui/record_inspector.h"

#include "ui/document_view.h"
#include "ui/elided_label.h"
#include "ui/empty_state.h"
#include "ui/section.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/vector_picture.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using model::RecordDetailsModel;

namespace {

QString figure(double value)
{
    return QString::number(value, 'g', 5);
}

} // namespace

RecordInspector::RecordInspector(RecordDetailsModel& details, QWidget* parent)
    : QWidget(parent),
      m_details(details)
{
    setObjectName(QStringLiteral("recordInspector"));
    m_empty = new EmptyState(this);
    buildHead();
    buildCopyActions();
    m_splitter = new QSplitter(Qt::Vertical);
    m_splitter->setChildrenCollapsible(false);
    for (Section* section : {buildDocument(), buildMetadata(), buildVector()}) {
        auto* frame = new QWidget;
        auto* room = new QVBoxLayout(frame);
        room->setContentsMargins(kPad, kHalf, kPad, kGap);
        room->addWidget(section);
        m_splitter->addWidget(frame);
    }
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setStretchFactor(2, 0);
    auto* page = new QWidget;
    auto* pageColumn = new QVBoxLayout(page);
    pageColumn->setContentsMargins(0, 0, 0, 0);
    pageColumn->setSpacing(0);
    pageColumn->addWidget(m_head);
    pageColumn->addWidget(m_splitter, 1);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(page);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    connect(&m_details, &RecordDetailsModel::recordChanged, this, &RecordInspector::showRecord);
    connect(&m_details, &RecordDetailsModel::vectorChanged, this, &RecordInspector::showVector);
    showRecord();
    showVector();
}

void RecordInspector::buildHead()
{
    m_head = new QWidget(this);
    m_id = new ElidedLabel(m_head);
    m_id->setObjectName(QStringLiteral("recordId"));
    m_id->setFont(strongFont(font()));
    m_id->setElideMode(Qt::ElideMiddle);
    m_uri = new ElidedLabel(m_head);
    m_uri->setObjectName(QStringLiteral("recordUri"));
    m_uri->setFont(smallFont(font()));
    m_uri->setSecondary(true);
    m_uri->setElideMode(Qt::ElideMiddle);
    m_copy = iconButton(QStringLiteral("copy"), tr("Copy"), m_head);
    m_copy->setObjectName(QStringLiteral("recordCopy"));
    m_copy->setPopupMode(QToolButton::InstantPopup);
    auto* names = new QVBoxLayout;
    names->setSpacing(0);
    names->addWidget(m_id);
    names->addWidget(m_uri);
    auto* row = new QHBoxLayout(m_head);
    row->setContentsMargins(kPad, kGap, kGap, kHalf);
    row->addLayout(names, 1);
    row->addWidget(m_copy, 0, Qt::AlignTop);
}

void RecordInspector::buildCopyActions()
{
    auto* menu = new QMenu(m_copy);
    const auto add = [&](const QString& name, const QString& title, auto text) {
        auto* action = new QAction(title, this);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, [this, text] { Q_EMIT copyAsked(text(m_details)); });
        menu->addAction(action);
        m_copyActions << action;
    };
    add(QStringLiteral("copyRecordId"), tr("Copy ID"), [](const RecordDetailsModel& d) { return d.id(); });
    add(QStringLiteral("copyRecordDocument"), tr("Copy Document"),
        [](const RecordDetailsModel& d) { return d.document().value_or(QString()); });
    add(QStringLiteral("copyRecordJson"), tr("Copy Record as JSON"),
        [](const RecordDetailsModel& d) { return d.recordJson(); });
    add(QStringLiteral("copyRecordPython"), tr("Copy Record as Python"),
        [](const RecordDetailsModel& d) { return d.pythonText(); });
    menu->addSeparator();
    add(QStringLiteral("copyMetadataJson"), tr("Copy Metadata as JSON"),
        [](const RecordDetailsModel& d) { return d.metadataJson(); });
    add(QStringLiteral("copyVectorJson"), tr("Copy Vector as JSON"),
        [](const RecordDetailsModel& d) { return d.vectorJson(); });
    add(QStringLiteral("copyVectorNumpy"), tr("Copy Vector as NumPy"),
        [](const RecordDetailsModel& d) { return d.vectorNumpy(); });
    m_copy->setMenu(menu);
}

Section* RecordInspector::buildDocument()
{
    m_documentSection = new Section(tr("Document"), this);
    m_document = new DocumentView(this);
    m_document->setMinimumHeight(90);
    m_documentSection->setBody(m_document);
    m_documentSection->addTool(m_document->findButton());
    m_documentSection->addTool(m_document->jsonButton());
    m_documentSection->addTool(m_document->wrapButton());
    return m_documentSection;
}

Section* RecordInspector::buildMetadata()
{
    m_metadataSection = new Section(tr("Metadata"), this);
    m_metadata = new QTableView(this);
    m_metadata->setObjectName(QStringLiteral("recordMetadata"));
    m_metadata->setAccessibleName(tr("Metadata of the record"));
    m_metadata->setModel(&m_details);
    m_metadata->setShowGrid(false);
    m_metadata->setWordWrap(false);
    m_metadata->setTabKeyNavigation(false);
    m_metadata->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_metadata->setMinimumHeight(80);
    m_metadata->verticalHeader()->hide();
    m_metadata->verticalHeader()->setMinimumSectionSize(kRowHeight);
    m_metadata->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_metadata->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView* header = m_metadata->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(RecordDetailsModel::KeyColumn, QHeaderView::Interactive);
    header->setSectionResizeMode(RecordDetailsModel::ValueColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(RecordDetailsModel::TypeColumn, QHeaderView::Interactive);
    header->resizeSection(RecordDetailsModel::KeyColumn, 110);
    header->resizeSection(RecordDetailsModel::TypeColumn, 58);
    m_metadata->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_metadata, &QTableView::customContextMenuRequested, this, &RecordInspector::showMetadataMenu);
    auto* copy = new QAction(tr("Copy"), m_metadata);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    m_metadata->addAction(copy);
    connect(copy, &QAction::triggered, this, &RecordInspector::copyMetadata);
    m_metadataSection->setBody(m_metadata);
    return m_metadataSection;
}

Section* RecordInspector::buildVector()
{
    m_vectorSection = new Section(tr("Embedding"), this);
    auto* body = new QWidget(this);
    m_vectorNote = new QLabel(body);
    m_vectorNote->setObjectName(QStringLiteral("vectorNote"));
    m_vectorNote->setWordWrap(true);
    m_vectorNote->setForegroundRole(QPalette::PlaceholderText);
    m_vectorFacts = new QLabel(body);
    m_vectorFacts->setObjectName(QStringLiteral("vectorFacts"));
    m_vectorFacts->setFont(smallFont(font()));
    m_vectorFacts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_vectorFacts->setWordWrap(true);
    m_picture = new VectorPicture(body);
    m_vectorHead = new QLabel(body);
    m_vectorHead->setObjectName(QStringLiteral("vectorHead"));
    m_vectorHead->setFont(fixedFont(smallFont(font())));
    m_vectorHead->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_vectorHead->setWordWrap(true);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kHalf + 2);
    for (QWidget* part :
         std::initializer_list<QWidget*>{m_vectorNote, m_vectorFacts, m_picture, m_vectorHead})
        column->addWidget(part);
    column->addStretch();
    m_vectorSection->setBody(body);
    return m_vectorSection;
}

void RecordInspector::showRecord()
{
    using State = RecordDetailsModel::State;
    const State state = m_details.state();
    const bool ready = state == State::Ready;
    m_stack->setCurrentIndex(ready || state == State::Loading ? 1 : 0);
    for (QAction* action : m_copyActions)
        action->setEnabled(ready);
    if (state == State::Empty)
        m_empty->set(QStringLiteral("record"), tr("No record selected"),
                     tr("Select a row to read its document, metadata and embedding here."));
    else if (state == State::Gone)
        m_empty->set(QStringLiteral("record"), tr("The record is gone"),
                     tr("It was deleted since the rows were listed. Reload to see what is there now."),
                     Tone::Warning);
    else if (state == State::Failed)
        m_empty->set(QStringLiteral("error"), tr("The record cannot be read"), m_details.error().sentence,
                     Tone::Danger);
    m_id->setText(m_details.id());
    const auto uri = m_details.uri();
    m_uri->setVisible(uri.has_value());
    m_uri->setText(uri.value_or(QString()));
    if (!ready) {
        m_document->setNote(state == State::Loading ? tr("Loading …") : QString());
        m_documentSection->setNote({});
        m_metadataSection->setNote({});
        return;
    }
    const auto document = m_details.document();
    if (document)
        m_document->setDocument(*document);
    else
        m_document->setNote(tr("This record has no document."));
    m_documentSection->setNote(
        document ? tr("%1 characters").arg(QLocale().toString(m_details.documentCharacters())) : tr("none"));
    const int keys = m_details.rowCount();
    m_metadataSection->setNote(keys > 0 ? tr("%Ln key(s)", nullptr, keys) : tr("none"));
}

void RecordInspector::showVector()
{
    using State = RecordDetailsModel::VectorState;
    const State state = m_details.vectorState();
    const bool ready = state == State::Ready;
    m_vectorNote->setVisible(!ready && state != State::None);
    for (QWidget* part : std::initializer_list<QWidget*>{m_vectorFacts, m_picture, m_vectorHead})
        part->setVisible(ready);
    m_vectorNote->setText(state == State::Missing  ? tr("This record has no embedding.")
                          : state == State::Failed ? m_details.vectorError().sentence
                                                   : tr("Loading …"));
    m_vectorNote->setToolTip(state == State::Failed ? m_details.vectorError().detail : QString());
    const model::VectorStats& stats = m_details.vectorStats();
    m_vectorSection->setNote(ready ? tr("%1 dimensions").arg(QLocale().toString(qint64(stats.dimension)))
                                   : QString());
    if (!ready) {
        m_picture->clear();
        return;
    }
    m_vectorFacts->setText(tr("norm %1 · mean %2 · deviation %3\nfrom %4 to %5")
                               .arg(figure(stats.norm), figure(stats.mean), figure(stats.deviation),
                                    figure(stats.minimum), figure(stats.maximum)));
    m_picture->setVector(m_details.vector(), stats);
    const auto& vector = m_details.vector();
    const std::size_t shown = std::min<std::size_t>(vector.size(), 6);
    m_vectorHead->setText(model::vectorPreview(std::span(vector).first(shown), vector.size()));
}

void RecordInspector::showMetadataMenu(const QPoint& position)
{
    const QModelIndex index = m_metadata->indexAt(position);
    const storage::MetaEntry* entry = m_details.entry(index.row());
    if (!entry)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const QString& title, int role) {
        const QString text = index.data(role).toString();
        connect(menu->addAction(title), &QAction::triggered, this, [this, text] { Q_EMIT copyAsked(text); });
    };
    add(tr("Copy Value"), RecordDetailsModel::RawTextRole);
    add(tr("Copy Value as JSON"), RecordDetailsModel::JsonRole);
    add(tr("Copy Key"), RecordDetailsModel::KeyRole);
    menu->addSeparator();
    connect(menu->addAction(icon(QStringLiteral("filter")), tr("Filter by This Value")), &QAction::triggered,
            this, [this, key = entry->key, value = entry->value] { Q_EMIT filterAsked(key, value); });
    menu->popup(m_metadata->viewport()->mapToGlobal(position));
}

void RecordInspector::copyMetadata()
{
    QStringList lines;
    for (const QModelIndex& row : m_metadata->selectionModel()->selectedRows())
        lines << row.data(RecordDetailsModel::KeyRole).toString() + QLatin1Char('\t') +
                     row.siblingAtColumn(RecordDetailsModel::ValueColumn)
                         .data(RecordDetailsModel::RawTextRole)
                         .toString();
    if (!lines.isEmpty())
        Q_EMIT copyAsked(lines.join(QLatin1Char('\n')));
}

void RecordInspector::findInDocument()
{
    m_document->openFind();
}

QByteArray RecordInspector::saveLayout() const
{
    return m_splitter->saveState();
}

void RecordInspector::restoreLayout(const QByteArray& layout)
{
    m_splitter->restoreState(layout);
}

} // namespace ui
