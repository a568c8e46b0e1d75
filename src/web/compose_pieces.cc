#include "web/compose_pieces.h"

namespace gongzhi::web {
namespace {

constexpr int kPeriodDays = 90;  // that a new form suggests

std::string basis_text(const pack::LegalBasis& basis) { return basis.law + basis.article; }

// What the gate says stands at the field that can mend it.
std::string field_of_reason(const std::string& code) {
    if (code == "no_basis") return "basis";
    if (code == "no_purpose") return "purpose";
    if (code == "no_fields" || code == "surplus_field" || code == "already_held") return "fields";
    if (code == "no_measures" || code == "measure") return "measures";
    if (code == "scope") return "category";
    return code == "period" ? "from_date" : "";
}

bool has_error(const Filled& filled, const std::string& field) {
    return std::any_of(filled.errors.begin(), filled.errors.end(),
                       [&](const FieldError& error) { return error.field == field; });
}

}  // namespace

std::vector<FormView::Item> basis_items(const Visit& visit, const pack::OrderType& type) {
    std::vector<FormView::Item> items;
    for (const pack::LegalBasis& basis : type.basis)
        items.push_back(
            {basis_text(basis), basis_text(basis), basis.unverified ? visit.text("unverified") : std::string()});
    return items;
}

std::vector<FormView::Item> standard_field_items(const Visit& visit, const pack::OrderType& type) {
    std::vector<FormView::Item> items;
    for (const pack::StandardField& standard : type.standard_fields) {
        const std::string dotted = standard.record_type + "." + standard.field;
        const pack::RecordType& record = *visit.node.pack().record_type(standard.record_type);
        const pack::Field& field = record.fields[*record.slot_of(standard.field)];
        items.push_back({dotted, field_name(visit.node.pack(), visit.language, dotted),
                         field.is_protected() ? visit.text("compose_protected") : std::string()});
    }
    return items;
}

std::vector<const pack::OrderType*> order_types(const pack::Pack& pack, pack::OrderKind kind, pack::OrderScope scope) {
    std::vector<const pack::OrderType*> types;
    for (const pack::OrderType& type : pack.orders())
        if (type.kind == kind && type.scope == scope) types.push_back(&type);
    return types;
}

Result<const pack::OrderType*> order_type_in(const Visit& visit, const Filled& filled, pack::OrderKind kind,
                                             pack::OrderScope scope) {
    const std::string name = filled.values.get("order_type");
    for (const pack::OrderType* type : order_types(visit.node.pack(), kind, scope))
        if (name.empty() || type->name == name) return type;
    return fail(ErrorCode::unsupported, "the pack has no request or order of this kind");
}

void ask_period(const Visit& visit, FormView& form) {
    const CivilDate today = date_in_zone(visit.node.clock().now(), visit.zone_minutes());
    form.input("from_date", format_date(CivilDate(today.value - kPeriodDays)), "date");
    form.input("until_date", format_date(today), "date");
}

CivilDate day_in(const Visit& visit, Filled& filled, const char* name) {
    const std::string given = filled.needed(visit, "compose_", name);
    const auto day = parse_date(given);
    if (!day && !given.empty()) filled.wrong(name, visit.text("compose_day_wrong"));
    return day.value_or(CivilDate());
}

std::string period_words(const Visit& visit, CivilDate from, CivilDate until) {
    return visit.text("compose_period",
                      {{"from", day_text(visit.language, from)}, {"until", day_text(visit.language, until)}});
}

std::string deadline_words(const Visit& visit, const pack::OrderType& type) {
    return visit.text("compose_deadline", {{"days", std::to_string(type.deadline_working_days)}}) +
           (type.deadline_unverified ? visit.text("compose_deadline_unverified") : std::string());
}

std::string words_of(const Visit& visit, const std::vector<std::string>& codes) {
    return field_list(visit.node.pack(), visit.language, Json(codes).dump());
}

void add_reasons(const Visit& visit, const std::vector<casework::GateReason>& reasons, Filled& filled) {
    const Filled before = filled;
    for (const casework::GateReason& reason : reasons) {
        const std::string field = field_of_reason(reason.code);
        if (!has_error(before, field))
            filled.wrong(
                field, visit.text("gate_stops", {{"reason", visit.language == Language::zh ? reason.zh : reason.en}}));
    }
}

Json checked_row(const Visit& visit, std::string_view key, std::string value) {
    return {{"key", visit.text(key)}, {"value", value.empty() ? visit.text("none") : std::move(value)}};
}

StaffView check_page(const Visit& visit, const Filled& filled, FormFrame frame, Json rows,
                     std::initializer_list<const char*> names) {
    frame.title = visit.text("compose_check_title");
    frame.lead = visit.text("compose_check_lead");
    for (const Json& each : rows) frame.facts["rows"].push_back(each);
    FormView form(visit, filled, "compose_");
    for (const char* name : names)
        for (const std::string& value : filled.values.all(name)) form.hidden(name, value);
    StaffView shown = form_page(std::move(frame), {}, form.view("compose_send", link(visit.request.path)));
    shown.view["form"]["submit"].update({{"name", "step"}, {"value", "send"}});
    shown.view["form"]["again"] = {
        {"text", visit.text("compose_change")}, {"name", "step"}, {"value", "change"}, {"secondary", true}};
    return shown;
}

Result<Next> take_step(const Visit& visit, Filled& filled, const Composed& composed) {
    const std::string step = filled.values.get("step");
    if (step == "change") {
        filled.errors.clear();
        GZ_TRY(StaffView again, composed.again());
        return Next{{}, std::move(again)};
    }
    GZ_TRY(const std::vector<casework::GateReason> reasons, composed.gate());
    add_reasons(visit, reasons, filled);
    if (!filled.errors.empty()) return Next{};
    if (step != "send") return Next{{}, composed.to_check()};
    GZ_TRY(std::string go_to, composed.send());
    return Next{std::move(go_to), {}};
}

}  // namespace gongzhi::web
