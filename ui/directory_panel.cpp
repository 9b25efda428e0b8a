#include "ui/directory_panel.h"

#include "model/clipboard_text.h"
#include "model/value_text.h"
#include "ui/badge.h"
#include "ui/collection_delegate.h"
#include "ui/elided_label.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace ui {

using model::CollectionModel;

namespace {

constexpr qsizetype kMostVisible = 64;

QString folderName(const QString& path)
{
    const QString name = path.section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
    return name.isEmpty() ? path : name;
}

} // namespace

DirectoryPanel::DirectoryPanel(model::Session& session, CollectionModel& collections,
                               const model::HolderWatch& holders, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_collections(collections),
      m_holders(holders),
      m_filtered(collections)
{
    setObjectName(QStringLiteral("directoryPanel"));
    buildHeader();
    buildTree();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_tree, 1);
    column->addWidget(m_none, 1);

    connect(&m_session, &model::Session::opened, this, &DirectoryPanel::refresh);
    connect(&m_session, &model::Session::stateChanged, this, &DirectoryPanel::refreshState);
    connect(&m_session, &model::Session::changedOnDiskChanged, this, &DirectoryPanel::refreshBadges);
    connect(&m_session, &model::Session::bytesOnDiskChanged, this, &DirectoryPanel::refreshState);
    connect(&m_holders, &model::HolderWatch::changed, this, &DirectoryPanel::refreshBadges);
    refresh();
}

void DirectoryPanel::buildHeader()
{
    m_header = new QWidget(this);
    m_name = new ElidedLabel(m_header);
    m_name->setObjectName(QStringLiteral("directoryName"));
    m_name->setFont(strongFont(font()));
    m_path = new ElidedLabel(m_header);
    m_path->setObjectName(QStringLiteral("directoryPath"));
    m_path->setElideMode(Qt::ElideMiddle);
    m_generation = new ElidedLabel(m_header);
    m_generation->setObjectName(QStringLiteral("directoryGeneration"));
    m_facts = new ElidedLabel(m_header);
    m_facts->setObjectName(QStringLiteral("directoryFacts"));
    for (auto* label : {m_path, m_generation, m_facts}) {
        label->setFont(smallFont(font()));
        label->setSecondary(true);
    }
    m_access = new Badge(m_header);
    m_access->setObjectName(QStringLiteral("accessBadge"));
    m_use = new Badge(m_header);
    m_use->setObjectName(QStringLiteral("useBadge"));
    m_state = new Badge(m_header);
    m_state->setObjectName(QStringLiteral("stateBadge"));
    m_filter = new QLineEdit(m_header);
    m_filter->setObjectName(QStringLiteral("collectionFilter"));
    m_filter->setPlaceholderText(tr("Filter collections"));
    m_filter->setAccessibleName(tr("Filter collections"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);

    auto* badges = new QHBoxLayout;
    badges->setSpacing(kHalf);
    for (Badge* badge : {m_access, m_state, m_use})
        badges->addWidget(badge);
    badges->addStretch();
    auto* column = new QVBoxLayout(m_header);
    column->setContentsMargins(kPad, kPad, kPad, kGap);
    column->setSpacing(3);
    column->addWidget(m_name);
    column->addWidget(m_path);
    column->addWidget(m_generation);
    column->addWidget(m_facts);
    column->addSpacing(3);
    column->addLayout(badges);
    column->addSpacing(kGap);
    column->addWidget(m_filter);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filtered.setText(text);
        m_tree->expandAll();
        refreshState();
        select(m_chosen);
    });
}

void DirectoryPanel::buildTree()
{
    m_tree = new QTreeView(this);
    m_tree->setObjectName(QStringLiteral("collectionTree"));
    m_tree->setAccessibleName(tr("Collections"));
    m_tree->setModel(&m_filtered);
    m_tree->setItemDelegateForColumn(0, new CollectionDelegate(m_tree));
    for (int column = 1; column < CollectionModel::ColumnCount; ++column)
        m_tree->hideColumn(column);
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(kRoom);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->viewport()->setBackgroundRole(QPalette::Window);
    m_filtered.sort(CollectionModel::NameColumn);
    m_none = new QLabel(this);
    m_none->setObjectName(QStringLiteral("noCollections"));
    m_none->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_none->setWordWrap(true);
    m_none->setMargin(kRoom);
    m_none->setForegroundRole(QPalette::PlaceholderText);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &DirectoryPanel::takeCurrent);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, &DirectoryPanel::showMenu);
    connect(m_tree->verticalScrollBar(), &QScrollBar::valueChanged, this, &DirectoryPanel::countVisible);
}

void DirectoryPanel::refresh()
{
    const QString path = m_session.path();
    m_name->setText(folderName(path));
    m_path->setText(path);
    m_tree->expandAll();
    refreshState();
    refreshBadges();
    QTimer::singleShot(0, this, &DirectoryPanel::countVisible);
}

