// An HNSW segment: the input is cut into the four files by its first six bytes; every element that is said to
// be readable is read, and every upper link list that is said to be there.
#include "storage/vectors/hnsw_files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cstdlib>
#include <numeric>

namespace {

void write(const QString& path, std::span<const std::uint8_t> bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        std::abort();
    file.write(reinterpret_cast<const char*>(bytes.data()), qint64(bytes.size()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const QTemporaryDir room(QDir::tempPath() + QStringLiteral("/chromakeep-fuzz-XXXXXX"));
    constexpr std::size_t kLengths = 6;
    if (size < kLengths)
        return 0;
    std::span<const std::uint8_t> left(data + kLengths, size - kLengths);
    const char* const names[] = {"header.bin", "length.bin", "link_lists.bin"};
    for (int i = 0; i < 3; ++i) {
        const std::size_t wanted = std::size_t(data[2 * i]) | std::size_t(data[2 * i + 1]) << 8;
        const std::size_t length = std::min(wanted, left.size());
        write(room.filePath(QLatin1String(names[i])), left.first(length));
        left = left.subspan(length);
    }
    write(room.filePath(QStringLiteral("data_level0.bin")), left);

    const storage::HnswFiles files = storage::HnswFiles::open(room.path(), true);
    double sum = 0;
    for (std::uint32_t element = 0; element < files.elements(); ++element) {
        const float* vector = files.vector(element);
        sum = std::accumulate(vector, vector + files.dimension(), sum);
        sum += double(files.label(element)) + files.length(element).value_or(0) +
               (files.deleted(element) ? 1 : 0);
    }
    if (files.whole() && files.elements() != files.header().count)
        std::abort();
    if (!files.whole())
        return 0;
    const storage::UpperLinks& links = files.upperLinks();
    for (std::uint32_t element = 0; element < files.elements(); ++element)
        for (int level = 1; level <= links.levelOf(element); ++level) {
            const std::byte* list = links.list(element, level);
            for (std::size_t i = 0; i < 4 + 4 * files.header().maxM; ++i)
                sum += double(list[i]);
        }
    return sum == 0.123 ? 1 : 0;
}
