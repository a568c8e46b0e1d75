// The gate that binds the authority's own requests: what the law does not allow never leaves. Pure.
#pragma once

#include "base/json.h"
#include "pack/pack.h"

namespace gongzhi::casework {

// Either one shop of a case, or one category and region of a platform (D4).
struct RequestScope {
    std::string shop;
    std::string listing;                     // "" for the whole shop
    CivilDate from, until;                   // civil days, both included
    std::string category = {}, region = {};  // only where the order type's scope is a category
};

// What an authority asks of a platform.
struct InformationRequest {
    std::string case_id;  // "" where the order type needs no case
    std::string order_type;
    std::string basis;
    std::string purpose;
    std::vector<std::string> fields;  // "sale.price"
    RequestScope scope;

    Json to_json() const;
    static Result<InformationRequest> from_json(const Json& json);
};

// An order to act: 责令.
struct ActOrder {
    std::string case_id;
    std::string order_type;
    std::string basis;
    std::string purpose;
    std::vector<std::string> measures;  // of those that the order type allows
    std::string statement;              // what is to be done, in words
    std::string shop, listing;

    Json to_json() const;
    static Result<ActOrder> from_json(const Json& json);
};

// What the gate knows besides the request.
struct GateFacts {
    std::string case_shop;          // the shop that the case is about; "" without a case
    std::string unit_level;         // of the asking unit
    std::vector<std::string> held;  // record types of which the authority holds this shop's records already
    const std::vector<pack::RecordType>* records = nullptr;  // the catalogue, by which reasons name fields
};

struct GateReason {
    std::string code, zh, en;
};
// Empty where the request may leave.
std::vector<GateReason> gate(const ActOrder& order, const pack::OrderType* type, const GateFacts& facts);
// "zh en; zh en", for the error's sentence.
std::string sentence_of(const std::vector<GateReason>& reasons);
std::vector<GateReason> gate(const InformationRequest& request, const pack::OrderType* order, const GateFacts& facts);

}  // namespace gongzhi::casework
