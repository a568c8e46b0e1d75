// What a node's own records hold of a shop, for pages that name it only by its number: each record that gives the shop's name,
// with its kind, its id and that name. Never a protected one.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

// Links: text, href. Only of record types that a duty brings here; at most a few.
Result<Json> shop_records(const Visit& visit, const std::string& party, const std::string& shop);

}  // namespace gongzhi::web
