#include "ui/collection_page.h"

#include "model/value_text.h"
#include "ui/badge.h"
#include "ui/elided_label.h"
#include "ui/empty_state.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace ui {

CollectionPage::CollectionPage(model::Session& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    setObjectName(QStringLiteral("collectionPage"));
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(QStringLiteral("collectionTabs"));
    m_tabs->setAccessibleName(tr("Pages of the collection"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_pages = new QStackedWidget(this);
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    auto* line = new QWidget(page);
    line->setFixedHeight(1);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Mid);
    column->addWidget(line);
    column->addWidget(m_pages, 1);
    m_empty = new EmptyState(this);
    m_empty->set(QStringLiteral("collection"), tr("No collection selected"),
                 tr("Choose a collection at the left to see its records."));
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(page);
    auto* frame = new QVBoxLayout(this);
    frame->setContentsMargins(0, 0, 0, 0);
    frame->addWidget(m_stack);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        Q_EMIT pageChanged(currentPage());
    });
    connect(&m_session, &model::Session::opened, this, &CollectionPage::refresh);
    connect(&m_session, &model::Session::factsChanged, this, [this](const std::string& id) {
        if (id == m_collection)
            refresh();
    });
}

QWidget* CollectionPage::buildHead()
{
    auto* head = new QWidget(this);
    m_name = new ElidedLabel(head);
    m_name->setObjectName(QStringLiteral("collectionName"));
    m_name->setFont(titleFont(font()));
    m_facts = new ElidedLabel(head);
    m_facts->setObjectName(QStringLiteral("collectionFacts"));
    m_facts->setSecondary(true);
    m_pending = new Badge(head);
    m_pending->setObjectName(QStringLiteral("pendingBadge"));
    m_damage = new Badge(head);
    m_damage->setObjectName(QStringLiteral("damageBadge"));
    auto* badges = new QHBoxLayout;
    badges->setSpacing(kHalf);
    badges->addWidget(m_pending);
    badges->addWidget(m_damage);
    auto* facts = new QHBoxLayout;
    facts->setSpacing(kGap);
    facts->addWidget(m_facts, 1);
    facts->addLayout(badges);
    auto* row = new QVBoxLayout(head);
    row->setContentsMargins(0, kGap, 0, 0);
    row->setSpacing(0);
    auto* inset = new QVBoxLayout;
    inset->setContentsMargins(kRoom, 0, kRoom, 0);
    inset->setSpacing(2);
    inset->addWidget(m_name);
    inset->addLayout(facts);
    row->addLayout(inset);
    auto* tabs = new QHBoxLayout;
    tabs->setContentsMargins(kHalf, 0, kHalf, 0);
    tabs->addWidget(m_tabs);
    tabs->addStretch();
    row->addLayout(tabs);
    return head;
}

void CollectionPage::addPage(const QString& name, const QString& title, QWidget* page)
{
    m_pages->addWidget(page);
    const int tab = m_tabs->addTab(title);
    m_tabs->setTabData(tab, name);
}

void CollectionPage::showPage(const QString& name)
{
    for (int tab = 0; tab < m_tabs->count(); ++tab)
        if (m_tabs->tabData(tab).toString() == name)
            m_tabs->setCurrentIndex(tab);
}

QString CollectionPage::currentPage() const
{
    return m_tabs->tabData(m_tabs->currentIndex()).toString();
}

void CollectionPage::setCollection(const std::string& collectionId)
{
    m_collection = collectionId;
    refresh();
}

void CollectionPage::refresh()
{
    const storage::Collection* collection = m_session.collection(m_collection);
    m_stack->setCurrentIndex(collection ? 1 : 0);
    if (!collection)
        return;
    const model::CollectionFacts known = m_session.facts(m_collection);
    m_name->setText(model::text(collection->name));
    QStringList facts;
    if (known.count)
        facts << tr("%1 records").arg(model::countText(*known.count));
    facts << (collection->dimension ? tr("%1 dimensions").arg(model::countText(*collection->dimension))
                                    : tr("no dimension yet"));
    facts << QString::fromLatin1(storage::spaceName(collection->index.space));
    if (!collection->model.empty())
        facts << model::text(collection->model);
    m_facts->setText(facts.join(QStringLiteral("  ·  ")));
    const qint64 pending = known.pending.value_or(0);
    m_pending->setVisible(pending > 0);
    m_pending->set(tr("%1 in the log").arg(model::countText(pending)), Tone::Info);
    m_pending->setToolTip(
        tr("Entries of the write-ahead log that the segments do not hold yet. They are shown "
           "as Chroma would show them."));
    QStringList errors;
    for (const storage::Finding& finding : m_session.findings())
        if (finding.collection == m_collection && finding.severity == storage::Severity::Error)
            errors << model::text(finding.sentence);
    m_damage->setVisible(!errors.isEmpty());
    m_damage->set(tr("Damaged"), Tone::Danger, QStringLiteral("error"));
    m_damage->setToolTip(errors.join(QLatin1Char('\n')));
}

} // namespace ui
