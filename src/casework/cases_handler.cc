#include "casework/cases_handler.h"

#include <algorithm>

namespace gongzhi::casework {
namespace {

constexpr std::string_view kKinds[] = {kCaseOpened,
                                       kCaseMoved,
                                       kCaseFiled,
                                       kEffectChecked,
                                       kCaseClosed,
                                       kRequestBlocked,
                                       kRequestAnswered,
                                       kObjectionReceived,
                                       "sent.request",
                                       "received.request",
                                       "sent.order",
                                       "received.order",
                                       "sent.answer",
                                       "sent.objection",
                                       "received.objection",
                                       "sent.objection_answer",
                                       "received.objection_answer"};

constexpr std::string_view kTables[] = {
    "CREATE TABLE IF NOT EXISTS supervision_case(entry BIGINT NOT NULL, case_id VARCHAR NOT NULL, seq BIGINT NOT NULL, "
    "finding_id VARCHAR NOT NULL, party VARCHAR NOT NULL, shop VARCHAR NOT NULL, subject VARCHAR NOT NULL, rule VARCHAR NOT NULL, "
    "unit VARCHAR NOT NULL, region VARCHAR NOT NULL, state VARCHAR NOT NULL, opened_time TIMESTAMP NOT NULL, filed_time TIMESTAMP, "
    "closed_time TIMESTAMP, outcome VARCHAR, effective BOOLEAN)",
    "CREATE TABLE IF NOT EXISTS case_step(entry BIGINT NOT NULL, case_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, actor VARCHAR NOT NULL, "
    "words VARCHAR NOT NULL, step_time TIMESTAMP NOT NULL)",
    "CREATE TABLE IF NOT EXISTS request(entry BIGINT NOT NULL, direction VARCHAR NOT NULL, kind VARCHAR NOT NULL, message_id VARCHAR NOT NULL, "
    "case_id VARCHAR NOT NULL, party VARCHAR NOT NULL, region VARCHAR NOT NULL, order_type VARCHAR NOT NULL, basis VARCHAR NOT NULL, "
    "purpose VARCHAR NOT NULL, fields VARCHAR NOT NULL, shop VARCHAR NOT NULL, listing VARCHAR NOT NULL, statement VARCHAR NOT NULL, "
    "sent_time TIMESTAMP NOT NULL, deadline_time TIMESTAMP, state VARCHAR NOT NULL, answered_time TIMESTAMP, outcome VARCHAR, answer_rows BIGINT)",
    "CREATE TABLE IF NOT EXISTS blocked_request(entry BIGINT NOT NULL, case_id VARCHAR NOT NULL, order_type VARCHAR NOT NULL, fields VARCHAR NOT NULL, "
    "reasons VARCHAR NOT NULL, unit VARCHAR NOT NULL, region VARCHAR NOT NULL, blocked_time TIMESTAMP NOT NULL)",
    "CREATE TABLE IF NOT EXISTS objection(entry BIGINT NOT NULL, direction VARCHAR NOT NULL, objection_id VARCHAR NOT NULL, order_id VARCHAR NOT NULL, "
    "case_id VARCHAR NOT NULL, party VARCHAR NOT NULL, region VARCHAR NOT NULL, raised_by VARCHAR NOT NULL, grounds VARCHAR NOT NULL, "
    "raised_time TIMESTAMP NOT NULL, due_time TIMESTAMP, late BOOLEAN, state VARCHAR NOT NULL, answered_time TIMESTAMP, outcome VARCHAR, "
    "reasons VARCHAR)",
};

Status done(Result<int64_t> changed) {
    return changed.map([](int64_t) {});
}

std::string text_in(const Json& json, const char* key) { return json_text_or_empty(json, key).value_or(""); }

sql::Value time_in(const Json& json, const char* key) {
    const auto time = parse_utc(text_in(json, key));
    return time ? sql::Value(*time) : sql::Value(sql::Null());
}

// What a step says in words, whatever its kind calls it.
std::string words_of(const Json& trace) {
    for (const char* key : {"grounds", "statement", "reason", "note"})
        if (std::string words = text_in(trace, key); !words.empty()) return words;
    return {};
}

}  // namespace

bool CasesHandler::takes(std::string_view kind) const {
    return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

Status CasesHandler::create(sql::Connection& connection) {
    for (std::string_view table : kTables) GZ_CHECKED(connection.execute(table));
    return {};
}

Status CasesHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries) GZ_CHECKED(apply_one(entry, connection));
    return {};
}

