#include "storage/vectors/query_source.h"

#include "storage/vectors/vector_state.h"

#include <algorithm>
#include <cmath>

namespace storage {

namespace {

// Sums in double, so that the order of the examples hardly matters.
class Mean
{
public:
    Mean(std::size_t dimension, bool directions) : m_sum(dimension, 0.0), m_directions(directions) {}

    void add(const std::vector<float>& vector)
    {
        const std::vector<float> part = m_directions ? normalised(vector.data(), vector.size()).unit : vector;
        for (std::size_t i = 0; i < m_sum.size(); ++i)
            m_sum[i] += double(part[i]);
        ++m_count;
    }
    [[nodiscard]] double at(std::size_t i) const { return m_count == 0 ? 0.0 : m_sum[i] / double(m_count); }

private:
    std::vector<double> m_sum;
    bool m_directions;
    std::size_t m_count = 0;
};

Status addRecords(const VectorStore& store, const std::vector<std::string>& ids, Mean& mean)
{
    for (const std::string& id : ids) {
        const auto vector = store.vector(id);
        if (!vector)
            return fail(
                ErrorKind::NotFound,
                QStringLiteral("The record \"%1\" of \"%2\" has no vector that could be searched with.")
                    .arg(QString::fromStdString(id), QString::fromStdString(store.state().name)));
        mean.add(*vector);
    }
    return {};
}

Status addVectors(const VectorStore& store, const std::vector<std::vector<float>>& vectors, Mean& mean)
{
    for (const std::vector<float>& vector : vectors) {
        if (vector.size() != store.dimension())
            return fail(ErrorKind::Invalid,
                        QStringLiteral("The vector has %1 numbers, the vectors of \"%2\" have %3.")
                            .arg(vector.size())
                            .arg(QString::fromStdString(store.state().name))
                            .arg(store.dimension()));
        mean.add(vector);
    }
    return {};
}

} // namespace

Result<std::vector<float>> queryVector(const VectorStore& store, const QueryParts& parts)
{
    if (parts.like.empty() && parts.unlike.empty() && parts.vectors.empty())
        return fail(ErrorKind::Invalid,
                    QStringLiteral("There is nothing to search for: name a record or a vector."));
    const bool one = parts.unlike.empty() && parts.like.size() + parts.vectors.size() == 1;
    const bool directions = store.state().index.space == Space::Cosine && !one;
    Mean like(store.dimension(), directions), unlike(store.dimension(), directions);
    if (auto added = addRecords(store, parts.like, like); !added)
        return pass(added);
    if (auto added = addVectors(store, parts.vectors, like); !added)
        return pass(added);
    if (auto added = addRecords(store, parts.unlike, unlike); !added)
        return pass(added);
    std::vector<float> query(store.dimension());
    for (std::size_t i = 0; i < query.size(); ++i)
        query[i] = float(like.at(i) - unlike.at(i));
    const bool nothing = std::all_of(query.begin(), query.end(), [](float value) { return value == 0; });
    if (!one && nothing)
        return fail(ErrorKind::Invalid,
                    QStringLiteral("The examples and counter-examples cancel each other out; "
                                   "leave out one of them."));
    return query;
}

} // namespace storage
