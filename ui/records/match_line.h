// The line that says what the grid shows: how many of how many records match, in which order, and the way
// back to all of them.
#pragma once

#include "model/collection_view.h"
#include "model/filter_model.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QToolButton;

namespace ui {

class ElidedLabel;

class MatchLine final : public QWidget
{
    Q_OBJECT
public:
    explicit MatchLine(QWidget* parent = nullptr);

    void show(const model::CollectionView* view, const model::FilterModel* filter, qint64 selected);
    // Said for some seconds instead: "Copied 12 records".
    void note(const QString& text);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void clearAsked();

private:
    void refresh();
    void showText(const QString& text, bool error);
    [[nodiscard]] QString matchText() const;
    [[nodiscard]] QString orderText() const;

    const model::CollectionView* m_view = nullptr;
    const model::FilterModel* m_filter = nullptr;
    qint64 m_selected = 0;
    QLabel* m_sign = nullptr; // of an error
    ElidedLabel* m_label = nullptr;
    QToolButton* m_clear = nullptr;
    QString m_note;
    QTimer m_noteEnds;
    QTimer m_busySoon; // quick answers say nothing of being busy
};

} // namespace ui
