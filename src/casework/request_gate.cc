#include "casework/request_gate.h"

#include <algorithm>

namespace gongzhi::casework {
namespace {

constexpr int kScopeDaysMax = 366;
constexpr size_t kFieldsMax = 200;

std::string record_type_of(const std::string& dotted) { return dotted.substr(0, dotted.find('.')); }

}  // namespace

Json InformationRequest::to_json() const {
    return {{"case", case_id},
            {"order_type", order_type},
            {"basis", basis},
            {"purpose", purpose},
            {"fields", fields},
            {"scope",
             {{"shop", scope.shop},
              {"listing", scope.listing},
              {"from_date", format_date(scope.from)},
              {"until_date", format_date(scope.until)}}}};
}

Result<InformationRequest> InformationRequest::from_json(const Json& json) {
    InformationRequest request;
    GZ_TRY(request.case_id, json_text(json, "case"));
    GZ_TRY(request.order_type, json_text(json, "order_type"));
    GZ_TRY(request.basis, json_text_or_empty(json, "basis"));
    GZ_TRY(request.purpose, json_text_or_empty(json, "purpose"));
    if (!json.contains("fields") || !json["fields"].is_array() || json["fields"].size() > kFieldsMax)
        return fail_field(ErrorCode::malformed, "fields", "a list of fields is expected");
    for (const Json& field : json["fields"]) {
        if (!field.is_string()) return fail_field(ErrorCode::malformed, "fields", "a field is a text like sale.price");
        request.fields.push_back(field.get<std::string>());
    }
    if (!json.contains("scope")) return fail_field(ErrorCode::malformed, "scope", "the scope is missing");
    const Json& scope = json["scope"];
    GZ_TRY(request.scope.shop, json_text(scope, "shop"));
    GZ_TRY(request.scope.listing, json_text_or_empty(scope, "listing"));
    GZ_TRY(const std::string from, json_text(scope, "from_date"));
    GZ_TRY(const std::string until, json_text(scope, "until_date"));
    GZ_TRY(request.scope.from, parse_date(from));
    GZ_TRY(request.scope.until, parse_date(until));
    return request;
}

std::vector<GateReason> gate(const InformationRequest& request, const pack::OrderType* order, const GateFacts& facts) {
    std::vector<GateReason> reasons;
    const auto stop = [&](std::string code, std::string zh, std::string en) {
        reasons.push_back({std::move(code), std::move(zh), std::move(en)});
    };
    if (!order) {
        stop("order_type", "法规包中没有这种请求", "The pack knows no request of this kind");
        return reasons;
    }
    if (request.basis.empty()) stop("no_basis", "缺少法律依据", "No legal basis is named");
    if (request.purpose.empty()) stop("no_purpose", "缺少调取目的", "No purpose is named");
    if (request.fields.empty()) stop("no_fields", "没有写明要哪些字段", "No field is asked for");
    for (const std::string& field : request.fields) {
        if (!order->allows(field)) {
            stop("surplus_field", fmt::format("字段“{}”不在法定标准字段之内，须经省级同意", field),
                 fmt::format("The field \"{}\" is outside the standard set; it needs the province's consent", field));
        } else if (std::find(facts.held.begin(), facts.held.end(), record_type_of(field)) != facts.held.end()) {
            stop("already_held", fmt::format("“{}”已由平台依法报送，不得重复索取", field),
                 fmt::format("\"{}\" was submitted already; it may not be asked for again", field));
        }
    }
    if (std::find(order->levels.begin(), order->levels.end(), facts.unit_level) == order->levels.end())
        stop("level", "本级机关无权发出这种请求", "A unit of this level may not make this request");
    if (request.scope.shop != facts.case_shop)
        stop("scope", "请求的网店与案件不符", "The shop asked about is not the case's");
    const int days = request.scope.until.value - request.scope.from.value;
    if (days < 0 || days > kScopeDaysMax)
        stop("period", "期间应在一年以内，且起止顺序正确",
             "The period must be at most a year, and end after it begins");
    return reasons;
}

}  // namespace gongzhi::casework
