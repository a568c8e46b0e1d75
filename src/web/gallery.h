// /gallery: every component with what it is for, the names it needs and its examples; the page on which the design
// language can be looked at and is tested.
#pragma once

#include "web/page.h"

namespace gongzhi::web {

Json gallery_view(Language language);
void add_gallery_route(http::Router& router, node::Node& node);

}  // namespace gongzhi::web
