// The pages: server-rendered, zh and en, all of them without JavaScript: the portal, the desk, the console; sign in; the
// gallery of components.
#pragma once

#include "web/page.h"

namespace gongzhi::web {

Status add_pages(http::Router& router, node::Node& node);

// The view of a finding page.
Result<Json> finding_view(node::Node& node, const std::string& finding_id, Language language);

}  // namespace gongzhi::web
