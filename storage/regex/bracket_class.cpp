// Bracketed classes: [a-z], [^[:alpha:]\d], nested ones and the set operations && -- ~~, which group from the
// left and bind less than being side by side.
#include "storage/regex/pattern_reader.h"
#include "storage/regex/unicode_class.h"

#include <string>

namespace storage {

namespace {

enum class SetOperation { None, Intersection, Difference, SymmetricDifference };

class BracketReader
{
public:
    BracketReader(PatternReader& reader, int depth) : m_reader(reader), m_depth(depth) {}
    [[nodiscard]] Result<CharSet> read();

private:
    [[nodiscard]] Status readOpening();
    [[nodiscard]] Status readItem();
    [[nodiscard]] Status readRange();
    [[nodiscard]] Result<PatternReader::Escape> readMember();
    [[nodiscard]] bool readPosix();
    [[nodiscard]] Status unclosed() const
    {
        return m_reader.wrong(QStringLiteral("this class of characters is not closed by \"]\""), m_start);
    }
    void apply(SetOperation next);

    PatternReader& m_reader;
    int m_depth;
    std::size_t m_start = 0;
    bool m_negated = false;
    CharSet m_union; // since the last operator
    CharSet m_left;  // before it
    SetOperation m_operation = SetOperation::None;
};

Status BracketReader::readOpening()
{
    m_start = m_reader.place();
    m_reader.advanceAndSkip();
    if (m_reader.peek() == '^') {
        m_negated = true;
        m_reader.advanceAndSkip();
    }
    // Leading "-" and a "]" that comes first stand for themselves.
    bool first = true;
    while (m_reader.peek() == '-') {
        m_union = m_union.united(CharSet('-', '-'));
        m_reader.advanceAndSkip();
        first = false;
    }
    if (first && m_reader.peek() == ']') {
        m_union = m_union.united(CharSet(']', ']'));
        m_reader.advanceAndSkip();
    }
    return {};
}

bool BracketReader::readPosix()
{
    const std::size_t start = m_reader.place();
    const auto back = [&] {
        m_reader.returnTo(start);
        return false;
    };
    if (!m_reader.accept(U"[:"))
        return false;
    const bool negated = m_reader.accept(U"^");
    std::string name;
    while (!m_reader.atEnd() && m_reader.peek() != ':' && m_reader.peek() < 0x80) {
        name += static_cast<char>(m_reader.peek());
        m_reader.advance();
    }
    const auto set = posixClass(name);
    if (!m_reader.accept(U":]") || !set)
        return back();
    m_union = m_union.united(negated ? set->complement() : *set);
    return true;
}

Result<PatternReader::Escape> BracketReader::readMember()
{
    if (m_reader.peek() == '\\')
        return m_reader.readEscape();
    const char32_t c = m_reader.peek();
    m_reader.advance();
    return PatternReader::Escape(c);
}

Status BracketReader::readRange()
{
    const std::size_t place = m_reader.place();
    auto first = readMember();
    if (!first)
        return pass(first);
    if (std::holds_alternative<PatternReader::WordLook>(*first))
        return m_reader.wrong(QStringLiteral("an assertion has no meaning in a class of characters"), place);
    m_reader.skipIgnored();
    const char32_t after = m_reader.peekPastSpace();
    if (m_reader.peek() != '-' || after == ']' || after == '-') {
        const auto* set = std::get_if<CharSet>(&*first);
        const char32_t* c = std::get_if<char32_t>(&*first);
        m_union = m_union.united(set ? *set : CharSet(*c, *c));
        return {};
    }
    m_reader.advanceAndSkip();
    if (m_reader.atEnd())
        return unclosed();
    auto last = readMember();
    if (!last)
        return pass(last);
    const char32_t* from = std::get_if<char32_t>(&*first);
    const char32_t* to = std::get_if<char32_t>(&*last);
    if (!from || !to)
        return m_reader.wrong(QStringLiteral("a range needs a single character at either end"), place);
    if (*from > *to)
        return m_reader.wrong(QStringLiteral("this range runs backwards"), place);
    m_union = m_union.united(CharSet(*from, *to));
    return {};
}

void BracketReader::apply(SetOperation next)
{
    CharSet right = m_union;
    if (m_operation != SetOperation::None && m_reader.flags.insensitive) {
        right = right.caseFolded();
        m_left = m_left.caseFolded();
    }
    switch (m_operation) {
    case SetOperation::None:
        m_left = right;
        break;
    case SetOperation::Intersection:
        m_left = m_left.intersected(right);
        break;
    case SetOperation::Difference:
        m_left = m_left.without(right);
        break;
    case SetOperation::SymmetricDifference:
        m_left = m_left.united(right).without(m_left.intersected(right));
        break;
    }
    m_union = {};
    m_operation = next;
}

Status BracketReader::readItem()
{
    if (m_reader.peek() == '[') {
        if (readPosix())
            return {};
        auto nested = readBracketClass(m_reader, m_depth + 1);
        if (!nested)
            return pass(nested);
        m_union = m_union.united(*nested);
        return {};
    }
    if (m_reader.accept(U"&&"))
        apply(SetOperation::Intersection);
    else if (m_reader.accept(U"--"))
        apply(SetOperation::Difference);
    else if (m_reader.accept(U"~~"))
        apply(SetOperation::SymmetricDifference);
    else
        return readRange();
    return {};
}

Result<CharSet> BracketReader::read()
{
    if (m_depth > kMaxPatternDepth)
        return m_reader.wrong(QStringLiteral("classes are nested too deeply"));
    if (auto opened = readOpening(); !opened)
        return pass(opened);
    while (true) {
        m_reader.skipIgnored();
        if (m_reader.atEnd()) {
            auto error = unclosed();
            return pass(error);
        }
        if (m_reader.peek() == ']')
            break;
        if (auto item = readItem(); !item)
            return pass(item);
    }
    m_reader.advance();
    apply(SetOperation::None);
    if (m_reader.flags.insensitive)
        m_left = m_left.caseFolded();
    return m_negated ? m_left.complement() : m_left;
}

} // namespace

Result<CharSet> readBracketClass(PatternReader& reader, int depth)
{
    return BracketReader(reader, depth).read();
}

} // namespace storage
