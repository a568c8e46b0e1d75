#include <gtest/gtest.h>

#include <set>

#include "web/assets.h"
#include "web/render.h"

namespace gongzhi::web {
namespace {

Json finding_example() {
    return {{"subject", "L-1"},
            {"shop", "S-1"},
            {"party", "platform"},
            {"verdict_text", "v"},
            {"accepted_time", "2026-03-09 10:00"},
            {"explanation", "e <b>"},
            {"rule_title", "r"},
            {"rule_code", "PRC-REF"},
            {"basis", {{{"law", "l"}, {"article", "a"}, {"unverified", true}}}},
            {"evidence",
             {{{"number", 1},
               {"type_title", "t"},
               {"fields", {{{"label", "l"}, {"value", "v"}}}},
               {"proof_class", "good"},
               {"proof_text", "p"}}}},
            {"exportable", true},
            {"file_link", "/findings/1/file"}};
}

Json verify_example(bool with_result) {
    Json view = {{"action", "/verify?lang=en"}, {"pasted", "x"}, {"result", false}};
    if (with_result)
        view["result"] = {
            {"class", "good"}, {"heading", "h"}, {"sentence", "s"}, {"rows", {{{"label", "l"}, {"value", "v"}}}}};
    return view;
}

Json layout_example() {
    return {{"title", "T"},
            {"stylesheet", stylesheet_path()},
            {"lang", "en"},
            {"content", ""},
            {"verify_link", "/verify"},
            {"simulated", true},
            {"node_name", "n"},
            {"languages", {{{"code", "en"}, {"name", "English"}, {"current", true}, {"href", "/"}}}}};
}

// Mustache renders an unknown name as nothing: each page is asked whether its view has every name.
TEST(Pages, ViewsHaveEveryNameThatTheTemplatesUse) {
    using Names = std::vector<std::string>;
    for (const Language language : {Language::zh, Language::en}) {
        EXPECT_EQ(missing_names("finding", language, finding_example()), Names());
        EXPECT_EQ(missing_names("verify", language, verify_example(true)), Names());
        EXPECT_EQ(missing_names("verify", language, verify_example(false)), Names());
        EXPECT_EQ(
            missing_names("login", language, {{"action", "/login"}, {"next", "/"}, {"problem", {{"sentence", "s"}}}}),
            Names());
        EXPECT_EQ(missing_names("message", language, {{"heading", "h"}, {"sentence", "s"}}), Names());
        EXPECT_EQ(missing_names("layout", language, layout_example()), Names());
    }
    Json lacking = finding_example();
    lacking.erase("shop");
    EXPECT_EQ(missing_names("finding", Language::en, lacking), Names{"shop"});
}

TEST(Locales, HaveTheSameKeysAndNoEmptyText) {
    std::set<std::string> zh, en;
    for (const Language language : {Language::zh, Language::en}) {
        for (const auto& [key, value] : texts(language).items()) {
            (language == Language::zh ? zh : en).insert(key);
            EXPECT_FALSE(value.get<std::string>().empty()) << key;
        }
    }
    EXPECT_EQ(zh, en);
    // Words that the vocabulary retired.
    for (const auto& [key, value] : texts(Language::zh).items())
        for (const char* retired : {"主体", "行为", "法域包"})
            EXPECT_EQ(value.get<std::string>().find(retired), std::string::npos) << key;
}

// The budget of every first visit, and that the name tells the content.
TEST(Stylesheet, FitsItsBudgetAndFetchesNothing) {
    EXPECT_LE(stylesheet_gzip().size(), 20'000u);
    EXPECT_GT(stylesheet().size(), stylesheet_gzip().size());
    for (const char* unwanted : {"url(", "@import", "@font-face", "GDS Transport"})
        EXPECT_EQ(stylesheet().find(unwanted), std::string_view::npos) << unwanted;
    EXPECT_TRUE(stylesheet_path().starts_with("/assets/site-"));
}

TEST(Pages, EscapeValuesAndHaveOneHeading) {
    const std::string page = render_page("finding", Language::zh, finding_example(), layout_example());
    EXPECT_EQ(page.find("e <b>"), std::string::npos);
    EXPECT_NE(page.find("e &lt;b&gt;"), std::string::npos);
    EXPECT_NE(page.find("<html lang=\"zh-CN\">"), std::string::npos);
    EXPECT_EQ(page.find("<h1>"), page.rfind("<h1>"));
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_LT(page.size(), 25'000u);
}

}  // namespace
}  // namespace gongzhi::web
