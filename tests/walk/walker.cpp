#include "walk/walker.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPainter>

#include <cstdio>

namespace walk {

namespace {

QString fileName(QString name)
{
    name = name.toLower();
    for (QChar& letter : name)
        if (!letter.isLetterOrNumber())
            letter = QLatin1Char('-');
    return name;
}

} // namespace

Walker::Walker(QString directory, QString pictures)
    : m_directory(std::move(directory)),
      m_pictures(std::move(pictures))
{
    m_desktop = std::make_unique<app::Desktop>(m_preferences, std::vector<model::Place>{}, [this] {
        auto prompter = std::make_unique<support::ScriptedPrompter>();
        m_prompter = prompter.get();
        return prompter;
    });
    m_desktop->theme().setChoice(ui::Theme::Choice::Light);
    m_desktop->newWindow();
    view().move(0, 0);
    view().resize(1280, 800);
    view().activateWindow(); // a screen in memory has no window manager that would
    static_cast<void>(QTest::qWaitForWindowActive(&view()));
    m_watchdog = std::make_unique<app::Watchdog>();
}

Walker::~Walker() = default;

app::Window& Walker::window()
{
    return *m_desktop->windows().back();
}

int Walker::run(const std::vector<Step>& steps)
{
    QElapsedTimer clock;
    clock.start();
    int number = 0;
    for (const Step& step : steps)
        if (!take(step, ++number))
            break;
    const auto whole = static_cast<int>(steps.size());
    const bool good = number == whole && !m_shotName.isEmpty();
    std::printf("%d of %d steps worked, %.1f s\n", good ? whole : number - 1, whole,
                static_cast<double>(clock.elapsed()) / 1e3);
    return good ? 0 : 1;
}

bool Walker::take(const Step& step, int number)
{
    m_shotName = QStringLiteral("%1-%2").arg(number, 2, 10, QLatin1Char('0')).arg(fileName(step.name));
    m_watchdog->restart();
    QElapsedTimer clock;
    clock.start();
    QString seen;
    try {
        seen = step.run(*this);
    } catch (const StepFailed& failed) {
        shoot(m_shotName + QStringLiteral("-failed"));
        std::printf("FAILED %02d %s: %s\n", number, qPrintable(step.name), qPrintable(failed.why));
        m_shotName.clear();
        return false;
    }
    const app::Watchdog::Turn turn = m_watchdog->longest();
    settle();
    shoot(m_shotName);
    std::printf("ok %02d %s: %s (%lld ms; longest turn of the window %.0f ms)\n", number,
                qPrintable(step.name), qPrintable(seen), static_cast<long long>(clock.elapsed()),
                turn.wallMs);
    std::fflush(stdout);
    return true;
}

void Walker::wait(const std::function<bool()>& until, const QString& what, int ms)
{
    if (!QTest::qWaitFor(until, ms))
        throw StepFailed{QStringLiteral("waited %1 s in vain: %2").arg(ms / 1000).arg(what)};
}

void Walker::check(bool fine, const QString& why)
{
    if (!fine)
        throw StepFailed{why};
}

void Walker::click(QWidget& widget, QPoint at)
{
    check(widget.isVisible() && widget.isEnabled(),
          QStringLiteral("“%1” cannot be clicked").arg(widget.objectName()));
    QTest::mouseClick(&widget, Qt::LeftButton, {}, at.isNull() ? widget.rect().center() : at);
}

void Walker::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QWidget* focused = view().focusWidget();
    QTest::keyClick(focused ? focused : &view(), key, modifiers);
}

void Walker::type(const QString& text)
{
    QWidget* focused = view().focusWidget();
    check(focused, QStringLiteral("nothing has the focus"));
    QTest::keyClicks(focused, text);
}

void Walker::settle()
{
    QTest::qWait(120);
}

// The window with whatever stands over it: menus, dialogs, lists.
void Walker::shoot(const QString& name)
{
    QPixmap picture = view().grab();
    QPainter painter(&picture);
    for (QWidget* other : QApplication::topLevelWidgets())
        if (other != &view() && other->isVisible() && other->windowType() != Qt::ToolTip)
            painter.drawPixmap(other->pos() - view().pos(), other->grab());
    painter.end();
    const QString file = m_pictures + QLatin1Char('/') + name + QStringLiteral(".png");
    if (!picture.save(file))
        std::printf("could not save %s\n", qPrintable(file));
}

} // namespace walk
