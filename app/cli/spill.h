// A text that may grow beyond memory: it is kept in memory while it is small and goes to an unnamed temporary
// file from then on. One column of an answer is written here while another one is on its way out.
#pragma once

#include "app/cli/output.h"

#include <memory>
#include <string>
#include <string_view>

class QTemporaryFile;

namespace app {

class Spill
{
public:
    // `inMemory`: bytes kept before the file is made.
    explicit Spill(std::size_t inMemory = std::size_t(4) << 20);
    ~Spill();
    Spill(Spill&&) noexcept;
    Spill& operator=(Spill&&) noexcept;

    // Errors: NoSpace, Io.
    [[nodiscard]] storage::Status append(std::string_view bytes);
    // Writes everything to `out`; may be called again.
    [[nodiscard]] storage::Status copyTo(Output& out);
    [[nodiscard]] bool usesFile() const { return m_file != nullptr; }

private:
    [[nodiscard]] storage::Status writeOut();
    std::size_t m_inMemory;
    std::string m_tail; // what the file has not yet
    std::unique_ptr<QTemporaryFile> m_file;
};

// Where large temporary files go: TMPDIR when it is set, else /var/tmp, since /tmp is often memory.
[[nodiscard]] QString spillFolder();

} // namespace app
