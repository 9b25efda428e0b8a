// What the command palette offers: the collections of the open directory, the recent places, and every action
// that can be used now.
#pragma once

#include "model/places.h"
#include "model/session.h"
#include "ui/command_palette.h"

#include <QList>

#include <functional>
#include <string>

class QAction;

namespace ui {

void addCollections(std::vector<PaletteEntry>& entries, const model::Session& session,
                    const std::function<void(const std::string&)>& go);
void addActions(std::vector<PaletteEntry>& entries, const QList<QAction*>& actions);
void addPlaces(std::vector<PaletteEntry>& entries, const model::Places& places, const QString& current,
               const std::function<void(const QString&)>& open);

} // namespace ui
