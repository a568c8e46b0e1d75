// Cuts a large file into submissions at line ends, so that each piece knows its place: quoted newlines of CSV stay whole,
// each CSV piece starts with the header row. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gongzhi::cli {

struct Piece {
    std::string body;
    uint64_t line_offset = 0;  // as SubmissionRequest::line_offset
};

class FilePieces {
public:
    FilePieces(std::string_view content, bool csv, size_t piece_bytes);
    std::optional<Piece> next();
    size_t done_bytes() const { return at_; }

private:
    // End of the line that holds `from`, outside quotes.
    size_t line_end(size_t from);

    std::string_view content_, header_;
    bool csv_;
    size_t piece_bytes_;
    size_t at_ = 0;
    uint64_t line_ = 1;  // of at_
};

}  // namespace gongzhi::cli
