// A persist directory that a real Chroma release wrote, unpacked to a folder of its own that goes away with
// the object, and what real Chroma answers about it. See tests/data/README.md for names and form.
#pragma once

#include "storage/base/result.h"
#include "storage/chroma/records.h"

#include <QByteArray>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace support {

using Json = nlohmann::json;

class ChromaFixture
{
public:
    // Every name that openFixture takes but "casestar_demo", the demonstration directory.
    [[nodiscard]] static QStringList names();

    [[nodiscard]] QString path() const { return m_path; }       // the persist directory
    [[nodiscard]] const Json& all() const { return m_answers; } // {name, written_by, answers}
    [[nodiscard]] const Json& newest() const; // what Chroma 1.5.9 answers: {answered_by, error?, collections}
    [[nodiscard]] const Json& writer() const; // what the release that wrote it answers, if it was asked

    // A collection of the newest answers; null where there is none of that name.
    [[nodiscard]] const Json& collection(const std::string& name,
                                         const std::string& tenant = "default_tenant",
                                         const std::string& database = "default_database") const;

private:
    friend storage::Result<ChromaFixture> openFixture(const QString& name);
    std::unique_ptr<QTemporaryDir> m_room;
    QString m_path;
    Json m_answers;
};

[[nodiscard]] storage::Result<ChromaFixture> openFixture(const QString& name);

// The parts, for tests that want only one of them.
[[nodiscard]] storage::Result<QByteArray> unpackZstd(const QString& file);
[[nodiscard]] storage::Status unpackTar(const QByteArray& tar, const QString& folder);
[[nodiscard]] storage::Result<Json> readAnswers(const QString& name);

// An embedding of the answers: base64 of little-endian float32. Empty for null.
[[nodiscard]] std::vector<float> vectorOf(const Json& packed);
// A metadata object of the answers (null: empty), sorted by key, NaN and infinities restored.
[[nodiscard]] storage::Metadata metadataOf(const Json& object);
[[nodiscard]] storage::MetaValue metaValueOf(const Json& value);

} // namespace support
