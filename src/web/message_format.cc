#include "web/message_format.h"

#include <unicode/msgfmt.h>
#include <unicode/smpdtfmt.h>

#include <charconv>

namespace gongzhi::web {
namespace {

const icu::Locale& locale_of(Language language) {
    static const icu::Locale zh("zh", "CN"), en("en", "GB");
    return language == Language::zh ? zh : en;
}

icu::UnicodeString unicode(std::string_view text) {
    return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

icu::Formattable formattable(const std::string& value) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc() && end == value.data() + value.size()) return {number};
    return {unicode(value)};
}

// A formatter keeps a calendar: one for each thread.
icu::SimpleDateFormat& day_format(Language language, const std::string& pattern) {
    thread_local std::map<std::pair<Language, std::string>, std::unique_ptr<icu::SimpleDateFormat>> made;
    auto& format = made[{language, pattern}];
    if (!format) {
        UErrorCode error = U_ZERO_ERROR;
        format = std::make_unique<icu::SimpleDateFormat>(unicode(pattern), locale_of(language), error);
        GZ_CHECK(U_SUCCESS(error), "the locale's pattern of a date is none");
        format->setTimeZone(*icu::TimeZone::getGMT());
    }
    return *format;
}

}  // namespace

bool has_plural(std::string_view pattern) { return pattern.find(", plural,") != std::string_view::npos; }

Result<std::string> format_message(Language language, const std::string& pattern, const TextValues& values) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::MessageFormat format(unicode(pattern), locale_of(language), error);
    if (U_FAILURE(error)) return fail(ErrorCode::malformed, "a text's plural form cannot be read");
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> given;
    for (const auto& [name, value] : values) {
        names.push_back(unicode(name));
        given.push_back(formattable(value));
    }
    icu::UnicodeString formatted;
    format.format(names.data(), given.data(), static_cast<int32_t>(names.size()), formatted, error);
    if (U_FAILURE(error)) return fail(ErrorCode::malformed, "a text counts something that is no number");
    std::string out;
    return formatted.toUTF8String(out);
}

std::string format_day(Language language, const std::string& pattern, CivilDate day) {
    icu::UnicodeString formatted;
    day_format(language, pattern).format(static_cast<UDate>(day.value) * 86'400'000.0, formatted);
    std::string out;
    return formatted.toUTF8String(out);
}

}  // namespace gongzhi::web
