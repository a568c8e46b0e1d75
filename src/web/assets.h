// The stylesheet and the one script, each under a name that changes with its content, so that a browser may keep it for ever.
#pragma once

#include "http/router.h"

namespace gongzhi::web {

// "/assets/site-<digest>.css"
const std::string& stylesheet_path();
// The stylesheet's bytes as compiled, and as sent to browsers that take gzip.
std::string_view stylesheet();
std::string_view stylesheet_gzip();
// "/assets/verify-<digest>.js": checks a receipt in the visitor's own browser. At most 15 kB; no page needs it.
const std::string& verify_script_path();
void add_asset_route(http::Router& router);

}  // namespace gongzhi::web
