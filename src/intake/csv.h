// CSV as spreadsheets write it (RFC 4180): quotes, quoted newlines, CRLF or LF. Pure; one pass over borrowed bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gongzhi::intake {

constexpr size_t kCsvColumnsMax = 500;
constexpr size_t kCsvRowBytesMax = 256u << 10;

class CsvReader {
public:
    explicit CsvReader(std::string_view text) : rest_(text) {}
    // Next row into `cells` (views into the text, or into the reader until the next call); false at the end.
    // An unclosed quote or a row past its limits is `malformed`.
    Result<bool> next(std::vector<std::string_view>& cells);
    // Line, from 1, on which the row just read began.
    uint64_t line() const { return row_line_; }
    std::string_view row_text() const { return row_text_; }

private:
    Status read_cell(std::vector<std::string_view>& cells, bool& row_ended);
    Status read_quoted(std::string_view& cell);

    std::string_view rest_;
    std::string_view row_text_;
    uint64_t line_ = 1, row_line_ = 0;
    std::vector<std::unique_ptr<std::string>> unquoted_;  // cells whose doubled quotes were undone
};

}  // namespace gongzhi::intake
