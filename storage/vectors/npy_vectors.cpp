#include "storage/vectors/npy_vectors.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

namespace storage {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

tl::unexpected<Error> wrong(const QString& what)
{
    return fail(ErrorKind::Invalid, QStringLiteral("The NumPy file cannot be used: %1.").arg(what));
}

// "'descr': '<f4'" -> "<f4": what stands between the quotes after a key of the header.
std::string_view quotedAfter(std::string_view header, std::string_view key)
{
    std::size_t at = header.find(key);
    if (at == std::string_view::npos)
        return {};
    at = header.find('\'', at + key.size());
    const std::size_t end = at == std::string_view::npos ? at : header.find('\'', at + 1);
    return end == std::string_view::npos ? std::string_view() : header.substr(at + 1, end - at - 1);
}

// "'shape': (3, 384)" -> {3, 384}.
std::optional<std::vector<std::uint64_t>> shapeOf(std::string_view header)
{
    const std::size_t key = header.find("'shape'");
    const std::size_t open = key == std::string_view::npos ? key : header.find('(', key);
    const std::size_t close = open == std::string_view::npos ? open : header.find(')', open);
    if (close == std::string_view::npos)
        return {};
    std::vector<std::uint64_t> shape;
    const char* at = header.data() + open + 1;
    const char* const end = header.data() + close;
    while (at < end) {
        if (*at == ' ' || *at == ',') {
            ++at;
            continue;
        }
        std::uint64_t size = 0;
        const auto read = std::from_chars(at, end, size);
        if (read.ec != std::errc())
            return {};
        shape.push_back(size);
        at = read.ptr;
    }
    return shape;
}

float fromHalf(std::uint16_t bits)
{
    const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
    const int exponent = (bits >> 10) & 0x1f;
    const int fraction = bits & 0x3ff;
    if (exponent == 0x1f)
        return fraction == 0 ? sign * INFINITY : NAN;
    return sign * (exponent == 0 ? std::ldexp(float(fraction), -24)
                                 : std::ldexp(float(fraction + 1024), exponent - 25));
}

// The number at `at`, of `size` bytes, byte order undone.
float numberAt(const char* at, std::size_t size, bool bigEndian)
{
    unsigned char raw[8] = {};
    for (std::size_t i = 0; i < size; ++i)
        raw[i] = static_cast<unsigned char>(
            at[bigEndian == (std::endian::native == std::endian::little) ? size - 1 - i : i]);
    if (size == 2) {
        std::uint16_t half = 0;
        std::memcpy(&half, raw, 2);
        return fromHalf(half);
    }
    if (size == 4) {
        float single = 0;
        std::memcpy(&single, raw, 4);
        return single;
    }
    double wide = 0;
    std::memcpy(&wide, raw, 8);
    return static_cast<float>(wide);
}

struct Layout
{
    std::size_t dataAt = 0;
    std::size_t numberSize = 0;
    bool bigEndian = false;
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
};

Result<Layout> layoutOf(std::string_view bytes)
{
    if (bytes.size() < 12)
        return wrong(QStringLiteral("it ends within its header"));
    const bool isLong = bytes[6] >= 2; // the header's length has 4 bytes from format 2 on
    std::size_t length = 0;
    for (std::size_t i = isLong ? 4 : 2; i > 0; --i)
        length = length << 8 | static_cast<unsigned char>(bytes[7 + i]);
    Layout layout;
    layout.dataAt = (isLong ? 12 : 10) + length;
    if (layout.dataAt > bytes.size())
        return wrong(QStringLiteral("it ends within its header"));
    const std::string_view header = bytes.substr(isLong ? 12 : 10, length);
    const std::string_view type = quotedAfter(header, "'descr'");
    if (type != "<f4" && type != "<f8" && type != "<f2" && type != ">f4" && type != ">f8" && type != ">f2")
        return wrong(QStringLiteral("its numbers are %1, and float16, float32 or float64 are wanted")
                         .arg(type.empty() ? QStringLiteral("of no plain type")
                                           : QString::fromUtf8(type.data(), qsizetype(type.size()))));
    layout.numberSize = static_cast<std::size_t>(type[2] - '0');
    layout.bigEndian = type[0] == '>';
    const auto shape = shapeOf(header);
    if (!shape || shape->empty() || shape->size() > 2)
        return wrong(QStringLiteral("it has to be one vector or a table of them"));
    layout.rows = shape->size() == 2 ? shape->front() : 1;
    layout.columns = shape->back();
    if (header.find("'fortran_order': True") != std::string_view::npos && layout.rows > 1 &&
        layout.columns > 1)
        return wrong(QStringLiteral("it is in Fortran order; save numpy.ascontiguousarray(array)"));
    return layout;
}

} // namespace

bool isNpy(std::string_view bytes)
{
    return bytes.starts_with(kMagic);
}

Result<std::vector<std::vector<float>>> readNpy(std::string_view bytes)
{
    const auto layout = layoutOf(bytes);
    if (!layout)
        return tl::unexpected<Error>(layout.error());
    const std::uint64_t numbers = (bytes.size() - layout->dataAt) / layout->numberSize;
    if (layout->rows == 0 || layout->columns == 0)
        return wrong(QStringLiteral("it holds no number"));
    if (layout->columns > numbers || layout->rows > numbers / layout->columns)
        return wrong(QStringLiteral("it is shorter than its header says"));
    std::vector<std::vector<float>> vectors(layout->rows);
    const char* at = bytes.data() + layout->dataAt;
    for (auto& vector : vectors) {
        vector.reserve(layout->columns);
        for (std::uint64_t i = 0; i < layout->columns; ++i, at += layout->numberSize)
            vector.push_back(numberAt(at, layout->numberSize, layout->bigEndian));
    }
    return vectors;
}

} // namespace storage
