#include "intake/csv.h"

#include <algorithm>

namespace gongzhi::intake {

Result<bool> CsvReader::next(std::vector<std::string_view>& cells) {
    cells.clear();
    unquoted_.clear();
    if (rest_.empty()) return false;
    row_line_ = line_;
    const char* start = rest_.data();
    bool row_ended = false;
    while (!row_ended) {
        GZ_CHECKED(read_cell(cells, row_ended));
        if (cells.size() > kCsvColumnsMax)
            return fail(ErrorCode::malformed, "line {}: more than {} columns", row_line_, kCsvColumnsMax);
    }
    row_text_ = std::string_view(start, static_cast<size_t>(rest_.data() - start));
    if (row_text_.size() > kCsvRowBytesMax)
        return fail(ErrorCode::malformed, "line {}: longer than {} bytes", row_line_, kCsvRowBytesMax);
    ++line_;
    return true;
}

Status CsvReader::read_cell(std::vector<std::string_view>& cells, bool& row_ended) {
    std::string_view cell;
    if (rest_.starts_with('"')) {
        GZ_CHECKED(read_quoted(cell));
    } else {
        const size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
        cell = rest_.substr(0, end);
        rest_.remove_prefix(end);
    }
    const bool at_comma = rest_.starts_with(',');
    if (!rest_.empty()) rest_.remove_prefix(1);
    if (!at_comma && cell.ends_with('\r')) cell.remove_suffix(1);
    cells.push_back(cell);
    row_ended = !at_comma;
    return {};
}

// At an opening quote; leaves the rest at the comma, the newline or the end.
Status CsvReader::read_quoted(std::string_view& cell) {
    size_t at = 1;
    bool doubled = false;
    while (true) {
        at = rest_.find('"', at);
        if (at == std::string_view::npos)
            return fail(ErrorCode::malformed, "line {}: a quote is not closed", row_line_);
        if (at + 1 >= rest_.size() || rest_[at + 1] != '"') break;
        doubled = true;
        at += 2;
    }
    cell = rest_.substr(1, at - 1);
    line_ += static_cast<uint64_t>(std::count(cell.begin(), cell.end(), '\n'));
    rest_.remove_prefix(at + 1);
    if (rest_.starts_with("\r\n") || rest_ == "\r") rest_.remove_prefix(1);
    if (!rest_.empty() && rest_[0] != ',' && rest_[0] != '\n')
        return fail(ErrorCode::malformed, "line {}: text behind a closing quote", row_line_);
    if (!doubled) return {};
    auto undone = std::make_unique<std::string>();
    for (size_t i = 0; i < cell.size(); ++i) {
        undone->push_back(cell[i]);
        if (cell[i] == '"') ++i;
    }
    cell = *undone;
    unquoted_.push_back(std::move(undone));
    return {};
}

}  // namespace gongzhi::intake
