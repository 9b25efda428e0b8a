// Text and number files that may be compressed, told by the end of their name: .gz, .zst or neither. Written beside
// their name and renamed when whole; read as a stream of bounded memory.
#pragma once

#include "storage/base/file_ops.h"
#include "storage/base/progress.h"
#include "storage/base/result.h"

#include <QString>

#include <memory>
#include <string>
#include <string_view>

class QIODevice;

namespace storage {

[[nodiscard]] QString withoutCompression(const QString& fileName); // "a.jsonl.gz" -> "a.jsonl"

class FileWriter
{
public:
    // The file appears at `path` with finish(), taking the place of one that stands there; nothing is left behind by a
    // writer that is destroyed without it.
    [[nodiscard]] static Result<FileWriter> create(const FileOps& ops, const QString& path);
    FileWriter(FileWriter&&) noexcept;
    ~FileWriter();

    [[nodiscard]] Status write(std::string_view bytes);
    [[nodiscard]] Status finish();
    [[nodiscard]] qint64 bytes() const { return m_bytes; } // before compression

private:
    struct Streams;
    FileWriter(const FileOps& ops, QString path, std::unique_ptr<Streams> streams);
    [[nodiscard]] Status flush();
    const FileOps* m_ops;
    QString m_path;
    std::unique_ptr<Streams> m_streams;
    std::string m_buffer;
    qint64 m_bytes = 0;
};

class FileReader
{
public:
    [[nodiscard]] static Result<FileReader> open(const QString& path, Progress& progress);
    FileReader(FileReader&&) noexcept;
    ~FileReader();

    // The next bytes; empty: the end. Errors: Corrupt for a truncated or damaged compressed stream, Cancelled.
    [[nodiscard]] Result<std::string_view> read();
    // The next line without its end; false: there is none. Errors: Invalid for a line beyond `longest` bytes.
    [[nodiscard]] Result<bool> readLine(std::string& line, std::size_t longest);
    [[nodiscard]] qint64 position() const; // in the file as it lies on disk, for progress
    [[nodiscard]] qint64 size() const;

private:
    struct Streams;
    explicit FileReader(std::unique_ptr<Streams> streams);
    std::unique_ptr<Streams> m_streams;
    std::string m_block;
    std::size_t m_at = 0;
    bool m_ended = false;
};

} // namespace storage
