// The pages: server-rendered, zh and en, without JavaScript. A finding with its evidence; verify a receipt; sign in; the
// gallery of components.
#pragma once

#include "web/page.h"

namespace gongzhi::web {

Status add_pages(http::Router& router, node::Node& node);

// The view of a finding page, and of a verification's outcome; `pasted` is empty on the first visit.
Result<Json> finding_view(node::Node& node, const std::string& finding_id, Language language);
Json verification_view(node::Node& node, const std::optional<std::string>& pasted, Language language);

}  // namespace gongzhi::web
