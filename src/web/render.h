// Pages from mustache templates: texts of the chosen language under `t`, the page inside the layout.
//
// An unknown name renders as nothing in mustache; `missing_names` finds it, and a test asks it for every page.
#pragma once

#include "base/json.h"

namespace gongzhi::web {

enum class Language { zh, en };
std::string_view language_code(Language language);

// The locale's texts.
const Json& texts(Language language);
// A whole page: `view` for the template, `layout` for the layout (title, links).
std::string render_page(std::string_view page, Language language, Json view, Json layout);
// Names that the template uses and the view lacks; sections are looked into where the view has content for them.
std::vector<std::string> missing_names(std::string_view page, Language language, const Json& view);

}  // namespace gongzhi::web
