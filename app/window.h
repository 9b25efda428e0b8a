// One window with everything that it works with, built and wired by hand. Owns all of it.
#pragma once

#include "model/collection_model.h"
#include "model/holder_watch.h"
#include "model/places.h"
#include "model/preferences.h"
#include "model/record_details_model.h"
#include "model/session.h"
#include "ui/main_window.h"
#include "ui/prompter.h"
#include "ui/theme/theme.h"

#include <functional>
#include <memory>

namespace app {

using PrompterMaker = std::function<std::unique_ptr<ui::Prompter>()>;

class Window final
{
public:
    Window(model::Places& places, model::Preferences& preferences, ui::Theme& theme,
           std::unique_ptr<ui::Prompter> prompter);

    [[nodiscard]] ui::MainWindow& view() { return m_view; }
    [[nodiscard]] model::Session& session() { return m_session; }

private:
    model::Session m_session;
    model::CollectionModel m_collections{m_session};
    model::HolderWatch m_holders{m_session};
    model::RecordDetailsModel m_details;
    std::unique_ptr<ui::Prompter> m_prompter;
    ui::MainWindow m_view; // last: goes first
};

} // namespace app
