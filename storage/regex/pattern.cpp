#include "storage/regex/pattern.h"

#include "storage/base/utf8.h"
#include "storage/regex/pattern_reader.h"

#include <QChar>

#include <set>

namespace storage {

namespace {

class PatternParser
{
public:
    explicit PatternParser(std::u32string text) : m_reader(std::move(text)) {}
    [[nodiscard]] Result<PatternNode> parse();

private:
    [[nodiscard]] Result<PatternNode> alternatives(int depth);
    [[nodiscard]] Result<PatternNode> sequence(int depth);
    [[nodiscard]] Status item(std::vector<PatternNode>& items, int depth);
    [[nodiscard]] Status group(std::vector<PatternNode>& items, int depth);
    [[nodiscard]] Status groupName();
    [[nodiscard]] Status readFlags();
    [[nodiscard]] Status repeat(std::vector<PatternNode>& items);
    [[nodiscard]] Status repeatCounted(PatternNode& repeated);
    [[nodiscard]] Result<std::uint32_t> decimal();
    [[nodiscard]] Result<PatternNode> single();
    [[nodiscard]] Result<PatternNode> setNode(CharSet set, std::size_t place);
    [[nodiscard]] PatternNode lookNode(Look look) const;

    PatternReader m_reader;
    std::set<std::u32string> m_names;
    bool m_afterFlags = false; // (?i) cannot be repeated
};

bool isRepetition(char32_t c)
{
    return c == '*' || c == '+' || c == '?' || c == '{';
}

int repetitionDepth(const PatternNode& node)
{
    int depth = 0;
    for (const PatternNode* at = &node; at->kind == PatternNode::Kind::Repeat; at = &at->children.front())
        ++depth;
    return depth;
}

Result<PatternNode> PatternParser::parse()
{
    auto tree = alternatives(0);
    if (tree && !m_reader.atEnd())
        return m_reader.wrong(QStringLiteral("this \")\" closes nothing"));
    return tree;
}

Result<PatternNode> PatternParser::alternatives(int depth)
{
    if (depth > kMaxPatternDepth)
        return m_reader.wrong(QStringLiteral("groups are nested too deeply"));
    PatternNode either;
    either.kind = PatternNode::Kind::Alternate;
    while (true) {
        auto branch = sequence(depth);
        if (!branch)
            return branch;
        either.children.push_back(std::move(*branch));
        if (m_reader.peek() != '|' || m_reader.atEnd())
            break;
        m_reader.advance();
    }
    if (either.children.size() == 1)
        return std::move(either.children.front());
    return either;
}

Result<PatternNode> PatternParser::sequence(int depth)
{
    std::vector<PatternNode> items;
    m_afterFlags = false;
    while (true) {
        m_reader.skipIgnored();
        if (m_reader.atEnd() || m_reader.peek() == '|' || m_reader.peek() == ')')
            break;
        if (auto read = item(items, depth); !read)
            return pass(read);
    }
    if (items.size() == 1)
        return std::move(items.front());
    PatternNode all;
    if (!items.empty())
        all.kind = PatternNode::Kind::Concat;
    all.children = std::move(items);
    return all;
}

Status PatternParser::item(std::vector<PatternNode>& items, int depth)
{
    const char32_t c = m_reader.peek();
    if (isRepetition(c))
        return repeat(items);
    if (c == '(')
        return group(items, depth);
    m_afterFlags = false;
    auto node = single();
    if (!node)
        return pass(node);
    items.push_back(std::move(*node));
    return {};
}

Status PatternParser::group(std::vector<PatternNode>& items, int depth)
{
    const std::size_t start = m_reader.place();
    const PatternFlags outside = m_reader.flags;
    m_reader.advanceAndSkip();
    for (const std::u32string_view look : {U"?=", U"?!", U"?<=", U"?<!"})
        if (m_reader.looksAt(look))
            return m_reader.wrong(QStringLiteral("look-ahead and look-behind are not supported"), start);
    if (m_reader.accept(U"?P<") || m_reader.accept(U"?<")) {
        if (auto named = groupName(); !named)
            return named;
    } else if (m_reader.accept(U"?")) {
        if (m_reader.peek() == ')')
            return m_reader.wrong(QStringLiteral("this repetition has nothing to repeat"), start);
        if (auto flags = readFlags(); !flags)
            return flags;
        const bool forTheRest = m_reader.peek() == ')';
        m_reader.advance();
        if (forTheRest) {
            m_afterFlags = true;
            return {};
        }
    }
    auto inner = alternatives(depth + 1);
    if (!inner)
        return pass(inner);
    if (m_reader.atEnd())
        return m_reader.wrong(QStringLiteral("this group is not closed by \")\""), start);
    m_reader.advance();
    m_reader.flags = outside;
    m_afterFlags = false;
    items.push_back(std::move(*inner));
    return {};
}

Status PatternParser::groupName()
{
    const std::size_t start = m_reader.place();
    const auto isLetter = [](char32_t c) {
        return c == '_' || QChar::isLetter(c) || QChar::category(c) == QChar::Number_Letter;
    };
    std::u32string name;
    for (; !m_reader.atEnd() && m_reader.peek() != '>'; m_reader.advance()) {
        const char32_t c = m_reader.peek();
        const bool later = c == '.' || c == '[' || c == ']' || QChar::isNumber(c);
        if (!isLetter(c) && (name.empty() || !later))
            return m_reader.wrong(QStringLiteral("this character cannot stand in the name of a group"));
        name += c;
    }
    if (m_reader.atEnd() || name.empty())
        return m_reader.wrong(QStringLiteral("the name of this group is empty or not closed"), start);
    if (!m_names.insert(name).second)
        return m_reader.wrong(QStringLiteral("two groups have the same name"), start);
    m_reader.advance();
    return {};
}

Status PatternParser::readFlags()
{
    std::u32string seen;
    bool on = true;
    bool dangling = false;
    for (; !m_reader.atEnd() && m_reader.peek() != ':' && m_reader.peek() != ')'; m_reader.advance()) {
        const char32_t c = m_reader.peek();
        if (seen.find(c) != std::u32string::npos)
            return m_reader.wrong(QStringLiteral("a flag stands twice"));
        seen += c;
        dangling = c == '-';
        PatternFlags& flags = m_reader.flags;
        if (c == '-')
            on = false;
        else if (c == 'i')
            flags.insensitive = on;
        else if (c == 'm')
            flags.multiLine = on;
        else if (c == 's')
            flags.dotAll = on;
        else if (c == 'u')
            flags.unicode = on;
        else if (c == 'x')
            flags.verbose = on;
        else if (c == 'R')
            flags.crlf = on;
        else if (c != 'U') // swaps greediness, which no filter sees
            return m_reader.wrong(QStringLiteral("this flag is not known"));
    }
    if (m_reader.atEnd() || dangling)
        return m_reader.wrong(QStringLiteral("the flags of this group are not complete"));
    return {};
}

Status PatternParser::repeat(std::vector<PatternNode>& items)
{
    if (items.empty() || m_afterFlags)
        return m_reader.wrong(QStringLiteral("this repetition has nothing to repeat"));
    if (repetitionDepth(items.back()) >= kMaxPatternDepth)
        return m_reader.wrong(QStringLiteral("repetitions are nested too deeply"));
    PatternNode repeated;
    repeated.kind = PatternNode::Kind::Repeat;
    const char32_t sign = m_reader.peek();
    if (sign == '{') {
        if (auto counted = repeatCounted(repeated); !counted)
            return counted;
    } else {
        repeated.min = sign == '+' ? 1 : 0;
        repeated.max = sign == '?' ? 1 : PatternNode::kUnbounded;
        m_reader.advance();
    }
    (void)m_reader.accept(U"?"); // lazy: the same for a filter
    repeated.children.push_back(std::move(items.back()));
    items.back() = std::move(repeated);
    return {};
}

Status PatternParser::repeatCounted(PatternNode& repeated)
{
    const std::size_t start = m_reader.place();
    m_reader.advanceAndSkip();
    auto least = decimal();
    if (!least)
        return pass(least);
    repeated.min = repeated.max = *least;
    if (m_reader.accept(U",")) {
        m_reader.skipIgnored();
        repeated.max = PatternNode::kUnbounded;
        if (m_reader.peek() != '}') {
            auto most = decimal();
            if (!most)
                return pass(most);
            repeated.max = *most;
        }
    }
    if (!m_reader.accept(U"}"))
        return m_reader.wrong(QStringLiteral("this count is not closed by \"}\""), start);
    m_reader.skipIgnored();
    if (repeated.min > repeated.max)
        return m_reader.wrong(QStringLiteral("the first number of this count is above the second"), start);
    return {};
}

Result<std::uint32_t> PatternParser::decimal()
{
    const auto skipBlanks = [this] {
        while (!m_reader.atEnd() && QChar::isSpace(m_reader.peek()))
            m_reader.advance();
    };
    const std::size_t start = m_reader.place();
    skipBlanks();
    std::uint64_t value = 0;
    bool any = false;
    for (; m_reader.peek() >= '0' && m_reader.peek() <= '9'; m_reader.advanceAndSkip()) {
        value = std::min<std::uint64_t>(value * 10 + (m_reader.peek() - '0'), PatternNode::kUnbounded);
        any = true;
    }
    skipBlanks();
    if (!any)
        return m_reader.wrong(QStringLiteral("a count needs a number"), start);
    if (value >= PatternNode::kUnbounded)
        return m_reader.wrong(QStringLiteral("this count is too large"), start);
    return static_cast<std::uint32_t>(value);
}

Result<PatternNode> PatternParser::setNode(CharSet set, std::size_t place)
{
    auto shared = m_reader.finishSet(std::move(set), place);
    if (!shared)
        return pass(shared);
    PatternNode node;
    node.kind = PatternNode::Kind::Set;
    node.set = std::move(*shared);
    return node;
}

PatternNode PatternParser::lookNode(Look look) const
{
    PatternNode node;
    node.kind = PatternNode::Kind::Look;
    node.look = look;
    node.asciiWords = !m_reader.flags.unicode;
    return node;
}

// One character, class, assertion or escape.
Result<PatternNode> PatternParser::single()
{
    const PatternFlags& flags = m_reader.flags;
    const std::size_t place = m_reader.place();
    const char32_t c = m_reader.peek();
    if (c == '[') {
        auto set = readBracketClass(m_reader);
        return set ? setNode(std::move(*set), place) : Result<PatternNode>(pass(set));
    }
    if (c == '\\') {
        auto escape = m_reader.readEscape();
        if (!escape)
            return pass(escape);
        if (const auto* look = std::get_if<PatternReader::WordLook>(&*escape))
            return lookNode(look->look);
        if (const auto* set = std::get_if<CharSet>(&*escape))
            return setNode(*set, place);
        auto literal = m_reader.literalSet(std::get<char32_t>(*escape), place);
        return literal ? setNode(std::move(*literal), place) : Result<PatternNode>(pass(literal));
    }
    m_reader.advance();
    if (c == '^')
        return lookNode(!flags.multiLine ? Look::Start : flags.crlf ? Look::StartLineCrlf : Look::StartLine);
    if (c == '$')
        return lookNode(!flags.multiLine ? Look::End : flags.crlf ? Look::EndLineCrlf : Look::EndLine);
    if (c == '.') {
        CharSet excluded;
        if (!flags.dotAll)
            excluded = flags.crlf ? CharSet({{'\n', '\n'}, {'\r', '\r'}}) : CharSet('\n', '\n');
        return setNode(excluded.complement(), place);
    }
    auto literal = m_reader.literalSet(c, place);
    return literal ? setNode(std::move(*literal), place) : Result<PatternNode>(pass(literal));
}

} // namespace

Result<PatternNode> parsePattern(std::string_view pattern)
{
    if (pattern.size() > kMaxPatternBytes)
        return fail(ErrorKind::Invalid,
                    QStringLiteral("The pattern is longer than %1 bytes.").arg(kMaxPatternBytes));
    if (!isUtf8(pattern))
        return fail(ErrorKind::Invalid, QStringLiteral("The pattern is not valid UTF-8 text."));
    std::u32string text;
    for (std::size_t at = 0; at < pattern.size();) {
        const CodePoint point = codePointAt(pattern, at);
        text += point.value;
        at += point.length;
    }
    return PatternParser(std::move(text)).parse();
}

} // namespace storage
