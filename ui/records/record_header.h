// The head of the records grid: a title and the types of each column, how many records have it, the order,
// and below the filter row, one field a column that moves and scrolls with it.
#pragma once

#include "model/filter_model.h"
#include "model/record_model.h"

#include <QHeaderView>
#include <QTimer>

#include <map>

namespace ui {

class FilterField;

class RecordHeader final : public QHeaderView
{
    Q_OBJECT
public:
    static constexpr int kTitleHeight = 42;
    static constexpr int kFilterHeight = 34;
    static constexpr int kDebounceMs = 200;

    explicit RecordHeader(QWidget* parent = nullptr);

    // Another collection; both must outlive the header or be replaced. nullptr: none.
    void show(model::RecordModel* records, model::FilterModel* filter);
    [[nodiscard]] FilterField* field(const QString& column) const; // nullptr: no such field
    void focusField(int logical);                                  // the nearest one that can filter
    void placeFields();

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void leftDownwards();           // to the rows
    void fieldFocused(int logical); // bring its column into view
    void menuAsked(int logical, const QPoint& globalPosition);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int logical) const override;
    void updateGeometries() override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void rebuildFields();
    void showErrors();
    void showTexts();
    void settle();
    void step(FilterField* from, bool forward);
    [[nodiscard]] int logicalOf(const FilterField* field) const;
    [[nodiscard]] QString captionOf(const model::RecordColumn& column) const;
    void paintTitle(QPainter& painter, const QRect& rect, int logical) const;

    model::RecordModel* m_records = nullptr;
    model::FilterModel* m_filter = nullptr;
    std::map<QString, FilterField*> m_fields;
    QTimer m_debounce;
};

} // namespace ui
