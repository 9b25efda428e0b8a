#include "real_chroma.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTimer>

#ifdef Q_OS_LINUX
#include <csignal>
#include <sys/prctl.h>
#endif

namespace support {

using storage::ErrorKind;
using storage::fail;
using storage::Result;
using storage::Status;

namespace {

constexpr int kSetupMs = 300'000;
constexpr int kStartMs = 60'000;
constexpr int kRequestMs = 300'000;

// Installs the real Chroma if that has not been done yet; its launcher.
Result<QString> chromaLauncher()
{
    QString folder = qEnvironmentVariable("CHROMAKEEP_REAL_CHROMA");
    if (folder.isEmpty())
        folder = QStringLiteral(CHROMAKEEP_SOURCE_DIR "/build/real_chroma");
    QProcess setup;
    setup.setProcessChannelMode(QProcess::MergedChannels);
    setup.start(QStringLiteral(CHROMAKEEP_SOURCE_DIR "/tests/support/real_chroma/setup.sh"), {folder});
    if (!setup.waitForFinished(kSetupMs) || setup.exitStatus() != QProcess::NormalExit ||
        setup.exitCode() != 0)
        return fail(ErrorKind::NotFound, QStringLiteral("The real Chroma for the tests cannot be had."),
                    QString::fromUtf8(setup.readAll()) +
                        (setup.error() == QProcess::UnknownError ? QString() : setup.errorString()));
    return folder + QStringLiteral("/chroma");
}

quint16 freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : quint16(0);
}

// Waits without blocking the event loop that the network needs.
void wait(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

RealChroma::RealChroma()
{
    m_network.setProxy(QNetworkProxy::NoProxy);
#ifdef Q_OS_LINUX
    m_server.setChildProcessModifier(
        [] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); }); // a test that crashes leaves no server
#endif
}

RealChroma::~RealChroma()
{
    stop();
}

Status RealChroma::start(const QString& persistDirectory)
{
    stop();
    auto chroma = chromaLauncher();
    if (!chroma)
        return storage::pass(chroma);
    if (!QDir().mkpath(persistDirectory))
        return fail(ErrorKind::Io, QStringLiteral("The folder %1 cannot be made.").arg(persistDirectory));
    Status started;
    for (int tries = 0; tries < 3; ++tries) { // another program may take the free port before Chroma does
        started = launch(*chroma, persistDirectory);
        if (started)
            break;
        stop();
    }
    return started;
}

Status RealChroma::launch(const QString& chroma, const QString& persistDirectory)
{
    m_port = freePort();
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    m_server.setStandardOutputFile(m_room.filePath(QStringLiteral("server.log")));
    m_server.start(chroma, {QStringLiteral("run"), QStringLiteral("--path"), persistDirectory,
                            QStringLiteral("--host"), QStringLiteral("127.0.0.1"), QStringLiteral("--port"),
                            QString::number(m_port)});
    if (!m_server.waitForStarted())
        return fail(ErrorKind::Io, QStringLiteral("The real Chroma does not start."), m_server.errorString());
    return waitUntilItAnswers();
}

Status RealChroma::waitUntilItAnswers()
{
    const QDeadlineTimer deadline(kStartMs);
    while (isRunning() && !deadline.hasExpired()) {
        if (request("GET", QStringLiteral("/api/v2/heartbeat")).ok())
            return {};
        wait(20);
    }
    return fail(ErrorKind::Io,
                isRunning() ? QStringLiteral("The real Chroma started but does not answer.")
                            : QStringLiteral("The real Chroma ended instead of answering."),
                log());
}

void RealChroma::stop()
{
    if (!isRunning())
        return;
    m_server.kill();
    m_server.waitForFinished(-1);
}

void RealChroma::killDuring(const QByteArray& method, const QString& path, const Json& body,
                            int afterMilliseconds)
{
    QNetworkReply* reply = send(method, path, body);
    wait(afterMilliseconds);
    stop();
    delete reply;
}

