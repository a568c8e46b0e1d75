// Writing a request or an order: fill in, hear at once what the gate would say, check everything on one page, send.
#include "web/case_pieces.h"
#include "web/compose_pieces.h"
#include "web/console_pages.h"

namespace gongzhi::web {
namespace {

using access::Action;
using casework::ActOrder;
using casework::CaseThread;
using casework::InformationRequest;

Result<const pack::OrderType*> request_type(const Visit& visit, const Filled& filled) {
    return order_type_in(visit, filled, pack::OrderKind::information, pack::OrderScope::shop);
}
Result<const pack::OrderType*> order_type(const Visit& visit, const Filled& filled) {
    return order_type_in(visit, filled, pack::OrderKind::act, pack::OrderScope::shop);
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
                        const pack::OrderType& type) {
    FormFrame frame = case_form_frame(visit, thread, base);
    frame.title = visit.text(base + "_title", {{"kind", pick(visit.language, type.title)}});
    frame.facts["rows"].push_back({{"key", visit.text("column_due")}, {"value", deadline_words(visit, type)}});
    return frame;
}

Result<StaffView> show_request(const Visit& visit, const Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, request_type(visit, filled));
    FormFrame frame = compose_frame(visit, thread, "compose_request", *type);
    if (const std::string why = why_not_now(visit, thread, "sent.request"); !why.empty())
        return not_now_page(visit, thread, std::move(frame), why, filled);
    FormView form(visit, filled, "compose_");
    ask_common(visit, thread, *type, form);
    form.checkboxes("fields", standard_field_items(visit, *type));
    ask_period(visit, form);
    return form_page(std::move(frame), filled, form.view("compose_check", case_link(thread.id)));
}

Result<StaffView> show_order(const Visit& visit, const Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, order_type(visit, filled));
    FormFrame frame = compose_frame(visit, thread, "compose_order", *type);
    if (const std::string why = why_not_now(visit, thread, "sent.order"); !why.empty())
        return not_now_page(visit, thread, std::move(frame), why, filled);
    std::vector<FormView::Item> measures;
    for (const std::string& measure : type->measures)
        measures.push_back({measure, coded(visit.language, "measure_", measure)});
    FormView form(visit, filled, "compose_");
    ask_common(visit, thread, *type, form);
    form.checkboxes("measures", measures).textarea("statement");
    return form_page(std::move(frame), filled, form.view("compose_check", case_link(thread.id)));
}

Result<Next> act_on_request(const Visit& visit, Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, request_type(visit, filled));
    const InformationRequest request = request_in(visit, filled, thread, *type);
    const auto to_check = [&] {
        const Json rows = {
            checked_row(visit, "basis", request.basis), checked_row(visit, "compose_purpose", request.purpose),
            checked_row(visit, "compose_fields", words_of(visit, request.fields)),
            checked_row(visit, "compose_listing", request.scope.listing),
            checked_row(visit, "compose_period_key", period_words(visit, request.scope.from, request.scope.until))};
        return check_page(visit, filled, compose_frame(visit, thread, "compose_request", *type), rows,
                          {"order_type", "basis", "purpose", "listing", "fields", "from_date", "until_date"});
    };
    const auto send = [&]() -> Result<std::string> {
        GZ_TRY(const auto sent, visit.node.send_request(visit.actor, request));
        (void)visit.node.wait_applied(sent.message.index);
        return case_done_link(thread.id, "request_sent");
    };
    return take_step(visit, filled,
                     {[&] { return show_request(visit, filled); },
                      [&] { return visit.node.check_request(visit.actor, request); }, to_check, send});
}

Result<Next> act_on_order(const Visit& visit, Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    GZ_TRY(const pack::OrderType* type, order_type(visit, filled));
    (void)filled.needed(visit, "compose_", "statement");
    const ActOrder order = order_in(filled, thread, *type);
    const auto to_check = [&] {
        const Json rows = {checked_row(visit, "basis", order.basis),
                           checked_row(visit, "compose_purpose", order.purpose),
                           checked_row(visit, "compose_measures", words_of(visit, order.measures)),
                           checked_row(visit, "compose_statement", order.statement),
                           checked_row(visit, "compose_listing", order.listing)};
        return check_page(visit, filled, compose_frame(visit, thread, "compose_order", *type), rows,
                          {"order_type", "basis", "purpose", "listing", "measures", "statement"});
    };
    const auto send = [&]() -> Result<std::string> {
        GZ_TRY(const auto sent, visit.node.casework().send_order(visit.actor, order));
        (void)visit.node.wait_applied(sent.message.index);
        return case_done_link(thread.id, "order_sent");
    };
    return take_step(visit, filled,
                     {[&] { return show_order(visit, filled); },
                      [&] { return visit.node.casework().check_order(visit.actor, order); }, to_check, send});
}

}  // namespace

void add_compose_pages(http::Router& router, node::Node& node) {
    add_form_page(router, node,
                  {"/cases/{case}/requests/new", "request.send", Action::send_request, show_request, act_on_request});
    add_form_page(router, node,
                  {"/cases/{case}/orders/new", "order.send", Action::send_order, show_order, act_on_order});
}

}  // namespace gongzhi::web
