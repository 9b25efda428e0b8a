// One condition of the builder as a line of controls: field, what is asked, value, how the value is meant,
// and the sentence that says what is missing. Shows and edits one row of the model.
#pragma once

#include "model/condition_model.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace ui {

class KeyField;

class ConditionRow final : public QWidget
{
    Q_OBJECT
public:
    // `keys`: proposed for the field.
    ConditionRow(model::ConditionModel& conditions, const QModelIndex& index, const QStringList& keys,
                 QWidget* parent);

    [[nodiscard]] QPersistentModelIndex index() const { return m_index; }
    void refresh(); // the model changed
    void focusFirst();

private:
    void build(const QStringList& keys);
    void fillOperators();
    void set(int column, const QVariant& value, int role = Qt::EditRole);
    [[nodiscard]] QVariant get(int column, int role) const;

    model::ConditionModel& m_conditions;
    QPersistentModelIndex m_index;
    KeyField* m_field = nullptr; // metadata only
    QComboBox* m_operator = nullptr;
    QLineEdit* m_value = nullptr;
    QComboBox* m_type = nullptr; // metadata only
    QLabel* m_error = nullptr;
};

} // namespace ui
