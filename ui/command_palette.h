// Ctrl+K: every action of the window and every collection of the directory, found by typing a few letters of
// it. Ctrl+P shows collections only. A sheet over the window, gone with Escape or a click beside it.
#pragma once

#include <QAbstractListModel>
#include <QFrame>
#include <QPointer>

#include <functional>
#include <vector>

class QAction;
class QLabel;
class QLineEdit;
class QListView;

namespace ui {

struct PaletteEntry
{
    QString title;
    QString note;  // at the right: keys, counts
    QString group; // "Collection", "Action"
    QString iconName;
    std::function<void()> run;
};

// How well `typed` (words, letters in order) fits `text`; negative: not at all. Word starts and runs count
// more.
[[nodiscard]] int paletteScore(const QString& typed, const QString& text);

// The entries that fit what was typed, best first.
class PaletteModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { NoteRole = Qt::UserRole + 1, IconRole, GroupRole };
    static constexpr int kMost = 200;

    using QAbstractListModel::QAbstractListModel;
    void setEntries(std::vector<PaletteEntry> entries);
    void setTyped(const QString& typed);
    [[nodiscard]] const PaletteEntry* entry(int row) const; // nullptr: no such row

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    std::vector<PaletteEntry> m_entries;
    std::vector<std::size_t> m_shown;
};

class CommandPalette final : public QFrame
{
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* window);

    void open(std::vector<PaletteEntry> entries, const QString& placeholder);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void filter();
    void choose();
    void dismiss();
    void place();

    PaletteModel m_model;
    QLineEdit* m_field = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_none = nullptr;
    QPointer<QWidget> m_before; // had the focus
};

} // namespace ui
