// A file's bytes mapped read-only: opening costs nothing, pages come when they are read. Chroma writes its
// index files in place, so a mapping can lose pages while it is read: such a page then reads as zeros and
// torn() says so, instead of a signal that ends the program. Whoever answers from a mapping asks unchanged()
// afterwards. A value that moves; the bytes may be read from several threads.
#pragma once

#include "storage/base/result.h"

#include <QString>

#include <cstddef>
#include <memory>
#include <span>

namespace storage {

class MappedFile
{
public:
    MappedFile(); // nothing: no bytes
    MappedFile(MappedFile&&) noexcept;
    MappedFile& operator=(MappedFile&&) noexcept;
    ~MappedFile();

    // Errors: NotFound, Io (also for what is no file).
    [[nodiscard]] static Result<MappedFile> open(const QString& path);

    [[nodiscard]] std::span<const std::byte> bytes() const { return m_bytes; }
    [[nodiscard]] std::size_t size() const { return m_bytes.size(); }
    [[nodiscard]] qint64 allocated() const; // bytes really on disk; far less than size() for a sparse file
    [[nodiscard]] const QString& path() const;

    // A page went missing under the reader since the file was opened.
    [[nodiscard]] bool torn() const;
    // Size and time of the mapped file are as they were when it was opened. A write within the file system's
    // clock tick (some milliseconds) of the one before it can pass unseen.
    [[nodiscard]] bool unchanged() const;

    enum class Access { Random, Sequential, SoonAll };
    void advise(Access access) const; // how it will be read; a hint

private:
    struct Handle;
    std::unique_ptr<Handle> m_handle;
    std::span<const std::byte> m_bytes;
};

} // namespace storage
