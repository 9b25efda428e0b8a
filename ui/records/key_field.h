// A line that takes the name of a metadata key: typed freely, proposed from the keys that there are, all of
// them under the chevron.
#pragma once

#include <QLineEdit>

namespace ui {

class KeyField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit KeyField(const QStringList& keys, QWidget* parent = nullptr);

Q_SIGNALS:
    void keyTyped(const QString& key); // typed or chosen

private:
    void openAll();
};

} // namespace ui
