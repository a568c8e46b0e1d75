// Cases, requests, orders and objections over HTTP.
#include "api/route_helpers.h"

namespace gongzhi::api {
namespace {

using access::Action;
using casework::Casework;

// A case is shown to whom it concerns: others learn nothing of it, and the access log knows.
Status may_read(const access::Actor& actor, const casework::CaseThread& thread, node::Node& node) {
    return access::may(actor, Action::read, {thread.unit, actor.name}, node.units());
}

Json thread_json(const casework::CaseThread& thread) {
    return {{"case", thread.id},           {"seq", thread.seq},         {"state", case_state_name(thread.state)},
            {"party", thread.party.value}, {"shop", thread.shop},       {"subject", thread.subject},
            {"rule", thread.rule},         {"finding", thread.finding}, {"unit", thread.unit},
            {"region", thread.region},     {"orders", thread.orders}};
}

// What every step's body names.
Result<Casework::Seen> seen_of(const http::Request& request, const Json& body) {
    Casework::Seen seen{request.path_values.at("case"), 0};
    if (!body.contains("seen")) return seen;
    GZ_TRY(const int64_t seq, json_int(body, "seen"));
    if (seq < 0) return fail_field(ErrorCode::invalid_argument, "seen", "the number of a step");
    seen.seq = static_cast<uint64_t>(seq);
    return seen;
}

Json requested_json(const Casework::Requested& requested) {
    return {{"message", requested.message.id.value}, {"deadline", format_utc(requested.deadline)}};
}
Json sent_json(const ledger::SentMessage& sent) { return {{"message", sent.id.value}, {"entry", sent.index.value}}; }

// Rows of cases within the actor's reach.
Result<Json> visible_cases(const access::Actor& actor, node::Node& node) {
    GZ_TRY(const Json rows, affairs_rows(node, "SELECT * FROM supervision_case ORDER BY entry DESC LIMIT 1000"));
    Json visible = Json::array();
    for (const Json& row : rows)
        if (access::reaches(actor, {row["unit"].get<std::string>(), actor.name}, node.units())) visible.push_back(row);
    return visible;
}

void add_case_reading(http::Router& router, node::Node& node) {
    router.add(actor_query_route(
        node, "/v1/cases", "case.list",
        [&node](const access::Actor& actor, const http::Request&) { return visible_cases(actor, node); }));
    router.add(actor_query_route(
        node, "/v1/cases/{case}", "case.read",
        [&node](const access::Actor& actor, const http::Request& request) -> Result<Json> {
            GZ_TRY(const casework::CaseThread thread, node.casework().load_case(request.path_values.at("case")));
            GZ_CHECKED(may_read(actor, thread, node));
            Json json = thread_json(thread);
            GZ_TRY(json["steps"],
                   affairs_rows(node, "SELECT * FROM case_step WHERE case_id = $1 ORDER BY entry", {thread.id}));
            GZ_TRY(json["requests"],
                   affairs_rows(node, "SELECT * FROM request WHERE case_id = $1 ORDER BY entry", {thread.id}));
            GZ_TRY(json["objections"],
                   affairs_rows(node, "SELECT * FROM objection WHERE case_id = $1 ORDER BY entry", {thread.id}));
            return json;
        }));
}

using Step = std::function<Result<EntryIndex>(const access::Actor&, const Casework::Seen&, const Json&)>;

void add_step(http::Router& router, node::Node& node, const std::string& verb, Action action, std::string event,
              Step step) {
    router.add(command_route(node, "/v1/cases/{case}/" + verb, action, std::move(event),
                             [step = std::move(step)](const access::Actor& actor, const http::Request& request,
                                                      const Json& body) -> Result<Json> {
                                 GZ_TRY(const Casework::Seen seen, seen_of(request, body));
                                 GZ_TRY(const EntryIndex index, step(actor, seen, body));
                                 return Json{{"case", seen.case_id}, {"entry", index.value}};
                             }));
}

void add_case_steps(http::Router& router, node::Node& node) {
    router.add(
        command_route(node, "/v1/cases", Action::open_case, "case.open",
                      [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
                          GZ_TRY(const std::string finding, json_text(body, "finding"));
                          GZ_TRY(const auto opened, node.casework().open_case(actor, finding));
                          return Json{{"case", opened.case_id}, {"entry", opened.index.value}};
                      }));
    add_step(router, node, "move", Action::dispatch_case, "case.move",
             [&node](const access::Actor& actor, const Casework::Seen& seen, const Json& body) -> Result<EntryIndex> {
                 GZ_TRY(const std::string to, json_text(body, "to_unit"));
                 GZ_TRY(const std::string note, json_text_or_empty(body, "note"));
                 return node.casework().move_case(actor, seen, to, note);
             });
    add_step(router, node, "file", Action::file_case, "case.file",
             [&node](const access::Actor& actor, const Casework::Seen& seen, const Json& body) -> Result<EntryIndex> {
                 GZ_TRY(const std::string grounds, json_text_or_empty(body, "grounds"));
                 return node.casework().file_case(actor, seen, grounds);
             });
    add_step(router, node, "effect", Action::check_effect, "case.check_effect",
             [&node](const access::Actor& actor, const Casework::Seen& seen, const Json& body) -> Result<EntryIndex> {
                 if (!body.contains("effective") || !body["effective"].is_boolean())
                     return fail_field(ErrorCode::invalid_argument, "effective", "true or false");
                 GZ_TRY(const std::string statement, json_text_or_empty(body, "statement"));
                 return node.casework().check_effect(actor, seen, body["effective"].get<bool>(), statement);
             });
    add_step(router, node, "close", Action::close_case, "case.close",
             [&node](const access::Actor& actor, const Casework::Seen& seen, const Json& body) -> Result<EntryIndex> {
                 GZ_TRY(const std::string outcome, json_text(body, "outcome"));
                 GZ_TRY(const std::string reason, json_text_or_empty(body, "reason"));
                 return node.casework().close_case(actor, seen, outcome, reason);
             });
}

void add_request_routes(http::Router& router, node::Node& node) {
    router.add(command_route(
        node, "/v1/cases/{case}/requests", Action::send_request, "request.send",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            Json whole = body;
            whole["case"] = request.path_values.at("case");
            GZ_TRY(const casework::InformationRequest asked, casework::InformationRequest::from_json(whole));
            return node.send_request(actor, asked).map(requested_json);
        }));
    router.add(command_route(
        node, "/v1/requests", Action::send_request, "request.send",
        [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string to, json_text(body, "to"));
            GZ_TRY(const casework::InformationRequest asked, casework::InformationRequest::from_json(body));
            return node.send_request(actor, asked, PartyId(to)).map(requested_json);
        }));
    router.add(command_route(
        node, "/v1/cases/{case}/orders", Action::send_order, "order.send",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            Json whole = body;
            whole["case"] = request.path_values.at("case");
            GZ_TRY(const casework::ActOrder order, casework::ActOrder::from_json(whole));
            return node.casework().send_order(actor, order).map(requested_json);
        }));
    router.add(
        regional_route(node, "/v1/requests", "request.list", "SELECT * FROM request ORDER BY entry DESC LIMIT 1000"));
    router.add(regional_route(node, "/v1/blocked-requests", "request.blocked.list",
                              "SELECT * FROM blocked_request ORDER BY entry DESC LIMIT 1000"));
    router.add(regional_route(node, "/v1/objections", "objection.list",
                              "SELECT * FROM objection ORDER BY entry DESC LIMIT 1000"));
}

