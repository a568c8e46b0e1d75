// Legal basis as pages show it: law and article in their own language, from when, and whether anybody read the clause at
// its source.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

// What a text of the pack is written in: Chinese where it has a Chinese character, else English.
std::string_view language_of(std::string_view text);
// {"law", "lang", "in_force", "unverified"}: in_force is a sentence, or false.
Json law_list(Language language, const std::vector<pack::LegalBasis>& basis);
// The same as the component `table`, with the version of each text and whether it was read at its source.
Json law_table(const Visit& visit, std::string_view id, std::string caption,
               const std::vector<pack::LegalBasis>& basis);

}  // namespace gongzhi::web
