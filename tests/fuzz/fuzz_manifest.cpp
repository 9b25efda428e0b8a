// A backup's manifest: whatever is read of it is written back as the same manifest.
#include "storage/backup/manifest.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto read = storage::parseManifest(QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)));
    if (!read)
        return 0;
    const QByteArray written = storage::manifestJson(*read);
    const auto again = storage::parseManifest(written);
    if (!again || storage::manifestJson(*again) != written)
        std::abort();
    for (const storage::BackupFile& file : read->files)
        if (!storage::isSafeRelativePath(file.name))
            std::abort();
    return 0;
}
