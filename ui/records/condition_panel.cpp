#include "ui/records/condition_panel.h"

#include "model/value_text.h"
#include "ui/menu_button.h"
#include "ui/records/condition_row.h"
#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidgetAction>

namespace ui {

using model::ConditionModel;
using Part = ConditionModel::Part;
using Kind = ConditionModel::Kind;

namespace {

constexpr int kProposedKeys = 500; // in the field's list; any other may be typed

QToolButton* smallButton(const QString& text, const QString& iconName, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setIcon(icon(iconName));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    return button;
}

// The thin line at the left that holds a group together.
class GroupRail final : public QWidget
{
public:
    explicit GroupRail(QWidget* parent) : QWidget(parent) { setFixedWidth(14); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.fillRect(QRect(6, 0, 2, height()), colorsOf(palette()).strongLine);
    }
};

} // namespace

ConditionPanel::ConditionPanel(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("conditionPanel"));
    setFrameShape(QFrame::NoFrame);
    setAutoFillBackground(true);
    m_pages = new QStackedWidget(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kPad, kHalf, kPad, kGap);
    column->setSpacing(kHalf);
    column->addWidget(buildHead());
    column->addWidget(m_pages);
    m_pages->addWidget(buildBuilder());
    m_pages->addWidget(buildJson());
    setMaximumHeight(300);
    m_rebuildSoon.setSingleShot(true);
    m_rebuildSoon.setInterval(0);
    connect(&m_rebuildSoon, &QTimer::timeout, this, &ConditionPanel::rebuild);
    m_applySoon.setSingleShot(true);
    m_applySoon.setInterval(200);
    connect(&m_applySoon, &QTimer::timeout, this, [this] {
        if (m_filter)
            m_filter->apply();
    });
}

QWidget* ConditionPanel::buildHead()
{
    auto* head = new QWidget(this);
    m_tabs = new QTabBar(head);
    m_tabs->setObjectName(QStringLiteral("conditionTabs"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Conditions"));
    m_tabs->addTab(tr("JSON"));
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        if (tab == 1)
            showJson();
    });
    auto* savedButton = new MenuButton(tr("Saved Filters"), QStringLiteral("star"), head);
    savedButton->setObjectName(QStringLiteral("savedFilters"));
    m_savedMenu = new QMenu(savedButton);
    savedButton->setMenu(m_savedMenu);
    connect(m_savedMenu, &QMenu::aboutToShow, this, &ConditionPanel::fillSavedMenu);
    auto* closeButton = smallButton(QString(), QStringLiteral("close"), head);
    closeButton->setToolTip(tr("Close the conditions; they stay in force"));
    closeButton->setAccessibleName(tr("Close the conditions"));
    connect(closeButton, &QToolButton::clicked, this, &ConditionPanel::closeAsked);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_tabs);
    row->addStretch();
    row->addWidget(savedButton);
    row->addWidget(closeButton);
    return head;
}

QWidget* ConditionPanel::buildBuilder()
{
    auto* area = new QScrollArea(this);
    area->setObjectName(QStringLiteral("conditionArea"));
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    auto* room = new QWidget(area);
    m_treeRoom = new QVBoxLayout(room);
    m_treeRoom->setContentsMargins(0, 0, 0, 0);
    m_treeRoom->addStretch();
    area->setWidget(room);
    area->viewport()->setBackgroundRole(QPalette::Window);
    return area;
}

QWidget* ConditionPanel::buildJson()
{
    auto* page = new QWidget(this);
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kPad);
    for (const auto& [part, title] : {std::pair(Part::Metadata, QStringLiteral("where")),
                                      std::pair(Part::Document, QStringLiteral("where_document"))}) {
        auto* side = new QVBoxLayout;
        side->setSpacing(kHalf);
        m_json.push_back(buildJsonSide(part, title, *side));
        row->addLayout(side, 1);
    }
    return page;
}

ConditionPanel::JsonSide ConditionPanel::buildJsonSide(Part part, const QString& title, QVBoxLayout& into)
{
    JsonSide side{part};
    auto* label = new QLabel(title, this);
    label->setFont(fixedFont(smallFont(font())));
    side.edit = new QPlainTextEdit(this);
    side.edit->setObjectName(QStringLiteral("json/") + title);
    side.edit->setAccessibleName(title);
    side.edit->setFont(fixedFont(font()));
    side.edit->setTabChangesFocus(true);
    side.edit->setPlaceholderText(part == Part::Metadata ? QStringLiteral("{\"year\": {\"$gte\": 2000}}")
                                                         : QStringLiteral("{\"$contains\": \"text\"}"));
    label->setBuddy(side.edit);
    side.error = new QLabel(this);
    side.error->setObjectName(QStringLiteral("jsonError/") + title);
    side.error->setFont(smallFont(font()));
    side.error->setWordWrap(true);
    side.error->hide();
    into.addWidget(label);
    into.addWidget(side.edit, 1);
    into.addWidget(side.error);
    const std::size_t at = m_json.size();
    connect(side.edit, &QPlainTextEdit::textChanged, this, [this, at] {
        if (!m_readingJson)
            readJson(m_json[at]);
    });
    return side;
}

