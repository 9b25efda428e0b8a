#include "app/window.h"

namespace app {

Window::Window(model::Places& places, model::Preferences& preferences, ui::Theme& theme,
               std::unique_ptr<ui::Prompter> prompter)
    : m_prompter(std::move(prompter)),
      m_view({m_session, m_collections, m_holders, m_details, places, preferences, *m_prompter, theme})
{
    if (auto* asking = dynamic_cast<ui::QtPrompter*>(m_prompter.get()))
        asking->setWindow(&m_view);
}

} // namespace app
