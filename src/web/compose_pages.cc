// Writing a request or an order: fill in, hear at once what the gate would say, check everything on one page, send.
#include "web/case_pieces.h"
#include "web/console_pages.h"

namespace gongzhi::web {
namespace {

using access::Action;
using casework::ActOrder;
using casework::CaseThread;
using casework::GateReason;
using casework::InformationRequest;

constexpr int kPeriodDays = 90;  // that a new form suggests

std::string basis_text(const pack::LegalBasis& basis) { return basis.law + basis.article; }

std::vector<FormView::Item> basis_items(const Visit& visit, const pack::OrderType& type) {
    std::vector<FormView::Item> items;
    for (const pack::LegalBasis& basis : type.basis)
        items.push_back(
            {basis_text(basis), basis_text(basis), basis.unverified ? visit.text("unverified") : std::string()});
    return items;
}

std::vector<FormView::Item> field_items(const Visit& visit, const pack::OrderType& type) {
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

// The kinds of the pack that are about one shop of a case.
std::vector<const pack::OrderType*> kinds_of(const Visit& visit, pack::OrderKind kind) {
    std::vector<const pack::OrderType*> kinds;
    for (const pack::OrderType& type : visit.node.pack().orders())
        if (type.kind == kind && type.scope == pack::OrderScope::shop) kinds.push_back(&type);
    return kinds;
}

// The kind that the form names; the pack's first while none is named.
Result<const pack::OrderType*> kind_in(const Visit& visit, const Filled& filled, pack::OrderKind kind) {
    const std::vector<const pack::OrderType*> kinds = kinds_of(visit, kind);
    const std::string name = filled.values.get("order_type");
    for (const pack::OrderType* type : kinds)
        if (name.empty() || type->name == name) return type;
    return fail(ErrorCode::unsupported, "the pack has no request or order of this kind");
}

// What the gate says stands at the field that can mend it.
std::string field_of_reason(const std::string& code) {
    if (code == "no_basis") return "basis";
    if (code == "no_purpose") return "purpose";
    if (code == "no_fields" || code == "surplus_field" || code == "already_held") return "fields";
    if (code == "no_measures" || code == "measure") return "measures";
    return code == "period" ? "from_date" : "";
}

void add_reasons(const Visit& visit, const std::vector<GateReason>& reasons, Filled& filled) {
    for (const GateReason& reason : reasons)
        filled.wrong(field_of_reason(reason.code),
                     visit.text("gate_stops", {{"reason", visit.language == Language::zh ? reason.zh : reason.en}}));
}

std::string deadline_words(const Visit& visit, const pack::OrderType& type) {
    return visit.text("compose_deadline", {{"days", std::to_string(type.deadline_working_days)}}) +
           (type.deadline_unverified ? visit.text("compose_deadline_unverified") : std::string());
}

CivilDate day_in(const Visit& visit, Filled& filled, const char* name) {
    const std::string given = filled.needed(visit, "compose_", name);
    const auto day = parse_date(given);
    if (!day && !given.empty()) filled.wrong(name, visit.text("compose_day_wrong"));
    return day.value_or(CivilDate());
}

InformationRequest request_in(const Visit& visit, Filled& filled, const CaseThread& thread,
                              const pack::OrderType& type) {
    InformationRequest request;
    request.case_id = thread.id;
    request.order_type = type.name;
    request.basis = filled.values.get("basis");
    request.purpose = filled.values.get("purpose");
    request.fields = filled.values.all("fields");
    request.scope.shop = thread.shop;
    request.scope.listing = filled.values.get("listing");
    request.scope.from = day_in(visit, filled, "from_date");
    request.scope.until = day_in(visit, filled, "until_date");
    return request;
}

ActOrder order_in(const Filled& filled, const CaseThread& thread, const pack::OrderType& type) {
    return {thread.id,
            type.name,
            filled.values.get("basis"),
            filled.values.get("purpose"),
            filled.values.all("measures"),
            filled.values.get("statement"),
            thread.shop,
            filled.values.get("listing")};
}

void ask_common(const Visit& visit, const CaseThread& thread, const pack::OrderType& type, FormView& form) {
    form.hidden("order_type", type.name).hidden("step", "check");
    const auto bases = basis_items(visit, type);
    form.radios("basis", bases, bases.empty() ? "" : bases[0].value).textarea("purpose", {}, 3);
    form.input("listing", thread.subject == thread.shop ? "" : thread.subject);
}

FormFrame compose_frame(const Visit& visit, const CaseThread& thread, const std::string& base,
                        const pack::OrderType& type, std::string_view step) {
    FormFrame frame = case_form_frame(visit, thread, base);
    frame.title = visit.text(base + "_title", {{"kind", pick(visit.language, type.title)}});
    frame.facts["rows"].push_back({{"key", visit.text("column_due")}, {"value", deadline_words(visit, type)}});
    if (!thread.allows(step))
        frame.warning = {{"text", visit.text("step_not_now",
                                             {{"reason", coded(visit.language, "step_reason_", std::string(step))}})}};
    return frame;
}

Result<StaffView> show_request(const Visit& visit, const Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, kind_in(visit, filled, pack::OrderKind::information));
    const CivilDate today = date_in_zone(visit.node.clock().now(), visit.zone_minutes());
    FormView form(visit, filled, "compose_");
    ask_common(visit, thread, *type, form);
    form.checkboxes("fields", field_items(visit, *type));
    form.input("from_date", format_date(CivilDate(today.value - kPeriodDays)), "date");
    form.input("until_date", format_date(today), "date");
    return form_page(compose_frame(visit, thread, "compose_request", *type, "sent.request"), filled,
                     form.view("compose_check", case_link(thread.id)));
}

Result<StaffView> show_order(const Visit& visit, const Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, kind_in(visit, filled, pack::OrderKind::act));
    std::vector<FormView::Item> measures;
    for (const std::string& measure : type->measures)
        measures.push_back({measure, coded(visit.language, "measure_", measure)});
    FormView form(visit, filled, "compose_");
    ask_common(visit, thread, *type, form);
    form.checkboxes("measures", measures).textarea("statement");
    return form_page(compose_frame(visit, thread, "compose_order", *type, "sent.order"), filled,
                     form.view("compose_check", case_link(thread.id)));
}

// The page on which everything is read once more: each value travels along, unseen, for the last button.
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

Json checked_row(const Visit& visit, std::string_view key, std::string value) {
    return {{"key", visit.text(key)}, {"value", value.empty() ? visit.text("none") : std::move(value)}};
}

std::string listed(const Visit& visit, const std::vector<std::string>& codes) {
    return field_list(visit.node.pack(), visit.language, Json(codes).dump());
}

Result<Next> act_on_request(const Visit& visit, Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, kind_in(visit, filled, pack::OrderKind::information));
    const std::string step = filled.values.get("step");
    if (step == "change") {
        GZ_TRY(StaffView again, show_request(visit, filled));
        return Next{{}, std::move(again)};
    }
    const InformationRequest request = request_in(visit, filled, thread, *type);
    if (!filled.errors.empty()) return Next{};
    GZ_TRY(const std::vector<GateReason> reasons, visit.node.check_request(visit.actor, request));
    add_reasons(visit, reasons, filled);
    if (!filled.errors.empty()) return Next{};
    if (step == "send") {
        GZ_TRY(const auto sent, visit.node.send_request(visit.actor, request));
        (void)visit.node.wait_applied(sent.message.index);
        return Next{case_done_link(thread.id, "request_sent"), {}};
    }
    const std::string period = visit.text("compose_period", {{"from", day_text(visit.language, request.scope.from)},
                                                             {"until", day_text(visit.language, request.scope.until)}});
    Json rows = {checked_row(visit, "basis", request.basis), checked_row(visit, "compose_purpose", request.purpose),
                 checked_row(visit, "compose_fields", listed(visit, request.fields)),
                 checked_row(visit, "compose_listing", request.scope.listing),
                 checked_row(visit, "compose_period_key", period)};
    return Next{{},
                check_page(visit, filled, compose_frame(visit, thread, "compose_request", *type, "sent.request"), rows,
                           {"order_type", "basis", "purpose", "listing", "fields", "from_date", "until_date"})};
}

