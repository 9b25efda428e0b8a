#include "storage/regex/rust_regex.h"

#include "storage/base/utf8.h"
#include "storage/regex/pattern.h"
#include "storage/regex/pattern_automaton.h"

#include <algorithm>
#include <charconv>
#include <re2/re2.h>

namespace storage {

namespace {

constexpr std::size_t kMaxTranslated = 4 << 20;
constexpr int kRe2Memory = 64 << 20;
constexpr std::uint32_t kMaxRe2Repeat = 1000; // RE2's own limit, also for nested counts multiplied

bool isWordLook(Look look)
{
    return look >= Look::Boundary;
}

// Writes a pattern in RE2's syntax. `relaxed` leaves out the assertions about words: what it matches is then
// a superset.
class Re2Writer
{
public:
    explicit Re2Writer(bool relaxed) : m_relaxed(relaxed) {}
    // False: RE2 cannot say it.
    [[nodiscard]] bool write(const PatternNode& node, std::uint32_t repeated = 1);
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    [[nodiscard]] bool writeLook(const PatternNode& node);
    [[nodiscard]] bool writeRepeat(const PatternNode& node, std::uint32_t repeated);
    void writeSet(const CharSet& set);
    void writeCharacter(char32_t c);
    void writeNumber(std::uint32_t value, int base = 10);

    bool m_relaxed;
    std::string m_text;
};

void Re2Writer::writeNumber(std::uint32_t value, int base)
{
    char buffer[16];
    m_text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, base).ptr);
}

void Re2Writer::writeCharacter(char32_t c)
{
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain) {
        m_text += static_cast<char>(c);
        return;
    }
    m_text += "\\x{";
    writeNumber(c, 16);
    m_text += '}';
}

void Re2Writer::writeSet(const CharSet& set)
{
    if (const auto c = set.single()) {
        writeCharacter(*c);
        return;
    }
    // The shorter of the set and its complement.
    const CharSet rest = set.complement();
    const bool negated = !rest.empty() && rest.ranges().size() < set.ranges().size();
    m_text += rest.empty() ? "(?s:.)" : negated ? "[^" : "[";
    if (rest.empty())
        return;
    for (const CharRange& range : (negated ? rest : set).ranges()) {
        writeCharacter(range.first);
        if (range.last != range.first) {
            m_text += '-';
            writeCharacter(range.last);
        }
    }
    m_text += ']';
}

bool Re2Writer::writeLook(const PatternNode& node)
{
    if (m_relaxed && isWordLook(node.look)) {
        m_text += "(?:)";
        return true;
    }
    switch (node.look) {
    case Look::Start:
        m_text += "\\A";
        return true;
    case Look::End:
        m_text += "\\z";
        return true;
    case Look::StartLine:
        m_text += "(?m:^)";
        return true;
    case Look::EndLine:
        m_text += "(?m:$)";
        return true;
    case Look::Boundary:
        m_text += "\\b";
        return true;
    case Look::NotBoundary:
        m_text += "\\B";
        return true;
    case Look::StartLineCrlf:
    case Look::EndLineCrlf:
        if (m_relaxed)
            m_text += "(?:)";
        return m_relaxed;
    default:
        return false;
    }
}

bool Re2Writer::writeRepeat(const PatternNode& node, std::uint32_t repeated)
{
    const std::uint32_t bound = node.max == PatternNode::kUnbounded ? std::max(node.min, 1U) : node.max;
    if (bound > kMaxRe2Repeat || bound * std::uint64_t{repeated} > kMaxRe2Repeat)
        return false;
    m_text += "(?:";
    if (!write(node.children.front(), std::max(bound, 1U) * repeated))
        return false;
    m_text += ')';
    const bool unbounded = node.max == PatternNode::kUnbounded;
    if (unbounded && node.min <= 1) {
        m_text += node.min == 0 ? '*' : '+';
        return true;
    }
    m_text += '{';
    writeNumber(node.min);
    m_text += ',';
    if (!unbounded)
        writeNumber(node.max);
    m_text += '}';
    return true;
}

