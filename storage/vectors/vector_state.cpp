#include "storage/vectors/vector_state.h"

#include <algorithm>
#include <cmath>

namespace storage {

CosineVector normalised(const float* vector, std::size_t dimension)
{
    float sum = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
        const float square = vector[i] * vector[i];
        sum += square;
    }
    CosineVector out;
    out.length = std::sqrt(sum);
    constexpr float kTiny = 1e-30F; // keeps a zero vector finite
    const float factor = 1.0F / (out.length + kTiny);
    out.unit.resize(dimension);
    for (std::size_t i = 0; i < dimension; ++i)
        out.unit[i] = vector[i] * factor;
    return out;
}

// Labels are handed out in the order of the elements but for the shuffle inside a batch, so an element stands
// near its label. Only where it does not, all labels are read.
std::optional<std::uint32_t> VectorStore::State::elementOf(std::uint64_t label) const
{
    const std::uint32_t count = files.elements();
    if (count == 0)
        return std::nullopt;
    const auto found = [&](std::uint32_t element) {
        return files.deleted(element) ? std::nullopt : std::optional(element);
    };
    constexpr std::uint64_t kNear = 512;
    const std::uint64_t middle = std::min<std::uint64_t>(label > 0 ? label - 1 : 0, count - 1);
    for (std::uint64_t step = 0; step <= kNear; ++step) {
        if (step <= middle && files.label(std::uint32_t(middle - step)) == label)
            return found(std::uint32_t(middle - step));
        if (step > 0 && middle + step < count && files.label(std::uint32_t(middle + step)) == label)
            return found(std::uint32_t(middle + step));
    }
    std::call_once(m_elementsOnce, [&] {
        m_elements.reserve(count);
        for (std::uint32_t element = 0; element < count; ++element)
            m_elements.emplace_back(files.label(element), element);
        std::sort(m_elements.begin(), m_elements.end());
    });
    const auto at =
        std::lower_bound(m_elements.begin(), m_elements.end(), std::pair(label, std::uint32_t(0)));
    return at != m_elements.end() && at->first == label ? found(at->second) : std::nullopt;
}

std::optional<std::string_view> VectorStore::State::liveId(std::uint32_t element) const
{
    if (files.deleted(element))
        return std::nullopt;
    const std::uint64_t label = files.label(element);
    return log.hides(label) ? std::nullopt : labels.idOf(label);
}

std::vector<float> VectorStore::State::elementVector(std::uint32_t element) const
{
    const float* stored = files.vector(element);
    std::vector<float> out(stored, stored + files.dimension());
    if (index.space != Space::Cosine)
        return out;
    const auto length = files.length(element);
    if (!length)
        return {};
    for (float& value : out)
        value *= *length;
    return out;
}

std::vector<float> VectorStore::State::slotVector(std::size_t slot) const
{
    const float* logged = log.vector(slot);
    if (index.space != Space::Cosine)
        return {logged, logged + dimension};
    CosineVector vector = normalised(logged, dimension);
    for (float& value : vector.unit)
        value *= vector.length;
    return std::move(vector.unit);
}

const float* VectorStore::State::slotForSearch(std::size_t slot) const
{
    if (index.space != Space::Cosine)
        return log.vector(slot);
    std::call_once(m_unitsOnce, [this] {
        m_units.reserve(log.size() * dimension);
        for (std::size_t each = 0; each < log.size(); ++each) {
            const CosineVector vector = normalised(log.vector(each), dimension);
            m_units.insert(m_units.end(), vector.unit.begin(), vector.unit.end());
        }
    });
    return m_units.data() + slot * dimension;
}

} // namespace storage
