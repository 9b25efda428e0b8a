#include "app/cli/start_desktop.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStringList>

#include <cstdio>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <cstring>
#include <unistd.h>
#endif

namespace app {

namespace {

QString programName()
{
#ifdef Q_OS_WIN
    return QStringLiteral("chromakeep-desktop.exe");
#else
    return QStringLiteral("chromakeep-desktop");
#endif
}

// The folder of the running program, whatever name or link it was called by.
QString ownFolder(const char* calledAs)
{
    const QFileInfo self(QStringLiteral("/proc/self/exe"));
    const QString target =
        self.isSymLink() ? self.symLinkTarget() : QFileInfo(QFile::decodeName(calledAs)).canonicalFilePath();
    return QFileInfo(target).absolutePath();
}

// Qt would end with an abort and a core dump.
bool hasScreen([[maybe_unused]] char** argv)
{
#ifdef Q_OS_LINUX
    for (char** argument = argv; *argument != nullptr; ++argument)
        if (QByteArray(*argument).contains("-platform"))
            return true;
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

int missing(const QString& reason)
{
    std::fprintf(stderr, "chromakeep: The window cannot be started: %s\n", reason.toUtf8().constData());
    return 1;
}

} // namespace

int startDesktop(char** argv, const QString& libexec)
{
    if (!hasScreen(argv))
        return missing(
            QStringLiteral("there is no display. The commands need none; see “chromakeep --help”."));
    const QDir folder(ownFolder(argv[0]));
    QString program = folder.filePath(programName());
    if (!QFileInfo::exists(program))
        program = QDir::cleanPath(folder.filePath(libexec + QLatin1Char('/') + programName()));
    if (!QFileInfo::exists(program))
        return missing(QStringLiteral("%1 is not installed.").arg(programName()));
#ifdef Q_OS_UNIX
    execv(QFile::encodeName(program).constData(), argv); // argv[0] stays: windows are grouped by it
    return missing(QString::fromLocal8Bit(std::strerror(errno)));
#else
    QStringList arguments;
    for (char** argument = argv + 1; *argument != nullptr; ++argument)
        arguments << QString::fromLocal8Bit(*argument);
    return QProcess::startDetached(program, arguments) ? 0 : missing(QStringLiteral("it did not start."));
#endif
}

} // namespace app
