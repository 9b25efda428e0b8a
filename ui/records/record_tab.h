// What the records page keeps of one collection while others are looked at: its view, grid, filter and place.
#pragma once

#include "model/filter_model.h"
#include "model/record_collector.h"
#include "model/record_model.h"
#include "model/saved_filters.h"

#include <memory>
#include <optional>
#include <string>

namespace ui {

struct RecordTab
{
    RecordTab(std::unique_ptr<model::CollectionView> ownView, model::Preferences& preferences)
        : view(std::move(ownView)),
          records(*view),
          filter(*view),
          collector(*view),
          saved(preferences, view->collection().id)
    {
        records.followView();
    }

    std::unique_ptr<model::CollectionView> view;
    model::RecordModel records;
    model::FilterModel filter;
    model::RecordCollector collector;
    model::SavedFilters saved;
    std::optional<storage::RowKey> current; // to come back to
    int column = 0;
    int down = 0; // of the scroll bars
    int across = 0;
    std::optional<storage::Error> error; // of the last answer, while there are no rows
    quint64 lastUse = 0;
};

} // namespace ui
