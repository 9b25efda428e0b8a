#include "storage/vectors/pickle_cursor.h"

#include <limits>

namespace storage {

namespace {

// Python's pickletools names them so.
enum Opcode : std::uint8_t {
    kProto = 0x80,
    kFrame = 0x95,
    kNone = 'N',
    kBinInt = 'J',
    kBinInt1 = 'K',
    kBinInt2 = 'M',
    kLong1 = 0x8a,
    kShortBinUnicode = 0x8c,
    kBinUnicode = 'X',
    kBinUnicode8 = 0x8d,
    kEmptyDict = '}',
    kEmptyList = ']',
    kEmptyTuple = ')',
    kMark = '(',
    kSetItem = 's',
    kSetItems = 'u',
    kMemoize = 0x94,
    kBinPut = 'q',
    kLongBinPut = 'r',
    kBinGet = 'h',
    kLongBinGet = 'j',
    kGlobal = 'c',
    kStackGlobal = 0x93,
    kNewObj = 0x81,
    kBuild = 'b',
    kStop = '.',
};

constexpr std::uint8_t kOldestProtocol = 2;
constexpr std::uint8_t kNewestProtocol = 5;
constexpr const char* kCut = "the file ends inside an item";

} // namespace

bool PickleCursor::start()
{
    std::uint8_t opcode = 0, protocol = 0;
    return take(opcode) && opcode == kProto && take(protocol) && protocol >= kOldestProtocol &&
           protocol <= kNewestProtocol;
}

template <class T> PickleToken PickleCursor::integer()
{
    T value = 0;
    if (!take(value))
        return bad(kCut);
    return {PickleToken::Int, std::int64_t(value), {}};
}

PickleToken PickleCursor::longInteger()
{
    std::uint8_t length = 0;
    if (!take(length) || left() < length)
        return bad(kCut);
    if (length > sizeof(std::int64_t))
        return bad("a number does not fit into 64 bits");
    std::uint64_t value = 0;
    std::memcpy(&value, m_bytes.data() + m_at, length);
    m_at += length;
    const unsigned bits = length * 8U;
    if (length > 0 && bits < 64 && (value >> (bits - 1)) != 0) // two's complement: extend the sign
        value |= ~std::uint64_t(0) << bits;
    return {PickleToken::Int, std::int64_t(value), {}};
}

template <class T> PickleToken PickleCursor::text()
{
    T length = 0;
    if (!take(length) || left() < length)
        return bad(kCut);
    if (std::uint64_t(length) > std::numeric_limits<std::uint32_t>::max())
        return bad("a text is longer than 4 GiB");
    const PickleText text{m_at, std::uint32_t(length)};
    m_at += std::size_t(length);
    return remembered({PickleToken::Text, 0, text});
}

template <class T> PickleToken PickleCursor::get()
{
    T index = 0;
    if (!take(index))
        return bad(kCut);
    if (std::size_t(index) >= m_memo.size() || m_memo[index].offset == kNoText)
        return bad("a reference to something that is no text");
    return {PickleToken::Text, 0, m_memo[index]};
}

PickleToken PickleCursor::global()
{
    constexpr std::size_t kLongest = 256; // module and name of the one class are 66 bytes
    const std::size_t from = m_at;
    int lines = 0;
    while (left() > 0 && m_at - from < kLongest) {
        if (m_bytes[m_at++] == std::byte{'\n'} && ++lines == 2)
            return remembered({PickleToken::Global, 0, {from, std::uint32_t(m_at - from - 1)}});
    }
    return bad("a class name without end");
}

// Chroma's writers number their memo without gaps, so its size is bounded by the file's.
bool PickleCursor::put(std::uint64_t index, const PickleToken& token)
{
    if (index != m_memo.size())
        return false;
    m_memo.push_back(token.kind == PickleToken::Text ? token.text : PickleText{kNoText, 0});
    return true;
}

PickleToken PickleCursor::remembered(PickleToken token)
{
    if (left() == 0)
        return token;
    const auto opcode = std::uint8_t(m_bytes[m_at]);
    std::uint64_t index = m_memo.size();
    if (opcode == kMemoize) {
        ++m_at;
    } else if (opcode == kBinPut || opcode == kLongBinPut) {
        ++m_at;
        std::uint8_t shortIndex = 0;
        std::uint32_t longIndex = 0;
        if (opcode == kBinPut ? !take(shortIndex) : !take(longIndex))
            return bad(kCut);
        index = opcode == kBinPut ? shortIndex : longIndex;
    } else {
        return token;
    }
    return put(index, token) ? token : bad("a memo number out of order");
}

PickleToken PickleCursor::next()
{
    while (true) {
        std::uint8_t opcode = 0;
        if (!take(opcode))
            return bad("the file ends before its end mark");
        switch (opcode) {
        case kFrame: {
            std::uint64_t length = 0;
            if (!take(length) || length > left())
                return bad("a frame reaches beyond the file");
            continue;
        }
        case kBinInt1:
            return integer<std::uint8_t>();
        case kBinInt2:
            return integer<std::uint16_t>();
        case kBinInt:
            return integer<std::int32_t>();
        case kLong1:
            return longInteger();
        case kShortBinUnicode:
            return text<std::uint8_t>();
        case kBinUnicode:
            return text<std::uint32_t>();
        case kBinUnicode8:
            return text<std::uint64_t>();
        case kBinGet:
            return get<std::uint8_t>();
        case kLongBinGet:
            return get<std::uint32_t>();
        case kMark:
            return simple(PickleToken::Mark);
        case kSetItem:
            return simple(PickleToken::SetItem);
        case kSetItems:
            return simple(PickleToken::SetItems);
        case kNone:
            return simple(PickleToken::None);
        case kEmptyDict:
            return remembered(simple(PickleToken::EmptyDict));
        case kEmptyList:
            return remembered(simple(PickleToken::EmptyList));
        case kEmptyTuple:
            return remembered(simple(PickleToken::EmptyTuple));
        case kGlobal:
            return global();
        case kStackGlobal:
            return remembered(simple(PickleToken::StackGlobal));
        case kNewObj:
            return remembered(simple(PickleToken::NewObject));
        case kBuild:
            return simple(PickleToken::Build);
        case kStop:
            return simple(PickleToken::Stop);
        default:
            --m_at;
            return bad("an item of a kind that Chroma does not write");
        }
    }
}

} // namespace storage