Status CasesHandler::apply_one(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(ledger::NodeStatement said, entry.statement());
    const Step step{static_cast<int64_t>(entry.index.value), entry.kind, std::move(said)};
    return entry.is_trace() ? apply_step(step, connection) : apply_message(entry, step, connection);
}

Status CasesHandler::apply_step(const Step& step, sql::Connection& connection) {
    const Json& trace = step.said.trace;
    const UtcTime now = step.said.received_time;
    if (step.kind == kRequestBlocked) {
        const Json& request = trace["request"];
        return done(
            connection.change("INSERT INTO blocked_request VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                              {step.index, text_in(request, "case"), text_in(request, "order_type"),
                               canonical_json(request.value("fields", Json::array())), canonical_json(trace["reasons"]),
                               text_in(trace, "unit"), text_in(trace, "region"), now}));
    }
    if (step.kind == kRequestAnswered)
        return done(connection.change(
            "UPDATE request SET state = 'answered', answered_time = $1, answer_rows = $2, outcome = $3 "
            "WHERE direction = 'sent' AND message_id = $4",
            {trace.contains("received_time") ? time_in(trace, "received_time") : sql::Value(now),
             trace["rows"].get<int64_t>(), text_in(trace, "outcome"), text_in(trace, "request")}));
    if (step.kind == kObjectionReceived)
        return done(connection.change(
            "UPDATE objection SET due_time = $1, late = $2, raised_by = $3 WHERE direction = 'received' AND objection_id = $4",
            {time_in(trace, "due_time"), trace.value("late", false), text_in(trace, "by"),
             text_in(trace, "objection")}));
    const std::string id = text_in(trace, "case");
    if (step.kind == kCaseOpened)
        GZ_CHECKED(done(connection.change(
            "INSERT INTO supervision_case VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, 'verifying', $10, NULL, NULL, NULL, NULL)",
            {step.index, id, text_in(trace, "finding"), text_in(trace, "party"), text_in(trace, "shop"),
             text_in(trace, "subject"), text_in(trace, "rule"), text_in(trace, "unit"), text_in(trace, "region"),
             now})));
    if (step.kind == kCaseMoved)
        GZ_CHECKED(done(connection.change("UPDATE supervision_case SET unit = $1 WHERE case_id = $2",
                                          {text_in(trace, "to_unit"), id})));
    if (step.kind == kCaseFiled)
        GZ_CHECKED(done(connection.change(
            "UPDATE supervision_case SET state = 'filed', filed_time = $1 WHERE case_id = $2", {now, id})));
    if (step.kind == kEffectChecked)
        GZ_CHECKED(done(connection.change("UPDATE supervision_case SET effective = $1 WHERE case_id = $2",
                                          {trace.value("effective", false), id})));
    if (step.kind == kCaseClosed)
        GZ_CHECKED(done(connection.change(
            "UPDATE supervision_case SET state = 'closed', closed_time = $1, outcome = $2 WHERE case_id = $3",
            {now, text_in(trace, "outcome"), id})));
    GZ_CHECKED(done(connection.change("UPDATE supervision_case SET seq = seq + 1 WHERE case_id = $1", {id})));
    return done(connection.change("INSERT INTO case_step VALUES ($1, $2, $3, $4, $5, $6)",
                                  {step.index, id, step.kind, step.said.auth, words_of(trace), now}));
}

