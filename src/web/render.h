// Pages and components from mustache templates: texts of the chosen language under `t`, the frame under `layout`.
//
// Mustache shows an unknown name as nothing. So each view is held against its template first, always: what is missing is
// logged, listed in `problems` and written at the end of a page as a comment, on which every test of a page fails.
#pragma once

#include "web/component.h"

namespace gongzhi::web {

struct Rendered {
    std::string html;
    std::vector<std::string> problems;
};

// web/templates/<page>.mustache inside the layout; `view` holds the page's own names, `layout` the frame's (web/page.h).
Rendered render_page(std::string_view page, Language language, Json view, Json layout);
Rendered render_component(std::string_view name, Language language, Json view);
std::vector<std::string> page_names();  // of all pages

}  // namespace gongzhi::web
