#include "web/platform_pieces.h"

namespace gongzhi::web {

Result<exchange::PartyDescriptor> platform_of_address(const Visit& visit) {
    const auto peer = visit.node.peers().find(PartyId(visit.request.path_values.at("party")));
    if (!peer || peer->role != exchange::PartyRole::platform)
        return fail(ErrorCode::not_found, "no such platform here");
    return *peer;
}

std::string platform_link(const std::string& party) { return link("/platforms/" + path_segment(party)); }

}  // namespace gongzhi::web
