// One record in full at the right: its id, its whole document, its typed metadata, its uri and its vector
// with figures and a picture, each to be copied. Shows what a RecordDetailsModel holds.
#pragma once

#include "model/record_details_model.h"

#include <QWidget>

class QAction;
class QLabel;
class QMenu;
class QSplitter;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace ui {

class DocumentView;
class ElidedLabel;
class EmptyState;
class Section;
class VectorPicture;

class RecordInspector final : public QWidget
{
    Q_OBJECT
public:
    explicit RecordInspector(model::RecordDetailsModel& details, QWidget* parent = nullptr);

    void findInDocument();
    [[nodiscard]] QByteArray saveLayout() const;
    void restoreLayout(const QByteArray& layout);
    // Copy commands, for the menu bar too.
    [[nodiscard]] const QList<QAction*>& copyActions() const { return m_copyActions; }

Q_SIGNALS:
    void copyAsked(const QString& text);
    // A metadata value was chosen to filter by.
    void filterAsked(const std::string& key, const storage::MetaValue& value);

private:
    void buildHead();
    void buildCopyActions();
    [[nodiscard]] Section* buildDocument();
    [[nodiscard]] Section* buildMetadata();
    [[nodiscard]] Section* buildVector();
    void showRecord();
    void showMetadataNote();
    void showVector();
    void showMetadataMenu(const QPoint& position);
    void copyMetadata();

    model::RecordDetailsModel& m_details;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QWidget* m_head = nullptr;
    ElidedLabel* m_id = nullptr;
    ElidedLabel* m_uri = nullptr;
    QToolButton* m_copy = nullptr;
    QSplitter* m_splitter = nullptr;
    Section* m_documentSection = nullptr;
    Section* m_metadataSection = nullptr;
    Section* m_vectorSection = nullptr;
    DocumentView* m_document = nullptr;
    QTableView* m_metadata = nullptr;
    QLabel* m_vectorNote = nullptr;
    QLabel* m_vectorFacts = nullptr;
    QLabel* m_vectorHead = nullptr;
    VectorPicture* m_picture = nullptr;
    QList<QAction*> m_copyActions;
};

} // namespace ui
