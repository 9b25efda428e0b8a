// A table of text for a terminal: columns as wide as their widest cell, counted in screen columns so that
// Chinese, Japanese and Korean names line up.
#pragma once

#include <string>
#include <vector>

namespace app {

class TextTable
{
public:
    struct Column
    {
        std::string title;
        bool right = false; // numbers
    };
    explicit TextTable(std::vector<Column> columns);
    void add(std::vector<std::string> cells);
    [[nodiscard]] std::string text() const; // every line ends with a line break

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

[[nodiscard]] std::size_t screenWidth(const std::string& utf8);
// At most `columns` wide, an ellipsis where it was cut.
[[nodiscard]] std::string shortened(const std::string& utf8, std::size_t columns);
[[nodiscard]] std::string grouped(long long number);   // 1,234,567
[[nodiscard]] std::string humanBytes(long long bytes); // 581.0 MB, in powers of 1000

} // namespace app
