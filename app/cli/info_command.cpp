// chromakeep info: what a persist directory holds.
#include "app/cli/commands.h"
#include "app/cli/directory_report.h"
#include "app/cli/source.h"
#include "app/cli/text_table.h"
#include "storage/base/json_text.h"

namespace app {

using namespace storage;

namespace {

const char* const kNotes =
    "The directory is opened read-only; nothing in it is created or changed, also while Chroma runs on it.\n"
    "\n"
    "The JSON has the keys path, generation, migrations, collections, bytes and findings; a value that is\n"
    "not known is null.\n";

Status runInfo(const Arguments& arguments, Console& console)
{
    auto source = Source::open(arguments.positional(0), console.progress);
    if (!source)
        return pass(source);
    const auto report = reportOn(*source, console.progress);
    if (!report)
        return tl::unexpected<Error>(report.error());
    return console.out.write(arguments.has("json") ? reportJson(*report) : reportText(*report));
}

} // namespace

Command infoCommand()
{
    return {{.name = "info",
             .summary = "List the collections of a persist directory, their settings and its state",
             .positionals = {{"DIR", "the persist directory, or its chroma.sqlite3"}},
             .options = {{.name = "json", .help = "Print JSON instead of a table."}},
             .notes = kNotes},
            runInfo};
}

} // namespace app
