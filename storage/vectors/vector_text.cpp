#include "storage/vectors/vector_text.h"

#include "storage/vectors/npy_vectors.h"

#include <QByteArray>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

namespace storage {

namespace {

using Json = nlohmann::json;
using Vectors = std::vector<std::vector<float>>;

tl::unexpected<Error> invalid(const QString& sentence, const QString& detail = {})
{
    return fail(ErrorKind::Invalid, sentence, detail);
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t from = text.find_first_not_of(kBlank);
    return from == std::string_view::npos ? std::string_view()
                                          : text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

Result<std::vector<float>> vectorOfJson(const Json& list)
{
    std::vector<float> vector;
    vector.reserve(list.size());
    for (const Json& number : list) {
        if (!number.is_number())
            return invalid(QStringLiteral("Number %1 of the vector is no number but %2.")
                               .arg(vector.size() + 1)
                               .arg(QString::fromUtf8(number.type_name())));
        vector.push_back(static_cast<float>(number.get<double>()));
    }
    return vector;
}

// Unwraps what embedding services and Chroma itself answer: {"embedding": [..]}, {"embeddings": [[..]]},
// {"data": [{"embedding": [..]}, ..]}.
const Json& carried(const Json& value)
{
    if (value.is_object())
        for (const char* key : {"embedding", "embeddings", "data"})
            if (const auto found = value.find(key); found != value.end())
                return *found;
    return value;
}

Result<Vectors> vectorsOfJson(const Json& value)
{
    const Json& list = carried(value);
    if (!list.is_array() || list.empty())
        return invalid(
            QStringLiteral("The JSON holds no vector; a list of numbers, or a list of such lists, is "
                           "wanted."));
    Vectors vectors;
    if (list.front().is_number()) {
        auto one = vectorOfJson(list);
        if (!one)
            return pass(one);
        return Vectors{std::move(*one)};
    }
    for (const Json& item : list) {
        const Json& inner = carried(item);
        if (!inner.is_array())
            return invalid(QStringLiteral("Item %1 of the JSON list is no vector but %2.")
                               .arg(vectors.size() + 1)
                               .arg(QString::fromUtf8(inner.type_name())));
        auto one = vectorOfJson(inner);
        if (!one)
            return pass(one);
        vectors.push_back(std::move(*one));
    }
    return vectors;
}

bool isSeparator(char c)
{
    return c == ',' || c == ';' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Numbers with separators between them, in one pair of brackets or none.
Result<Vectors> vectorOfNumbers(std::string_view text)
{
    if (text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    std::vector<float> vector;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        if (isSeparator(*at)) {
            ++at;
            continue;
        }
        const char* const word = at;
        at += *at == '+' ? 1 : 0;
        double number = 0;
        const auto read = std::from_chars(at, end, number);
        if (read.ec == std::errc::result_out_of_range)
            number = std::string_view(word, read.ptr).find("e-") != std::string_view::npos ? 0.0 : INFINITY;
        else if (read.ec != std::errc() || (read.ptr < end && !isSeparator(*read.ptr)))
            return invalid(
                QStringLiteral("This is not a vector: “%1” is no number.")
                    .arg(QString::fromUtf8(word, std::min<qsizetype>(end - word, 24)).simplified()));
        vector.push_back(static_cast<float>(number));
        at = read.ptr;
    }
    return Vectors{std::move(vector)};
}

bool looksLikeBase64(std::string_view text)
{
    const auto isDigit = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/' || c == '=' || c == '\n' || c == '\r';
    };
    return text.size() >= 8 && std::all_of(text.begin(), text.end(), isDigit) &&
           std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c != 'e' && c != 'E'; });
}

Result<Vectors> vectorOfBase64(std::string_view text)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        QByteArray(text.data(), qsizetype(text.size())).replace('\n', "").replace('\r', ""),
        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.size() % 4 != 0)
        return invalid(QStringLiteral("The base64 text does not hold a whole number of float32 values."));
    std::vector<float> vector(static_cast<std::size_t>(decoded.decoded.size()) / 4);
    std::memcpy(vector.data(), decoded.decoded.constData(), vector.size() * 4);
    return Vectors{std::move(vector)};
}

Result<Vectors> parsed(std::string_view bytes)
{
    if (isNpy(bytes))
        return readNpy(bytes);
    const std::string_view text = trimmed(bytes);
    if (text.empty())
        return invalid(QStringLiteral("The vector is empty."));
    const bool mayBeJson = text.front() == '[' || text.front() == '{';
    if (mayBeJson) {
        const Json value = Json::parse(text, nullptr, false);
        if (!value.is_discarded())
            return vectorsOfJson(value);
        if (text.front() == '{' || text.find('[', 1) != std::string_view::npos)
            return invalid(QStringLiteral("This is not JSON that holds vectors."));
    }
    return looksLikeBase64(text) ? vectorOfBase64(text) : vectorOfNumbers(text);
}

Status checkNumbers(std::span<const float> vector)
{
    for (std::size_t i = 0; i < vector.size(); ++i)
        if (!std::isfinite(vector[i]))
            return invalid(QStringLiteral("Number %1 of the vector is not finite in float32.").arg(i + 1));
    return {};
}

} // namespace

Result<Vectors> parseVectors(std::string_view bytes)
{
    auto vectors = parsed(bytes);
    if (!vectors)
        return vectors;
    for (const auto& vector : *vectors) {
        if (vector.empty())
            return invalid(QStringLiteral("The vector is empty."));
        if (vector.size() != vectors->front().size())
            return invalid(QStringLiteral("The vectors are not of one length: %1 and %2 numbers.")
                               .arg(vectors->front().size())
                               .arg(vector.size()));
        if (auto finite = checkNumbers(vector); !finite)
            return tl::unexpected<Error>(finite.error());
    }
    return vectors;
}

Result<std::vector<float>> parseVector(std::string_view bytes)
{
    auto vectors = parseVectors(bytes);
    if (!vectors)
        return pass(vectors);
    if (vectors->size() != 1)
        return invalid(QStringLiteral("One vector is wanted, and there are %1.").arg(vectors->size()));
    return std::move(vectors->front());
}

Status checkQueryVector(std::span<const float> vector, std::size_t dimension, Space space)
{
    if (vector.empty())
        return invalid(QStringLiteral("The vector is empty."));
    if (dimension != 0 && vector.size() != dimension)
        return invalid(QStringLiteral("The vector has %1 numbers, and those of the collection have %2.")
                           .arg(vector.size())
                           .arg(dimension));
    if (auto finite = checkNumbers(vector); !finite)
        return finite;
    if (space == Space::Cosine &&
        std::all_of(vector.begin(), vector.end(), [](float x) { return x == 0.0F; }))
        return invalid(
            QStringLiteral("A vector of zeros has no direction, and this collection compares directions "
                           "(cosine)."));
    return {};
}

} // namespace storage
