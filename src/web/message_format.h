// ICU's plural and date forms, for the locale files: "{count, plural, one {# finding waits} other {# findings wait}}" in a
// text, "d MMMM y" in the text `date`. Safe for concurrent use.
#pragma once

#include "web/language.h"

namespace gongzhi::web {

// Whether a text needs more than its names replaced.
bool has_plural(std::string_view pattern);
// Values that are whole numbers may be counted by the pattern. `malformed` where ICU cannot read the pattern.
Result<std::string> format_message(Language language, const std::string& pattern, const TextValues& values);
std::string format_day(Language language, const std::string& pattern, CivilDate day);

}  // namespace gongzhi::web
