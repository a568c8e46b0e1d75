// The pages: server-rendered, zh and en, without JavaScript. A finding with its evidence; verify a receipt; sign in.
#pragma once

#include "http/router.h"
#include "node/node.h"
#include "web/render.h"

namespace gongzhi::web {

Status add_pages(http::Router& router, node::Node& node);

// The language asked for by ?lang=, else by Accept-Language, else Chinese.
Language language_of(const http::Request& request);
// What every page's layout needs.
Json layout_view(const http::Request& request, node::Node& node, Language language, const std::string& title);
// The view of a finding page, and of a verification's outcome (pure, for tests too).
Result<Json> finding_view(node::Node& node, const std::string& finding_id, Language language);
Json verification_view(node::Node& node, const std::string& pasted, Language language);

}  // namespace gongzhi::web