void DirectoryPanel::refreshState()
{
    const auto& opened = m_session.directory();
    const auto collections = static_cast<int>(m_session.catalog().collections.size());
    QStringList facts;
    if (opened) {
        const storage::Generation& generation = opened->directory.generation();
        m_generation->setText(generation.name.isEmpty() ? tr("Written by an unknown Chroma")
                                                        : tr("Written by %1").arg(generation.name));
        facts << tr("%Ln collection(s)", nullptr, collections);
    }
    if (m_session.bytesOnDisk())
        facts << model::bytesText(*m_session.bytesOnDisk());
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    const bool none = m_filtered.rowCount() == 0;
    m_tree->setVisible(!none);
    m_none->setVisible(none);
    if (none)
        m_none->setText(collections > 0 ? tr("No collection matches “%1”.").arg(m_filter->text())
                        : opened        ? tr("This directory holds no collections.")
                                        : QString());
    m_filter->setEnabled(collections > 0);
}

void DirectoryPanel::refreshBadges()
{
    m_access->set(tr("Read-only"), Tone::Neutral, QStringLiteral("lock"));
    m_access->setToolTip(tr("Chromakeep reads this directory and writes nothing into it."));
    auto worst = storage::Severity::Info;
    for (const storage::Finding& finding : m_session.findings())
        worst = qMax(worst, finding.severity);
    const bool damaged = worst == storage::Severity::Error;
    if (m_session.isVanished())
        m_state->set(tr("Gone"), Tone::Danger, QStringLiteral("folder-missing"));
    else if (m_session.isChangedOnDisk())
        m_state->set(tr("Changed"), Tone::Warning, QStringLiteral("changed"));
    else if (damaged)
        m_state->set(tr("Damaged"), Tone::Danger, QStringLiteral("error"));
    m_state->setToolTip(m_session.isVanished()        ? tr("The directory is no longer there.")
                        : m_session.isChangedOnDisk() ? tr("The directory changed on disk since it was read.")
                                                      : tr("See the Storage tab for what was found."));
    m_state->setVisible(m_session.isVanished() || m_session.isChangedOnDisk() || damaged);
    const storage::InUse& use = m_holders.inUse();
    m_use->setVisible(!use.holders.empty());
    if (!use.holders.empty()) {
        m_use->set(tr("In use"), use.byWriter() ? Tone::Info : Tone::Neutral, QStringLiteral("live"));
        m_use->setToolTip(use.byWriter() ? use.sentence() : tr("Another program reads this directory."));
    }
}

// Counting reads a whole index: what is on screen comes first.
void DirectoryPanel::countVisible()
{
    std::vector<std::string> ids;
    QModelIndex index = m_tree->indexAt(QPoint(1, 1));
    for (qsizetype seen = 0; index.isValid() && seen < kMostVisible; ++seen) {
        const QByteArray id = index.data(CollectionModel::CollectionIdRole).toByteArray();
        if (!id.isEmpty())
            ids.push_back(id.toStdString());
        index = m_tree->indexBelow(index);
    }
    if (!ids.empty())
        m_session.countFirst(ids);
}

void DirectoryPanel::takeCurrent(const QModelIndex& current)
{
    const std::string id = current.data(CollectionModel::CollectionIdRole).toByteArray().toStdString();
    if (id.empty() || id == m_chosen)
        return;
    m_chosen = id;
    Q_EMIT collectionChosen(id);
}

void DirectoryPanel::select(const std::string& collectionId)
{
    m_chosen = collectionId;
    const QModelIndex index = m_filtered.mapFromSource(m_collections.indexOf(collectionId));
    if (index.isValid()) {
        m_tree->setCurrentIndex(index);
        m_tree->scrollTo(index);
    } else {
        m_tree->selectionModel()->clear();
    }
}

std::string DirectoryPanel::selected() const
{
    return m_chosen;
}

void DirectoryPanel::selectNext(int step)
{
    QModelIndex index = m_tree->currentIndex();
    if (!index.isValid())
        index = m_tree->indexAt(QPoint(1, 1));
    while (index.isValid()) {
        index = step > 0 ? m_tree->indexBelow(index) : m_tree->indexAbove(index);
        if (!index.data(CollectionModel::CollectionIdRole).toByteArray().isEmpty()) {
            m_tree->setCurrentIndex(index);
            return;
        }
    }
}

void DirectoryPanel::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void DirectoryPanel::focusTree()
{
    m_tree->setFocus(Qt::OtherFocusReason);
}

void DirectoryPanel::showMenu(const QPoint& position)
{
    const storage::Collection* collection =
        m_collections.collection(m_filtered.mapToSource(m_tree->indexAt(position)));
    if (!collection)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const QString& title, const QString& text) {
        connect(menu->addAction(title), &QAction::triggered, this, [this, text] { Q_EMIT copyAsked(text); });
    };
    add(tr("Copy Name"), model::text(collection->name));
    add(tr("Copy ID"), model::text(collection->id));
    add(tr("Copy as Python"), model::queryPython(m_session.path(), *collection, {}));
    add(tr("Copy as Command"), model::queryCommand(m_session.path(), *collection, {}));
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

} // namespace ui
