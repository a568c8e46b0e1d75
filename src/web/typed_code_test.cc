#include "web/typed_code.h"

#include <gtest/gtest.h>

namespace gongzhi::web {
namespace {

TEST(TypedCode, IsReadAsItIsMeant) {
    EXPECT_EQ(plain_form("　Ｓ－０３６６ "), "S-0366");
    EXPECT_EQ(plain_form("网店ａ～！"), "网店a~!");
    EXPECT_EQ(plain_form(" \t　"), "");
    EXPECT_EQ(as_credit_code("９１３５ 0100m000100y43"), "91350100M000100Y43");
    EXPECT_TRUE(has_code_form("91350100M000100Y43"));
    EXPECT_FALSE(has_code_form("91350100M000100Y4"));
    EXPECT_FALSE(has_code_form("91350100m000100y43"));
}

// Bytes that are no UTF-8 stay as they are; a cut character at the end is not read beyond.
TEST(TypedCode, BrokenBytesStay) {
    EXPECT_EQ(plain_form("\xff\xfe"), "\xff\xfe");
    EXPECT_EQ(plain_form("a\xef\xbc"), "a\xef\xbc");
}

}  // namespace
}  // namespace gongzhi::web
