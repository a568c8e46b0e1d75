// Explanations as locale texts: a section is two texts, <name>_heading and <name>_body. A body has one block on each line:
// a paragraph; "- " a point of a list; "# " a step; "> /path words" a link to a page of this site.
#pragma once

#include "web/language.h"

namespace gongzhi::web {

// One section, for the component `article`; its id is the name.
Json article_section(Language language, const std::string& name, const TextValues& values = {});
// {"sections": […]}
Json article(Language language, const std::vector<std::string>& names, const TextValues& values = {});

}  // namespace gongzhi::web
