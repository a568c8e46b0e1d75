// The gate that binds the authority's own requests: what the law does not allow never leaves. Pure.
#pragma once

#include "base/json.h"
#include "pack/pack.h"

namespace gongzhi::casework {

struct RequestScope {
    std::string shop;
    std::string listing;    // "" for the whole shop
    CivilDate from, until;  // civil days, both included
};

// What an authority asks of a platform.
struct InformationRequest {
    std::string case_id;
    std::string order_type;
    std::string basis;
    std::string purpose;
    std::vector<std::string> fields;  // "sale.price"
    RequestScope scope;

    Json to_json() const;
    static Result<InformationRequest> from_json(const Json& json);
};

// What the gate knows besides the request.
struct GateFacts {
    std::string case_shop;          // the shop that the case is about
    std::string unit_level;         // of the asking unit
    std::vector<std::string> held;  // record types of which the authority holds this shop's records already
};

struct GateReason {
    std::string code, zh, en;
};
// Empty where the request may leave.
std::vector<GateReason> gate(const InformationRequest& request, const pack::OrderType* order, const GateFacts& facts);

}  // namespace gongzhi::casework