bool Re2Writer::write(const PatternNode& node, std::uint32_t repeated)
{
    if (m_text.size() > kMaxTranslated)
        return false;
    switch (node.kind) {
    case PatternNode::Kind::Empty:
        return true;
    case PatternNode::Kind::Set:
        writeSet(*node.set);
        return true;
    case PatternNode::Kind::Look:
        return writeLook(node);
    case PatternNode::Kind::Repeat:
        return writeRepeat(node, repeated);
    case PatternNode::Kind::Concat:
        return std::all_of(node.children.begin(), node.children.end(),
                           [&](const PatternNode& child) { return write(child, repeated); });
    case PatternNode::Kind::Alternate:
        m_text += "(?:";
        for (const PatternNode& child : node.children) {
            if (&child != &node.children.front())
                m_text += '|';
            if (!write(child, repeated))
                return false;
        }
        m_text += ')';
        return true;
    }
    return false;
}

std::unique_ptr<RE2> compileRe2(const PatternNode& pattern, bool relaxed)
{
    Re2Writer writer(relaxed);
    if (!writer.write(pattern))
        return nullptr;
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRe2Memory);
    options.set_never_capture(true);
    auto compiled = std::make_unique<RE2>(writer.text(), options);
    return compiled->ok() ? std::move(compiled) : nullptr;
}

bool hasLook(const PatternNode& node, bool (*wanted)(const PatternNode&))
{
    if (node.kind == PatternNode::Kind::Look)
        return wanted(node);
    return std::any_of(node.children.begin(), node.children.end(),
                       [wanted](const PatternNode& child) { return hasLook(child, wanted); });
}

// The longest run of single characters that no match can do without.
void findRequired(const PatternNode& node, std::string& run, std::string& longest)
{
    const auto keep = [&] {
        if (run.size() > longest.size())
            longest = run;
    };
    const auto stop = [&] {
        keep();
        run.clear();
    };
    switch (node.kind) {
    case PatternNode::Kind::Set:
        if (const auto c = node.set->single())
            appendUtf8(run, *c);
        else
            stop();
        break;
    case PatternNode::Kind::Concat:
        for (const PatternNode& child : node.children)
            findRequired(child, run, longest);
        break;
    case PatternNode::Kind::Repeat:
        stop();
        if (node.min > 0)
            findRequired(node.children.front(), run, longest);
        stop();
        break;
    case PatternNode::Kind::Alternate:
        stop();
        break;
    case PatternNode::Kind::Empty:
    case PatternNode::Kind::Look:
        break;
    }
    keep();
}

} // namespace

struct RustRegex::State
{
    std::unique_ptr<RE2> exact;      // decides, except on texts beyond ASCII when `asciiOnly`
    std::unique_ptr<RE2> candidates; // matches a superset; for the texts that `exact` does not decide
    std::unique_ptr<PatternAutomaton> automaton;
    bool asciiOnly = false;
    std::string required;
};

RustRegex::RustRegex() : m_state(std::make_unique<State>()) {}
RustRegex::~RustRegex() = default;
RustRegex::RustRegex(RustRegex&&) noexcept = default;
RustRegex& RustRegex::operator=(RustRegex&&) noexcept = default;

Result<RustRegex> RustRegex::compile(std::string_view pattern)
{
    auto tree = parsePattern(pattern);
    if (!tree)
        return pass(tree);
    RustRegex regex;
    State& state = *regex.m_state;
    std::string run;
    findRequired(*tree, run, state.required);
    state.exact = compileRe2(*tree, false);
    // RE2's words are ASCII words, and its \B sees places inside a character of several bytes.
    state.asciiOnly = hasLook(*tree, [](const PatternNode& node) {
        return isWordLook(node.look) && (!node.asciiWords || node.look == Look::NotBoundary);
    });
    if (state.exact && !state.asciiOnly)
        return regex;
    auto automaton = PatternAutomaton::compile(*tree);
    if (!automaton)
        return pass(automaton);
    state.automaton = std::make_unique<PatternAutomaton>(std::move(*automaton));
    state.candidates = compileRe2(*tree, true);
    return regex;
}

bool RustRegex::matches(std::string_view text) const
{
    const State& state = *m_state;
    const re2::StringPiece piece(text.data(), text.size());
    if (state.exact && (!state.asciiOnly || isAscii(text)))
        return RE2::PartialMatch(piece, *state.exact);
    if (state.candidates && !RE2::PartialMatch(piece, *state.candidates))
        return false;
    return state.automaton->matches(text);
}

const std::string& RustRegex::requiredText() const
{
    return m_state->required;
}

Status checkRegex(std::string_view pattern)
{
    auto tree = parsePattern(pattern);
    if (!tree)
        return pass(tree);
    return {};
}

} // namespace storage