Result<Next> act_on_order(const Visit& visit, Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, kind_in(visit, filled, pack::OrderKind::act));
    const std::string step = filled.values.get("step");
    if (step == "change") {
        GZ_TRY(StaffView again, show_order(visit, filled));
        return Next{{}, std::move(again)};
    }
    (void)filled.needed(visit, "compose_", "statement");
    if (!filled.errors.empty()) return Next{};
    const ActOrder order = order_in(filled, thread, *type);
    GZ_TRY(const std::vector<GateReason> reasons, visit.node.casework().check_order(visit.actor, order));
    add_reasons(visit, reasons, filled);
    if (!filled.errors.empty()) return Next{};
    if (step == "send") {
        GZ_TRY(const auto sent, visit.node.casework().send_order(visit.actor, order));
        (void)visit.node.wait_applied(sent.message.index);
        return Next{case_done_link(thread.id, "order_sent"), {}};
    }
    Json rows = {checked_row(visit, "basis", order.basis), checked_row(visit, "compose_purpose", order.purpose),
                 checked_row(visit, "compose_measures", listed(visit, order.measures)),
                 checked_row(visit, "compose_statement", order.statement),
                 checked_row(visit, "compose_listing", order.listing)};
    return Next{{},
                check_page(visit, filled, compose_frame(visit, thread, "compose_order", *type, "sent.order"), rows,
                           {"order_type", "basis", "purpose", "listing", "measures", "statement"})};
}

}  // namespace

void add_compose_pages(http::Router& router, node::Node& node) {
    add_form_page(router, node,
                  {"/cases/{case}/requests/new", "request.send", Action::send_request, show_request, act_on_request});
    add_form_page(router, node,
                  {"/cases/{case}/orders/new", "order.send", Action::send_order, show_order, act_on_order});
}

}  // namespace gongzhi::web
