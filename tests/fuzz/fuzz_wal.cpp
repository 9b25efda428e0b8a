// Metadata of the write-ahead log, and the configurations of a collection: any text is read without harm, and
// a record's keys stay in order, once each.
#include "storage/chroma/index_config.h"
#include "storage/chroma/wal_metadata.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    storage::Record record;
    storage::apply(storage::parseWalMetadata(text), record);
    for (std::size_t i = 1; i < record.metadata.size(); ++i)
        if (!(record.metadata[i - 1].key < record.metadata[i].key))
            std::abort();
    for (const bool python : {false, true}) {
        (void)storage::collectionSettings(text, {}, record.metadata, python);
        (void)storage::collectionSettings({}, text, {}, python);
    }
    return 0;
}
