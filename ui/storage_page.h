// What a collection takes on disk and how sound it is: its segments with their files and bytes, the
// write-ahead log that they have not seen yet, what was found while reading, and how the directory is read.
#pragma once

#include "model/holder_watch.h"
#include "model/session.h"

#include <QWidget>

#include <string>

namespace ui {

class FactTable;
class Section;

class StoragePage final : public QWidget
{
    Q_OBJECT
public:
    StoragePage(model::Session& session, const model::HolderWatch& holders, QWidget* parent = nullptr);
    void setCollection(const std::string& collectionId);

private:
    void refresh();
    void showFacts(const storage::Collection& collection);
    void showSegments(const storage::Collection& collection);
    void showFiles(const storage::Collection& collection);
    void showFindings(const storage::Collection& collection);
    void showDirectory();

    model::Session& m_session;
    const model::HolderWatch& m_holders;
    std::string m_collection;
    FactTable* m_facts = nullptr;
    FactTable* m_segments = nullptr;
    FactTable* m_files = nullptr;
    FactTable* m_findings = nullptr;
    FactTable* m_directory = nullptr;
    Section* m_filesSection = nullptr;
    Section* m_findingsSection = nullptr;
};

} // namespace ui
