// The one way a function of Chromakeep fails: a kind to branch on, a sentence for a person, a technical
// detail.
#pragma once

#include <QString>

#include <tl/expected.hpp>
#include <utility>

namespace storage {

enum class ErrorKind {
    NotFound,    // the path, collection or record is not there
    NotChroma,   // something is there, but no Chroma persist directory
    Unsupported, // Chroma's, but in a form that cannot be handled (said which)
    Busy,        // another process holds it
    Changed,     // it changed between reading and acting
    Corrupt,     // bytes contradict the format
    Invalid,     // the request itself is wrong
    Io,          // the operating system refused
    NoSpace,     // the disk is full
    Cancelled,   // the user asked to stop
};

struct Error
{
    ErrorKind kind = ErrorKind::Io;
    QString sentence; // whole sentence, ends with a full stop, names the thing
    QString detail;   // SQLite's, the system's or the parser's own words; may be empty
};

template <class T> using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, QString sentence, QString detail = {})
{
    return tl::unexpected<Error>(Error{kind, std::move(sentence), std::move(detail)});
}

// Hands a failed result's error on to the caller: `if (!rows) return pass(rows);`
template <class T> [[nodiscard]] tl::unexpected<Error> pass(Result<T>& failed)
{
    return tl::unexpected<Error>(std::move(failed.error()));
}

} // namespace storage
