// A real Chroma server for one test: started over a folder on a free loopback port, ended by its own process
// id when the object goes. The first use installs it (tests/support/real_chroma/setup.sh, seconds). One
// thread; needs an application object; requests wait in an event loop of their own.
#pragma once

#include "storage/base/result.h"

#include <QNetworkAccessManager>
#include <QProcess>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>
#include <string>

namespace support {

using Json = nlohmann::json;

class RealChroma
{
public:
    struct Reply
    {
        int status = 0; // 0: no answer at all
        Json body;      // discarded when it is no JSON
        QByteArray text;
        [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
    };

    RealChroma();
    ~RealChroma();
    RealChroma(const RealChroma&) = delete;
    RealChroma& operator=(const RealChroma&) = delete;

    // Returns when the server answers. The folder is made if it is not there.
    [[nodiscard]] storage::Status start(const QString& persistDirectory);
    // Chroma has nothing to write at its end and does not end by SIGINT or SIGTERM: it is killed, between two
    // requests as between two writes. Returns when the process is gone; may be called twice.
    void stop();
    // Sends one request without waiting for its answer and kills the server `afterMilliseconds` later.
    void killDuring(const QByteArray& method, const QString& path, const Json& body, int afterMilliseconds);

    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] qint64 processId() const { return m_server.processId(); }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString log() const; // what the server has printed

    // Tenant and database of the calls below; they must exist (createTenant, createDatabase).
    void useDatabase(const std::string& tenant, const std::string& database);
    [[nodiscard]] storage::Status createTenant(const std::string& name);
    [[nodiscard]] storage::Status createDatabase(const std::string& tenant, const std::string& name);

    // `more`: metadata, configuration, get_or_create. Returns the collection's id.
    [[nodiscard]] storage::Result<std::string> createCollection(const std::string& name,
                                                                Json more = Json::object());
    [[nodiscard]] storage::Status deleteCollection(const std::string& name);
    [[nodiscard]] storage::Result<Json> listCollections();
    [[nodiscard]] storage::Result<Json> collection(const std::string& name);

    // `records`: {ids, embeddings, documents, metadatas, uris}; remove: {ids} or {where}.
    [[nodiscard]] storage::Status add(const std::string& collectionId, const Json& records);
    [[nodiscard]] storage::Status update(const std::string& collectionId, const Json& records);
    [[nodiscard]] storage::Status upsert(const std::string& collectionId, const Json& records);
    [[nodiscard]] storage::Status remove(const std::string& collectionId, const Json& which);
    [[nodiscard]] storage::Result<qint64> count(const std::string& collectionId);
    // `asked`: {ids, where, where_document, limit, offset, include}
    [[nodiscard]] storage::Result<Json> get(const std::string& collectionId,
                                            const Json& asked = Json::object());
    // `asked`: {query_embeddings, n_results, where, where_document, include}
    [[nodiscard]] storage::Result<Json> query(const std::string& collectionId, const Json& asked);

    // Anything else of the HTTP interface: request("GET", "/api/v2/version").
    [[nodiscard]] Reply request(const QByteArray& method, const QString& path, const Json& body = {});
    // The path of a collection (empty: of the collections) in the database in use.
    [[nodiscard]] QString collectionPath(const std::string& collectionId = {},
                                         const char* act = nullptr) const;

private:
    [[nodiscard]] storage::Status launch(const QString& chroma, const QString& persistDirectory);
    [[nodiscard]] storage::Status waitUntilItAnswers();
    [[nodiscard]] storage::Result<Json> call(const QByteArray& method, const QString& path,
                                             const Json& body = {});
    [[nodiscard]] storage::Status act(const std::string& collectionId, const char* verb, const Json& body);
    QNetworkReply* send(const QByteArray& method, const QString& path, const Json& body);

    QTemporaryDir m_room; // holds the server's log
    QProcess m_server;
    QNetworkAccessManager m_network;
    quint16 m_port = 0;
    std::string m_tenant = "default_tenant";
    std::string m_database = "default_database";
};

} // namespace support
