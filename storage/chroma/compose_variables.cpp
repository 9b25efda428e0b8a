#include "storage/chroma/compose_variables.h"

#include <QProcessEnvironment>

namespace storage {

namespace {

constexpr int kDepth = 16;             // ${A:-${B:-...}}
constexpr qsizetype kLength = 1 << 16; // of a value: far beyond any path

bool isNameStart(QChar c)
{
    return c == QLatin1Char('_') || (c.unicode() < 128 && c.isLetter());
}

bool isNamePart(QChar c)
{
    return isNameStart(c) || (c.unicode() < 128 && c.isDigit());
}

class Interpolation
{
public:
    Interpolation(const QString& text, const ComposeVariables& variables)
        : m_text(text),
          m_variables(variables)
    {}

    // Up to the end, or to the brace that closes an outer form.
    [[nodiscard]] Result<QString> run(int depth)
    {
        QString out;
        while (m_at < m_text.size()) {
            const QChar c = m_text[m_at];
            if (depth > 0 && c == QLatin1Char('}'))
                return out;
            ++m_at;
            if (c != QLatin1Char('$')) {
                out += c;
                continue;
            }
            auto value = variable(depth);
            if (!value)
                return value;
            out += *value;
            if (out.size() > kLength)
                return tooMuch();
        }
        if (depth > 0)
            return fail(ErrorKind::Invalid,
                        QStringLiteral("\"%1\" has a ${ that is not closed.").arg(m_text));
        return out;
    }

private:
    [[nodiscard]] tl::unexpected<Error> tooMuch() const
    {
        return fail(ErrorKind::Invalid,
                    QStringLiteral("\"%1\" becomes too long or nests too deep.").arg(m_text.left(80)));
    }

    [[nodiscard]] QString name()
    {
        const qsizetype start = m_at;
        if (m_at < m_text.size() && isNameStart(m_text[m_at]))
            while (m_at < m_text.size() && isNamePart(m_text[m_at]))
                ++m_at;
        return m_text.mid(start, m_at - start);
    }

    // After a dollar.
    [[nodiscard]] Result<QString> variable(int depth)
    {
        if (m_at < m_text.size() && m_text[m_at] == QLatin1Char('$')) {
            ++m_at;
            return QStringLiteral("$");
        }
        if (m_at < m_text.size() && m_text[m_at] == QLatin1Char('{')) {
            ++m_at;
            return braced(depth + 1);
        }
        const QString plain = name();
        return plain.isEmpty() ? QStringLiteral("$") : m_variables.value(plain);
    }

    [[nodiscard]] Result<QString> braced(int depth)
    {
        if (depth > kDepth)
            return tooMuch();
        const QString key = name();
        const bool orEmpty = m_at < m_text.size() && m_text[m_at] == QLatin1Char(':');
        m_at += orEmpty;
        const QChar form = m_at < m_text.size() ? m_text[m_at] : QChar();
        QString other;
        if (form != QLatin1Char('}')) {
            ++m_at;
            auto word = run(depth);
            if (!word)
                return word;
            other = std::move(*word);
        }
        if (m_at >= m_text.size() || key.isEmpty())
            return fail(ErrorKind::Invalid,
                        QStringLiteral("\"%1\" has a ${ } that cannot be read.").arg(m_text));
        ++m_at; // the closing brace
        const bool set = m_variables.contains(key) && !(orEmpty && m_variables.value(key).isEmpty());
        return chosen(key, form, set, other);
    }

    [[nodiscard]] Result<QString> chosen(const QString& key, QChar form, bool set, const QString& other) const
    {
        switch (form.unicode()) {
        case u'}':
            return m_variables.value(key);
        case u'-':
            return set ? m_variables.value(key) : other;
        case u'+':
            return set ? other : QString();
        case u'?':
            if (set)
                return m_variables.value(key);
            return fail(ErrorKind::Invalid,
                        QStringLiteral("The variable %1 must be set: %2.").arg(key, other));
        default:
            return fail(ErrorKind::Invalid,
                        QStringLiteral("\"%1\" has a ${ } that cannot be read.").arg(m_text));
        }
    }

    const QString& m_text;
    const ComposeVariables& m_variables;
    qsizetype m_at = 0;
};

// The value of a line: quoted as a whole, or plain up to a comment.
QString envValue(const QString& text)
{
    const QString value = text.trimmed();
    const QChar quote = value.isEmpty() ? QChar() : value[0];
    if (quote == QLatin1Char('"') || quote == QLatin1Char('\'')) {
        const qsizetype end = value.indexOf(quote, 1);
        if (end > 0)
            return value.mid(1, end - 1);
    }
    const qsizetype comment = value.indexOf(QStringLiteral(" #"));
    return (comment < 0 ? value : value.left(comment)).trimmed();
}

} // namespace

ComposeVariables systemVariables()
{
    ComposeVariables variables;
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& key : environment.keys())
        variables.insert(key, environment.value(key));
    return variables;
}

ComposeVariables parseEnvFile(const QByteArray& text)
{
    ComposeVariables variables;
    for (QString line : QString::fromUtf8(text).split(QLatin1Char('\n'))) {
        line = line.trimmed();
        if (line.startsWith(QLatin1String("export ")))
            line = line.mid(7).trimmed();
        const qsizetype equals = line.indexOf(QLatin1Char('='));
        if (equals > 0 && !line.startsWith(QLatin1Char('#')))
            variables.insert(line.left(equals).trimmed(), envValue(line.mid(equals + 1)));
    }
    return variables;
}

Result<QString> interpolate(const QString& text, const ComposeVariables& variables)
{
    if (text.size() > kLength)
        return fail(ErrorKind::Invalid, QStringLiteral("A value of the Compose file is too long."));
    return Interpolation(text, variables).run(0);
}

} // namespace storage
