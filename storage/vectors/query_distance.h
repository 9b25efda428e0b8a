// One query against stored vectors, by Chroma's definitions: l2 is the squared distance without root, ip and
// cosine are 1 - product (cosine of vectors of length 1, so that a zero vector is at 1.0 from everything).
#pragma once

#include "storage/chroma/records.h"
#include "storage/vectors/distance.h"
#include "storage/vectors/vector_state.h"

#include <limits>
#include <span>
#include <vector>

namespace storage {

class QueryDistance
{
public:
    QueryDistance(std::span<const float> query, Space space)
        : m_query(query.begin(), query.end()),
          m_length(query.size())
    {
        const DistanceKernels& kernels = distanceKernels();
        m_sum = space == Space::L2 ? kernels.squaredDifference : kernels.product;
        m_product = space != Space::L2;
        if (space == Space::Cosine)
            m_query = normalised(query.data(), query.size()).unit;
    }

    [[nodiscard]] float to(const float* stored) const
    {
        const float sum = m_sum(m_query.data(), stored, m_length);
        const float distance = m_product ? 1.0F - sum : sum;
        // A stored NaN must not upset the order: it is farther than everything.
        return distance == distance ? distance : std::numeric_limits<float>::infinity();
    }
    [[nodiscard]] const float* data() const { return m_query.data(); }

private:
    std::vector<float> m_query;
    std::size_t m_length;
    float (*m_sum)(const float*, const float*, std::size_t) = nullptr;
    bool m_product = false;
};

} // namespace storage