Status CasesHandler::apply_message(const ledger::Entry& entry, const Step& step, sql::Connection& connection) {
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    const std::string answered = header.in_reply_to ? header.in_reply_to->id.value : std::string();
    const UtcTime now = step.said.received_time;
    if (step.kind == "sent.answer") {
        const Json body = body_of(entry);
        return done(connection.change(
            "UPDATE request SET state = 'answered', answered_time = $1, outcome = $2 WHERE direction = 'received' AND message_id = $3",
            {now, text_in(body, "outcome"), answered}));
    }
    if (step.kind == "sent.objection" || step.kind == "received.objection")
        return insert_objection(entry, header, step, connection);
    if (step.kind.ends_with(".objection_answer")) {
        const Json body = body_of(entry);
        // An objection that is upheld withdraws the order: nothing is due any more.
        if (text_in(body, "outcome") == "upheld")
            GZ_CHECKED(
                done(connection.change("UPDATE request SET state = 'withdrawn' WHERE state = 'open' AND message_id IN "
                                       "(SELECT order_id FROM objection WHERE objection_id = $1)",
                                       {answered})));
        return done(connection.change(
            "UPDATE objection SET state = 'answered', answered_time = $1, outcome = $2, reasons = $3 WHERE objection_id = $4",
            {now, text_in(body, "outcome"), text_in(body, "reasons"), answered}));
    }
    return insert_request(entry, header, step, connection);
}

// A peer's body may be anything: what cannot be read is shown as such, and never stops the tables.
Json CasesHandler::body_of(const ledger::Entry& entry) const {
    const auto body = ledger_.read_blob(entry, ledger::Part::message_body, 0);
    if (!body) return Json::object();
    const auto json = parse_json(*body);
    return json && json->is_object() ? *json : Json::object();
}

Status CasesHandler::insert_request(const ledger::Entry& entry, const ledger::MessageHeader& header, const Step& step,
                                    sql::Connection& connection) {
    const bool sent = step.kind.starts_with("sent.");
    const Json body = body_of(entry);
    const Json scope = body.contains("scope") && body["scope"].is_object() ? body["scope"] : body;
    GZ_CHECKED(done(connection.change(
        "INSERT INTO request VALUES ($1, $2, $3, $4, $5, $6, "
        "coalesce((SELECT region FROM supervision_case WHERE case_id = $5), $7), "
        "$8, $9, $10, $11, $12, $13, $14, $15, $16, 'open', NULL, NULL, NULL)",
        {step.index, std::string(sent ? "sent" : "received"), header.type, header.id.value, text_in(body, "case"),
         sent ? header.to.value : header.from.value, text_in(scope, "region"), text_in(body, "order_type"),
         header.basis, text_in(body, "purpose"),
         canonical_json(body.contains("fields") ? body["fields"] : body.value("measures", Json::array())),
         text_in(scope, "shop"), text_in(scope, "listing"), text_in(body, "statement"), step.said.received_time,
         header.deadline ? sql::Value(*header.deadline) : sql::Value(sql::Null())})));
    if (!sent || text_in(body, "case").empty()) return {};
    GZ_CHECKED(done(
        connection.change("UPDATE supervision_case SET seq = seq + 1 WHERE case_id = $1", {text_in(body, "case")})));
    return done(connection.change("INSERT INTO case_step VALUES ($1, $2, $3, $4, $5, $6)",
                                  {step.index, text_in(body, "case"), step.kind, step.said.auth,
                                   text_in(body, "purpose"), step.said.received_time}));
}

Status CasesHandler::insert_objection(const ledger::Entry& entry, const ledger::MessageHeader& header, const Step& step,
                                      sql::Connection& connection) {
    const bool sent = step.kind.starts_with("sent.");
    const Json body = body_of(entry);
    return done(connection.change(
        "INSERT INTO objection VALUES ($1, $2, $3, $4, $5, $6, "
        "coalesce((SELECT region FROM supervision_case WHERE case_id = $5), ''), $7, $8, $9, NULL, NULL, 'open', NULL, NULL, NULL)",
        {step.index, std::string(sent ? "sent" : "received"), header.id.value,
         header.in_reply_to ? header.in_reply_to->id.value : std::string(), header.thread,
         sent ? header.to.value : header.from.value, text_in(body, "by"), text_in(body, "grounds"),
         step.said.received_time}));
}

}  // namespace gongzhi::casework
