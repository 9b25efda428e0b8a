// Where a command's bytes go: standard output or a text in memory (tests). Bytes are UTF-8 whatever the
// locale says.
#pragma once

#include "storage/base/result.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace app {

class Output
{
public:
    Output() = default;
    virtual ~Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    // Errors: NoSpace, Io.
    [[nodiscard]] virtual storage::Status write(std::string_view bytes) = 0;
};

// Gathers what is written and hands it to an open stream in large pieces. Whoever made it flushes it.
class StreamOutput final : public Output
{
public:
    // `name` as in "Standard output cannot be written."
    StreamOutput(std::FILE* stream, QString name);
    [[nodiscard]] storage::Status write(std::string_view bytes) override;
    [[nodiscard]] storage::Status flush();
    // The reader at the other end of the pipe has gone: nobody wants the rest, nor a word about it.
    [[nodiscard]] bool readerGone() const { return m_readerGone; }

private:
    [[nodiscard]] storage::Status failed(int code);
    std::FILE* m_stream;
    QString m_name;
    std::string m_waiting;
    bool m_readerGone = false;
};

class TextOutput final : public Output
{
public:
    [[nodiscard]] storage::Status write(std::string_view bytes) override
    {
        text += bytes;
        return {};
    }
    std::string text;
};

} // namespace app
