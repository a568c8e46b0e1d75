#include "cli/file_pieces.h"

#include <algorithm>

namespace gongzhi::cli {

FilePieces::FilePieces(std::string_view content, bool csv, size_t piece_bytes)
    : content_(content), csv_(csv), piece_bytes_(piece_bytes) {
    if (!csv_) return;
    at_ = line_end(0);
    header_ = content_.substr(0, at_);
    line_ = 1 + static_cast<uint64_t>(std::count(header_.begin(), header_.end(), '\n'));
}

size_t FilePieces::line_end(size_t from) {
    bool quoted = false;
    for (size_t i = from; i < content_.size(); ++i) {
        if (csv_ && content_[i] == '"') quoted = !quoted;
        if (content_[i] == '\n' && !quoted) return i + 1;
    }
    return content_.size();
}

std::optional<Piece> FilePieces::next() {
    if (at_ >= content_.size()) return std::nullopt;
    const size_t start = at_;
    size_t end = start;
    while (end < content_.size() && end - start < piece_bytes_) end = line_end(end);
    const std::string_view rows = content_.substr(start, end - start);
    Piece piece;
    piece.body = std::string(header_) + std::string(rows);
    // Lines are counted inside the piece; its header stands on line 1 there.
    const uint64_t header_lines = static_cast<uint64_t>(std::count(header_.begin(), header_.end(), '\n'));
    piece.line_offset = line_ - 1 - header_lines;
    at_ = end;
    line_ += static_cast<uint64_t>(std::count(rows.begin(), rows.end(), '\n'));
    return piece;
}

}  // namespace gongzhi::cli
