// Reads the few pickle opcodes that Chroma writes into index_metadata.pickle, one token at a time, over bytes
// that must outlive it. Nothing is ever called or built: class names come out as text for the caller to
// compare. Memo marks are kept here and never seen outside; frames are checked and passed over. Linear, no
// recursion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace storage {

// A text of the file: where it is and how long.
struct PickleText
{
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    bool operator==(const PickleText&) const = default;
};

struct PickleToken
{
    enum Kind : std::uint8_t {
        Bad,
        None,
        Int,
        Text,
        EmptyDict,
        EmptyList,
        EmptyTuple,
        Mark,
        SetItem,
        SetItems,
        Global,      // text is "module\nname"
        StackGlobal, // the two texts before it
        NewObject,
        Build,
        Stop,
    };
    Kind kind = Bad;
    std::int64_t integer = 0;
    PickleText text;
};

class PickleCursor
{
public:
    explicit PickleCursor(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    [[nodiscard]] bool start(); // the protocol mark; false: none of 2 to 5
    [[nodiscard]] PickleToken next();

    // For one token of doubt: rewind(place()) forgets what was read since.
    struct Place
    {
        std::size_t at = 0;
        std::size_t memo = 0;
    };
    [[nodiscard]] Place place() const { return {m_at, m_memo.size()}; }
    void rewind(Place place)
    {
        m_at = place.at;
        m_memo.resize(place.memo);
        m_problem = "";
    }

    [[nodiscard]] std::string_view view(PickleText text) const
    {
        return {reinterpret_cast<const char*>(m_bytes.data()) + text.offset, text.length};
    }
    [[nodiscard]] std::size_t at() const { return m_at; }
    [[nodiscard]] std::size_t left() const { return m_bytes.size() - m_at; }
    [[nodiscard]] const char* problem() const { return m_problem; } // after a Bad token

private:
    [[nodiscard]] PickleToken bad(const char* problem)
    {
        m_problem = problem;
        return {};
    }
    template <class T> [[nodiscard]] bool take(T& value)
    {
        if (left() < sizeof(T))
            return false;
        std::memcpy(&value, m_bytes.data() + m_at, sizeof(T)); // little-endian, as all that Chroma runs on
        m_at += sizeof(T);
        return true;
    }
    template <class T> [[nodiscard]] PickleToken integer();
    template <class T> [[nodiscard]] PickleToken text();
    template <class T> [[nodiscard]] PickleToken get();
    [[nodiscard]] PickleToken longInteger();
    [[nodiscard]] PickleToken global();
    [[nodiscard]] PickleToken simple(PickleToken::Kind kind) { return {kind, 0, {}}; }
    [[nodiscard]] PickleToken remembered(PickleToken token);
    [[nodiscard]] bool put(std::uint64_t index, const PickleToken& token);

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    std::vector<PickleText> m_memo; // kNoText: something that is no text
    const char* m_problem = "";
    static constexpr std::uint64_t kNoText = UINT64_MAX;
};

} // namespace storage
