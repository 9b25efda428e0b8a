#include "storage/regex/pattern_automaton.h"

#include "storage/base/utf8.h"
#include "storage/regex/unicode_class.h"

#include <optional>

namespace storage {

namespace {

constexpr std::size_t kMaxInstructions = 200000;

} // namespace

// What stands around a place in the text.
struct PatternAutomaton::Place
{
    std::optional<char32_t> before;
    std::optional<char32_t> after;

    [[nodiscard]] static bool isWord(const std::optional<char32_t>& c, bool ascii)
    {
        return c && (*c < 0x80 || ascii ? isAsciiWord(*c) : unicodeWord().contains(*c));
    }

    [[nodiscard]] bool satisfies(Look look, bool ascii) const
    {
        switch (look) {
        case Look::Start:
            return !before;
        case Look::End:
            return !after;
        case Look::StartLine:
            return !before || *before == '\n';
        case Look::EndLine:
            return !after || *after == '\n';
        case Look::StartLineCrlf:
            return !before || *before == '\n' || (*before == '\r' && (!after || *after != '\n'));
        case Look::EndLineCrlf:
            return !after || *after == '\r' || (*after == '\n' && (!before || *before != '\r'));
        case Look::Boundary:
            return isWord(before, ascii) != isWord(after, ascii);
        case Look::NotBoundary:
            return isWord(before, ascii) == isWord(after, ascii);
        case Look::WordStart:
            return !isWord(before, ascii) && isWord(after, ascii);
        case Look::WordEnd:
            return isWord(before, ascii) && !isWord(after, ascii);
        case Look::WordStartHalf:
            return !isWord(before, ascii);
        case Look::WordEndHalf:
            return !isWord(after, ascii);
        }
        return false;
    }
};

// The instructions that the text so far has led to; each at most once.
class PatternAutomaton::Threads
{
public:
    explicit Threads(std::size_t size) : m_index(size), m_list(size) {}
    [[nodiscard]] bool insert(std::uint32_t instruction)
    {
        const std::uint32_t at = m_index[instruction];
        if (at < m_count && m_list[at] == instruction)
            return false;
        m_index[instruction] = static_cast<std::uint32_t>(m_count);
        m_list[m_count++] = instruction;
        return true;
    }
    void clear() { m_count = 0; }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::uint32_t at(std::size_t i) const { return m_list[i]; }

private:
    std::vector<std::uint32_t> m_index;
    std::vector<std::uint32_t> m_list;
    std::size_t m_count = 0;
};

std::uint32_t PatternAutomaton::push(Instruction instruction)
{
    m_program.push_back(instruction);
    const auto at = static_cast<std::uint32_t>(m_program.size() - 1);
    if (instruction.op == Op::Set || instruction.op == Op::Look)
        m_program[at].next = at + 1;
    return at;
}

// Every piece is laid out so that falling off its end goes on to what follows.
bool PatternAutomaton::emit(const PatternNode& node)
{
    if (m_program.size() > kMaxInstructions)
        return false;
    switch (node.kind) {
    case PatternNode::Kind::Empty:
        return true;
    case PatternNode::Kind::Set:
        m_sets.push_back(node.set);
        (void)push({.op = Op::Set, .set = node.set.get()});
        return true;
    case PatternNode::Kind::Look:
        (void)push({.op = Op::Look, .look = node.look, .asciiWords = node.asciiWords});
        return true;
    case PatternNode::Kind::Concat:
        for (const PatternNode& child : node.children)
            if (!emit(child))
                return false;
        return true;
    case PatternNode::Kind::Alternate:
        return emitAlternate(node);
    case PatternNode::Kind::Repeat:
        return emitRepeat(node);
    }
    return false;
}

bool PatternAutomaton::emitAlternate(const PatternNode& node)
{
    std::vector<std::uint32_t> jumps;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const bool last = i + 1 == node.children.size();
        std::uint32_t split = 0;
        if (!last) {
            split = push({.op = Op::Split});
            m_program[split].next = split + 1;
        }
        if (!emit(node.children[i]))
            return false;
        if (!last) {
            jumps.push_back(push({.op = Op::Split})); // both ways to the end
            m_program[split].other = static_cast<std::uint32_t>(m_program.size());
        }
    }
    for (const std::uint32_t jump : jumps)
        m_program[jump].next = m_program[jump].other = static_cast<std::uint32_t>(m_program.size());
    return true;
}

