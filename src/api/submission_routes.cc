#include <charconv>

#include "api/route_helpers.h"

namespace gongzhi::api {
namespace {

Json problem_list(const std::vector<pack::FieldProblem>& problems) {
    Json list = Json::array();
    for (const pack::FieldProblem& problem : problems)
        list.push_back({{"line", problem.line},
                        {"pointer", problem.field},
                        {"code", problem.code},
                        {"zh", problem.zh},
                        {"en", problem.en}});
    return list;
}

Json summary_of(const intake::SubmissionResult& result) {
    return {{"id", result.id.value},
            {"entry", result.index.value},
            {"stored", result.stored()},
            {"repeated", result.repeated},
            {"accepted", result.accepted},
            {"corrected", result.corrected},
            {"duplicates", result.duplicates},
            {"refused", result.refused},
            {"problems", problem_list(result.problems)},
            {"problems_omitted", result.problems_omitted},
            {"record_root", to_base64(result.record_root.view())},
            {"receipt", result.receipt}};
}

Result<intake::SubmissionRequest> request_of(http::Request& request, node::Node& node) {
    intake::SubmissionRequest submission;
    submission.record_type = request.path_values["type"];
    submission.message_id = request.header("gongzhi-message-id");
    if (submission.message_id.empty())
        submission.message_id = make_uuid7(node.clock().now().value / 1000, node.random());
    const std::string_view media = request.header("content-type");
    if (media.starts_with("text/csv"))
        submission.format = intake::Format::csv;
    else if (!media.starts_with("application/x-ndjson"))
        return fail(ErrorCode::unsupported, "send application/x-ndjson or text/csv");
    GZ_TRY(submission.mapping, from_base64(request.header("gongzhi-mapping")));
    const std::string_view offset = request.header("gongzhi-line-offset");
    std::from_chars(offset.data(), offset.data() + offset.size(), submission.line_offset);
    submission.lenient = request.header("prefer") == "handling=lenient";
    submission.corrects = request.query_value("corrects") == "true";
    submission.body = std::move(request.body);
    return submission;
}

void submit(node::Node& node, http::Request request, const http::Respond& respond) {
    const auto actor = actor_of(request, node);
    if (!actor) return respond(http::problem(actor.error()));
    const auto submission = request_of(request, node);
    if (!submission) return respond(http::problem(submission.error()));
    const auto result = node.intake().submit(*actor, *submission);
    if (!result) return respond(http::problem(result.error()));
    const bool refused = result->refused > 0 && !result->stored();
    Json body = summary_of(*result);
    if (refused)
        body.update({{"type", "/problems/rejected"},
                     {"title", "The submission was not stored: see each line"},
                     {"title_zh", "未入库：请逐行查看原因"},
                     {"status", 422}});
    http::Response response =
        http::Response::json(refused ? 422 : 200, body.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (refused) response.headers[0].second = "application/problem+json";
    respond(std::move(response));
}

// The receipt of a message or submission of this node: proved where a checkpoint covers it, else accepted.
void serve_receipt(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto actor = actor_of(request, node);
    if (!actor) return respond(http::problem(actor.error()));
    const auto index = node.entry_of_message(MessageId(request.path_values.at("id")));
    if (!index) return respond(http::problem(index.error()));
    auto receipt = node.ledger().receipt(*index);
    if (!receipt && receipt.error().code == ErrorCode::unavailable) receipt = node.ledger().accepted_receipt(*index);
    respond(receipt ? http::Response::text(200, *std::move(receipt)) : http::problem(receipt.error()));
}

}  // namespace

void add_submission_routes(http::Router& router, node::Node& node) {
    router.add({"POST", "/v1/submissions/{type}", http::Admission::token, "submit", "submission.receive",
                intake::kSubmissionBytesMax,
                [&node](http::Request request, http::Respond respond) { submit(node, std::move(request), respond); }});
    router.add({"GET", "/v1/receipts/{id}", http::Admission::token, "read", "receipt.read", 0,
                [&node](http::Request request, http::Respond respond) { serve_receipt(node, request, respond); }});
    router.add(query_route(node, "/v1/submissions", "submission.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM submission ORDER BY entry DESC LIMIT 1000");
    }));
    router.add(
        command_route(node, "/v1/onward", access::Action::submit, "submission.onward",
                      [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
                          GZ_TRY(const int64_t entry, json_int(body, "entry"));
                          GZ_TRY(const std::string to, json_text(body, "to"));
                          GZ_TRY(const ledger::SentMessage sent,
                                 node.submit_onward(actor, EntryIndex(static_cast<uint64_t>(entry)), PartyId(to)));
                          return Json{{"message", sent.id.value}, {"entry", sent.index.value}};
                      }));
    router.add(command_route(
        node, "/v1/erasures", access::Action::erase_record, "record.erase",
        [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string type, json_text(body, "record_type"));
            GZ_TRY(const std::string id, json_text(body, "record_id"));
            GZ_TRY(const std::string reason, json_text(body, "reason"));
            GZ_TRY(const std::string party, json_text_or_empty(body, "party"));  // whose record; "": our own
            const auto of = party.empty() ? std::nullopt : std::optional(PartyId(party));
            GZ_TRY(const intake::Intake::Erased erased, node.intake().erase_record(actor, type, id, reason, of));
            return Json{{"entry", erased.trace.value}, {"receipt", erased.receipt}};
        }));
}

}  // namespace gongzhi::api
