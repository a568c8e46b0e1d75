#include "web/language.h"

#include "web/embedded.h"
#include "web/message_format.h"

namespace gongzhi::web {
namespace {

constexpr std::string_view kLocales = "locales/";

const char* short_code(Language language) { return language == Language::zh ? "zh" : "en"; }

Json load_texts(Language language) {
    Json all = Json::object();
    for (const EmbeddedFile& file : embedded_files()) {
        if (!file.name.starts_with(kLocales)) continue;
        const Json area = Json::parse(file.content);
        for (const auto& [key, both] : area.items()) {
            GZ_CHECK(!all.contains(key), "a text's key stands in two locale files");
            all[key] = both.at(short_code(language));
        }
    }
    return all;
}

}  // namespace

std::string_view language_code(Language language) { return language == Language::zh ? "zh-CN" : "en"; }

const Json& texts(Language language) {
    static const Json zh = load_texts(Language::zh), en = load_texts(Language::en);
    return language == Language::zh ? zh : en;
}

std::string text(Language language, std::string_view key, const TextValues& values) {
    const Json& all = texts(language);
    const auto found = all.find(key);
    GZ_CHECK(found != all.end(), "a page asks for a text that no locale file has");
    std::string out = found->get<std::string>();
    if (has_plural(out)) {
        auto formatted = format_message(language, out, values);
        GZ_CHECK(formatted, "a text's plural form counts a number that it is given");
        return *std::move(formatted);
    }
    for (const auto& [name, value] : values) {
        const std::string mark = fmt::format("{{{}}}", name);
        for (size_t at = 0; (at = out.find(mark, at)) != std::string::npos; at += value.size())
            out.replace(at, mark.size(), value);
    }
    return out;
}

Json in_language(const Json& value, Language language) {
    if (value.is_object() && value.size() == 2 && value.contains("zh") && value.contains("en"))
        return value[short_code(language)];
    if (!value.is_structured()) return value;
    Json out = value;
    for (Json& item : out) item = in_language(item, language);
    return out;
}

std::string day_text(Language language, CivilDate day) { return format_day(language, text(language, "date"), day); }

std::string time_text(Language language, UtcTime time, int zone_minutes) {
    const std::string iso = format_utc(UtcTime(time.value + int64_t{zone_minutes} * 60 * kMicrosPerSecond));
    return day_text(language, date_in_zone(time, zone_minutes)) + " " + iso.substr(11, 5);
}

}  // namespace gongzhi::web