void ConditionPanel::show(model::FilterModel* filter, model::SavedFilters* saved)
{
    if (m_filter)
        disconnect(&m_filter->conditions(), nullptr, this, nullptr);
    m_applySoon.stop();
    m_filter = filter;
    m_saved = saved;
    if (m_filter) {
        auto& model = m_filter->conditions();
        connect(&model, &ConditionModel::rowsInserted, this, &ConditionPanel::rebuildSoon);
        connect(&model, &ConditionModel::rowsRemoved, this, &ConditionPanel::rebuildSoon);
        connect(&model, &ConditionModel::modelReset, this, &ConditionPanel::rebuildSoon);
        connect(&model, &ConditionModel::dataChanged, this, &ConditionPanel::refreshRows);
        connect(&model, &ConditionModel::conditionsChanged, this, [this] { m_applySoon.start(); });
    }
    rebuild();
    showJson();
}

// ---- the builder

void ConditionPanel::rebuildSoon()
{
    m_rebuildSoon.start();
}

void ConditionPanel::rebuild()
{
    m_rebuildSoon.stop();
    m_rows.clear();
    delete m_tree;
    m_tree = new QWidget(this);
    auto* column = new QVBoxLayout(m_tree);
    column->setContentsMargins(0, 0, kHalf, 0);
    column->setSpacing(6);
    m_treeRoom->insertWidget(0, m_tree);
    if (m_filter) {
        addPart(Part::Metadata, tr("Metadata"));
        addPart(Part::Document, tr("Document"));
    }
    m_tree->show();
    for (ConditionRow* row : m_rows)
        if (m_focusNext.isValid() && row->index() == m_focusNext)
            row->focusFirst();
    m_focusNext = QPersistentModelIndex();
    if (m_pages->currentIndex() == 1 && !m_readingJson)
        showJson();
}

void ConditionPanel::addPart(Part part, const QString& title)
{
    auto* column = static_cast<QVBoxLayout*>(m_tree->layout());
    const QModelIndex index = conditions().part(part);
    auto* head = new QHBoxLayout;
    head->setSpacing(kGap);
    auto* name = new QLabel(title, m_tree);
    name->setFont(strongFont(font()));
    head->addWidget(name);
    const bool grouped =
        conditions().rowCount(index) > 0 &&
        conditions().index(0, 0, index).data(ConditionModel::KindRole).toInt() == int(Kind::Group);
    if (!grouped) {
        auto* add = smallButton(tr("Add Condition"), QStringLiteral("plus"), m_tree);
        add->setObjectName(part == Part::Metadata ? QStringLiteral("addMetadataCondition")
                                                  : QStringLiteral("addDocumentCondition"));
        connect(add, &QToolButton::clicked, this,
                [this, part] { m_focusNext = conditions().addCondition(conditions().part(part)); });
        head->addWidget(add);
    }
    head->addStretch();
    column->addLayout(head);
    for (int row = 0; row < conditions().rowCount(index); ++row)
        addNode(conditions().index(row, 0, index), *column);
}

void ConditionPanel::addNode(const QModelIndex& index, QVBoxLayout& into)
{
    if (index.data(ConditionModel::KindRole).toInt() == int(Kind::Group)) {
        addGroup(index, into);
        return;
    }
    QStringList keys;
    const bool known = m_filter->keys().size() <= kProposedKeys;
    for (std::size_t i = 0; i < std::min<std::size_t>(m_filter->keys().size(), kProposedKeys); ++i)
        keys << model::text(m_filter->keys()[i].key);
    if (!known)
        keys.sort();
    auto* row = new ConditionRow(conditions(), index, keys, m_tree);
    m_rows.push_back(row);
    into.addWidget(row);
}

void ConditionPanel::addGroup(const QModelIndex& index, QVBoxLayout& into)
{
    auto* frame = new QHBoxLayout;
    frame->setSpacing(kHalf);
    frame->addWidget(new GroupRail(m_tree));
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    auto* which = new QComboBox(m_tree);
    which->setObjectName(QStringLiteral("groupKind"));
    which->setAccessibleName(tr("How the conditions of this group are joined"));
    which->addItem(tr("All of these match"), false);
    which->addItem(tr("Any of these matches"), true);
    which->setCurrentIndex(index.data(ConditionModel::AnyRole).toBool() ? 1 : 0);
    which->setFixedWidth(170);
    const QPersistentModelIndex group(index);
    connect(which, &QComboBox::activated, this, [this, group, which](int at) {
        conditions().setData(group, which->itemData(at), ConditionModel::AnyRole);
    });
    auto* head = new QHBoxLayout;
    head->setSpacing(kHalf);
    head->addWidget(which);
    head->addStretch();
    column->addLayout(head);
    for (int row = 0; row < conditions().rowCount(index); ++row)
        addNode(conditions().index(row, 0, index), *column);
    addButtons(index, *column);
    frame->addLayout(column, 1);
    into.addLayout(frame);
}

