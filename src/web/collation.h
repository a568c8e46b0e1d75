// The order in which people look for words: by pinyin in Chinese, by letter in English (CLDR). Decided here and not by the
// store, which compares bytes. The only user of ICU in this module. Safe for concurrent use.
#pragma once

#include "web/language.h"

namespace gongzhi::web {

// "<0", "0" or ">0" as `a` stands before, beside or behind `b`.
int compare_words(Language language, std::string_view a, std::string_view b);

// Sorts by a member that is text. What reads alike keeps its order.
void sort_by(Language language, Json& objects, const char* member);

}  // namespace gongzhi::web
