#include "ui/storage_page.h"

#include "model/value_text.h"
#include "ui/fact_table.h"
#include "ui/page_column.h"
#include "ui/section.h"

#include <QHeaderView>

namespace ui {

using storage::Collection;
using storage::Severity;

namespace {

FactCell quiet(const QString& text)
{
    FactCell cell{text};
    cell.quiet = true;
    return cell;
}

FactCell number(const QString& text)
{
    FactCell cell{text};
    cell.number = true;
    return cell;
}

FactCell fixedCell(const QString& text)
{
    FactCell cell{text};
    cell.fixed = true;
    return cell;
}

FactTable* factTable(const QString& name, const QStringList& headers, int stretch, QWidget* parent)
{
    auto* table = new FactTable(headers, stretch, parent);
    table->setObjectName(name);
    return table;
}

// What each file of a segment folder is for.
QString purposeOf(const QString& file)
{
    static const QHash<QString, QString> known{
        {QStringLiteral("header.bin"), StoragePage::tr("Size and shape of the index")},
        {QStringLiteral("data_level0.bin"), StoragePage::tr("Vectors and the links of the lowest layer")},
        {QStringLiteral("length.bin"), StoragePage::tr("Lengths of the vectors")},
        {QStringLiteral("link_lists.bin"), StoragePage::tr("Links of the upper layers")},
        {QStringLiteral("index_metadata.pickle"), StoragePage::tr("Which vector belongs to which id")},
    };
    return known.value(file);
}

QString routeSentence(storage::ReadRoute route)
{
    switch (route) {
    case storage::ReadRoute::SharedWal:
        return StoragePage::tr("Through SQLite's shared log, beside its writer");
    case storage::ReadRoute::Immutable:
        return StoragePage::tr("As it stands, without locks, so that SQLite creates no files");
    case storage::ReadRoute::Recovered:
        return StoragePage::tr("From a private copy: an unfinished transaction had to be replayed");
    case storage::ReadRoute::Direct:
        break;
    }
    return StoragePage::tr("Directly, with short read locks");
}

QString typeName(const std::string& urn)
{
    return model::text(urn).section(QLatin1Char('/'), -2);
}

} // namespace

StoragePage::StoragePage(model::Session& session, const model::HolderWatch& holders, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_holders(holders)
{
    setObjectName(QStringLiteral("storagePage"));
    m_findings = factTable(QStringLiteral("findingsTable"), {tr("Finding")}, 0, this);
    m_findings->horizontalHeader()->hide();
    m_findings->setAccessibleName(tr("Findings"));
    m_facts = factTable(QStringLiteral("factsTable"), {tr("Name"), tr("Value")}, 1, this);
    m_facts->horizontalHeader()->hide();
    m_facts->setAccessibleName(tr("Records and log"));
    m_segments = factTable(QStringLiteral("segmentsTable"),
                           {tr("Scope"), tr("Type"), tr("On disk"), tr("Last log entry"), tr("ID")}, 4, this);
    m_segments->setAccessibleName(tr("Segments"));
    m_files = factTable(QStringLiteral("filesTable"), {tr("File"), tr("Bytes"), tr("Holds")}, 2, this);
    m_files->setAccessibleName(tr("Index files"));
    m_directory = factTable(QStringLiteral("directoryTable"), {tr("Name"), tr("Value")}, 1, this);
    m_directory->horizontalHeader()->hide();
    m_directory->setAccessibleName(tr("Directory"));

    m_findingsSection = new Section(tr("Findings"), this);
    m_findingsSection->setBody(m_findings);
    auto* facts = new Section(tr("Records"), this);
    facts->setBody(m_facts);
    auto* segments = new Section(tr("Segments"), this);
    segments->setBody(m_segments);
    m_filesSection = new Section(tr("Index files"), this);
    m_filesSection->setBody(m_files);
    auto* directory = new Section(tr("Directory"), this);
    directory->setBody(m_directory);
    layOutColumn(this, {m_findingsSection, facts, segments, m_filesSection, directory});

    connect(&m_session, &model::Session::opened, this, &StoragePage::refresh);
    connect(&m_session, &model::Session::factsChanged, this, [this](const std::string& id) {
        if (id == m_collection)
            refresh();
    });
    connect(&m_session, &model::Session::bytesOnDiskChanged, this, &StoragePage::showDirectory);
    connect(&m_holders, &model::HolderWatch::changed, this, &StoragePage::showDirectory);
}

void StoragePage::setCollection(const std::string& collectionId)
{
    m_collection = collectionId;
    refresh();
}

void StoragePage::refresh()
{
    const Collection* collection = m_session.collection(m_collection);
    if (!collection)
        return;
    showFindings(*collection);
    showFacts(*collection);
    showSegments(*collection);
    showFiles(*collection);
    showDirectory();
}

void StoragePage::showFacts(const Collection& collection)
{
    const model::CollectionFacts facts = m_session.facts(collection.id);
    FactCell count{facts.count ? model::countText(*facts.count) : tr("counting …")};
    if (facts.error) {
        count.text = facts.error->sentence;
        count.tip = facts.error->detail;
        count.tone = Tone::Danger;
        count.sign = QStringLiteral("error");
    }
    QString pending = tr("counting …");
    if (facts.pending)
        pending = *facts.pending == 0 ? tr("none: the segments hold everything")
                                      : tr("%Ln entry(ies) that the segments do not hold yet", nullptr,
                                           static_cast<int>(qMin<qint64>(*facts.pending, 1'000'000'000)));
    else if (facts.error)
        pending = tr("not known");
    m_facts->setRows({{quiet(tr("Records")), count}, {quiet(tr("Write-ahead log")), FactCell{pending}}});
}

void StoragePage::showSegments(const Collection& collection)
{
    std::vector<FactRow> rows;
    for (const storage::Segment& segment : collection.segments) {
        const bool vector = segment.scope == "VECTOR";
        FactCell bytes = number(segment.bytes > 0 ? model::bytesText(segment.bytes) : QString());
        if (!vector)
            bytes = quiet(tr("in chroma.sqlite3"));
        else if (!segment.folderExists)
            bytes = quiet(tr("no folder yet"));
        const FactCell seen =
            segment.maxSeqId ? number(QString::number(*segment.maxSeqId)) : quiet(tr("none"));
        rows.push_back({FactCell{vector ? tr("Vectors") : tr("Metadata")}, quiet(typeName(segment.type)),
                        bytes, seen, fixedCell(model::text(segment.id))});
    }
    m_segments->setRows(rows);
}

void StoragePage::showFiles(const Collection& collection)
{
    std::vector<FactRow> rows;
    const storage::Segment* vectors = collection.segment("VECTOR");
    if (vectors && m_session.directory()) {
        const QString folder = model::text(vectors->id) + QLatin1Char('/');
        for (const auto& file : m_session.directory()->fingerprint.files) {
            if (!file.name.startsWith(folder))
                continue;
            const QString name = file.name.mid(folder.size());
            rows.push_back({fixedCell(name), number(QLocale().toString(file.size)), quiet(purposeOf(name))});
        }
    }
    m_filesSection->setVisible(!rows.empty());
    m_files->setRows(rows);
}

void StoragePage::showFindings(const Collection& collection)
{
    std::vector<FactRow> rows;
    for (const storage::Finding& finding : m_session.findings()) {
        if (!finding.collection.empty() && finding.collection != collection.id)
            continue;
        FactCell cell{model::text(finding.sentence)};
        cell.sign = finding.severity == Severity::Error     ? QStringLiteral("error")
                    : finding.severity == Severity::Warning ? QStringLiteral("warning")
                                                            : QStringLiteral("info");
        cell.tone = finding.severity == Severity::Error     ? Tone::Danger
                    : finding.severity == Severity::Warning ? Tone::Warning
                                                            : Tone::Info;
        rows.push_back({cell});
    }
    m_findingsSection->setNote(rows.empty() ? QString() : QLocale().toString(int(rows.size())));
    if (rows.empty()) {
        FactCell fine{tr("Nothing to report: everything that was read is in order.")};
        fine.sign = QStringLiteral("good");
        fine.tone = Tone::Good;
        rows.push_back({fine});
    }
    m_findings->setRows(rows);
}

void StoragePage::showDirectory()
{
    const auto& opened = m_session.directory();
    if (!opened)
        return;
    const storage::Generation& generation = opened->directory.generation();
    const QString level = tr("sysdb %1, metadb %2, embeddings_queue %3")
                              .arg(generation.level.sysdb)
                              .arg(generation.level.metadb)
                              .arg(generation.level.queue);
    const QString use = m_holders.inUse().sentence();
    m_directory->setRows({
        {quiet(tr("Path")), fixedCell(m_session.path())},
        {quiet(tr("Written by")), FactCell{generation.name}},
        {quiet(tr("Migrations")), FactCell{level}},
        {quiet(tr("Size")),
         FactCell{m_session.bytesOnDisk() ? model::bytesText(*m_session.bytesOnDisk()) : tr("measuring …")}},
        {quiet(tr("Read")), FactCell{routeSentence(opened->directory.route())}},
        {quiet(tr("In use")), use.isEmpty() ? quiet(tr("by no writer that can be seen")) : FactCell{use}},
        {quiet(tr("Written here")), FactCell{tr("0 bytes")}},
    });
}

} // namespace ui
