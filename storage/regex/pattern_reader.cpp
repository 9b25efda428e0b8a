#include "storage/regex/pattern_reader.h"

#include "storage/base/utf8.h"
#include "storage/regex/unicode_class.h"

#include <QChar>

#include <algorithm>

namespace storage {

namespace {

bool isAsciiAlphanumeric(char32_t c)
{
    return isAsciiWord(c) && c != '_';
}

bool isMeta(char32_t c)
{
    return c < 0x80 && std::string_view("\\.+*?()|[]{}^$#&-~").find(char(c)) != std::string_view::npos;
}

int hexDigit(char32_t c)
{
    if (c >= '0' && c <= '9')
        return int(c - '0');
    if (c >= 'a' && c <= 'f')
        return int(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return int(c - 'A' + 10);
    return -1;
}

QString shown(std::u32string_view text)
{
    return QString::fromUcs4(text.data(), qsizetype(text.size()));
}

std::optional<char32_t> controlEscape(char32_t letter)
{
    switch (letter) {
    case 'a':
        return U'\a';
    case 'f':
        return U'\f';
    case 't':
        return U'\t';
    case 'n':
        return U'\n';
    case 'r':
        return U'\r';
    case 'v':
        return U'\v';
    default:
        return std::nullopt;
    }
}

} // namespace

char32_t PatternReader::peekPastSpace() const
{
    std::size_t at = m_at + 1;
    bool comment = false;
    for (; flags.verbose && at < m_text.size(); ++at) {
        if (comment)
            comment = m_text[at] != '\n';
        else if (m_text[at] == '#')
            comment = true;
        else if (!unicodeSpace().contains(m_text[at]))
            break;
    }
    return at < m_text.size() ? m_text[at] : U'\0';
}

bool PatternReader::looksAt(std::u32string_view text) const
{
    return std::u32string_view(m_text).substr(std::min(m_at, m_text.size())).starts_with(text);
}

bool PatternReader::accept(std::u32string_view text)
{
    if (!looksAt(text))
        return false;
    m_at += text.size();
    return true;
}

void PatternReader::advanceAndSkip()
{
    advance();
    skipIgnored();
}

void PatternReader::skipIgnored()
{
    while (flags.verbose && !atEnd()) {
        if (unicodeSpace().contains(peek())) {
            advance();
        } else if (peek() == '#') {
            while (!atEnd() && peek() != '\n')
                advance();
        } else {
            return;
        }
    }
}

tl::unexpected<Error> PatternReader::wrong(const QString& reason, std::size_t place) const
{
    return fail(ErrorKind::Invalid,
                QStringLiteral("The pattern is not one that Chroma accepts: %1 (at character %2).")
                    .arg(reason)
                    .arg(std::min(place, m_text.size()) + 1),
                shown(m_text));
}

Result<std::shared_ptr<const CharSet>> PatternReader::finishSet(CharSet set, std::size_t place)
{
    if (set.empty())
        return wrong(QStringLiteral("this class of characters is empty"), place);
    if (!flags.unicode && !set.single())
        return wrong(QStringLiteral("classes of bytes, as (?-u) makes them, are not supported"), place);
    auto& shared = m_sets[set];
    if (!shared)
        shared = std::make_shared<const CharSet>(std::move(set));
    return shared;
}

Result<CharSet> PatternReader::literalSet(char32_t c, std::size_t place) const
{
    const CharSet set(c, c);
    if (set.empty()) // a surrogate
        return wrong(QStringLiteral("this number is no character"), place);
    return flags.insensitive ? set.caseFolded() : set;
}

Result<PatternReader::Escape> PatternReader::readEscape()
{
    const std::size_t start = m_at;
    advance();
    if (atEnd())
        return wrong(QStringLiteral("it ends in a single backslash"), start);
    const char32_t c = peek();
    if (c >= '0' && c <= '9')
        return wrong(QStringLiteral("back-references are not supported"), start);
    if (c == 'x' || c == 'u' || c == 'U') {
        auto value = readHex();
        if (!value)
            return pass(value);
        return Escape(*value);
    }
    if (c == 'p' || c == 'P') {
        auto set = readProperty();
        if (!set)
            return pass(set);
        return Escape(std::move(*set));
    }
    advance();
    if (std::u32string_view(U"dDsSwW").find(c) != std::u32string_view::npos) {
        auto set = perlClass(c, start);
        if (!set)
            return pass(set);
        return Escape(std::move(*set));
    }
    if (isMeta(c) || (c < 0x80 && !isAsciiAlphanumeric(c) && c != '<' && c != '>'))
        return Escape(c);
    if (const auto control = controlEscape(c))
        return Escape(*control);
    return readBoundary(start);
}

Result<CharSet> PatternReader::perlClass(char32_t letter, std::size_t start) const
{
    if (!flags.unicode)
        return wrong(QStringLiteral("classes of bytes, as (?-u) makes them, are not supported"), start);
    const CharSet& set = letter == 'd' || letter == 'D'   ? unicodeDigits()
                         : letter == 's' || letter == 'S' ? unicodeSpace()
                                                          : unicodeWord();
    return letter < 'a' ? set.complement() : set;
}

Result<char32_t> PatternReader::readHex()
{
    const std::size_t start = m_at - 1;
    const std::size_t digits = peek() == 'x' ? 2 : peek() == 'u' ? 4 : 8;
    const bool byteForm = peek() == 'x';
    advanceAndSkip();
    const bool braced = accept(U"{");
    if (braced)
        skipIgnored();
    std::uint64_t value = 0;
    std::size_t read = 0;
    for (; !atEnd() && (braced ? peek() != '}' : read < digits); ++read) {
        const int digit = hexDigit(peek());
        if (digit < 0)
            return wrong(QStringLiteral("\"%1\" is no hexadecimal digit").arg(shown(m_text.substr(m_at, 1))));
        value = std::min<std::uint64_t>(value * 16 + std::uint64_t(digit), 0xffffffff);
        advanceAndSkip();
    }
    if (braced ? (atEnd() || read == 0) : read < digits)
        return wrong(QStringLiteral("the hexadecimal number is not complete"), start);
    if (braced)
        advance();
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return wrong(QStringLiteral("this number is no character"), start);
    if (!flags.unicode && byteForm && value >= 0x80 && value <= 0xff)
        return wrong(QStringLiteral("single bytes, as (?-u) makes them, are not supported"), start);
    return static_cast<char32_t>(value);
}

Result<CharSet> PatternReader::readProperty()
{
    const std::size_t start = m_at - 1;
    bool negated = peek() == 'P';
    advanceAndSkip();
    std::u32string name;
    if (peek() == '{') {
        for (advance(); !atEnd() && peek() != '}'; advance())
            name += peek();
        if (atEnd())
            return wrong(QStringLiteral("the name of the property is not closed"), start);
    } else if (!atEnd()) {
        name = peek();
    }
    advance();
    if (!flags.unicode)
        return wrong(QStringLiteral("Unicode properties are not allowed under (?-u)"), start);
    std::string utf8;
    for (const char32_t c : name)
        appendUtf8(utf8, c);
    if (const std::size_t sign = utf8.find("!="); sign != std::string::npos) {
        utf8.erase(sign, 1);
        negated = !negated;
    }
    auto set = unicodeProperty(utf8);
    if (!set)
        return wrong(QStringLiteral("the Unicode property \"%1\" is not known here").arg(shown(name)), start);
    if (flags.insensitive)
        *set = set->caseFolded();
    return negated ? set->complement() : *set;
}

Result<PatternReader::Escape> PatternReader::readBoundary(std::size_t start)
{
    const char32_t letter = m_text[start + 1];
    switch (letter) {
    case 'A':
        return Escape(WordLook{Look::Start});
    case 'z':
        return Escape(WordLook{Look::End});
    case 'B':
        return Escape(WordLook{Look::NotBoundary});
    case '<':
        return Escape(WordLook{Look::WordStart});
    case '>':
        return Escape(WordLook{Look::WordEnd});
    case 'b':
        break;
    default:
        return wrong(QStringLiteral("\"\\%1\" has no meaning").arg(shown(m_text.substr(start + 1, 1))),
                     start);
    }
    // \b{start} and its like; \b{2} is a repetition.
    const auto nameCharacter = [this] {
        return peek() == '-' || (isAsciiAlphanumeric(peek()) && peek() > '9');
    };
    const std::size_t brace = m_at;
    if (!accept(U"{"))
        return Escape(WordLook{Look::Boundary});
    skipIgnored();
    if (!atEnd() && !nameCharacter()) {
        m_at = brace;
        return Escape(WordLook{Look::Boundary});
    }
    std::u32string name;
    for (; !atEnd() && nameCharacter(); advanceAndSkip())
        name += peek();
    const bool closed = accept(U"}");
    if (closed && name == U"start")
        return Escape(WordLook{Look::WordStart});
    if (closed && name == U"end")
        return Escape(WordLook{Look::WordEnd});
    if (closed && name == U"start-half")
        return Escape(WordLook{Look::WordStartHalf});
    if (closed && name == U"end-half")
        return Escape(WordLook{Look::WordEndHalf});
    return wrong(QStringLiteral("this kind of word boundary is not known"), start);
}

} // namespace storage
