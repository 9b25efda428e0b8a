#include "ui/start_page.h"

#include "ui/action_button.h"
#include "ui/message_strip.h"
#include "ui/place_button.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kColumnWidth = 560;

// What a person can do about it, beside what storage says.
QString adviceFor(storage::ErrorKind kind)
{
    using storage::ErrorKind;
    switch (kind) {
    case ErrorKind::NotFound:
        return StartPage::tr("Check the path, or choose the folder. Chromakeep created nothing there.");
    case ErrorKind::NotChroma:
        return StartPage::tr(
            "Choose the folder that Chroma calls its persist directory: the one that holds chroma.sqlite3.");
    case ErrorKind::Busy:
        return StartPage::tr("Another program holds the database just now. Try again when it is done.");
    case ErrorKind::Changed:
        return StartPage::tr("The directory changed while it was being read. Try again.");
    default:
        return {};
    }
}

} // namespace

StartPage::StartPage(model::Places& places, const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent),
      m_places(places)
{
    setObjectName(QStringLiteral("startPage"));
    m_messages = new MessageArea(this);
    m_opening = new QLabel(this);
    m_opening->setObjectName(QStringLiteral("openingLabel"));
    m_opening->setForegroundRole(QPalette::PlaceholderText);
    m_list = new QWidget;
    m_listColumn = new QVBoxLayout(m_list);
    m_listColumn->setContentsMargins(0, 0, 0, 0);
    m_listColumn->setSpacing(2);

    auto* inner = new QWidget;
    inner->setFixedWidth(kColumnWidth);
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 0, 0, kWide);
    column->setSpacing(kRoom);
    column->addStretch(2);
    column->addWidget(buildHead(actions));
    column->addWidget(m_opening);
    column->addWidget(m_list);
    column->addStretch(3);
    auto* outer = new QWidget;
    auto* row = new QHBoxLayout(outer);
    row->addStretch();
    row->addWidget(inner);
    row->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(outer);
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(0);
    page->addWidget(m_messages);
    page->addWidget(scroll, 1);
    connect(&m_places, &model::Places::changed, this, &StartPage::rebuildPlaces);
    rebuildPlaces();
    setIdle();
}

QWidget* StartPage::buildHead(const QList<QAction*>& actions)
{
    auto* head = new QWidget;
    auto* sign = new QLabel(head);
    sign->setPixmap(appIcon().pixmap(QSize(48, 48), devicePixelRatioF()));
    auto* title = new QLabel(tr("Open a Chroma directory"), head);
    title->setObjectName(QStringLiteral("startTitle"));
    title->setFont(largeFont(font()));
    auto* sentence =
        new QLabel(tr("The persist directory that Chroma keeps its data in: the folder that holds "
                      "chroma.sqlite3. It is opened read-only, also while Chroma is running."),
                   head);
    sentence->setWordWrap(true);
    sentence->setForegroundRole(QPalette::PlaceholderText);
    auto* hint = new QLabel(tr("Or drop the folder, its chroma.sqlite3 or a docker-compose.yml here."), head);
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setFont(smallFont(font()));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kGap);
    for (QAction* action : actions) {
        QPushButton* button = actionButton(action, head);
        button->setDefault(action == actions.front());
        if (action == actions.front())
            setFocusProxy(button);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap);
    column->addWidget(sign);
    column->addWidget(title);
    column->addWidget(sentence);
    column->addSpacing(kGap);
    column->addLayout(buttons);
    column->addWidget(hint);
    return head;
}

void StartPage::addGroup(const QString& title, const std::vector<model::Place>& places)
{
    if (places.empty())
        return;
    auto* label = new QLabel(title, m_list);
    label->setFont(strongFont(smallFont(font())));
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setContentsMargins(0, kGap, 0, kHalf);
    m_listColumn->addWidget(label);
    for (const model::Place& place : places)
        m_listColumn->addWidget(placeRow(place));
}

QWidget* StartPage::placeRow(const model::Place& place)
{
    auto* button = new PlaceButton(place, m_list);
    connect(button, &PlaceButton::clicked, this, [this, path = place.path] { Q_EMIT openAsked(path); });
    connect(
        button, &PlaceButton::forgetAsked, &m_places, [this, path = place.path] { m_places.forget(path); },
        Qt::QueuedConnection); // the list is rebuilt without the button that asks
    return button;
}

void StartPage::rebuildPlaces()
{
    while (QLayoutItem* item = m_listColumn->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    std::vector<model::Place> recent;
    std::vector<model::Place> found;
    for (const model::Place& place : m_places.all()) {
        if (place.kind == model::Place::Kind::Recent)
            recent.push_back(place);
        else if (place.state == model::Place::State::Present)
            found.push_back(place);
    }
    addGroup(tr("Found here"), found);
    addGroup(tr("Recent"), recent);
}

void StartPage::setError(const storage::Error& error, const QString& path)
{
    m_opening->hide();
    m_list->setEnabled(true);
    Message message = messageOf(error);
    const QString advice = adviceFor(error.kind);
    if (!advice.isEmpty())
        message.sentence += QLatin1Char(' ') + advice;
    if (message.detail.isEmpty())
        message.detail = path;
    if (error.kind != storage::ErrorKind::NotChroma)
        message.actions.push_back({tr("Try Again"), [this] { Q_EMIT retryAsked(); }});
    m_messages->show(std::move(message));
}

void StartPage::setOpening(const QString& path)
{
    m_messages->clear();
    m_opening->setText(tr("Opening %1 …").arg(path));
    m_opening->show();
    m_list->setEnabled(false);
}

void StartPage::setIdle()
{
    m_opening->hide();
    m_messages->clear();
    m_list->setEnabled(true);
}

void StartPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_places.refresh();
}

} // namespace ui
