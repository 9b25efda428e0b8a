// A small read-only table of facts: typed cells, figures at the right, copied by Ctrl+C or the context menu.
// For dozens of rows; long lists have a model of their own.
#pragma once

#include "ui/theme/colors.h"

#include <QTableWidget>

#include <vector>

namespace ui {

struct FactCell
{
    QString text;
    QString tip;
    Tone tone = Tone::Neutral;
    bool number = false;
    bool fixed = false; // ids, JSON
    bool quiet = false; // beside what matters
    QString sign;       // icon name
};
using FactRow = std::vector<FactCell>;

class FactTable final : public QTableWidget
{
    Q_OBJECT
public:
    // `stretch`: the column that takes the room that is left.
    FactTable(const QStringList& headers, int stretch, QWidget* parent = nullptr);

    void setRows(const std::vector<FactRow>& rows);
    void copySelection();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

private:
    void fill();

    std::vector<FactRow> m_rows;
    int m_stretch = 0;
};

} // namespace ui
