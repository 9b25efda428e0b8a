#include "ui/json_indent.h"

#include <vector>

namespace ui {

namespace {

constexpr std::size_t kDeepest = 500;

bool isSpace(QChar c)
{
    return c == QLatin1Char(' ') || c == QLatin1Char('\n') || c == QLatin1Char('\r') ||
           c == QLatin1Char('\t');
}

// One walk over the text with a stack of what is open; grammar is checked as far as layout needs it.
class Indenter
{
public:
    explicit Indenter(const QString& text) : m_in(text) { m_out.reserve(text.size() * 5 / 4); }

    std::optional<QString> run()
    {
        skipSpace();
        if (atEnd() || (peek() != QLatin1Char('{') && peek() != QLatin1Char('[')))
            return std::nullopt;
        do {
            if (!step())
                return std::nullopt;
            skipSpace();
        } while (!m_open.empty());
        return atEnd() ? std::optional<QString>(m_out) : std::nullopt;
    }

private:
    enum class Expect { Value, ValueOrEnd, Key, KeyOrEnd, Colon, CommaOrEnd };

    [[nodiscard]] bool atEnd() const { return m_at >= m_in.size(); }
    [[nodiscard]] QChar peek() const { return m_in.at(m_at); }
    void skipSpace()
    {
        while (!atEnd() && isSpace(peek()))
            ++m_at;
    }
    void newLine()
    {
        m_out += QLatin1Char('\n') + QString(static_cast<int>(m_open.size()) * 2, QLatin1Char(' '));
    }

    bool step()
    {
        if (atEnd())
            return false;
        const QChar c = peek();
        if (c == QLatin1Char('}') || c == QLatin1Char(']'))
            return close(c);
        switch (m_expect) {
        case Expect::Colon:
            return c == QLatin1Char(':') && take(QStringLiteral(": "), Expect::Value);
        case Expect::CommaOrEnd:
            if (c != QLatin1Char(',') || m_open.empty())
                return false;
            take(QStringLiteral(","), m_open.back() == QLatin1Char('{') ? Expect::Key : Expect::Value);
            newLine();
            return true;
        case Expect::Key:
        case Expect::KeyOrEnd:
            return c == QLatin1Char('"') && takeString() && (m_expect = Expect::Colon, true);
        case Expect::Value:
        case Expect::ValueOrEnd:
            break;
        }
        return takeValue(c);
    }

    bool take(const QString& written, Expect next)
    {
        ++m_at;
        m_out += written;
        m_expect = next;
        return true;
    }

    bool takeValue(QChar c)
    {
        if (c == QLatin1Char('{') || c == QLatin1Char('['))
            return open(c);
        const bool good = c == QLatin1Char('"') ? takeString() : takeWord();
        m_expect = Expect::CommaOrEnd;
        return good;
    }

    bool open(QChar c)
    {
        if (m_open.size() >= kDeepest)
            return false;
        m_open.push_back(c);
        take(QString(c), c == QLatin1Char('{') ? Expect::KeyOrEnd : Expect::ValueOrEnd);
        skipSpace();
        if (!atEnd() && peek() != QLatin1Char('}') && peek() != QLatin1Char(']'))
            newLine();
        return true;
    }

    bool close(QChar c)
    {
        const QChar match = c == QLatin1Char('}') ? QLatin1Char('{') : QLatin1Char('[');
        const bool empty = m_expect == Expect::KeyOrEnd || m_expect == Expect::ValueOrEnd;
        if (m_open.empty() || m_open.back() != match || (!empty && m_expect != Expect::CommaOrEnd))
            return false;
        m_open.pop_back();
        if (!empty)
            newLine();
        return take(QString(c), Expect::CommaOrEnd);
    }

    bool takeString()
    {
        const qsizetype from = m_at++;
        while (!atEnd() && peek() != QLatin1Char('"'))
            m_at += peek() == QLatin1Char('\\') ? 2 : 1;
        if (atEnd())
            return false;
        ++m_at;
        m_out += QStringView(m_in).mid(from, m_at - from);
        return true;
    }

    bool takeWord()
    {
        const qsizetype from = m_at;
        while (!atEnd() && (peek().isLetterOrNumber() || QStringLiteral("+-.").contains(peek())))
            ++m_at;
        m_out += QStringView(m_in).mid(from, m_at - from);
        return m_at > from;
    }

    const QString& m_in;
    QString m_out;
    qsizetype m_at = 0;
    std::vector<QChar> m_open;
    Expect m_expect = Expect::Value;
};

} // namespace

std::optional<QString> indentJson(const QString& text)
{
    return Indenter(text).run();
}

} // namespace ui