void ConditionPanel::addButtons(const QModelIndex& index, QVBoxLayout& into)
{
    const QPersistentModelIndex group(index);
    auto* row = new QHBoxLayout;
    row->setSpacing(kHalf);
    auto* condition = smallButton(tr("Condition"), QStringLiteral("plus"), m_tree);
    condition->setObjectName(QStringLiteral("addCondition"));
    connect(condition, &QToolButton::clicked, this,
            [this, group] { m_focusNext = conditions().addCondition(group); });
    auto* inner = smallButton(tr("Group"), QStringLiteral("plus"), m_tree);
    inner->setObjectName(QStringLiteral("addGroup"));
    connect(inner, &QToolButton::clicked, this, [this, group] {
        // A group inside is there to be joined the other way; it begins with one condition.
        const bool any = !group.data(ConditionModel::AnyRole).toBool();
        m_focusNext = conditions().addCondition(conditions().addGroup(group, any));
    });
    row->addWidget(condition);
    row->addWidget(inner);
    row->addStretch();
    into.addLayout(row);
}

void ConditionPanel::refreshRows()
{
    if (m_rebuildSoon.isActive())
        return;
    for (ConditionRow* row : m_rows)
        row->refresh();
}

void ConditionPanel::focusFirst()
{
    if (m_rows.empty() && m_filter && m_pages->currentIndex() == 0)
        m_focusNext = conditions().addCondition(conditions().part(Part::Metadata));
    else if (!m_rows.empty())
        m_rows.front()->focusFirst();
}

void ConditionPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closeAsked();
    else
        QFrame::keyPressEvent(event);
}

// ---- JSON

void ConditionPanel::showJson()
{
    m_readingJson = true;
    for (JsonSide& side : m_json) {
        const QString json = m_filter ? conditions().json(side.part) : QString();
        if (side.edit->toPlainText() != json)
            side.edit->setPlainText(json);
        side.error->hide();
    }
    m_readingJson = false;
}

void ConditionPanel::readJson(JsonSide& side)
{
    if (!m_filter)
        return;
    m_readingJson = true; // the text stays as it is typed
    const auto read = conditions().setJson(side.part, side.edit->toPlainText());
    QPalette ink = side.error->palette();
    ink.setColor(QPalette::WindowText, colorsOf(palette()).danger.ink);
    side.error->setPalette(ink);
    side.error->setText(read ? QString() : read.error().sentence);
    side.error->setVisible(!read);
    rebuild();
    m_readingJson = false;
}

// ---- saved filters

void ConditionPanel::fillSavedMenu()
{
    m_savedMenu->clear();
    if (!m_saved || !m_filter)
        return;
    const QVariantMap now = m_filter->save();
    m_name = new QLineEdit(m_savedMenu);
    m_name->setObjectName(QStringLiteral("filterName"));
    m_name->setPlaceholderText(tr("Save this filter as…"));
    m_name->setEnabled(!now.isEmpty());
    m_name->setMinimumWidth(240);
    connect(m_name, &QLineEdit::returnPressed, this, [this] { saveAs(m_name->text().trimmed()); });
    auto* field = new QWidgetAction(m_savedMenu);
    auto* margin = new QWidget(m_savedMenu);
    auto* inset = new QVBoxLayout(margin);
    inset->setContentsMargins(kGap, kHalf, kGap, kHalf);
    inset->addWidget(m_name);
    field->setDefaultWidget(margin);
    m_savedMenu->addAction(field);
    const auto offer = [this](const model::SavedFilter& each, const QString& text) {
        m_savedMenu->addAction(text, this, [this, each] {
            m_filter->restore(each.filter);
            m_filter->apply();
        });
    };
    const auto named = m_saved->named();
    if (!named.isEmpty())
        m_savedMenu->addSection(tr("Saved"));
    for (const auto& each : named)
        offer(each, each.name);
    const auto recent = m_saved->recent();
    if (!recent.isEmpty())
        m_savedMenu->addSection(tr("Recent"));
    for (const auto& each : recent)
        offer(each, model::lineText(model::SavedFilters::describe(each.filter).toStdString(), 60));
    if (named.isEmpty())
        return;
    QMenu* gone = m_savedMenu->addMenu(tr("Remove"));
    for (const auto& each : named)
        gone->addAction(each.name, this, [this, each] { m_saved->remove(each.name); });
}

void ConditionPanel::saveAs(const QString& name)
{
    if (name.isEmpty())
        return;
    m_saved->save(name, m_filter->save());
    m_savedMenu->close();
}

} // namespace ui
