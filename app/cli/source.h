// An open persist directory as the commands use it: recognised, connected, catalogued. And the vocabulary
// that several commands share.
#pragma once

#include "app/cli/command_line.h"
#include "app/cli/console.h"
#include "storage/chroma/catalog.h"
#include "storage/chroma/persist_dir.h"
#include "storage/filter/where.h"

#include <optional>

namespace app {

struct Source
{
    storage::PersistDir directory;
    storage::Connection connection;
    storage::Catalog catalog;

    [[nodiscard]] static storage::Result<Source> open(const QString& path, storage::Progress& progress);
};

// DIR COLLECTION [--tenant T] [--database D]: the options and what they name.
[[nodiscard]] std::vector<OptionSpec> collectionOptions();
// Errors: NotFound, with near names.
[[nodiscard]] storage::Result<storage::Collection> chosenCollection(const Source& source,
                                                                    const Arguments& arguments);

// --where and --where-document.
struct Conditions
{
    std::optional<storage::WhereNode> where;
    std::optional<storage::WhereNode> whereDocument;
    [[nodiscard]] const storage::WhereNode* wherePointer() const { return where ? &*where : nullptr; }
    [[nodiscard]] const storage::WhereNode* documentPointer() const
    {
        return whereDocument ? &*whereDocument : nullptr;
    }
    [[nodiscard]] bool any() const { return where || whereDocument; }
};
[[nodiscard]] std::vector<OptionSpec> conditionOptions();
[[nodiscard]] storage::Result<Conditions> chosenConditions(const Arguments& arguments);

// --include: which fields an answer carries.
struct Include
{
    bool documents = false;
    bool metadatas = false;
    bool embeddings = false;
    bool uris = false;
    bool distances = false;
};
// `allowed`: comma-separated names; `otherwise`: what counts when the option is not given.
[[nodiscard]] storage::Result<Include> chosenInclude(const Arguments& arguments, const char* allowed,
                                                     const char* otherwise);

// A Chroma that is writing may take a reading's ground away (Changed); the next one usually stands. `reading`
// is told when it is tried for the last time.
template <class Reading> [[nodiscard]] storage::Status againWhileChanging(Reading reading)
{
    constexpr int kAttempts = 4;
    for (int attempt = 1;; ++attempt) {
        storage::Status done = reading(attempt == kAttempts);
        if (done || done.error().kind != storage::ErrorKind::Changed || attempt == kAttempts)
            return done;
    }
}

} // namespace app
