#include "ui/records/condition_row.h"

#include "ui/records/key_field.h"
#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using model::ConditionModel;
using ValueType = ConditionModel::ValueType;

namespace {

QLineEdit* makeValueField(QWidget* parent)
{
    auto* field = new QLineEdit(parent);
    field->setObjectName(QStringLiteral("conditionValue"));
    field->setAccessibleName(ConditionRow::tr("Value"));
    field->setPlaceholderText(ConditionRow::tr("Value"));
    field->setMinimumWidth(140);
    return field;
}

QComboBox* makeTypeBox(QWidget* parent)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(QStringLiteral("conditionType"));
    box->setAccessibleName(ConditionRow::tr("Type of the value"));
    box->addItem(ConditionRow::tr("text"), int(ValueType::Text));
    box->addItem(ConditionRow::tr("int"), int(ValueType::Integer));
    box->addItem(ConditionRow::tr("float"), int(ValueType::Float));
    box->addItem(ConditionRow::tr("true / false"), int(ValueType::Bool));
    box->setFixedWidth(104);
    return box;
}

} // namespace

ConditionRow::ConditionRow(ConditionModel& conditions, const QModelIndex& index, const QStringList& keys,
                           QWidget* parent)
    : QWidget(parent),
      m_conditions(conditions),
      m_index(index)
{
    setObjectName(QStringLiteral("conditionRow"));
    build(keys);
    refresh();
}

void ConditionRow::build(const QStringList& keys)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    const bool metadata =
        m_index.data(ConditionModel::PartRole).toInt() == int(ConditionModel::Part::Metadata);
    if (metadata) {
        m_field = new KeyField(keys, this);
        m_field->setObjectName(QStringLiteral("conditionField"));
        m_field->setAccessibleName(tr("Field"));
        m_field->setPlaceholderText(tr("Key"));
        m_field->setFixedWidth(170);
        row->addWidget(m_field);
        connect(m_field, &KeyField::keyTyped, this,
                [this](const QString& typed) { set(ConditionModel::FieldColumn, typed); });
    }
    m_operator = new QComboBox(this);
    m_operator->setObjectName(QStringLiteral("conditionOperator"));
    m_operator->setAccessibleName(tr("Condition"));
    m_operator->setFixedWidth(168);
    row->addWidget(m_operator);
    connect(m_operator, &QComboBox::activated, this,
            [this](int at) { set(ConditionModel::OperatorColumn, m_operator->itemData(at)); });
    m_value = makeValueField(this);
    row->addWidget(m_value, 1);
    connect(m_value, &QLineEdit::textEdited, this,
            [this](const QString& typed) { set(ConditionModel::ValueColumn, typed); });
    if (metadata) {
        m_type = makeTypeBox(this);
        row->addWidget(m_type);
        connect(m_type, &QComboBox::activated, this, [this](int at) {
            set(ConditionModel::FieldColumn, m_type->itemData(at), ConditionModel::ValueTypeRole);
        });
    }
    auto* removeButton = new QToolButton(this);
    removeButton->setObjectName(QStringLiteral("removeCondition"));
    removeButton->setIcon(icon(QStringLiteral("close")));
    removeButton->setToolTip(tr("Remove this condition"));
    removeButton->setAccessibleName(tr("Remove this condition"));
    removeButton->setAutoRaise(true);
    row->addWidget(removeButton);
    // Queued: the button goes with its row.
    connect(
        removeButton, &QToolButton::clicked, this, [this] { m_conditions.remove(m_index); },
        Qt::QueuedConnection);
    m_error = new QLabel(this);
    m_error->setObjectName(QStringLiteral("conditionError"));
    m_error->setFont(smallFont(font()));
    m_error->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    column->addLayout(row);
    column->addWidget(m_error);
}

QVariant ConditionRow::get(int column, int role) const
{
    return QModelIndex(m_index).siblingAtColumn(column).data(role);
}

void ConditionRow::set(int column, const QVariant& value, int role)
{
    m_conditions.setData(QModelIndex(m_index).siblingAtColumn(column), value, role);
}

void ConditionRow::fillOperators()
{
    const QVariantList offered = m_index.data(ConditionModel::OperatorsRole).toList();
    bool same = m_operator->count() == offered.size();
    for (int i = 0; same && i < m_operator->count(); ++i)
        same = m_operator->itemData(i) == offered[i];
    if (same)
        return;
    m_operator->clear();
    for (const QVariant& each : offered)
        m_operator->addItem(model::operatorText(static_cast<storage::WhereOperator>(each.toInt())), each);
}

void ConditionRow::refresh()
{
    if (!m_index.isValid())
        return;
    fillOperators();
    m_operator->setCurrentIndex(m_operator->findData(m_index.data(ConditionModel::OperatorRole)));
    const QString field = get(ConditionModel::FieldColumn, Qt::EditRole).toString();
    if (m_field && m_field->text() != field)
        m_field->setText(field);
    const QString value = get(ConditionModel::ValueColumn, Qt::EditRole).toString();
    if (m_value->text() != value)
        m_value->setText(value);
    const auto op = static_cast<storage::WhereOperator>(m_index.data(ConditionModel::OperatorRole).toInt());
    const bool list = op == storage::WhereOperator::In || op == storage::WhereOperator::Nin;
    m_value->setPlaceholderText(list ? tr("Values with commas between them") : tr("Value"));
    if (m_type)
        m_type->setCurrentIndex(m_type->findData(m_index.data(ConditionModel::ValueTypeRole)));
    const QString error = m_index.data(ConditionModel::ErrorRole).toString();
    m_error->setText(error);
    m_error->setVisible(!error.isEmpty() && !value.isEmpty()); // what is not begun yet is not wrong yet
    QPalette ink = m_error->palette();
    ink.setColor(QPalette::WindowText, colorsOf(palette()).danger.ink);
    m_error->setPalette(ink);
}

void ConditionRow::focusFirst()
{
    if (m_field && m_field->text().isEmpty())
        m_field->setFocus();
    else
        m_value->setFocus();
}

} // namespace ui
