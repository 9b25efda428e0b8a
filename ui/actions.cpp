#include "ui/actions.h"

#include "ui/theme/icons.h"

#include <QActionGroup>
#include <QCoreApplication>

namespace ui {

namespace {

enum class Needs { Nothing, Directory, Collection, Record };

struct Spec
{
    Act act;
    const char* name;
    const char* text;
    const char* iconName;
    QKeySequence keys;
    Needs needs = Needs::Nothing;
    bool checkable = false;
};

// In the order of Act.
std::array<Spec, kActCount> specs()
{
    using Q = QKeySequence;
    return {{
        {Act::NewWindow, "newWindow", QT_TRANSLATE_NOOP("Actions", "&New Window"), "window", Q(Q::New)},
        {Act::Open, "open", QT_TRANSLATE_NOOP("Actions", "&Open…"), "open", Q(Q::Open)},
        {Act::OpenCompose, "openCompose", QT_TRANSLATE_NOOP("Actions", "Open from Compose &File…"), "compose",
         Q()},
        {Act::ForgetRecent, "forgetRecent", QT_TRANSLATE_NOOP("Actions", "&Clear Recent List"), "trash", Q()},
        {Act::CopyPath, "copyPath", QT_TRANSLATE_NOOP("Actions", "Copy &Path"), "copy", Q(),
         Needs::Directory},
        {Act::CopyComposeVolume, "copyComposeVolume",
         QT_TRANSLATE_NOOP("Actions", "Copy Compose &Volume Snippet"), "compose", Q(), Needs::Directory},
        {Act::Close, "close", QT_TRANSLATE_NOOP("Actions", "&Close"), "close", Q(Q::Close)},
        {Act::Quit, "quit", QT_TRANSLATE_NOOP("Actions", "&Quit"), "", Q(Qt::CTRL | Qt::Key_Q)},
        {Act::Reload, "reload", QT_TRANSLATE_NOOP("Actions", "&Reload"), "reload", Q(Qt::Key_F5),
         Needs::Directory},
        {Act::ShowRecords, "showRecords", QT_TRANSLATE_NOOP("Actions", "Re&cords"), "record",
         Q(Qt::CTRL | Qt::Key_1), Needs::Collection},
        {Act::ShowSettings, "showSettings", QT_TRANSLATE_NOOP("Actions", "&Settings"), "settings",
         Q(Qt::CTRL | Qt::Key_2), Needs::Collection},
        {Act::ShowStorage, "showStorage", QT_TRANSLATE_NOOP("Actions", "S&torage"), "storage",
         Q(Qt::CTRL | Qt::Key_3), Needs::Collection},
        {Act::ShowDirectory, "showDirectory", QT_TRANSLATE_NOOP("Actions", "&Directory Panel"),
         "sidebar-left", Q(Qt::CTRL | Qt::Key_B), Needs::Directory, true},
        {Act::ShowInspector, "showInspector", QT_TRANSLATE_NOOP("Actions", "Record &Inspector"),
         "sidebar-right", Q(Qt::CTRL | Qt::Key_I), Needs::Directory, true},
        {Act::ThemeSystem, "themeSystem", QT_TRANSLATE_NOOP("Actions", "S&ystem Theme"), "system-theme", Q(),
         Needs::Nothing, true},
        {Act::ThemeLight, "themeLight", QT_TRANSLATE_NOOP("Actions", "&Light Theme"), "sun", Q(),
         Needs::Nothing, true},
        {Act::ThemeDark, "themeDark", QT_TRANSLATE_NOOP("Actions", "D&ark Theme"), "moon", Q(),
         Needs::Nothing, true},
        {Act::ResetLayout, "resetLayout", QT_TRANSLATE_NOOP("Actions", "Reset &Window Layout"), "layout",
         Q()},
        {Act::Palette, "palette", QT_TRANSLATE_NOOP("Actions", "Command &Palette…"), "command",
         Q(Qt::CTRL | Qt::Key_K)},
        {Act::GoToCollection, "goToCollection", QT_TRANSLATE_NOOP("Actions", "&Go to Collection…"),
         "collection", Q(Qt::CTRL | Qt::Key_P), Needs::Directory},
        {Act::FilterCollections, "filterCollections", QT_TRANSLATE_NOOP("Actions", "&Filter Collections"),
         "filter", Q(Qt::CTRL | Qt::SHIFT | Qt::Key_L), Needs::Directory},
        {Act::NextCollection, "nextCollection", QT_TRANSLATE_NOOP("Actions", "&Next Collection"),
         "chevron-down", Q(Qt::CTRL | Qt::Key_PageDown), Needs::Directory},
        {Act::PreviousCollection, "previousCollection", QT_TRANSLATE_NOOP("Actions", "Pre&vious Collection"),
         "chevron-up", Q(Qt::CTRL | Qt::Key_PageUp), Needs::Directory},
        {Act::FindInDocument, "findInDocument", QT_TRANSLATE_NOOP("Actions", "Find in &Document"), "search",
         Q(Qt::CTRL | Qt::SHIFT | Qt::Key_F), Needs::Record},
        {Act::Shortcuts, "shortcuts", QT_TRANSLATE_NOOP("Actions", "&Keyboard Shortcuts"), "keyboard",
         Q(Qt::CTRL | Qt::Key_Slash)},
        {Act::About, "about", QT_TRANSLATE_NOOP("Actions", "&About Chromakeep"), "info", Q()},
    }};
}

} // namespace

Actions::Actions(QObject* parent) : QObject(parent)
{
    for (const Spec& spec : specs()) {
        auto* action = new QAction(QCoreApplication::translate("Actions", spec.text), this);
        action->setObjectName(QLatin1String(spec.name));
        action->setShortcut(spec.keys);
        action->setCheckable(spec.checkable);
        if (*spec.iconName) {
            action->setIcon(icon(QLatin1String(spec.iconName)));
            action->setProperty("glyph", QLatin1String(spec.iconName)); // the palette draws it itself
        }
        m_actions[static_cast<std::size_t>(spec.act)] = action;
    }
    auto* themes = new QActionGroup(this);
    for (const Act act : {Act::ThemeSystem, Act::ThemeLight, Act::ThemeDark})
        themes->addAction((*this)[act]);
    setAvailable({});
}

QList<QAction*> Actions::all() const
{
    return {m_actions.begin(), m_actions.end()};
}

QList<QAction*> Actions::some(std::initializer_list<Act> acts) const
{
    QList<QAction*> actions;
    for (const Act act : acts)
        actions << (*this)[act];
    return actions;
}

void Actions::setAvailable(const Have& have)
{
    for (const Spec& spec : specs()) {
        const bool can = spec.needs == Needs::Nothing || (spec.needs == Needs::Directory && have.directory) ||
                         (spec.needs == Needs::Collection && have.collection) ||
                         (spec.needs == Needs::Record && have.record);
        (*this)[spec.act]->setEnabled(can);
    }
}

QString plainText(const QAction& action)
{
    QString text = action.text();
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QChar(0x2026)))
        text.chop(1);
    return text;
}

} // namespace ui
