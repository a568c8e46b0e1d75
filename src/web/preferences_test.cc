#include "web/preferences.h"

#include <gtest/gtest.h>

namespace gongzhi::web {
namespace {

http::Request request_for(const std::string& target, http::Headers headers = {}) {
    return {"GET", target, target.substr(0, target.find('?')), std::move(headers), "", false, {}};
}

TEST(Preferences, AddressThenCookieThenBrowser) {
    EXPECT_EQ(preferences_of(request_for("/verify")).language, Language::zh);
    EXPECT_EQ(preferences_of(request_for("/verify", {{"accept-language", "en-GB"}})).language, Language::en);
    const http::Headers cookies = {{"accept-language", "en"},
                                   {"cookie", "a=b; gongzhi_lang=zh-CN; gongzhi_type=large"}};
    EXPECT_EQ(preferences_of(request_for("/verify", cookies)).language, Language::zh);
    EXPECT_TRUE(preferences_of(request_for("/verify", cookies)).large_type);
    EXPECT_EQ(preferences_of(request_for("/verify?lang=en", cookies)).language, Language::en);
    EXPECT_FALSE(preferences_of(request_for("/verify?type=normal", cookies)).large_type);
}

TEST(Preferences, OnlyKnownValuesAreKept) {
    http::Response response;
    keep_preferences(request_for("/verify?lang=%0d%0aevil&type=huge"), response);
    ASSERT_EQ(response.headers.size(), 2u);
    EXPECT_TRUE(response.headers[0].second.starts_with("gongzhi_lang=zh-CN;"));
    EXPECT_TRUE(response.headers[1].second.starts_with("gongzhi_type=normal;"));
    http::Response untouched;
    keep_preferences(request_for("/verify"), untouched);
    EXPECT_TRUE(untouched.headers.empty());
}

TEST(Links, KeepTheRestOfTheAddress) {
    EXPECT_EQ(with_query(request_for("/a?x=1&lang=en&y=2"), "lang", "zh-CN"), "/a?x=1&y=2&lang=zh-CN");
    EXPECT_EQ(with_query(request_for("/a"), "type", "large"), "/a?type=large");
    EXPECT_EQ(link("/a", {{"words", "划线 价&x"}}), "/a?words=%E5%88%92%E7%BA%BF%20%E4%BB%B7%26x");
}

TEST(Dates, InWords) {
    EXPECT_EQ(day_text(Language::zh, civil_date(2026, 3, 9)), "2026年3月9日");
    EXPECT_EQ(day_text(Language::en, civil_date(2026, 11, 24)), "24 November 2026");
    const UtcTime time = parse_utc("2026-03-09T16:30:00Z").value();
    EXPECT_EQ(time_text(Language::zh, time, 480), "2026年3月10日 00:30");
}

}  // namespace
}  // namespace gongzhi::web
