// What the window shows while no directory is open: how to open one, those opened lately, those that the
// surroundings name, and, when opening failed, why and what to do about it.
#pragma once

#include "model/places.h"
#include "storage/base/result.h"

#include <QWidget>

#include <optional>

class QAction;
class QLabel;
class QVBoxLayout;

namespace ui {

class MessageArea;

class StartPage final : public QWidget
{
    Q_OBJECT
public:
    // The actions become the buttons, in this order.
    StartPage(model::Places& places, const QList<QAction*>& actions, QWidget* parent = nullptr);

    void setError(const storage::Error& error, const QString& path);
    void setOpening(const QString& path);
    void setIdle();

Q_SIGNALS:
    void openAsked(const QString& path);
    void retryAsked();

protected:
    void showEvent(QShowEvent* event) override;

private:
    [[nodiscard]] QWidget* buildHead(const QList<QAction*>& actions);
    void rebuildPlaces();
    [[nodiscard]] QWidget* placeRow(const model::Place& place);
    void addGroup(const QString& title, const std::vector<model::Place>& places);

    model::Places& m_places;
    MessageArea* m_messages = nullptr;
    QLabel* m_opening = nullptr;
    QWidget* m_list = nullptr;
    QVBoxLayout* m_listColumn = nullptr;
};

} // namespace ui
