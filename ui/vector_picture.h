// A vector as a picture: its components in order as a strip of colour, and how its values spread as a
// histogram with the zero marked. Tells the component under the pointer.
#pragma once

#include "model/value_text.h"

#include <QWidget>

#include <array>
#include <span>
#include <vector>

namespace ui {

class VectorPicture final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kBins = 48;

    explicit VectorPicture(QWidget* parent = nullptr);

    void setVector(std::span<const float> vector, const model::VectorStats& stats);
    void clear();
    [[nodiscard]] const std::array<int, kBins>& bins() const { return m_bins; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintStrip(QPainter& painter, const QRect& room) const;
    void paintHistogram(QPainter& painter, const QRect& room) const;
    [[nodiscard]] QRect stripRect() const;
    [[nodiscard]] QRect histogramRect() const;

    std::vector<float> m_vector;
    model::VectorStats m_stats;
    std::array<int, kBins> m_bins{};
    double m_reach = 0; // the largest absolute value: both pictures are symmetric about zero
};

} // namespace ui
