#include "ui/menus.h"

#include "ui/search_button.h"
#include "ui/theme/icons.h"

#include <QCoreApplication>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>

namespace ui {

namespace {

struct MenuText
{
    Q_DECLARE_TR_FUNCTIONS(Menus)
};

QWidget* spacer(QWidget* parent)
{
    auto* room = new QWidget(parent);
    room->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return room;
}

} // namespace

Menus buildMenus(QMainWindow& window, const Actions& actions)
{
    Menus menus;
    QMenuBar* bar = window.menuBar();
    QMenu* file = bar->addMenu(MenuText::tr("&File"));
    file->addActions(actions.some({Act::NewWindow, Act::Open}));
    menus.recent = file->addMenu(icon(QStringLiteral("history")), MenuText::tr("Open &Recent"));
    file->addAction(actions[Act::OpenCompose]);
    file->addSeparator();
    file->addActions(actions.some({Act::CopyPath, Act::CopyComposeVolume}));
    file->addSeparator();
    file->addActions(actions.some({Act::Close, Act::Quit}));

    menus.edit = bar->addMenu(MenuText::tr("&Edit"));
    menus.edit->addAction(actions[Act::FindInDocument]);

    QMenu* view = bar->addMenu(MenuText::tr("&View"));
    view->addAction(actions[Act::Reload]);
    view->addSeparator();
    view->addActions(actions.some({Act::ShowRecords, Act::ShowSettings, Act::ShowStorage}));
    view->addSeparator();
    view->addActions(actions.some({Act::ShowDirectory, Act::ShowInspector}));
    view->addSeparator();
    view->addActions(actions.some({Act::ThemeSystem, Act::ThemeLight, Act::ThemeDark}));
    view->addSeparator();
    view->addAction(actions[Act::ResetLayout]);

    QMenu* go = bar->addMenu(MenuText::tr("&Go"));
    go->addActions(actions.some({Act::Palette, Act::GoToCollection}));
    go->addSeparator();
    go->addActions(actions.some({Act::PreviousCollection, Act::NextCollection, Act::FilterCollections}));

    QMenu* help = bar->addMenu(MenuText::tr("&Help"));
    help->addActions(actions.some({Act::Shortcuts, Act::About}));
    return menus;
}

QToolBar* buildToolBar(QMainWindow& window, const Actions& actions)
{
    auto* bar = new QToolBar(MenuText::tr("Tool bar"), &window);
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->addAction(actions[Act::ShowDirectory]);
    bar->addSeparator();
    bar->addActions(actions.some({Act::Open, Act::Reload}));
    bar->addWidget(spacer(bar));
    const QAction* palette = actions[Act::Palette];
    auto* search = new SearchButton(MenuText::tr("Go to a collection or command"), palette->shortcut(), bar);
    search->setFocusPolicy(Qt::TabFocus);
    search->setObjectName(QStringLiteral("searchButton"));
    QObject::connect(search, &QAbstractButton::clicked, palette, &QAction::trigger);
    bar->addWidget(search);
    bar->addWidget(spacer(bar));
    bar->addSeparator();
    bar->addAction(actions[Act::ShowInspector]);
    window.addToolBar(bar);
    return bar;
}

} // namespace ui
