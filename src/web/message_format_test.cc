#include "web/message_format.h"

#include <gtest/gtest.h>

namespace gongzhi::web {
namespace {

TEST(MessageFormat, CountsAsTheLanguageDoes) {
    const std::string pattern = "{who}: {count, plural, =0 {none waits} one {# finding waits} other {# findings wait}}";
    const auto in_english = [&](const char* count) {
        return format_message(Language::en, pattern, {{"who", "L-1"}, {"count", count}}).value();
    };
    EXPECT_EQ(in_english("0"), "L-1: none waits");
    EXPECT_EQ(in_english("1"), "L-1: 1 finding waits");
    EXPECT_EQ(in_english("1234"), "L-1: 1,234 findings wait");
    EXPECT_EQ(format_message(Language::zh, "{count, plural, other {#条}}", {{"count", "1"}}).value(), "1条");
}

TEST(MessageFormat, RefusesWhatItCannotCount) {
    EXPECT_FALSE(format_message(Language::en, "{count, plural, one {x}", {{"count", "1"}}));
    EXPECT_FALSE(format_message(Language::en, "{count, plural, other {#}}", {{"count", "many"}}));
}

TEST(MessageFormat, DaysInWords) {
    EXPECT_EQ(day_text(Language::en, civil_date(2026, 3, 9)), "9 March 2026");
    EXPECT_EQ(day_text(Language::zh, civil_date(2026, 3, 9)), "2026年3月9日");
    EXPECT_EQ(day_text(Language::en, civil_date(1969, 12, 31)), "31 December 1969");
}

// Each text with a plural form can be read in its language, whatever is counted.
TEST(MessageFormat, EveryLocaleTextWithAPluralFormIsOne) {
    int seen = 0;
    for (const Language language : {Language::zh, Language::en})
        for (const auto& [key, pattern] : texts(language).items())
            if (has_plural(pattern.get<std::string>())) {
                ++seen;
                EXPECT_TRUE(format_message(language, pattern, {{"count", "1"}})) << key;
            }
    EXPECT_GE(seen, 1);
}

}  // namespace
}  // namespace gongzhi::web
