// What the pages about one platform share.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

// The platform that the address names: /platforms/{party}/…; `not_found` for who is no admitted platform.
Result<exchange::PartyDescriptor> platform_of_address(const Visit& visit);
std::string platform_link(const std::string& party);

}  // namespace gongzhi::web
