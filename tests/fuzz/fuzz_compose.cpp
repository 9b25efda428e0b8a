// docker-compose.yml: any text gives a list or a sentence, in bounded time.
#include "storage/chroma/compose_file.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray yaml(reinterpret_cast<const char*>(data), qsizetype(size));
    const storage::ComposeVariables variables = {{QStringLiteral("A"), QStringLiteral("/nowhere/at/all")}};
    const auto volumes = storage::parseCompose(yaml, QStringLiteral("/nowhere"), variables);
    if (!volumes && !volumes.error().sentence.endsWith(QLatin1Char('.')))
        std::abort();
    return 0;
}
