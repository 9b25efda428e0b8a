#include "app/cli/records_writer.h"

#include "app/cli/records_json.h"
#include "app/cli/spill.h"
#include "storage/base/json_text.h"

#include <algorithm>
#include <optional>

namespace app {

using namespace storage;

namespace {

constexpr std::size_t kPage = 1000;
constexpr std::size_t kFlush = std::size_t(1) << 20;

// One column: the elements of its array, and null where the column is not included.
class Column
{
public:
    // `head`: what stands before it in the object.
    Column(const char* head, bool included) : m_head(head), m_included(included) {}

    [[nodiscard]] bool included() const { return m_included; }
    // The text to append one more element to.
    [[nodiscard]] std::string& next()
    {
        m_piece += m_empty ? "" : ",";
        m_empty = false;
        return m_piece;
    }
    [[nodiscard]] Status settle()
    {
        const auto kept = m_elements.append(m_piece);
        m_piece.clear();
        return kept;
    }
    [[nodiscard]] Status print(Output& out)
    {
        auto done = out.write(std::string(m_head) + (m_included ? "[" : "null"));
        if (done && m_included)
            done = m_elements.copyTo(out);
        return done && m_included ? out.write("]") : done;
    }

private:
    const char* m_head;
    bool m_included;
    bool m_empty = true;
    std::string m_piece;
    Spill m_elements;
};

// Ids one after the other in a single text: the vectors are looked up by them at the end.
class IdList
{
public:
    void add(std::string_view id)
    {
        m_text += id;
        m_ends.push_back(m_text.size());
    }
    [[nodiscard]] std::size_t size() const { return m_ends.size(); }
    [[nodiscard]] std::string_view at(std::size_t index) const
    {
        const std::size_t from = index == 0 ? 0 : m_ends[index - 1];
        return std::string_view(m_text).substr(from, m_ends[index] - from);
    }

private:
    std::string m_text;
    std::vector<std::size_t> m_ends;
};

class Writer
{
public:
    Writer(const CollectionReader& reader, const Include& include, const VectorStore* vectors,
           Console& console)
        : m_reader(reader),
          m_include(include),
          m_vectors(vectors),
          m_console(console),
          m_documents(",\"documents\":", include.documents),
          m_metadatas(",\"metadatas\":", include.metadatas),
          m_uris(",\"uris\":", include.uris)
    {}

    Result<WrittenRecords> run(std::span<const RowKey> rows)
    {
        auto done = read(rows);
        if (done)
            done = print();
        if (!done)
            return tl::unexpected<Error>(done.error());
        return m_written;
    }

private:
    Status read(std::span<const RowKey> rows)
    {
        const bool onlyIds = !m_include.documents && !m_include.metadatas && !m_include.uris;
        for (std::size_t at = 0; at < rows.size(); at += kPage) {
            const auto page = rows.subspan(at, std::min(kPage, rows.size() - at));
            m_console.progress.report(static_cast<qint64>(at), static_cast<qint64>(rows.size()),
                                      QStringLiteral("Records read"));
            if (m_console.progress.cancelled())
                return cancelledError();
            if (auto taken = onlyIds ? takeIds(page) : takeRecords(page); !taken)
                return taken;
        }
        return {};
    }

    Status takeIds(std::span<const RowKey> page)
    {
        const auto ids = m_reader.idsOf(page, m_console.progress);
        if (!ids)
            return tl::unexpected<Error>(ids.error());
        for (std::size_t i = 0; i < ids->size(); ++i) {
            const bool gone = (*ids)[i].empty() && !isEmptyId(page[i]);
            if (!gone)
                addId((*ids)[i]);
        }
        return m_ids.settle();
    }

    Status takeRecords(std::span<const RowKey> page)
    {
        const auto records = m_reader.records(page, m_console.progress);
        if (!records)
            return tl::unexpected<Error>(records.error());
        for (const Record& record : *records) {
            addId(record.id);
            if (m_documents.included())
                appendJsonOrNull(m_documents.next(), record.document);
            if (m_metadatas.included())
                appendRecordMetadata(m_metadatas.next(), record);
            if (m_uris.included())
                appendJsonOrNull(m_uris.next(), record.uri);
        }
        for (Column* column : {&m_ids, &m_documents, &m_metadatas, &m_uris})
            if (auto settled = column->settle(); !settled)
                return settled;
        return {};
    }

    // An id may be an empty text; a row that is gone reads the same.
    [[nodiscard]] bool isEmptyId(RowKey row) const
    {
        const auto found = m_reader.rowOf(std::string());
        return found && *found == row;
    }

    void addId(const std::string& id)
    {
        appendJson(m_ids.next(), std::string_view(id));
        if (m_include.embeddings)
            m_idList.add(id);
        ++m_written.records;
    }

    Status print()
    {
        for (Column* column : {&m_ids, &m_documents, &m_metadatas})
            if (auto printed = column->print(m_console.out); !printed)
                return printed;
        auto done = printEmbeddings();
        if (done)
            done = m_uris.print(m_console.out);
        return done ? m_console.out.write("}\n") : done;
    }

    Status printEmbeddings()
    {
        std::string piece = ",\"embeddings\":";
        piece += m_include.embeddings ? "[" : "null";
        for (std::size_t i = 0; i < m_idList.size(); ++i) {
            piece += i == 0 ? "" : ",";
            appendVector(piece, m_idList.at(i));
            if (piece.size() < kFlush)
                continue;
            m_console.progress.report(static_cast<qint64>(i), m_written.records,
                                      QStringLiteral("Embeddings written"));
            if (m_console.progress.cancelled())
                return cancelledError();
            if (auto written = m_console.out.write(piece); !written)
                return written;
            piece.clear();
        }
        return m_console.out.write(piece + (m_include.embeddings ? "]" : ""));
    }

    void appendVector(std::string& out, std::string_view id)
    {
        if (const auto vector = m_vectors->vector(id)) {
            appendJson(out, std::span<const float>(*vector));
            return;
        }
        out += "null";
        if (m_written.withoutVector++ == 0)
            m_written.firstWithoutVector = id;
    }

    const CollectionReader& m_reader;
    const Include& m_include;
    const VectorStore* m_vectors;
    Console& m_console;
    Column m_ids{"{\"ids\":", true};
    Column m_documents;
    Column m_metadatas;
    Column m_uris;
    IdList m_idList;
    WrittenRecords m_written;
};

} // namespace

Result<WrittenRecords> writeRecords(const CollectionReader& reader, std::span<const RowKey> rows,
                                    const Include& include, const VectorStore* vectors, Console& console)
{
    Q_ASSERT(!include.embeddings || vectors != nullptr);
    return Writer(reader, include, vectors, console).run(rows);
}

} // namespace app
