#include "casework/request_gate.h"

#include <algorithm>

namespace gongzhi::casework {
namespace {

constexpr int kScopeDaysMax = 366;
constexpr size_t kFieldsMax = 200;
constexpr size_t kMeasuresMax = 20;

std::string record_type_of(const std::string& dotted) { return dotted.substr(0, dotted.find('.')); }

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

Result<std::vector<std::string>> texts_of(const Json& json, const char* key, size_t count_max) {
    if (!json.contains(key) || !json[key].is_array() || json[key].size() > count_max)
        return fail_field(ErrorCode::malformed, key, "a list of texts is expected");
    std::vector<std::string> texts;
    for (const Json& item : json[key]) {
        if (!item.is_string()) return fail_field(ErrorCode::malformed, key, "a list of texts is expected");
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

// "成交：买家账号（sale.buyer）": as the catalogue calls the field; the code alone where it does not know it.
pack::Wording name_of(const std::string& dotted, const std::vector<pack::RecordType>* records) {
    if (records)
        for (const pack::RecordType& type : *records)
            for (const pack::Field& field : type.fields)
                if (type.name + "." + field.name == dotted)
                    return {fmt::format("{}：{}（{}）", type.title.zh, field.title.zh, dotted),
                            fmt::format("{}: {} ({})", type.title.en, field.title.en, dotted)};
    return {dotted, dotted};
}

// Collects every reason: who is stopped once learns all of them.
class Gate {
public:
    void stop(std::string code, std::string zh, std::string en) {
        reasons_.push_back({std::move(code), std::move(zh), std::move(en)});
    }
    // What holds for requests and orders alike.
    void check_common(const std::string& basis, const std::string& purpose, const pack::OrderType& type,
                      const GateFacts& facts) {
        if (basis.empty()) stop("no_basis", "缺少法律依据", "No legal basis is named");
        if (purpose.empty()) stop("no_purpose", "缺少调取目的", "No purpose is named");
        if (!contains(type.levels, facts.unit_level))
            stop("level", "本级机关无权发出这种请求", "A unit of this level may not make this request");
    }
    void check_fields(const InformationRequest& request, const pack::OrderType& type, const GateFacts& facts) {
        if (request.fields.empty()) stop("no_fields", "没有写明要哪些字段", "No field is asked for");
        for (const std::string& field : request.fields) {
            const pack::Wording name = name_of(field, facts.records);
            if (!type.allows(field)) {
                stop("surplus_field", fmt::format("字段“{}”不在法定标准字段之内，须经省级同意", name.zh),
                     fmt::format("The field \"{}\" is outside the standard set; it needs the province's consent",
                                 name.en));
            } else if (contains(facts.held, record_type_of(field))) {
                stop("already_held", fmt::format("“{}”已由平台依法报送，不得重复索取", name.zh),
                     fmt::format("\"{}\" was submitted already; it may not be asked for again", name.en));
            }
        }
    }
    void check_scope(const RequestScope& scope, const pack::OrderType& type, const GateFacts& facts) {
        const bool by_category = type.scope == pack::OrderScope::category;
        if (by_category && (scope.category.empty() || scope.region.empty() || !scope.shop.empty()))
            stop("scope", "应当写明一个品类和一个区域", "One category and one region are to be named");
        if (!by_category && scope.shop != facts.case_shop)
            stop("scope", "请求的网店与案件不符", "The shop asked about is not the case's");
        const int days = scope.until.value - scope.from.value;
        if (days < 0 || days > kScopeDaysMax)
            stop("period", "期间应在一年以内，且起止顺序正确",
                 "The period must be at most a year, and end after it begins");
    }
    std::vector<GateReason> reasons() && { return std::move(reasons_); }

private:
    std::vector<GateReason> reasons_;
};

std::vector<GateReason> unknown_type() {
    return {{"order_type", "法规包中没有这种请求", "The pack knows no request of this kind"}};
}

}  // namespace

Json InformationRequest::to_json() const {
    Json scope_json = {{"shop", scope.shop},
                       {"listing", scope.listing},
                       {"from_date", format_date(scope.from)},
                       {"until_date", format_date(scope.until)}};
    if (!scope.category.empty()) scope_json["category"] = scope.category;
    if (!scope.region.empty()) scope_json["region"] = scope.region;
    return {{"case", case_id},    {"order_type", order_type}, {"basis", basis},
            {"purpose", purpose}, {"fields", fields},         {"scope", scope_json}};
}

Result<InformationRequest> InformationRequest::from_json(const Json& json) {
    InformationRequest request;
    GZ_TRY(request.case_id, json_text_or_empty(json, "case"));
    GZ_TRY(request.order_type, json_text(json, "order_type"));
    GZ_TRY(request.basis, json_text_or_empty(json, "basis"));
    GZ_TRY(request.purpose, json_text_or_empty(json, "purpose"));
    GZ_TRY(request.fields, texts_of(json, "fields", kFieldsMax));
    if (!json.contains("scope") || !json["scope"].is_object())
        return fail_field(ErrorCode::malformed, "scope", "the scope is missing");
    const Json& scope = json["scope"];
    GZ_TRY(request.scope.shop, json_text_or_empty(scope, "shop"));
    GZ_TRY(request.scope.listing, json_text_or_empty(scope, "listing"));
    GZ_TRY(request.scope.category, json_text_or_empty(scope, "category"));
    GZ_TRY(request.scope.region, json_text_or_empty(scope, "region"));
    GZ_TRY(const std::string from, json_text(scope, "from_date"));
    GZ_TRY(const std::string until, json_text(scope, "until_date"));
    GZ_TRY(request.scope.from, parse_date(from));
    GZ_TRY(request.scope.until, parse_date(until));
    return request;
}

Json ActOrder::to_json() const {
    return {{"case", case_id},      {"order_type", order_type}, {"basis", basis}, {"purpose", purpose},
            {"measures", measures}, {"statement", statement},   {"shop", shop},   {"listing", listing}};
}

Result<ActOrder> ActOrder::from_json(const Json& json) {
    ActOrder order;
    GZ_TRY(order.case_id, json_text(json, "case"));
    GZ_TRY(order.order_type, json_text(json, "order_type"));
    GZ_TRY(order.basis, json_text_or_empty(json, "basis"));
    GZ_TRY(order.purpose, json_text_or_empty(json, "purpose"));
    GZ_TRY(order.measures, texts_of(json, "measures", kMeasuresMax));
    GZ_TRY(order.statement, json_text_or_empty(json, "statement"));
    GZ_TRY(order.shop, json_text(json, "shop"));
    GZ_TRY(order.listing, json_text_or_empty(json, "listing"));
    return order;
}

std::vector<GateReason> gate(const InformationRequest& request, const pack::OrderType* order, const GateFacts& facts) {
    if (!order || order->kind != pack::OrderKind::information) return unknown_type();
    Gate gate;
    gate.check_common(request.basis, request.purpose, *order, facts);
    gate.check_fields(request, *order, facts);
    gate.check_scope(request.scope, *order, facts);
    return std::move(gate).reasons();
}

std::vector<GateReason> gate(const ActOrder& order, const pack::OrderType* type, const GateFacts& facts) {
    if (!type || type->kind != pack::OrderKind::act) return unknown_type();
    Gate gate;
    gate.check_common(order.basis, order.purpose, *type, facts);
    if (order.measures.empty()) gate.stop("no_measures", "没有写明责令采取什么措施", "No measure is ordered");
    for (const std::string& measure : order.measures)
        if (!contains(type->measures, measure))
            gate.stop("measure", fmt::format("法规包不允许责令“{}”", measure),
                      fmt::format("The pack does not allow ordering \"{}\"", measure));
    if (order.shop != facts.case_shop)
        gate.stop("scope", "责令的网店与案件不符", "The shop ordered about is not the case's");
    return std::move(gate).reasons();
}

std::string sentence_of(const std::vector<GateReason>& reasons) {
    std::string sentence;
    for (const GateReason& reason : reasons)
        sentence += fmt::format("{}{} {}", sentence.empty() ? "" : "; ", reason.zh, reason.en);
    return sentence;
}

}  // namespace gongzhi::casework
