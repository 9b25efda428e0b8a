#include "app/desktop.h"

#include "app/logging.h"
#include "app/settings.h"
#include "app/system_scheme.h"
#include "ui/theme/icons.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QTranslator>

#include <algorithm>

namespace app {

namespace {

const QString kThemeKey = QStringLiteral("window/theme");
constexpr int kCascade = 32; // a further window stands a little lower and to the right

QString absolute(const QString& path)
{
    QString clean = QDir::cleanPath(QDir().absoluteFilePath(path));
    if (clean.endsWith(QLatin1String("/chroma.sqlite3")))
        clean.chop(15);
    return clean;
}

} // namespace

std::vector<model::Place> namedPlaces()
{
    std::vector<model::Place> places;
    const QString environment = qEnvironmentVariable("CHROMA_PERSIST_DIR");
    if (!environment.isEmpty())
        places.push_back({absolute(environment), model::Place::Kind::Environment});
    places.push_back({absolute(QStringLiteral("chroma_db")), model::Place::Kind::WorkingFolder});
    return places;
}

Desktop::Desktop(model::Preferences& preferences, std::vector<model::Place> named, PrompterMaker makePrompter)
    : m_preferences(preferences),
      m_places(preferences, std::move(named)),
      m_makePrompter(std::move(makePrompter))
{
    m_theme.setChoice(static_cast<ui::Theme::Choice>(m_preferences.value(kThemeKey, 0).toInt()));
    connect(&m_theme, &ui::Theme::choiceChanged, this, [this](ui::Theme::Choice choice) {
        m_preferences.setValue(kThemeKey, static_cast<int>(choice));
    });
}

Desktop::~Desktop() = default;

Window& Desktop::newWindow()
{
    auto window = std::make_unique<Window>(m_places, m_preferences, m_theme, m_makePrompter());
    Window& made = *window;
    ui::MainWindow& view = made.view();
    if (!m_windows.empty())
        view.move(m_windows.back()->view().pos() + QPoint(kCascade, kCascade));
    connect(&view, &ui::MainWindow::openAsked, this,
            [this, &made](const QString& path) { openFrom(made, path); });
    connect(&view, &ui::MainWindow::newWindowAsked, this, [this] { newWindow(); });
    connect(&view, &ui::MainWindow::quitAsked, this, &Desktop::closeAll);
    connect(
        &view, &ui::MainWindow::closed, this, [this, &view] { drop(&view); }, Qt::QueuedConnection);
    m_windows.push_back(std::move(window));
    view.show();
    return made;
}

Window* Desktop::windowOf(const QString& path) const
{
    for (const auto& window : m_windows)
        if (window->view().path() == path)
            return window.get();
    return nullptr;
}

Window& Desktop::open(const QString& path, const QString& collection)
{
    const QString wanted = absolute(path);
    Window* window = windowOf(wanted);
    if (!window) {
        const auto vacant = std::find_if(m_windows.begin(), m_windows.end(),
                                         [](const auto& one) { return one->view().isVacant(); });
        window = vacant == m_windows.end() ? &newWindow() : vacant->get();
        window->view().open(wanted, collection);
    }
    window->view().raise();
    window->view().activateWindow();
    return *window;
}

void Desktop::openFrom(Window& asking, const QString& path)
{
    const QString wanted = absolute(path);
    if (asking.view().isVacant() && !windowOf(wanted))
        asking.view().open(wanted);
    else
        open(wanted);
}

void Desktop::start(const QStringList& arguments)
{
    QStringList paths = arguments;
    QString collection;
    // `DIRECTORY COLLECTION`: the second names no directory.
    if (paths.size() == 2 && !QFileInfo::exists(paths.at(1)))
        collection = paths.takeLast();
    if (paths.isEmpty()) {
        for (const model::Place& place : m_places.all())
            if (place.kind != model::Place::Kind::Recent &&
                QFileInfo::exists(place.path + QStringLiteral("/chroma.sqlite3"))) {
                paths << place.path;
                break;
            }
    }
    if (paths.isEmpty())
        newWindow();
    for (const QString& path : paths)
        open(path, collection);
}

void Desktop::drop(const ui::MainWindow* closed)
{
    std::erase_if(m_windows, [closed](const auto& window) { return &window->view() == closed; });
}

void Desktop::closeAll()
{
    std::vector<ui::MainWindow*> views;
    for (const auto& window : m_windows)
        views.push_back(&window->view());
    for (ui::MainWindow* view : views)
        if (!view->close())
            return;
}

void loadLanguage(QTranslator& language)
{
    const QString folder = QStringLiteral(":/i18n");
    const bool spoken = language.load(QLocale(), QStringLiteral("chromakeep"), QStringLiteral("_"), folder) ||
                        language.load(QStringLiteral("chromakeep_en"), folder); // the plurals
    if (spoken)
        QCoreApplication::installTranslator(&language);
    else
        qCWarning(appLog) << "The translations are missing from the program.";
}

int runDesktop(int argc, char** argv)
{
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("chromakeep"));
    QApplication::setApplicationDisplayName(QStringLiteral("Chromakeep"));
    QApplication::setApplicationVersion(QStringLiteral(CHROMAKEEP_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.chromakeep.Chromakeep"));
    QApplication::setWindowIcon(ui::appIcon());
    setUpLogging();
    QTranslator language;
    loadLanguage(language);
    Settings settings;
    Desktop desktop(settings, namedPlaces(), [] { return std::make_unique<ui::QtPrompter>(); });
    const SystemScheme scheme;
    const auto follow = [&] { desktop.theme().setSystemScheme(scheme.current()); };
    QObject::connect(&scheme, &SystemScheme::changed, &desktop, follow);
    follow();
    desktop.start(QApplication::arguments().mid(1));
    return QApplication::exec();
}

} // namespace app
