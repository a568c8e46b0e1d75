#include "web/article.h"

#include <gtest/gtest.h>

#include "web/law.h"

namespace gongzhi::web {
namespace {

// A section of the real locale: a paragraph, a list of three, a link to a place inside a page.
TEST(Article, LinesBecomeBlocksInTheirOrder) {
    const Json section = article_section(Language::en, "about_people");
    EXPECT_EQ(section["id"], "about_people");
    EXPECT_EQ(section["heading"], "Who decides");
    const Json& blocks = section["blocks"];
    ASSERT_EQ(blocks.size(), 4u);
    EXPECT_TRUE(blocks[0].contains("paragraph"));
    EXPECT_EQ(blocks[1]["bullets"]["items"].size(), 3u);
    EXPECT_EQ(blocks[2], (Json{{"href", "/rules"}, {"link", "See the rules"}}));
    EXPECT_EQ(blocks[3]["href"], "/glossary#finding");
}

TEST(Article, StepsAreOneListAndEmptyLinesNothing) {
    const Json blocks = article_section(Language::zh, "about_loop")["blocks"];
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(blocks[0]["steps"]["items"].size(), 6u);
    const Json counter = article_section(Language::en, "ways_hours", {{"hours", ""}})["blocks"];
    EXPECT_EQ(counter.size(), 1u);
}

TEST(Article, BothLanguagesHaveTheSameBlocks) {
    for (const auto& [key, zh] : texts(Language::zh).items()) {
        if (!key.ends_with("_body")) continue;
        const std::string name = key.substr(0, key.size() - 5);
        const Json one = article_section(Language::zh, name)["blocks"],
                   other = article_section(Language::en, name)["blocks"];
        ASSERT_EQ(one.size(), other.size()) << name;
        for (size_t i = 0; i < one.size(); ++i) {
            EXPECT_EQ(one[i].begin().key(), other[i].begin().key()) << name;
            EXPECT_EQ(one[i].value("href", ""), other[i].value("href", "")) << name;
        }
    }
}

TEST(Law, IsNamedInItsOwnLanguage) {
    const Json list = law_list(Language::en, {{"价格法", "第四十条", "1997", "1998-05-01", "", true},
                                              {"Directive 98/6/EC", "Article 6a", "", "", "", false},
                                              {"旧法", "第一条", "", "2000-01-01", "2019-12-31", false}});
    EXPECT_EQ(list[0]["law"], "价格法第四十条");
    EXPECT_EQ(list[0]["lang"], "zh-CN");
    EXPECT_EQ(list[0]["in_force"], "in force from 1 May 1998");
    EXPECT_EQ(list[0]["unverified"], true);
    EXPECT_EQ(list[1]["law"], "Directive 98/6/EC Article 6a");
    EXPECT_EQ(list[1]["lang"], "en");
    EXPECT_EQ(list[1]["in_force"], false);
    EXPECT_EQ(list[2]["in_force"], "in force from 1 January 2000 to 31 December 2019");
}

}  // namespace
}  // namespace gongzhi::web
