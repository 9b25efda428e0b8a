#include "ui/palette_entries.h"

#include "model/value_text.h"
#include "ui/actions.h"

#include <QAction>
#include <QCoreApplication>

namespace ui {

namespace {

struct PaletteText
{
    Q_DECLARE_TR_FUNCTIONS(PaletteEntries)
};

} // namespace

void addCollections(std::vector<PaletteEntry>& entries, const model::Session& session,
                    const std::function<void(const std::string&)>& go)
{
    const storage::Catalog& catalog = session.catalog();
    const bool severalDatabases = catalog.databases.size() > 1;
    for (const storage::Collection& collection : catalog.collections) {
        const auto count = session.facts(collection.id).count;
        QStringList note;
        if (severalDatabases)
            note << model::text(collection.database);
        if (count)
            note << PaletteText::tr("%1 records").arg(model::countText(*count));
        entries.push_back({model::text(collection.name), note.join(QStringLiteral(" · ")),
                           PaletteText::tr("Collection"), QStringLiteral("collection"),
                           [go, id = collection.id] { go(id); }});
    }
}

void addActions(std::vector<PaletteEntry>& entries, const QList<QAction*>& actions)
{
    for (QAction* action : actions) {
        if (!action->isEnabled() || !action->isVisible() || action->isSeparator() || action->menu())
            continue;
        const QString picture = action->property("glyph").toString();
        entries.push_back({plainText(*action), action->shortcut().toString(QKeySequence::NativeText),
                           PaletteText::tr("Command"),
                           picture.isEmpty() ? QStringLiteral("command") : picture,
                           [action] { action->trigger(); }});
    }
}

void addPlaces(std::vector<PaletteEntry>& entries, const model::Places& places, const QString& current,
               const std::function<void(const QString&)>& open)
{
    for (const model::Place& place : places.all()) {
        if (place.state != model::Place::State::Present || place.path == current)
            continue;
        entries.push_back({PaletteText::tr("Open %1").arg(place.path), PaletteText::tr("Recent"),
                           PaletteText::tr("Directory"), QStringLiteral("directory"),
                           [open, path = place.path] { open(path); }});
    }
}

} // namespace ui