void add_answer_routes(http::Router& router, node::Node& node) {
    router.add(
        command_route(node, "/v1/requests/{id}/answer", Action::answer_request, "request.answer",
                      [&node](const access::Actor& actor, const http::Request& request, const Json&) -> Result<Json> {
                          return node.answer_request(actor, request.path_values.at("id")).map(sent_json);
                      }));
    router.add(command_route(
        node, "/v1/orders/{id}/answer", Action::answer_request, "order.answer",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string outcome, json_text(body, "outcome"));
            GZ_TRY(const std::string statement, json_text_or_empty(body, "statement"));
            return node.casework().answer_order(actor, request.path_values.at("id"), outcome, statement).map(sent_json);
        }));
    router.add(command_route(
        node, "/v1/orders/{id}/objection", Action::object, "order.object",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string by, json_text(body, "by"));
            GZ_TRY(const std::string grounds, json_text_or_empty(body, "grounds"));
            return node.casework().object(actor, {request.path_values.at("id"), by, grounds}).map(sent_json);
        }));
    router.add(command_route(
        node, "/v1/objections/{id}/answer", Action::answer_objection, "objection.answer",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string outcome, json_text(body, "outcome"));
            GZ_TRY(const std::string reasons, json_text_or_empty(body, "reasons"));
            return node.casework()
                .answer_objection(actor, request.path_values.at("id"), outcome, reasons)
                .map(sent_json);
        }));
}

}  // namespace

void add_case_routes(http::Router& router, node::Node& node) {
    add_case_reading(router, node);
    add_case_steps(router, node);
    add_request_routes(router, node);
    add_answer_routes(router, node);
}

}  // namespace gongzhi::api