bool RealChroma::isRunning() const
{
    return m_server.state() != QProcess::NotRunning;
}

QString RealChroma::log() const
{
    QFile file(m_room.filePath(QStringLiteral("server.log")));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void RealChroma::useDatabase(const std::string& tenant, const std::string& database)
{
    m_tenant = tenant;
    m_database = database;
}

Status RealChroma::createTenant(const std::string& name)
{
    return call("POST", QStringLiteral("/api/v2/tenants"), {{"name", name}}).map([](const Json&) {});
}

Status RealChroma::createDatabase(const std::string& tenant, const std::string& name)
{
    return call("POST", QStringLiteral("/api/v2/tenants/%1/databases").arg(QString::fromStdString(tenant)),
                {{"name", name}})
        .map([](const Json&) {});
}

Result<std::string> RealChroma::createCollection(const std::string& name, Json more)
{
    more["name"] = name;
    return call("POST", collectionPath(), more).map([](const Json& made) {
        return made.at("id").get<std::string>();
    });
}

Status RealChroma::deleteCollection(const std::string& name)
{
    return call("DELETE", collectionPath(name)).map([](const Json&) {});
}

Result<Json> RealChroma::listCollections()
{
    return call("GET", collectionPath());
}

Result<Json> RealChroma::collection(const std::string& name)
{
    return call("GET", collectionPath(name));
}

Status RealChroma::add(const std::string& collectionId, const Json& records)
{
    return act(collectionId, "add", records);
}

Status RealChroma::update(const std::string& collectionId, const Json& records)
{
    return act(collectionId, "update", records);
}

Status RealChroma::upsert(const std::string& collectionId, const Json& records)
{
    return act(collectionId, "upsert", records);
}

Status RealChroma::remove(const std::string& collectionId, const Json& which)
{
    return act(collectionId, "delete", which);
}

Result<qint64> RealChroma::count(const std::string& collectionId)
{
    return call("GET", collectionPath(collectionId, "count")).map([](const Json& n) {
        return n.get<qint64>();
    });
}

Result<Json> RealChroma::get(const std::string& collectionId, const Json& asked)
{
    return call("POST", collectionPath(collectionId, "get"), asked);
}

Result<Json> RealChroma::query(const std::string& collectionId, const Json& asked)
{
    return call("POST", collectionPath(collectionId, "query"), asked);
}

QString RealChroma::collectionPath(const std::string& collectionId, const char* act) const
{
    std::string path = "/api/v2/tenants/" + m_tenant + "/databases/" + m_database + "/collections";
    if (!collectionId.empty())
        path += "/" + collectionId;
    if (act)
        path += std::string("/") + act;
    return QString::fromStdString(path);
}

Status RealChroma::act(const std::string& collectionId, const char* verb, const Json& body)
{
    return call("POST", collectionPath(collectionId, verb), body).map([](const Json&) {});
}

Result<Json> RealChroma::call(const QByteArray& method, const QString& path, const Json& body)
{
    Reply reply = request(method, path, body);
    if (!reply.ok())
        return fail(ErrorKind::Invalid, QStringLiteral("The real Chroma refused %1.").arg(path),
                    QString::number(reply.status) + QLatin1Char(' ') + QString::fromUtf8(reply.text));
    return std::move(reply.body);
}

QNetworkReply* RealChroma::send(const QByteArray& method, const QString& path, const Json& body)
{
    QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(m_port).arg(path)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setTransferTimeout(kRequestMs);
    return m_network.sendCustomRequest(
        request, method, body.is_null() ? QByteArray() : QByteArray::fromStdString(body.dump()));
}

RealChroma::Reply RealChroma::request(const QByteArray& method, const QString& path, const Json& body)
{
    const std::unique_ptr<QNetworkReply> reply(send(method, path, body));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished())
        loop.exec();
    const QByteArray text = reply->readAll();
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
            Json::parse(text.cbegin(), text.cend(), nullptr, false), text};
}

} // namespace support
