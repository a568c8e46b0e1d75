// Answering a request, answering an order, objecting to one: each a form that shows beforehand what it will send.
#include <algorithm>

#include "web/answer_rows.h"
#include "web/console_pages.h"
#include "web/desk_pieces.h"

namespace gongzhi::web {
namespace {

using access::Action;
using casework::Gathered;
using casework::InformationRequest;

constexpr size_t kRowsShown = 5;

std::vector<PageLink> way_back(const Visit& visit, const Incoming& incoming) {
    return {{visit.text("nav_requests"), link("/requests")},
            {incoming_name(visit, incoming.row), request_link(incoming.id)}};
}

Json short_facts(const Visit& visit, const Incoming& incoming) {
    const auto deadline = parse_utc(text_at(incoming.row, "deadline_time"));
    Facts facts(visit);
    facts.add("row_from", party_name(visit.node, visit.language, text_at(incoming.row, "party")))
        .add_chinese("basis", text_at(incoming.row, "basis"))
        .add_chinese("column_purpose", text_at(incoming.row, "purpose"))
        .add("column_subject", request_about(visit, incoming.row));
    std::string until = moment(visit, incoming.row["deadline_time"]);
    if (deadline) until = visit.text("with_note", {{"text", until}, {"note", days_left(visit, *deadline)}});
    facts.add("column_due", until);
    return facts.list();
}

// --- what would be sent ---

// Protected values are not opened for a preview, unless a type is asked for nothing else: then for their number alone.
Result<std::vector<AnswerRows>> held_for(const Visit& visit, const InformationRequest& request) {
    std::map<std::string, std::vector<std::string>> open, hidden;
    for (const std::string& dotted : request.fields)
        if (const pack::Field* field = catalogue_field(visit.node.pack(), dotted))
            (field->is_protected() ? hidden : open)[dotted.substr(0, dotted.find('.'))].push_back(dotted);
    InformationRequest preview = request;
    preview.fields.clear();
    for (auto& [type, fields] : hidden)
        if (!open.contains(type)) open[type] = fields;
    for (const auto& [type, fields] : open) preview.fields.insert(preview.fields.end(), fields.begin(), fields.end());
    GZ_TRY(const auto connection, visit.node.records());
    GZ_TRY(Gathered gathered, casework::gather_answer(preview, visit.node.pack(), visit.node.ledger(), *connection));
    return answer_rows(visit.node.pack(), request.fields, gathered.rows);
}

Json preview_table(const Visit& visit, const AnswerRows& held) {
    const std::string shown = std::to_string(std::min(held.rows.size(), kRowsShown));
    return answer_table(visit, held,
                        visit.text("answer_rows_caption", {{"type", pick(visit.language, held.type->title)},
                                                           {"count", std::to_string(held.rows.size())},
                                                           {"shown", shown}}),
                        kRowsShown);
}

std::string protected_names(const Visit& visit, const InformationRequest& request) {
    std::string names;
    for (const std::string& dotted : request.fields)
        if (const pack::Field* field = catalogue_field(visit.node.pack(), dotted); field && field->is_protected())
            names +=
                (names.empty() ? "" : visit.text("list_comma")) + field_name(visit.node.pack(), visit.language, dotted);
    return names;
}

std::vector<SheetSection> preview(const Visit& visit, const InformationRequest& request,
                                  const std::vector<AnswerRows>& all) {
    SheetSection section{.heading = visit.text("answer_what_leaves")};
    size_t count = 0;
    for (const AnswerRows& held : all) count += held.rows.size();
    section.paragraphs.push_back(count == 0 ? visit.text("answer_nothing_held")
                                            : visit.text("answer_count", {{"count", std::to_string(count)}}));
    if (const std::string names = protected_names(visit, request); !names.empty() && count > 0)
        section.paragraphs.push_back(visit.text("answer_protected", {{"fields", names}}));
    std::vector<SheetSection> sections = {std::move(section)};
    for (const AnswerRows& held : all)
        if (!held.rows.empty()) sections.push_back({.table = preview_table(visit, held)});
    return sections;
}

// --- a request ---

std::vector<FormView::Item> field_choices(const Visit& visit, const InformationRequest& request,
                                          const std::vector<std::string>& lawful) {
    std::vector<FormView::Item> items;
    for (const std::string& dotted : request.fields) {
        const bool allowed = std::find(lawful.begin(), lawful.end(), dotted) != lawful.end();
        const pack::Field* field = catalogue_field(visit.node.pack(), dotted);
        items.push_back({dotted, field_name(visit.node.pack(), visit.language, dotted),
                         !allowed                         ? visit.text("answer_field_outside")
                         : field && field->is_protected() ? visit.text("answer_field_protected")
                                                          : std::string()});
    }
    return items;
}

Result<StaffView> show_answer_request(const Visit& visit, const Incoming& incoming, const Filled& filled) {
    GZ_TRY(const InformationRequest request, visit.node.casework().received_request(incoming.id));
    GZ_TRY(const std::vector<std::string> doubts, doubts_about(visit, incoming));
    GZ_TRY(const std::vector<std::string> lawful, lawful_fields(visit, request));
    Sheet sheet{.caption = incoming_name(visit, incoming.row),
                .title = visit.text("answer_title"),
                .lead = visit.text("answer_lead"),
                .breadcrumbs = way_back(visit, incoming)};
    if (!doubts.empty())
        sheet.warnings.push_back(
            visit.text("doubts_request", {{"reasons", fmt::format("{}", fmt::join(doubts, visit.text("semicolon")))}}));
    sheet.sections.push_back({.facts = short_facts(visit, incoming)});
    // A field that the catalogue lacks cannot be gathered; what can be is shown all the same.
    InformationRequest known = request;
    std::erase_if(known.fields, [&](const std::string& dotted) { return !catalogue_field(visit.node.pack(), dotted); });
    GZ_TRY(const std::vector<AnswerRows> all, held_for(visit, known));
    for (SheetSection& section : preview(visit, known, all)) sheet.sections.push_back(std::move(section));
    FormView form(visit, filled, "answer_");
    form.checkboxes("fields", field_choices(visit, known, lawful), lawful).textarea("statement", {}, 3);
    sheet.form = form.view("answer_submit", request_link(incoming.id));
    return sheet_view(std::move(sheet), filled);
}

Result<Next> send_answer(const Visit& visit, const Incoming& incoming, Filled& filled) {
    GZ_TRY(const InformationRequest request, visit.node.casework().received_request(incoming.id));
    InformationRequest chosen = request;
    std::erase_if(chosen.fields, [&](const std::string& field) { return !filled.values.holds("fields", field); });
    const std::string statement = filled.values.get("statement");
    const bool partly = chosen.fields.size() < request.fields.size();
    if (partly && statement.empty()) filled.wrong("statement", visit.text("answer_statement_missing"));
    if (!filled.errors.empty()) return Next{};
    Result<ledger::SentMessage> sent = fail(ErrorCode::internal, "nothing was sent");
    if (!partly && statement.empty()) {
        sent = visit.node.answer_request(visit.actor, incoming.id);
    } else {
        GZ_TRY(const auto connection, visit.node.records());
        GZ_TRY(Gathered gathered, casework::gather_answer(chosen, visit.node.pack(), visit.node.ledger(), *connection));
        size_t count = 0;
        for (const auto& [type, list] : gathered.rows.items()) count += list.size();
        sent =
            visit.node.casework().answer_request(visit.actor, incoming.id,
                                                 {partly      ? "partly_answered"
                                                  : count > 0 ? "answered"
                                                              : "nothing_held",
                                                  std::move(gathered.rows), std::move(gathered.personal), statement});
    }
    if (!sent) return tl::unexpected(sent.error());
    (void)visit.node.wait_applied(sent->index);
    return Next{request_done_link(incoming.id, "request_answered"), {}};
}

// --- an order ---

Result<StaffView> show_answer_order(const Visit& visit, const Incoming& incoming, const Filled& filled) {
    Sheet sheet{.caption = incoming_name(visit, incoming.row),
                .title = visit.text("answer_order_title"),
                .lead = visit.text("answer_order_lead"),
                .breadcrumbs = way_back(visit, incoming)};
    Json facts = short_facts(visit, incoming);
    facts["rows"].push_back(
        {{"key", visit.text("incoming_measures")},
         {"value", field_list(visit.node.pack(), visit.language, text_at(incoming.row, "fields"))}});
    facts["rows"].push_back(
        {{"key", visit.text("incoming_statement")}, {"value", text_at(incoming.row, "statement")}, {"lang", "zh-CN"}});
    sheet.sections.push_back({.facts = std::move(facts)});
    std::vector<FormView::Item> outcomes;
    if (incoming.type)
        for (const std::string& answer : incoming.type->answers)
            outcomes.push_back({answer, coded(visit.language, "outcome_", answer)});
    FormView form(visit, filled, "answer_order_");
    form.radios("outcome", outcomes).textarea("statement", {}, 4);
    sheet.form = form.view("answer_order_submit", request_link(incoming.id));
    return sheet_view(std::move(sheet), filled);
}

Result<Next> send_order_answer(const Visit& visit, const Incoming& incoming, Filled& filled) {
    const std::string outcome = filled.needed(visit, "answer_order_", "outcome");
    const std::string statement = filled.needed(visit, "answer_order_", "statement");
    if (!filled.errors.empty()) return Next{};
    GZ_TRY(const auto sent, visit.node.casework().answer_order(visit.actor, incoming.id, outcome, statement));
    (void)visit.node.wait_applied(sent.index);
    return Next{request_done_link(incoming.id, "order_answered"), {}};
}

// What is answered is answered: what was said, and the way back.
Result<StaffView> show_answered(const Visit& visit, const Incoming& incoming, const Filled& filled) {
    const bool answered = text_at(incoming.row, "state") == "answered";
    GZ_TRY(SheetSection answer, our_answer(visit, incoming));
    answer.links.push_back({visit.text("answered_back"), request_link(incoming.id)});
    Sheet sheet{.caption = incoming_name(visit, incoming.row),
                .title = visit.text(answered ? "answered_title" : "withdrawn_title"),
                .lead = visit.text(answered ? "answered_lead" : "withdrawn_lead"),
                .sections = {std::move(answer)},
                .breadcrumbs = way_back(visit, incoming)};
    return sheet_view(std::move(sheet), filled);
}

Result<StaffView> show_answer(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Incoming incoming, incoming_of_address(visit));
    if (!incoming.waits()) return show_answered(visit, incoming, filled);
    return incoming.is_order() ? show_answer_order(visit, incoming, filled)
                               : show_answer_request(visit, incoming, filled);
}

Result<Next> act_on_answer(const Visit& visit, Filled& filled) {
    GZ_TRY(const Incoming incoming, incoming_of_address(visit));
    return incoming.is_order() ? send_order_answer(visit, incoming, filled) : send_answer(visit, incoming, filled);
}

// --- an objection ---

Result<Incoming> order_of_address(const Visit& visit) {
    GZ_TRY(Incoming incoming, incoming_of_address(visit));
    if (!incoming.is_order()) return fail(ErrorCode::not_found, "one objects to an order");
    return incoming;
}

Result<StaffView> show_objecting(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Incoming order, order_of_address(visit));
    Sheet sheet{.caption = incoming_name(visit, order.row),
                .title = visit.text("objecting_title"),
                .lead = visit.text("objecting_lead"),
                .breadcrumbs = way_back(visit, order)};
    Json facts = short_facts(visit, order);
    const auto sent = parse_utc(text_at(order.row, "sent_time"));
    const auto until =
        order.type && sent ? end_of_working_day(visit, *sent, order.type->objection_working_days) : std::nullopt;
    if (until) {
        facts["rows"].push_back(
            {{"key", visit.text("objecting_until")},
             {"value", visit.text("with_note", {{"text", time_text(visit.language, *until, visit.zone_minutes())},
                                                {"note", days_left(visit, *until)}})}});
        if (*until < visit.node.clock().now()) sheet.warnings.push_back(visit.text("objecting_late"));
    }
    sheet.sections.push_back({.facts = std::move(facts)});
    FormView form(visit, filled, "objecting_");
    form.radios("by", {{"platform", visit.text("objecting_by_platform")},
                       {"merchant", visit.text("objecting_by_merchant"), visit.text("objecting_by_merchant_note")}})
        .textarea("grounds", {}, 6);
    sheet.form = form.view("objecting_submit", request_link(order.id));
    return sheet_view(std::move(sheet), filled);
}

Result<Next> act_on_objecting(const Visit& visit, Filled& filled) {
    GZ_TRY(const Incoming order, order_of_address(visit));
    const std::string by = filled.needed(visit, "objecting_", "by");
    const std::string grounds = filled.needed(visit, "objecting_", "grounds");
    if (!filled.errors.empty()) return Next{};
    const auto sent = visit.node.casework().object(visit.actor, {order.id, by, grounds});
    if (!sent && sent.error().code == ErrorCode::conflict) filled.wrong("", visit.text("objecting_twice"));
    if (!sent && sent.error().field == "grounds") filled.wrong("grounds", visit.text("objecting_too_long"));
    if (!filled.errors.empty()) return Next{};
    if (!sent) return tl::unexpected(sent.error());
    (void)visit.node.wait_applied(sent->index);
    return Next{request_done_link(order.id, "objected"), {}};
}

}  // namespace

void add_desk_answer_pages(http::Router& router, node::Node& node) {
    add_form_page(router, node,
                  {"/requests/{id}/answer", "request.answer", Action::answer_request, show_answer, act_on_answer});
    add_form_page(router, node,
                  {"/requests/{id}/objection", "order.object", Action::object, show_objecting, act_on_objecting});
}

}  // namespace gongzhi::web
