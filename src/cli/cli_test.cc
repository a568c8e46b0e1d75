#include <gtest/gtest.h>

#include "cli/file_pieces.h"

namespace gongzhi::cli {
namespace {

std::vector<Piece> pieces_of(std::string_view content, bool csv, size_t bytes) {
    FilePieces pieces(content, csv, bytes);
    std::vector<Piece> out;
    while (auto piece = pieces.next()) out.push_back(std::move(*piece));
    return out;
}

// Line numbers must come out as if the file had been read whole.
TEST(FilePieces, KeepLinesWholeAndCountThem) {
    const auto pieces = pieces_of("a\nbb\nc\n", false, 2);
    ASSERT_EQ(pieces.size(), 3u);
    EXPECT_EQ(pieces[1].body, "bb\n");
    EXPECT_EQ(pieces[1].line_offset, 1u);
    EXPECT_EQ(pieces[2].line_offset, 2u);
}

TEST(FilePieces, CsvPiecesStartWithTheHeaderAndRespectQuotes) {
    const auto pieces = pieces_of("h1,h2\n1,\"x\ny\"\n2,z\n3,w", true, 3);
    ASSERT_EQ(pieces.size(), 3u);
    EXPECT_EQ(pieces[0].body, "h1,h2\n1,\"x\ny\"\n");
    EXPECT_EQ(pieces[0].line_offset, 0u);  // its row is line 2 of the piece and of the file
    EXPECT_EQ(pieces[1].body, "h1,h2\n2,z\n");
    EXPECT_EQ(pieces[1].line_offset, 2u);  // line 2 of the piece is line 4 of the file
    EXPECT_EQ(pieces[2].body, "h1,h2\n3,w");
    EXPECT_EQ(pieces[2].line_offset, 3u);
}

TEST(FilePieces, AnEmptyFileHasNone) {
    EXPECT_TRUE(pieces_of("", false, 10).empty());
    EXPECT_TRUE(pieces_of("h1,h2\n", true, 10).empty());
}

}  // namespace
}  // namespace gongzhi::cli
