// Requests and orders that came to a platform: the list, due first, and one of them with what the law and this node say of it.
#include "web/console_pages.h"
#include "web/desk_pieces.h"

namespace gongzhi::web {
namespace {

using access::Action;

constexpr int kListed = 100;

Json state_tag(const Visit& visit, const Json& row) {
    const auto deadline = parse_utc(text_at(row, "deadline_time"));
    if (text_at(row, "state") == "open" && deadline) return days_left_tag(visit, *deadline);
    return request_tag(visit, row);
}

Json requests_table(const Visit& visit, const Json& requests) {
    Json lines = Json::array();
    for (const Json& each : requests) {
        Json name = row_header(incoming_name(visit, each));
        name["href"] = request_link(text_at(each, "message_id"));
        lines.push_back(row({name, cell(moment(visit, each["deadline_time"])), tag_cell(state_tag(visit, each)),
                             cell(request_about(visit, each)),
                             cell(party_name(visit.node, visit.language, text_at(each, "party")))}));
    }
    return table("requests", visit.text("requests_caption"),
                 {{visit.text("column_what")},
                  {visit.text("column_due")},
                  {visit.text("state")},
                  {visit.text("column_subject")},
                  {visit.text("row_from")}},
                 std::move(lines));
}

// When the authority owes us its answer: it counts from its own receipt, so this is our reckoning.
std::optional<UtcTime> their_due(const Visit& visit, const Json& objection, const pack::OrderType* type) {
    const auto raised = parse_utc(text_at(objection, "raised_time"));
    if (!type || !raised) return std::nullopt;
    return end_of_working_day(visit, *raised, type->objection_answer_working_days);
}

std::string their_answer(const Visit& visit, const Json& objection) {
    if (text_at(objection, "state") != "answered") return visit.text("objection_waits");
    return coded(visit.language, "outcome_", text_at(objection, "outcome")) + visit.text("colon") +
           text_at(objection, "reasons");
}

Json our_objections(const Visit& visit, const Json& objections) {
    Json lines = Json::array();
    for (const Json& each : objections)
        lines.push_back(row({link_cell(moment(visit, each["raised_time"]), request_link(text_at(each, "order_id"))),
                             cell(coded(visit.language, "raised_by_", text_at(each, "raised_by"))),
                             cell(text_at(each, "grounds")), cell(their_answer(visit, each))}));
    return table("objections", visit.text("objections_caption"),
                 {{visit.text("column_raised")},
                  {visit.text("column_by")},
                  {visit.text("column_grounds")},
                  {visit.text("column_answer")}},
                 std::move(lines));
}

Result<StaffView> show_requests(const Visit& visit) {
    GZ_TRY(const Json requests,
           affairs_rows(visit.node,
                        fmt::format("SELECT * FROM request WHERE direction = 'received' ORDER BY CASE WHEN state = "
                                    "'open' THEN 0 ELSE 1 END, CASE WHEN state = 'open' THEN deadline_time END, entry "
                                    "DESC LIMIT {}",
                                    kListed)));
    GZ_TRY(const Json objections,
           affairs_rows(
               visit.node,
               fmt::format("SELECT * FROM objection WHERE direction = 'sent' ORDER BY entry DESC LIMIT {}", kListed)));
    const auto open = std::count_if(requests.begin(), requests.end(),
                                    [](const Json& each) { return text_at(each, "state") == "open"; });
    Sheet sheet{.title = visit.text("requests_title"),
                .lead = open == 0
                            ? visit.text("requests_none_open")
                            : visit.text("requests_open", {{"number", std::to_string(open)},
                                                           {"time", moment(visit, requests[0]["deadline_time"])}}),
                .next = visit.text("requests_next"),
                .source = visit.text("requests_source")};
    SheetSection received{.table = requests_table(visit, requests)},
        ours{.heading = visit.text("requests_objections"), .table = our_objections(visit, objections)};
    if (requests.empty()) received.paragraphs = {visit.text("requests_empty")};
    if (objections.empty()) ours.paragraphs = {visit.text("requests_no_objections")};
    sheet.sections = {std::move(received), std::move(ours)};
    return sheet_view(std::move(sheet));
}

// --- one of them ---

Json facts_of(const Visit& visit, const Incoming& incoming) {
    const Json& row = incoming.row;
    const auto deadline = parse_utc(text_at(row, "deadline_time"));
    Facts facts(visit);
    facts.add_tag("state", request_tag(visit, row));
    std::string until = moment(visit, row["deadline_time"]);
    if (incoming.waits() && deadline)
        until = visit.text("with_note", {{"text", until}, {"note", days_left(visit, *deadline)}});
    facts.add("column_due", until)
        .add("row_from", party_name(visit.node, visit.language, text_at(row, "party")))
        .add_chinese("basis", text_at(row, "basis"))
        .add_chinese("column_purpose", text_at(row, "purpose"))
        .add("column_subject", request_about(visit, row))
        .add(incoming.is_order() ? "incoming_measures" : "column_fields",
             field_list(visit.node.pack(), visit.language, text_at(row, "fields")));
    if (incoming.is_order()) facts.add_chinese("incoming_statement", text_at(row, "statement"));
    facts.add("column_arrived", moment(visit, row["sent_time"])).add("column_request_number", incoming.id);
    return facts.list();
}

// The period asked about is in the message alone.
std::string period_of(const Visit& visit, const Incoming& incoming) {
    if (incoming.is_order()) return {};
    const auto request = visit.node.casework().received_request(incoming.id);
    if (!request) return {};
    return visit.text("compose_period", {{"from", day_text(visit.language, request->scope.from)},
                                         {"until", day_text(visit.language, request->scope.until)}});
}

// What was raised against an order; null where nothing was.
Result<Json> objection_to(const Visit& visit, const Incoming& incoming) {
    if (!incoming.is_order()) return Json();
    GZ_TRY(
        const Json rows,
        affairs_rows(visit.node, "SELECT * FROM objection WHERE direction = 'sent' AND order_id = $1", {incoming.id}));
    return rows.empty() ? Json() : rows[0];
}

SheetSection objection_section(const Visit& visit, const Incoming& incoming, const Json& objection) {
    SheetSection section{.heading = visit.text("incoming_objection")};
    if (objection.is_null()) {
        section.paragraphs = {visit.text("incoming_no_objection")};
        return section;
    }
    Facts facts(visit);
    facts.add("column_by", coded(visit.language, "raised_by_", text_at(objection, "raised_by")))
        .add("column_raised", moment(visit, objection["raised_time"]))
        .add_chinese("column_grounds", text_at(objection, "grounds"))
        .add_chinese("column_answer", their_answer(visit, objection));
    if (const auto due = their_due(visit, objection, incoming.type); due && text_at(objection, "state") != "answered")
        facts.add("column_answer_due",
                  visit.text("with_note", {{"text", time_text(visit.language, *due, visit.zone_minutes())},
                                           {"note", days_left(visit, *due)}}));
    section.facts = facts.list();
    section.links = {{visit.text("incoming_objection_receipt"), receipt_link(text_at(objection, "objection_id")),
                      "objection.receipt"}};
    return section;
}

// By when the other side owes us its answer to the objection, in words.
std::string answer_owed_by(const Visit& visit, const Incoming& incoming, const Json& objection) {
    const auto due = their_due(visit, objection, incoming.type);
    return due ? visit.text("objection_owed_by", {{"day", day_text(visit.language, day_of(visit, *due))}})
               : visit.text("no_limit");
}

// What to do now. An objection changes it, and so does its answer: the order itself binds until it is withdrawn.
std::string next_on(const Visit& visit, const Incoming& incoming, const Json& objection) {
    if (text_at(incoming.row, "state") == "withdrawn" || (objection.is_null() && !incoming.waits()))
        return visit.text("incoming_next_nothing");
    if (objection.is_null()) return visit.text(incoming.is_order() ? "incoming_next_order" : "incoming_next_request");
    const std::string outcome = text_at(objection, "outcome");
    const std::string base = incoming.waits() ? "incoming_next_objected_" : "incoming_next_answered_";
    if (outcome.empty()) return visit.text(base + "open", {{"when", answer_owed_by(visit, incoming, objection)}});
    if (outcome == "upheld") return visit.text("incoming_next_upheld");
    return visit.text(base + (outcome == "partly_upheld" ? "partly" : "rejected"));
}

std::vector<SheetAction> actions_on(const Visit& visit, const Incoming& incoming, bool objected) {
    std::vector<SheetAction> actions;
    const std::string base = request_link(incoming.id);
    if (incoming.waits() && access::may(visit.actor, Action::answer_request))
        actions.push_back(
            {visit.text(incoming.is_order() ? "incoming_do_answer_order" : "incoming_do_answer"), base + "/answer"});
    const bool may_be_objected_to = incoming.is_order() && incoming.type && incoming.type->objection_working_days > 0;
    if (may_be_objected_to && !objected && text_at(incoming.row, "state") != "withdrawn" &&
        access::may(visit.actor, Action::object))
        actions.push_back({visit.text("incoming_do_object"), base + "/objection"});
    return actions;
}

Result<StaffView> show_incoming(const Visit& visit) {
    GZ_TRY(const Incoming incoming, incoming_of_address(visit));
    GZ_TRY(const std::vector<std::string> doubts, doubts_about(visit, incoming));
    GZ_TRY(const Json objection, objection_to(visit, incoming));
    const std::string name = incoming_name(visit, incoming.row);
    Sheet sheet{.caption = visit.text(incoming.is_order() ? "incoming_order" : "incoming_request"),
                .title = name,
                .lead = visit.text(incoming.is_order() ? "incoming_order_lead" : "incoming_request_lead"),
                .next = next_on(visit, incoming, objection),
                .source = visit.text("requests_source"),
                .breadcrumbs = {{visit.text("nav_requests"), link("/requests")}}};
    Json facts = facts_of(visit, incoming);
    if (const std::string period = period_of(visit, incoming); !period.empty())
        facts["rows"].push_back({{"key", visit.text("compose_period_key")}, {"value", period}});
    if (!doubts.empty())
        sheet.warnings = {visit.text(incoming.is_order() ? "doubts_order" : "doubts_request",
                                     {{"reasons", fmt::format("{}", fmt::join(doubts, visit.text("semicolon")))}})};
    SheetSection asked{.heading = visit.text("incoming_what"), .facts = std::move(facts)};
    asked.links = {{visit.text("incoming_receipt"), receipt_link(incoming.id), "request.receipt"}};
    if (doubts.empty()) asked.paragraphs = {visit.text("no_doubts")};
    GZ_TRY(SheetSection answer, our_answer(visit, incoming));
    sheet.sections = {std::move(asked), std::move(answer)};
    if (incoming.is_order()) sheet.sections.push_back(objection_section(visit, incoming, objection));
    sheet.actions = actions_on(visit, incoming, !objection.is_null());
    return sheet_view(std::move(sheet));
}

// Proved where a checkpoint covers it, else accepted.
Result<http::Response> receipt_file(const Visit& visit) {
    GZ_TRY(const EntryIndex index, visit.node.entry_of_message(MessageId(visit.request.path_values.at("id"))));
    auto receipt = visit.node.ledger().receipt(index);
    if (!receipt && receipt.error().code == ErrorCode::unavailable)
        receipt = visit.node.ledger().accepted_receipt(index);
    if (!receipt) return tl::unexpected(receipt.error());
    http::Response response = http::Response::text(200, *std::move(receipt));
    response.headers.emplace_back("content-disposition", "attachment; filename=\"gongzhi.receipt\"");
    return response;
}

}  // namespace

void add_desk_request_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/requests", "page.requests", show_requests);
    add_staff_page(router, node, "/requests/{id}", "page.request", show_incoming);
    add_staff_route(router, node, "/receipts/{id}", "receipt.read", receipt_file);
}

}  // namespace gongzhi::web
