// A word in a quiet coloured pill: what state a thing is in, by colour and by word.
#pragma once

#include "ui/theme/colors.h"

#include <QWidget>

namespace ui {

class Badge final : public QWidget
{
    Q_OBJECT
public:
    explicit Badge(QWidget* parent = nullptr);
    Badge(const QString& text, Tone tone, QWidget* parent = nullptr);

    void set(const QString& text, Tone tone, const QString& iconName = {});
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] Tone tone() const { return m_tone; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    QString m_icon;
    Tone m_tone = Tone::Neutral;
};

// The same pill for delegates; answers its width. `room` gives left edge, height and the most width.
int paintBadge(QPainter& painter, const QRect& room, const QString& text, Tone tone, const QPalette& palette,
               const QFont& font);

} // namespace ui
