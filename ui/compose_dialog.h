// Open from Compose File: the services of a docker-compose.yml and what they mount from this host; the Chroma
// directories among it can be opened.
#pragma once

#include "model/places.h"

#include <QDialog>

#include <vector>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace ui {

class ComposeDialog final : public QDialog
{
    Q_OBJECT
public:
    // Reads `file` through the places, on a lane.
    ComposeDialog(model::Places& places, const QString& file, QWidget* parent = nullptr);

    [[nodiscard]] QString chosen() const; // empty: nothing that can be opened

Q_SIGNALS:
    void openAsked(const QString& path);

private:
    void show(const storage::Result<std::vector<storage::ComposeVolume>>& volumes);
    void addVolume(const storage::ComposeVolume& volume);
    void choose();
    void fit();

    QLabel* m_told = nullptr;
    QTreeWidget* m_list = nullptr;
    QPushButton* m_open = nullptr;
};

} // namespace ui
