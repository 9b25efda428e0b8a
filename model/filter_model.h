// The filter of one collection tab: what stands in the filter row, column by column, and the condition
// builder beside it. apply() makes one query of both; while something typed is not valid the rows stay as
// they are and error() says why beside its field. GUI thread.
#pragma once

#include "model/collection_view.h"
#include "model/condition_model.h"

#include <QMap>
#include <QObject>
#include <QString>
#include <QVariant>

namespace model {

class FilterModel final : public QObject
{
    Q_OBJECT
public:
    explicit FilterModel(CollectionView& view, QObject* parent = nullptr);

    // By RecordColumn::name(): "id", "document", "meta:KEY". Empty: no filter.
    void setText(const QString& column, const QString& typed);
    [[nodiscard]] QString text(const QString& column) const { return m_texts.value(column); }
    [[nodiscard]] QString error(const QString& column) const { return m_errors.value(column); }
    [[nodiscard]] static bool canFilter(const QString& column); // has a field in the filter row
    // What may be typed there, for a tool tip.
    [[nodiscard]] QString hint(const QString& column) const;

    // Of the collection as far as they are known, by key or most frequent first.
    [[nodiscard]] const std::vector<storage::CollectionReader::KeyInfo>& keys() const;
    [[nodiscard]] ConditionModel& conditions() { return m_conditions; }
    [[nodiscard]] bool isActive() const; // anything typed or built
    [[nodiscard]] bool hasErrors() const { return !m_errors.isEmpty() || !m_conditionError.isEmpty(); }
    [[nodiscard]] QString conditionError() const { return m_conditionError; }
    // The first sentence, with the column it belongs to in front.
    [[nodiscard]] QString firstError() const;
    // The columns that are filtered, as "key: text", and the builder's conditions: for a summary line.
    [[nodiscard]] QStringList summary() const;
    void clear(); // everything, and applies it

    // Asks the view, keeping its order. Rows stay when something is not valid.
    void apply();
    // The filter alone, without order; what is not valid is left out.
    [[nodiscard]] RecordQuery query() const { return m_query; }

    [[nodiscard]] QVariantMap save() const;
    void restore(const QVariantMap& saved);

Q_SIGNALS:
    void textsChanged();  // set from elsewhere than the field: clear(), restore(), a clicked value
    void errorsChanged(); // error(), conditionError()
    void applied();       // the view was asked

private:
    void evaluate();
    void take(const QString& column, const QString& typed);
    void keep(const QString& column, const storage::Error& error);
    [[nodiscard]] unsigned typesOf(const std::string& key) const;
    void followKeys();

    CollectionView& m_view;
    ConditionModel m_conditions;
    QMap<QString, QString> m_texts;
    QMap<QString, QString> m_errors;
    QString m_conditionError;
    RecordQuery m_query;
    QVariantMap m_savedTypes; // of keys, until the view knows them
    bool m_applied = false;
};

} // namespace model
