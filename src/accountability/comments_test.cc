#include "accountability/comments.h"

#include <gtest/gtest.h>

namespace gongzhi::accountability {
namespace {

std::string outcome(const std::string& kind, const std::string& id, const std::string& words) {
    const auto comment = Comment::from_json({{"about_kind", kind}, {"about_id", id}, {"words", words}});
    return comment ? comment->words : comment.error().field;
}

TEST(Comment, IsPlainWordsAboutAMetricOrARule) {
    EXPECT_EQ(outcome("metric", "submissions-on-time", "一月的报送已在期限内发出。\r\n请核对。"),
              "一月的报送已在期限内发出。\n请核对。");
    EXPECT_EQ(outcome("rule", "price-reference", "a < b, and 3<4"), "a < b, and 3<4");
    EXPECT_EQ(outcome("party", "x", "words"), "about_kind");
    for (const char* id : {"", "../secret", "Upper", "a b"}) EXPECT_EQ(outcome("metric", id, "words"), "about_id");
    EXPECT_EQ(outcome("metric", "m", ""), "words");
    EXPECT_EQ(outcome("metric", "m", std::string("a\0b", 3)), "words");
    EXPECT_EQ(outcome("metric", "m", "\xff"), "words");
    for (const char* words : {"<script>x</script>", "see <A href=x>", "</p>", "<!-- x"})
        EXPECT_EQ(outcome("metric", "m", words), "markup") << words;
}

// Characters are counted, not bytes.
TEST(Comment, EndsAtFourThousandCharacters) {
    std::string words;
    for (size_t i = 0; i < kCommentCharsMax; ++i) words += "字";
    EXPECT_EQ(outcome("metric", "m", words), words);
    EXPECT_EQ(outcome("metric", "m", words + "字"), "words");
    EXPECT_FALSE(Comment::from_json(Json::object()));
}

}  // namespace
}  // namespace gongzhi::accountability