bool PatternAutomaton::emitRepeat(const PatternNode& node)
{
    const PatternNode& inner = node.children.front();
    for (std::uint32_t i = 0; i < node.min; ++i) {
        const std::size_t before = m_program.size();
        if (!emit(inner))
            return false;
        if (m_program.size() == before)
            return true; // nothing, however often
    }
    if (node.max == PatternNode::kUnbounded) {
        const std::uint32_t split = push({.op = Op::Split});
        m_program[split].next = split + 1;
        if (!emit(inner))
            return false;
        const std::uint32_t back = push({.op = Op::Split});
        m_program[back].next = m_program[back].other = split;
        m_program[split].other = static_cast<std::uint32_t>(m_program.size());
        return true;
    }
    std::vector<std::uint32_t> exits;
    for (std::uint32_t i = node.min; i < node.max; ++i) {
        const std::uint32_t split = push({.op = Op::Split});
        m_program[split].next = split + 1;
        exits.push_back(split);
        if (!emit(inner))
            return false;
        if (m_program.size() == split + 1)
            break;
    }
    for (const std::uint32_t split : exits)
        m_program[split].other = static_cast<std::uint32_t>(m_program.size());
    return true;
}

Result<PatternAutomaton> PatternAutomaton::compile(const PatternNode& pattern)
{
    PatternAutomaton automaton;
    if (!automaton.emit(pattern))
        return fail(ErrorKind::Invalid,
                    QStringLiteral("The pattern is too large: its repetitions multiply to more than Chroma "
                                   "can compile."));
    (void)automaton.push({.op = Op::Match});
    return automaton;
}

// Adds what can be reached from `start` without reading a character; true: a match.
bool PatternAutomaton::follow(Threads& threads, std::uint32_t start, const Place& place,
                              std::vector<std::uint32_t>& stack) const
{
    stack.push_back(start);
    while (!stack.empty()) {
        const std::uint32_t at = stack.back();
        stack.pop_back();
        if (!threads.insert(at))
            continue;
        const Instruction& instruction = m_program[at];
        switch (instruction.op) {
        case Op::Match:
            stack.clear();
            return true;
        case Op::Split:
            stack.push_back(instruction.other);
            stack.push_back(instruction.next);
            break;
        case Op::Look:
            if (place.satisfies(instruction.look, instruction.asciiWords))
                stack.push_back(instruction.next);
            break;
        case Op::Set:
            break;
        }
    }
    return false;
}

bool PatternAutomaton::matches(std::string_view text) const
{
    Threads now(m_program.size());
    Threads later(m_program.size());
    std::vector<std::uint32_t> stack;
    const auto characterAt = [text](std::size_t at) {
        return at < text.size() ? codePointAt(text, at) : CodePoint{};
    };
    CodePoint next = characterAt(0);
    Place place{std::nullopt, next.length ? std::optional(next.value) : std::nullopt};
    for (std::size_t at = 0;; at += next.length, next = characterAt(at)) {
        if (at > 0)
            place.after = next.length ? std::optional(next.value) : std::nullopt;
        // The threads that the last character left, then one that starts here.
        later.clear();
        for (std::size_t i = 0; i < now.count(); ++i)
            if (follow(later, now.at(i), place, stack))
                return true;
        if (follow(later, 0, place, stack))
            return true;
        if (next.length == 0)
            return false;
        now.clear();
        for (std::size_t i = 0; i < later.count(); ++i) {
            const Instruction& instruction = m_program[later.at(i)];
            if (instruction.op == Op::Set && instruction.set->contains(next.value))
                (void)now.insert(instruction.next);
        }
        place.before = next.value;
    }
}

} // namespace storage
