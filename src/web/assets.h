// The stylesheet, under a name that changes with its content, so that a browser may keep it for ever.
#pragma once

#include "http/router.h"

namespace gongzhi::web {

// "/assets/site-<digest>.css"
const std::string& stylesheet_path();
// The stylesheet's bytes as compiled, and as sent to browsers that take gzip.
std::string_view stylesheet();
std::string_view stylesheet_gzip();
void add_asset_route(http::Router& router);

}  // namespace gongzhi::web
