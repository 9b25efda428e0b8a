#include "ui/records/column_layout.h"

#include "ui/theme/fonts.h"

#include <QFontMetrics>

#include <algorithm>

namespace ui {

using model::RecordModel;
using Kind = RecordModel::ColumnKind;

namespace {

struct Bounds
{
    int least;
    int most;
};

Bounds boundsOf(const RecordModel::ColumnInfo& column)
{
    switch (column.kind) {
    case Kind::Id:
        return {110, 220};
    case Kind::Document:
        return {260, 420};
    case Kind::Distance:
        return {150, 150};
    case Kind::Uri:
        return {140, 300};
    case Kind::Embedding:
        return {190, 220};
    case Kind::Metadata:
        return {84, 240};
    }
    return {84, 240};
}

} // namespace

ColumnLayout::ColumnLayout(QHeaderView& header, model::Preferences& preferences, QObject* parent)
    : QObject(parent),
      m_header(header),
      m_preferences(preferences)
{
    m_storeSoon.setSingleShot(true);
    m_storeSoon.setInterval(300);
    connect(&m_storeSoon, &QTimer::timeout, this, &ColumnLayout::store);
    connect(&header, &QHeaderView::sectionResized, this, [this](int logical, int, int width) {
        if (m_applying || !m_records || width == 0 || logical >= m_records->columnCount())
            return;
        m_remembered[m_records->columns()[std::size_t(logical)].name()].width = width;
        m_storeSoon.start();
    });
    connect(&header, &QHeaderView::sectionMoved, this, [this] {
        if (!m_applying && m_records)
            m_storeSoon.start();
    });
}

void ColumnLayout::show(RecordModel* records, const std::string& collectionId)
{
    if (m_storeSoon.isActive())
        store();
    m_storeSoon.stop();
    if (m_records)
        disconnect(m_records, nullptr, this, nullptr);
    m_records = records;
    m_collection = collectionId;
    m_fitted.clear();
    load();
    if (!m_records)
        return;
    connect(m_records, &RecordModel::columnsChanged, this, &ColumnLayout::apply);
    connect(m_records, &RecordModel::dataChanged, this, &ColumnLayout::fit);
    apply();
}

QString ColumnLayout::key() const
{
    return QStringLiteral("collections/%1/columns").arg(QString::fromStdString(m_collection));
}

void ColumnLayout::load()
{
    m_remembered.clear();
    if (m_collection.empty())
        return;
    const QVariantList stored = m_preferences.value(key()).toList();
    for (int place = 0; place < stored.size(); ++place) {
        const QVariantMap each = stored[place].toMap();
        Remembered column;
        column.width = std::clamp(each.value(QStringLiteral("width")).toInt(), 0, 4000);
        column.hidden = each.value(QStringLiteral("hidden")).toBool();
        column.place = place;
        m_remembered.insert(each.value(QStringLiteral("name")).toString(), column);
    }
}

void ColumnLayout::store()
{
    if (!m_records || m_collection.empty())
        return;
    QVariantList stored;
    const int shown = std::min(m_header.count(), m_records->columnCount());
    for (int visual = 0; visual < m_header.count(); ++visual) {
        const int logical = m_header.logicalIndex(visual);
        if (logical < 0 || logical >= shown)
            continue;
        const QString name = m_records->columns()[std::size_t(logical)].name();
        Remembered& column = m_remembered[name];
        column.hidden = m_header.isSectionHidden(logical);
        column.place = int(stored.size());
        stored << QVariantMap{{QStringLiteral("name"), name},
                              {QStringLiteral("width"), column.width},
                              {QStringLiteral("hidden"), column.hidden}};
    }
    m_preferences.setValue(key(), stored);
}

void ColumnLayout::apply()
{
    if (!m_records)
        return;
    m_applying = true;
    for (auto each = m_remembered.begin(); each != m_remembered.end(); ++each)
        if (each.key().startsWith(QLatin1String("meta:")) && !each->hidden)
            m_records->showKey(each.key().mid(5).toStdString()); // beyond the cap, asked for before
    const int shown = std::min(m_header.count(), m_records->columnCount());
    for (int logical = 0; logical < shown; ++logical) {
        const QString name = m_records->columns()[std::size_t(logical)].name();
        const auto known = m_remembered.constFind(name);
        m_header.setSectionHidden(logical, known != m_remembered.cend() && known->hidden);
        if (known != m_remembered.cend() && known->width > 0)
            m_header.resizeSection(logical, known->width);
        else if (!m_fitted.contains(name))
            m_header.resizeSection(logical, naturalWidth(logical));
    }
    order();
    m_applying = false;
    fit();
}

void ColumnLayout::order()
{
    const int shown = std::min(m_header.count(), m_records->columnCount());
    std::vector<std::pair<int, int>> places; // remembered place, logical
    for (int logical = 0; logical < shown; ++logical) {
        const auto known = m_remembered.constFind(m_records->columns()[std::size_t(logical)].name());
        if (known != m_remembered.cend())
            places.emplace_back(known->place, logical);
    }
    std::sort(places.begin(), places.end());
    int visual = 0;
    for (const auto& [place, logical] : places)
        m_header.moveSection(m_header.visualIndex(logical), visual++);
}

void ColumnLayout::fit()
{
    if (!m_records || m_records->cached(0) == nullptr)
        return;
    m_applying = true;
    const int shown = std::min(m_header.count(), m_records->columnCount());
    for (int logical = 0; logical < shown; ++logical) {
        const QString name = m_records->columns()[std::size_t(logical)].name();
        const auto known = m_remembered.constFind(name);
        const bool set = known != m_remembered.cend() && known->width > 0;
        if (set || m_header.isSectionHidden(logical) || !m_fitted.insert(name).second)
            continue;
        m_header.resizeSection(logical, naturalWidth(logical));
    }
    m_applying = false;
}

int ColumnLayout::naturalWidth(int logical) const
{
    constexpr int kSample = 30;
    constexpr int kMargins = 26;
    const auto& column = m_records->columns()[std::size_t(logical)];
    const auto [least, most] = boundsOf(column);
    const QFontMetrics strong(strongFont(m_header.font()));
    int width =
        strong.horizontalAdvance(m_records->headerData(logical, Qt::Horizontal).toString()) + kMargins + 14;
    if (column.kind != Kind::Embedding) { // looking at vectors would load them
        const QFontMetrics metrics(m_header.font());
        for (int row = 0; row < std::min(kSample, m_records->rowCount()) && m_records->cached(row); ++row)
            width = std::max(
                width, metrics.horizontalAdvance(m_records->index(row, logical).data().toString().left(100)) +
                           kMargins);
    }
    return std::clamp(width, least, most);
}

void ColumnLayout::setVisible(int logical, bool visible)
{
    m_applying = true;
    m_header.setSectionHidden(logical, !visible);
    m_applying = false;
    fit();
    store();
}

int ColumnLayout::visibleCount() const
{
    return m_header.count() - m_header.hiddenSectionCount();
}

void ColumnLayout::reset()
{
    if (!m_records)
        return;
    m_remembered.clear();
    m_fitted.clear();
    m_preferences.setValue(key(), {});
    m_applying = true;
    for (int logical = 0; logical < m_header.count(); ++logical) {
        m_header.setSectionHidden(logical, false);
        m_header.moveSection(m_header.visualIndex(logical), logical);
    }
    m_applying = false;
    apply();
}

} // namespace ui
