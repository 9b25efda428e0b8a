#include "ui/settings_page.h"

#include "model/value_text.h"
#include "ui/fact_table.h"
#include "ui/json_indent.h"
#include "ui/page_column.h"
#include "ui/section.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QToolButton>

namespace ui {

using storage::Collection;
using storage::IndexConfig;

namespace {

FactCell quiet(const QString& text)
{
    FactCell cell{text};
    cell.quiet = true;
    return cell;
}

FactCell fixedCell(const std::string& utf8)
{
    FactCell cell{model::text(utf8)};
    cell.fixed = true;
    return cell;
}

QString sourceSentence(IndexConfig::Source source)
{
    switch (source) {
    case IndexConfig::Source::Schema:
        return SettingsPage::tr("from the collection's schema");
    case IndexConfig::Source::Configuration:
        return SettingsPage::tr("from the collection's configuration");
    case IndexConfig::Source::SegmentMetadata:
        return SettingsPage::tr("from the hnsw: keys of the metadata");
    case IndexConfig::Source::Defaults:
        break;
    }
    return SettingsPage::tr("Chroma's defaults: none are set");
}

// A setting, what it does, its value, and whether that is Chroma's own default.
FactRow setting(const QString& name, const QString& meaning, const QString& value, bool isDefault)
{
    FactCell shown{value};
    shown.number = true;
    return {FactCell{name}, shown, quiet(isDefault ? SettingsPage::tr("default") : SettingsPage::tr("set")),
            quiet(meaning)};
}

} // namespace

SettingsPage::SettingsPage(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("settingsPage"));
    m_identity = new FactTable({tr("Name"), tr("Value")}, 1, this);
    m_identity->horizontalHeader()->hide();
    m_identity->setAccessibleName(tr("Collection"));
    m_identity->setObjectName(QStringLiteral("identityTable"));
    m_index = new FactTable({tr("Setting"), tr("Value"), tr("Comes from"), tr("Meaning")}, 3, this);
    m_index->setAccessibleName(tr("Index settings"));
    m_index->setObjectName(QStringLiteral("indexTable"));
    m_metadata = new FactTable({tr("Key"), tr("Value"), tr("Type")}, 1, this);
    m_metadata->setAccessibleName(tr("Collection metadata"));
    m_metadata->setObjectName(QStringLiteral("metadataTable"));
    m_raw = new QPlainTextEdit(this);
    m_raw->setReadOnly(true);
    m_raw->setFont(fixedFont(font()));
    m_raw->setMinimumHeight(180);
    m_raw->setAccessibleName(tr("Configuration as JSON"));

    auto* identity = new Section(tr("Collection"), this);
    identity->setBody(m_identity);
    m_indexSection = new Section(tr("Index"), this);
    m_indexSection->setBody(m_index);
    m_metadataSection = new Section(tr("Metadata"), this);
    m_metadataSection->setBody(m_metadata);
    m_rawSection = new Section(tr("Configuration as stored"), this);
    m_rawSection->setBody(m_raw);
    QToolButton* copy = m_rawSection->addTool(QStringLiteral("copy"), tr("Copy configuration"));
    connect(copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_raw->toPlainText()); });
    layOutColumn(this, {identity, m_indexSection, m_metadataSection, m_rawSection});
}

void SettingsPage::setCollection(const Collection& collection)
{
    showIdentity(collection);
    showIndex(collection);
    showMetadata(collection);
    showRaw(collection);
}

void SettingsPage::showIdentity(const Collection& collection)
{
    const auto orNone = [](const std::string& text) {
        return text.empty() ? quiet(tr("none said")) : FactCell{model::text(text)};
    };
    const FactCell dimension = collection.dimension ? FactCell{model::countText(*collection.dimension)}
                                                    : quiet(tr("not known until the first record is added"));
    m_identity->setRows({
        {quiet(tr("Name")), FactCell{model::text(collection.name)}},
        {quiet(tr("ID")), fixedCell(collection.id)},
        {quiet(tr("Tenant")), FactCell{model::text(collection.tenant)}},
        {quiet(tr("Database")), FactCell{model::text(collection.database)}},
        {quiet(tr("Dimension")), dimension},
        {quiet(tr("Embedding function")), orNone(collection.embeddingFunction)},
        {quiet(tr("Model")), orNone(collection.model)},
    });
}

void SettingsPage::showIndex(const Collection& collection)
{
    const IndexConfig& is = collection.index;
    const IndexConfig usual;
    const auto number = [](qint64 value) { return QString::number(value); };
    const QString threads = is.numThreads == 0 ? tr("all") : number(is.numThreads);
    m_indexSection->setNote(sourceSentence(is.source));
    m_index->setRows({
        setting(QStringLiteral("space"), tr("Distance between vectors"),
                QString::fromLatin1(storage::spaceName(is.space)), is.space == usual.space),
        setting(QStringLiteral("max_neighbors"), tr("Links a vector has on each layer (M)"),
                number(is.maxNeighbors), is.maxNeighbors == usual.maxNeighbors),
        setting(QStringLiteral("ef_construction"), tr("Candidates looked at while adding"),
                number(is.efConstruction), is.efConstruction == usual.efConstruction),
        setting(QStringLiteral("ef_search"), tr("Candidates looked at while searching"), number(is.efSearch),
                is.efSearch == usual.efSearch),
        setting(QStringLiteral("num_threads"), tr("Threads that add and search"), threads,
                is.numThreads == usual.numThreads),
        setting(QStringLiteral("batch_size"), tr("Records gathered before they enter the index"),
                number(is.batchSize), is.batchSize == usual.batchSize),
        setting(QStringLiteral("sync_threshold"), tr("Records between two writes of the index to disk"),
                number(is.syncThreshold), is.syncThreshold == usual.syncThreshold),
        setting(QStringLiteral("resize_factor"), tr("How much a full index grows at once"),
                QString::number(is.resizeFactor), qFuzzyCompare(is.resizeFactor, usual.resizeFactor)),
    });
}

void SettingsPage::showMetadata(const Collection& collection)
{
    std::vector<FactRow> rows;
    rows.reserve(collection.metadata.size());
    for (const storage::MetaEntry& entry : collection.metadata) {
        FactCell value{model::valueLine(entry.value)};
        value.tip = model::valueText(entry.value).left(2000);
        rows.push_back(
            {FactCell{model::text(entry.key)}, value, quiet(model::typeText(storage::typeOf(entry.value)))});
    }
    m_metadataSection->setNote(rows.empty() ? tr("none") : tr("%Ln key(s)", nullptr, int(rows.size())));
    m_metadata->setVisible(!rows.empty());
    m_metadata->setRows(rows);
}

void SettingsPage::showRaw(const Collection& collection)
{
    QStringList parts;
    for (const std::string* stored : {&collection.configJson, &collection.schemaJson})
        if (!stored->empty())
            parts << indentJson(model::text(*stored)).value_or(model::text(*stored));
    m_rawSection->setVisible(!parts.isEmpty());
    m_raw->setPlainText(parts.join(QStringLiteral("\n\n")));
}

} // namespace ui
