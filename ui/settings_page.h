// What a collection is by its settings: names and ids, the index settings in force with the place that they
// come from, its embedding function and model, its metadata with types, and the raw configuration.
#pragma once

#include "storage/chroma/records.h"

#include <QWidget>

class QPlainTextEdit;

namespace ui {

class FactTable;
class Section;

class SettingsPage final : public QWidget
{
    Q_OBJECT
public:
    explicit SettingsPage(QWidget* parent = nullptr);
    void setCollection(const storage::Collection& collection);

private:
    void showIdentity(const storage::Collection& collection);
    void showIndex(const storage::Collection& collection);
    void showMetadata(const storage::Collection& collection);
    void showRaw(const storage::Collection& collection);

    FactTable* m_identity = nullptr;
    FactTable* m_index = nullptr;
    FactTable* m_metadata = nullptr;
    Section* m_indexSection = nullptr;
    Section* m_metadataSection = nullptr;
    Section* m_rawSection = nullptr;
    QPlainTextEdit* m_raw = nullptr;
};

} // namespace ui
