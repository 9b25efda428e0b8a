// Which columns of a collection stand where and how wide, remembered in the preferences. Columns that are not
// remembered get a width that fits what is on screen.
#pragma once

#include "model/preferences.h"
#include "model/record_model.h"

#include <QHeaderView>
#include <QObject>
#include <QTimer>

#include <set>
#include <string>

namespace ui {

class ColumnLayout final : public QObject
{
    Q_OBJECT
public:
    ColumnLayout(QHeaderView& header, model::Preferences& preferences, QObject* parent = nullptr);

    void show(model::RecordModel* records, const std::string& collectionId); // nullptr: none
    void setVisible(int logical, bool visible);
    [[nodiscard]] int visibleCount() const;
    void reset(); // every column as at first

private:
    struct Remembered
    {
        int width = 0; // 0: by its contents
        bool hidden = false;
        int place = 0; // from the left
    };

    [[nodiscard]] QString key() const;
    void load();
    void store();
    void apply();
    void order();
    void fit(); // columns without a width, once there are rows
    [[nodiscard]] int naturalWidth(int logical) const;

    QHeaderView& m_header;
    model::Preferences& m_preferences;
    model::RecordModel* m_records = nullptr;
    std::string m_collection;
    QMap<QString, Remembered> m_remembered;
    std::set<QString> m_fitted;
    bool m_applying = false;
    QTimer m_storeSoon;
};

} // namespace ui
