#include "casework/cases_handler.h"

namespace gongzhi::casework {
namespace {

Status done(Result<int64_t> changed) {
    return changed.map([](int64_t) {});
}

std::string text_in(const Json& json, const char* key) { return json_text_or_empty(json, key).value_or(""); }

}  // namespace

bool CasesHandler::takes(std::string_view kind) const {
    for (std::string_view mine : {kCaseOpened, kRequestBlocked, kRequestAnswered, std::string_view("sent.request"),
                                  std::string_view("received.request"), std::string_view("sent.answer")})
        if (kind == mine) return true;
    return false;
}

Status CasesHandler::create(sql::Connection& connection) {
    GZ_CHECKED(connection.execute(
        "CREATE TABLE IF NOT EXISTS supervision_case(entry BIGINT NOT NULL, case_id VARCHAR NOT NULL, finding_id VARCHAR NOT NULL, party VARCHAR NOT NULL, "
        "shop VARCHAR NOT NULL, subject VARCHAR NOT NULL, rule VARCHAR NOT NULL, state VARCHAR NOT NULL, opened_time TIMESTAMP NOT NULL)"));
    GZ_CHECKED(connection.execute(
        "CREATE TABLE IF NOT EXISTS request(entry BIGINT NOT NULL, direction VARCHAR NOT NULL, message_id VARCHAR NOT NULL, case_id VARCHAR NOT NULL, party VARCHAR NOT NULL, "
        "order_type VARCHAR NOT NULL, basis VARCHAR NOT NULL, purpose VARCHAR NOT NULL, fields VARCHAR NOT NULL, shop VARCHAR NOT NULL, listing VARCHAR NOT NULL, "
        "deadline_time TIMESTAMP, state VARCHAR NOT NULL, answered_time TIMESTAMP, answer_rows BIGINT)"));
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS blocked_request(entry BIGINT NOT NULL, case_id VARCHAR NOT NULL, order_type VARCHAR NOT NULL, fields VARCHAR NOT NULL, "
        "reasons VARCHAR NOT NULL, blocked_time TIMESTAMP NOT NULL)");
}

Status CasesHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries) GZ_CHECKED(apply_one(entry, connection));
    return {};
}

Status CasesHandler::apply_one(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    const auto index = static_cast<int64_t>(entry.index.value);
    const Json& trace = said.trace;
    if (entry.kind == kCaseOpened)
        return done(connection.change(
            "INSERT INTO supervision_case VALUES ($1, $2, $3, $4, $5, $6, $7, 'verifying', $8)",
            {index, text_in(trace, "case"), text_in(trace, "finding"), text_in(trace, "party"), text_in(trace, "shop"),
             text_in(trace, "subject"), text_in(trace, "rule"), said.received_time}));
    if (entry.kind == kRequestBlocked) {
        GZ_TRY(const InformationRequest request, InformationRequest::from_json(trace["request"]));
        return done(connection.change("INSERT INTO blocked_request VALUES ($1, $2, $3, $4, $5, $6)",
                                      {index, request.case_id, request.order_type, canonical_json(request.fields),
                                       canonical_json(trace["reasons"]), said.received_time}));
    }
    if (entry.kind == kRequestAnswered)
        return done(connection.change(
            "UPDATE request SET state = 'answered', answered_time = $1, answer_rows = $2 WHERE direction = 'sent' AND message_id = $3",
            {said.received_time, trace["rows"].get<int64_t>(), text_in(trace, "request")}));
    if (entry.kind == "sent.answer") {
        GZ_TRY(const ledger::Envelope envelope, entry.envelope());
        GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
        return done(connection.change(
            "UPDATE request SET state = 'answered', answered_time = $1 WHERE direction = 'received' AND message_id = $2",
            {said.received_time, header.in_reply_to ? header.in_reply_to->id.value : std::string()}));
    }
    return insert_request(entry, connection);
}

Status CasesHandler::insert_request(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const Bytes body, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    const bool sent = entry.kind == "sent.request";
    // A peer's body may be anything: what cannot be read is shown as such, and never stops the tables.
    InformationRequest request;
    if (const auto json = parse_json(body))
        if (const auto parsed = InformationRequest::from_json(*json)) request = *parsed;
    return done(connection.change(
        "INSERT INTO request VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', NULL, NULL)",
        {static_cast<int64_t>(entry.index.value), std::string(sent ? "sent" : "received"), header.id.value,
         request.case_id, sent ? header.to.value : header.from.value, request.order_type, header.basis, request.purpose,
         canonical_json(request.fields), request.scope.shop, request.scope.listing,
         header.deadline ? sql::Value(*header.deadline) : sql::Value(sql::Null())}));
}

}  // namespace gongzhi::casework
