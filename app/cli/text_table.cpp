#include "app/cli/text_table.h"

#include <QChar>
#include <QLocale>
#include <QString>

#include <algorithm>
#include <array>

namespace app {

namespace {

// East Asian wide and full-width blocks, and emoji: two columns on a terminal.
bool isWide(char32_t c)
{
    struct Block
    {
        char32_t first, last;
    };
    static constexpr std::array<Block, 11> kBlocks{{{0x1100, 0x115f},
                                                    {0x2e80, 0x303e},
                                                    {0x3041, 0xa4cf},
                                                    {0xa960, 0xa97f},
                                                    {0xac00, 0xd7a3},
                                                    {0xf900, 0xfaff},
                                                    {0xfe30, 0xfe6f},
                                                    {0xff00, 0xff60},
                                                    {0xffe0, 0xffe6},
                                                    {0x1f300, 0x1faff},
                                                    {0x20000, 0x3fffd}}};
    return std::any_of(kBlocks.begin(), kBlocks.end(), [c](Block b) { return c >= b.first && c <= b.last; });
}

std::size_t widthOf(char32_t c)
{
    const QChar::Category category = QChar::category(c);
    if (category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing ||
        category == QChar::Other_Format)
        return 0;
    return isWide(c) ? 2 : 1;
}

} // namespace

std::size_t screenWidth(const std::string& utf8)
{
    std::size_t width = 0;
    for (const uint c : QString::fromStdString(utf8).toUcs4())
        width += widthOf(c);
    return width;
}

std::string shortened(const std::string& utf8, std::size_t columns)
{
    if (screenWidth(utf8) <= columns)
        return utf8;
    QString kept;
    std::size_t width = 1; // the ellipsis
    for (const uint c : QString::fromStdString(utf8).toUcs4()) {
        width += widthOf(c);
        if (width > columns)
            break;
        const char32_t one = c;
        kept += QString::fromUcs4(&one, 1);
    }
    return (kept + QChar(0x2026)).toStdString();
}

std::string grouped(long long number)
{
    std::string digits = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::string humanBytes(long long bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat).toStdString();
}

TextTable::TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells)
{
    cells.resize(m_columns.size());
    m_rows.push_back(std::move(cells));
}

std::string TextTable::text() const
{
    std::vector<std::size_t> widths;
    std::vector<std::string> titles;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        widths.push_back(screenWidth(m_columns[i].title));
        titles.push_back(m_columns[i].title);
        for (const auto& row : m_rows)
            widths[i] = std::max(widths[i], screenWidth(row[i]));
    }
    std::string lines;
    const auto addLine = [&](const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string gap(widths[i] - screenWidth(cells[i]), ' ');
            line += (i == 0 ? "" : "  ") + (m_columns[i].right ? gap + cells[i] : cells[i] + gap);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines += line + '\n';
    };
    addLine(titles);
    for (const auto& row : m_rows)
        addLine(row);
    return lines;
}

} // namespace app
