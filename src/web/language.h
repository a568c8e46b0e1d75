// The two languages of every page, and their texts: web/locales/<area>.json, one flat set of keys, both languages side by
// side. Plural and date forms are ICU's (message_format.h); a text without them has its {names} replaced.
#pragma once

#include "base/clock.h"
#include "base/json.h"

namespace gongzhi::web {

enum class Language { zh, en };
std::string_view language_code(Language language);  // zh-CN, en

// All texts of a language: key → text.
const Json& texts(Language language);
// The text of a key that must be there, each {name} in it replaced by its value.
using TextValues = std::vector<std::pair<std::string_view, std::string>>;
std::string text(Language language, std::string_view key, const TextValues& values = {});
// Of a value {"zh": …, "en": …} the one of that language; objects and lists are gone through.
Json in_language(const Json& value, Language language);

// 2026年3月9日, 9 March 2026
std::string day_text(Language language, CivilDate day);
// The same with hours and minutes in a zone: minutes are enough for people.
std::string time_text(Language language, UtcTime time, int zone_minutes);

}  // namespace gongzhi::web
