#include "web/collation.h"

#include <gtest/gtest.h>

namespace gongzhi::web {
namespace {

std::string sorted(Language language, const std::vector<std::string>& words) {
    Json list = Json::array();
    for (const std::string& word : words) list.push_back({{"word", word}});
    sort_by(language, list, "word");
    std::string out;
    for (const Json& one : list) out += one["word"].get<std::string>() + " ";
    return out;
}

// By bytes 协 (U+534F) would stand before 账 (U+8D26) and 报 (U+62A5) behind it; by pinyin it is bao, case, she, xie, zhang.
TEST(Collation, ChineseIsOrderedByPinyin) {
    EXPECT_EQ(sorted(Language::zh, {"账本", "协查", "报送", "疑点", "案件", "席位", "节点"}),
              "案件 报送 节点 席位 协查 疑点 账本 ");
}

TEST(Collation, EnglishIsOrderedByLetterWhateverTheCase) {
    EXPECT_EQ(sorted(Language::en, {"unit", "Case", "answer", "Zone", "clue"}), "answer Case clue unit Zone ");
}

TEST(Collation, WhatReadsAlikeKeepsItsOrder) {
    Json list = {{{"word", "规则"}, {"n", 1}}, {{"word", "规则"}, {"n", 2}}, {{"word", "案件"}, {"n", 3}}};
    sort_by(Language::zh, list, "word");
    EXPECT_EQ(list[0]["n"], 3);
    EXPECT_EQ(list[1]["n"], 1);
    EXPECT_EQ(list[2]["n"], 2);
}

TEST(Collation, BrokenTextIsNoReasonToFail) {
    EXPECT_NE(compare_words(Language::zh, "\xff\xfe", "规则"), 0);
    EXPECT_EQ(compare_words(Language::en, "", ""), 0);
}

}  // namespace
}  // namespace gongzhi::web
